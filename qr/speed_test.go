package qr_test

import (
	"testing"

	"github.com/hansa-network/hansa/qr"
)

func BenchmarkParse(b *testing.B) {
	text := signedStore(b, bergenSticker())
	b.ReportAllocs()
	for b.Loop() {
		if _, err := qr.Parse(text); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkReadOrder(b *testing.B) {
	text, keys := signedOrder(b, bergenOrder()), vectorKeys(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := qr.ReadOrder(text, keys); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkNewSymbol(b *testing.B) {
	text := signedStore(b, bergenSticker())
	b.ReportAllocs()
	for b.Loop() {
		if _, err := qr.NewSymbol(text, qr.Medium); err != nil {
			b.Fatal(err)
		}
	}
}
