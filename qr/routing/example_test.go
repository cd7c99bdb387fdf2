package routing_test

import (
	"fmt"

	"github.com/hansa-network/hansa/qr/routing"
)

func ExampleTable_Match() {
	table, err := routing.NewTable([]routing.Rule{
		{Kinds: []string{"barcode/alipay-cpm"}, Digits: &routing.Digits{Prefix: "25", Lengths: []int{16, 17, 18}}},
		{Kinds: []string{"barcode/alipayplus"}, Digits: &routing.Digits{Prefix: "251001", Lengths: []int{24}, Reserved: []int{18}}},
		{Kinds: []string{"url/vipps"}, Link: &routing.Link{Scheme: "https", Host: "qr.vipps.no", Path: "/"}},
	})
	if err != nil {
		panic(err)
	}
	for _, text := range []string{"251234567890123456", "251001567890123456", "https://qr.vipps.no@evil.example/p/1"} {
		match := table.Match(text)
		fmt.Printf("%v %q\n", match.Kinds, match.Flaw)
	}
	// Output:
	// [barcode/alipay-cpm] ""
	// [barcode/alipayplus barcode/alipay-cpm] "reserved"
	// [url/vipps] "format"
}

// Two rules that would both own a text are refused before any text is read.
func ExampleNewTable() {
	_, err := routing.NewTable([]routing.Rule{
		{Kinds: []string{"barcode/one"}, Digits: &routing.Digits{Prefix: "25", Lengths: []int{16, 24}}},
		{Kinds: []string{"barcode/two"}, Digits: &routing.Digits{Prefix: "25", Lengths: []int{24}}},
	})
	fmt.Println(err)
	// Output:
	// already_exists: the rules of barcode/one and of barcode/two claim the same texts
}
