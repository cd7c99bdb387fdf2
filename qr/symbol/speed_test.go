package symbol_test

import (
	"testing"

	"github.com/hansa-network/hansa/qr/symbol"
)

// pixPayload is the code of 181 bytes by which libraries are compared.
var pixPayload = plainSticker[:181]

func BenchmarkNew(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := symbol.New(pixPayload, symbol.Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPNG(b *testing.B) {
	drawn := newSymbol(b, pixPayload, symbol.Options{})
	b.ReportAllocs()
	for b.Loop() {
		drawn.PNG(8)
	}
}

func BenchmarkSVG(b *testing.B) {
	drawn := newSymbol(b, pixPayload, symbol.Options{})
	b.ReportAllocs()
	for b.Loop() {
		_ = drawn.SVG()
	}
}

func BenchmarkNewCode128(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := symbol.NewCode128(walletDigits); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRead reads the modules of a sticker, clean and at the limit of what can
// be put right.
func BenchmarkRead(b *testing.B) {
	drawn, err := symbol.New(plainSticker, symbol.Options{})
	if err != nil {
		b.Fatal(err)
	}
	for name, dark := range map[string]func(column, row int) bool{
		"clean": drawn.Dark,
		"damaged": func(column, row int) bool {
			return drawn.Dark(column, row) || column > drawn.Size()-7 && row > drawn.Size()-7
		},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := symbol.Read(drawn.Size(), dark); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
