package symbol_test

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/hansa-network/hansa/qr/symbol"
)

const corpusSize = 5000

// A sample is one symbol that independent readers have to read.
type sample struct {
	kind    string
	content string // the bytes that it holds
	charset symbol.Charset
	modules drawn
}

// drawn is what symbols and bars have in common, a line of bars being as high as
// it is drawn.
type drawn interface {
	Size() int
	PNG(scale int) []byte
}

// corpus returns the samples: every version, level and mask, every payload of the
// vectors, our own codes, and texts of every kind that grow from one seed.
func corpus(t testing.TB) []sample {
	t.Helper()
	samples := append(everyMask(), published(t)...)
	dice := rand.New(rand.NewPCG(18004, 15417))
	for n := 0; len(samples) < corpusSize; n++ {
		samples = append(samples, kinds[n%len(kinds)](t, dice))
	}
	return samples
}

// everyMask fills a symbol of each version and level, under each mask.
func everyMask() []sample {
	var samples []sample
	fill := strings.Repeat(plainSticker, 13)
	for version := 1; version <= 40; version++ {
		for _, level := range levels {
			length := symbol.BytesMax(version, level)
			for mask := range symbol.Masks {
				text := fill[mask:][:length] // not the same under each
				masked := symbol.NewMasked(text, symbol.Options{Level: level}, mask)
				kind := fmt.Sprintf("version %d, level %d, mask %d", version, level, mask)
				samples = append(samples, sample{kind: kind, content: text, modules: masked})
			}
		}
	}
	return samples
}

// published returns the codes that stand in files, each at every level.
func published(t testing.TB) []sample {
	t.Helper()
	var samples []sample
	for _, text := range append(vectors(t), ownCodes(t)...) {
		for _, level := range levels {
			samples = append(samples, utf8Sample(t, "published", text, symbol.Options{Level: level}))
		}
	}
	return samples
}

