package symbol_test

import (
	"testing"
	"unicode/utf8"

	"github.com/hansa-network/hansa/qr/symbol"
)

// TestWhatIsWrittenIsRead reads the corpus with the reader that shares the
// writer's tables.
func TestWhatIsWrittenIsRead(t *testing.T) {
	t.Parallel()
	for _, s := range corpus(t) {
		drawn, ok := s.modules.(symbol.Symbol)
		if !ok {
			continue
		}
		got, err := symbol.Read(drawn.Size(), drawn.Dark)
		if err != nil || string(got.Bytes) != s.content || got.Charset != s.charset {
			t.Errorf("%s: want %q in charset %d, got %q in %d: %v", s.kind, s.content, s.charset, got.Bytes, got.Charset, err)
		}
		if utf8.ValidString(s.content) && got.Text != s.content && s.charset != symbol.Latin1 {
			t.Errorf("%s: want %q, got %q", s.kind, s.content, got.Text)
		}
	}
}

// FuzzNew draws any text, and reads exactly that back.
func FuzzNew(f *testing.F) {
	f.Add(plainSticker, 0, false, false)
	f.Add(norwegianSticker, 1, true, false)
	f.Add(walletDigits, 2, true, true)
	f.Add("HTTPS://QR.ALIPAY.COM/FKX", 3, true, false)
	f.Add("\x00\xff", -1, false, false)
	f.Fuzz(func(t *testing.T, text string, level int, dense, logo bool) {
		options := symbol.Options{Level: symbol.Level(level & 3), Dense: dense, Logo: logo}
		drawn, err := symbol.New(text, options)
		if err != nil {
			return
		}
		got, err := symbol.Read(drawn.Size(), drawn.Dark)
		if err != nil || got.Text != text {
			t.Errorf("%+v: want %q, got %q: %v", options, text, got.Text, err)
		}
	})
}

// FuzzNewBytes draws any bytes, and reads exactly those back.
func FuzzNewBytes(f *testing.F) {
	f.Add([]byte("K\xF6ln"), int(symbol.Latin1))
	f.Add([]byte{0, 255}, int(symbol.Unannounced))
	f.Fuzz(func(t *testing.T, content []byte, charset int) {
		drawn, err := symbol.NewBytes(content, symbol.Charset(charset), symbol.Options{})
		if err != nil {
			return
		}
		// What the bytes mean is the reader's business; it may not know the charset.
		got, err := symbol.Read(drawn.Size(), drawn.Dark)
		if err == nil && (string(got.Bytes) != string(content) || int(got.Charset) != charset) {
			t.Errorf("want %q in charset %d, got %q in %d", content, charset, got.Bytes, got.Charset)
		}
	})
}

// FuzzNewCode128 draws any text as bars.
func FuzzNewCode128(f *testing.F) {
	f.Add(walletDigits)
	f.Add("\r\nAb1234567\x7F")
	f.Fuzz(func(t *testing.T, text string) {
		bars, err := symbol.NewCode128(text)
		if err != nil {
			return
		}
		got, err := readBack(t, sample{modules: bars})
		if err != nil || got != text {
			t.Errorf("want %q, got %q: %v", text, got, err)
		}
	})
}
