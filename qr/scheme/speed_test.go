package scheme_test

import (
	"testing"

	"github.com/hansa-network/hansa/qr/mpm"
	"github.com/hansa-network/hansa/qr/scheme"
)

// pixText is the code that is measured: a recurring payment of PIX with 181 bytes.
const pixText = "00020126180014br.gov.bcb.pix5204000053039865802BR5913Pgpgnt mc Mrf6008RBBFWRBP62070503***80800014br.gov.bcb.pix2558wcb.lpdhphd.wrd/nh/d2/vwp/6960m978cfpw11sskvs04933hb11120263047E08"

func BenchmarkIdentify(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := scheme.Identify(pixText); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkReadAndJudge(b *testing.B) {
	kinds, err := scheme.Identify(pixText)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		code, findings := mpm.Read(pixText)
		scheme.Judge(code, kinds, findings)
	}
}

func BenchmarkRead(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		scheme.Read(pixText)
	}
}

// TestJudgeDoesNotAllocate holds the path of clean codes to it: there is nothing
// to add to a sticker of PayNow.
func TestJudgeDoesNotAllocate(t *testing.T) {
	code, findings := mpm.Read(payNow)
	kinds, err := scheme.Identify(payNow)
	if err != nil || len(findings) != 0 {
		t.Fatal(err, findings)
	}
	if n := testing.AllocsPerRun(100, func() { scheme.Judge(code, kinds, findings) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