func vectors(t testing.TB) []string {
	t.Helper()
	file, err := os.Open("../testdata/vectors.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var texts []string
	for lines := bufio.NewScanner(file); lines.Scan(); {
		var vector struct{ Payload string }
		if err := json.Unmarshal(lines.Bytes(), &vector); err != nil {
			t.Fatal(err)
		}
		if vector.Payload != "" {
			texts = append(texts, vector.Payload)
		}
	}
	return texts
}

func ownCodes(t testing.TB) []string {
	t.Helper()
	file, err := os.ReadFile("../testdata/codes.json")
	if err != nil {
		t.Fatal(err)
	}
	var own struct{ Codes []struct{ Text string } }
	if err := json.Unmarshal(file, &own); err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, code := range own.Codes {
		texts = append(texts, code.Text)
	}
	return texts
}

var kinds = []func(testing.TB, *rand.Rand) sample{
	merchantSample, customerSample, transferSample, latinSample, linkSample, capitalsSample,
	digitsSample, asciiSample, unicodeSample, logoSample, barsSample, barsOfASCIISample,
}

func utf8Sample(t testing.TB, kind, text string, options symbol.Options) sample {
	t.Helper()
	s := sample{kind: kind, content: text, modules: newSymbol(t, text, options)}
	if strings.ContainsFunc(text, func(r rune) bool { return r > 127 }) {
		s.charset = symbol.UTF8
	}
	return s
}

func anyLevel(dice *rand.Rand) symbol.Level { return levels[dice.IntN(len(levels))] }

// letters returns text of least to most characters out of an alphabet.
func letters(dice *rand.Rand, alphabet string, least, most int) string {
	runes := []rune(alphabet)
	text := make([]rune, least+dice.IntN(most-least+1))
	for i := range text {
		text[i] = runes[dice.IntN(len(runes))]
	}
	return string(text)
}

const (
	digits   = "0123456789"
	capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	nordic   = "abcdefghijklmnopqrstuvwxyzæøåäöüß"
)

func merchantSample(t testing.TB, dice *rand.Rand) sample {
	name := letters(dice, nordic+capitals, 3, 25)
	text := fmt.Sprintf("00020101021226%02d0009org.hansa01%02d%s52045812530357854%02d%s5802NO59%02d%s6006Bergen6304%s",
		17+12, 12, letters(dice, capitals+digits, 12, 12), 4, letters(dice, digits, 4, 4), len([]rune(name)), name,
		letters(dice, "0123456789ABCDEF", 4, 4))
	return utf8Sample(t, "merchant-presented", text, symbol.Options{Level: anyLevel(dice)})
}

func customerSample(t testing.TB, dice *rand.Rand) sample {
	blob := append([]byte("\x85\x05CPV01\x61"), letters(dice, "\x00\x10aZ~\x7f", 40, 200)...)
	return utf8Sample(t, "customer-presented", base64.StdEncoding.EncodeToString(blob), symbol.Options{Level: anyLevel(dice)})
}

// transferText returns the lines of an EPC transfer.
func transferText(dice *rand.Rand, charset int, newline string) string {
	return strings.Join([]string{
		"BCD", "002", fmt.Sprint(charset), "SCT", "", letters(dice, nordic, 3, 70), "DE" + letters(dice, digits, 20, 20),
		"EUR" + letters(dice, "123456789", 1, 4) + "." + letters(dice, digits, 2, 2), "", "", letters(dice, nordic+" ", 0, 140), "",
	}, newline)
}

func transferSample(t testing.TB, dice *rand.Rand) sample {
	return utf8Sample(t, "transfer", transferText(dice, 1, "\n"), symbol.Options{})
}

// latinSample writes letters of one byte, announced or not.
func latinSample(t testing.TB, dice *rand.Rand) sample {
	var content []byte
	for _, r := range transferText(dice, 2, "\r\n") {
		content = append(content, byte(r)) // Latin-1 is the beginning of Unicode.
	}
	charset := []symbol.Charset{symbol.Unannounced, symbol.Latin1}[dice.IntN(2)]
	modules, err := symbol.NewBytes(content, charset, symbol.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return sample{"transfer in Latin-1", string(content), charset, modules}
}

func linkSample(t testing.TB, dice *rand.Rand) sample {
	text := "https://qr.vipps.no/" + letters(dice, nordic[:26]+capitals+digits+"/-_%?=&", 5, 120)
	return utf8Sample(t, "link", text, symbol.Options{Level: anyLevel(dice)})
}

func capitalsSample(t testing.TB, dice *rand.Rand) sample {
	text := "HTTPS://QR.ALIPAY.COM/" + letters(dice, capitals+digits+" $%*+-./:", 1, 150)
	return utf8Sample(t, "capitals", text, symbol.Options{Level: anyLevel(dice), Dense: true})
}

func digitsSample(t testing.TB, dice *rand.Rand) sample {
	return utf8Sample(t, "digits", letters(dice, digits, 1, 40), symbol.Options{Level: anyLevel(dice), Dense: dice.IntN(2) == 0})
}

func asciiSample(t testing.TB, dice *rand.Rand) sample {
	text := make([]byte, 1+dice.IntN(300))
	for i := range text {
		text[i] = byte(' ' + dice.IntN(95))
	}
	return utf8Sample(t, "ASCII", string(text), symbol.Options{Level: anyLevel(dice), Dense: true})
}

func unicodeSample(t testing.TB, dice *rand.Rand) sample {
	alphabets := []string{nordic, "αβγδεζηθ", "абвгдежз", "咖啡馆北京", "กขฃคฅ", "한국어", "日本語カフェ", "قهوة", "☕🧁💶"}
	text := letters(dice, alphabets[dice.IntN(len(alphabets))]+"ab 1", 1, 80) + "é"
	return utf8Sample(t, "Unicode", text, symbol.Options{Level: anyLevel(dice)})
}

func logoSample(t testing.TB, dice *rand.Rand) sample {
	text := letters(dice, nordic[:26]+digits, 1, 400)
	return utf8Sample(t, "with room for a logo", text, symbol.Options{Logo: true})
}

func barsSample(t testing.TB, dice *rand.Rand) sample {
	return barsOf(t, "bars of digits", letters(dice, digits, 1, 32))
}

func barsOfASCIISample(t testing.TB, dice *rand.Rand) sample {
	alphabet := []rune(digits + digits)
	for c := range rune(128) {
		alphabet = append(alphabet, c)
	}
	return barsOf(t, "bars of ASCII", letters(dice, string(alphabet), 1, 30)+letters(dice, digits, 0, 9))
}

func barsOf(t testing.TB, kind, text string) sample {
	t.Helper()
	bars, err := symbol.NewCode128(text)
	if err != nil {
		t.Fatal(err)
	}
	return sample{kind: kind, content: text, modules: bars}
}
