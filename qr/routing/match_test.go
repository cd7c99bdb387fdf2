package routing_test

import (
	"testing"

	"github.com/hansa-network/hansa/qr/routing"
)

const pixText = "00020126180014br.gov.bcb.pix5204000053039865802BR5913Pgpgnt mc Mrf6008RBBFWRBP62070503***80800014br.gov.bcb.pix2558wcb.lpdhphd.wrd/nh/d2/vwp/6960m978cfpw11sskvs04933hb11120263047E08"

func BenchmarkMatch(b *testing.B) {
	table, err := routing.NewTable([]routing.Rule{
		{Kinds: []string{"mpm/emvco"}, EMVCo: &routing.EMVCo{}},
		{Kinds: []string{"mpm/pix"}, EMVCo: &routing.EMVCo{First: 26, Last: 51, GUID: "br.gov.bcb.pix"}},
		{Kinds: []string{"mpm/qris"}, EMVCo: &routing.EMVCo{First: 26, Last: 51, Country: "ID", Currency: "360"}},
		{Kinds: []string{"mpm/c"}, EMVCo: &routing.EMVCo{First: 26, Last: 51, GUID: "CO.*"}},
		{Kinds: []string{"mpm/d"}, EMVCo: &routing.EMVCo{First: 26, Last: 51, GUID: "VN.*"}},
		{Kinds: []string{"barcode/a"}, Digits: &routing.Digits{Prefix: "25", Lengths: []int{16, 24}}},
	})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if m := table.Match(pixText); m.Flaw != "" {
			b.Fatal(m)
		}
	}
}
