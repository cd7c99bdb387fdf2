package qr_test

import (
	"testing"

	"github.com/hansa-network/hansa/qr"
)

// BenchmarkVerify is nearly all the verification of one signature.
func BenchmarkVerify(b *testing.B) {
	text, directory := signedOrder(b, bergenOrder()), keysOnly(b)
	b.ReportAllocs()
	for b.Loop() {
		if judged := qr.Verify(text, directory, vectorNow); !judged.Valid {
			b.Fatal(judged.Refusal())
		}
	}
}

func BenchmarkReadOwn(b *testing.B) {
	text := signedOrder(b, bergenOrder())
	b.ReportAllocs()
	for b.Loop() {
		if read := qr.Read(text); !read.Valid {
			b.Fatal(read.Findings)
		}
	}
}
