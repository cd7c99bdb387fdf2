package main

import (
	"fmt"
	"strings"

	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/qr"
	"github.com/hansa-network/hansa/qr/epc"
	"github.com/hansa-network/hansa/qr/mpm"
	"github.com/hansa-network/hansa/qr/photo"
	"github.com/hansa-network/hansa/qr/routing"
	"github.com/hansa-network/hansa/qr/scheme"
	"github.com/hansa-network/hansa/qr/symbol"
)

// The examples of docs/qr.md: each of its Go blocks stands in one of these.

func Example_readACode() {
	read := qr.Read("00020101021229370016A0000006770101110113006681234567853037645406100.005802TH6304F142")
	fmt.Println(read.Kind, read.Valid, read.Strict)
	for _, finding := range read.Findings {
		fmt.Println(finding.Severity, finding.Code, finding.Place)
	}
	for _, field := range read.Fields {
		fmt.Println(field.Place, field.Name, field.Value)
	}
	// Output:
	// mpm/promptpay true false
	// warning missing 52
	// warning missing 59
	// warning missing 60
	// note no_reference 01
	// 00 payload_format 01
	// 01 initiation 12
	// 29.00 globally_unique_identifier A000000677010111
	// 29.01 mobile_number 0066812345678
	// 53 currency 764
	// 54 amount 100.00
	// 58 country TH
	// 63 checksum F142
}

func Example_tellWhoseACodeIs() {
	fmt.Println(qr.Identify("134567890123456789"))
	fmt.Println(qr.Identify("13456789012345678"))
	fmt.Println(qr.Identify("https://example.com/"))
	// Output:
	// [barcode/wechat-cpm] <nil>
	// [barcode/wechat-cpm] code_invalid: a broken code of kind barcode/wechat-cpm: too_short
	// [] code_unknown: no kind of payment code that we know
}

func Example_writeACode() {
	text, err := mpm.Encode(
		mpm.Object{ID: mpm.IDPayloadFormat, Value: "01"},
		mpm.Object{ID: mpm.IDInitiation, Value: "11"},
		mpm.Object{ID: 26, Template: []mpm.Object{{ID: 0, Value: "com.example"}, {ID: 1, Value: "M001"}}},
		mpm.Object{ID: mpm.IDCategory, Value: "5812"},
		mpm.Object{ID: mpm.IDCurrency, Value: money.Currency("EUR").Numeric()},
		mpm.Object{ID: mpm.IDCountry, Value: "AT"},
		mpm.Object{ID: mpm.IDName, Value: "Cafe Blau"},
		mpm.Object{ID: mpm.IDCity, Value: "Wien"},
	)
	fmt.Println(text, err)
	// Output: 00020101021126230011com.example0104M0015204581253039785802AT5909Cafe Blau6004Wien63045EF7 <nil>
}

func Example_writeATransfer() {
	text, err := epc.Encode(epc.Transfer{
		Name: "Café Blau", IBAN: "AT611904300234573201", Amount: money.New(12_50, "EUR"), Text: "Table 7",
	})
	fmt.Println(strings.ReplaceAll(text, "\n", "|"), err)
	// Output: BCD|002|1|SCT||Café Blau|AT611904300234573201|EUR12.50|||Table 7 <nil>
}

func Example_drawAndFindACode() {
	square, err := symbol.New("https://qr.example/1", symbol.Options{Level: symbol.Quartile})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(square.Size(), "modules,", len(square.SVG()), "bytes of SVG")
	page, err := square.PDF(40 * symbol.Millimetre) // a side of the print, quiet zone included
	fmt.Println(len(page), "bytes of PDF,", err)

	found, err := photo.Read(square.PNG(8))
	fmt.Println(found[0].Text, err)
	// Output:
	// 25 modules, 2415 bytes of SVG
	// 2620 bytes of PDF, <nil>
	// https://qr.example/1 <nil>
}

func Example_matchByPublishedRules() {
	published := api.Encode(scheme.Rules()) // what GET /v1/code-rules answers

	book, err := routing.ReadRulebook(published)
	if err != nil {
		fmt.Println(err)
		return
	}
	table, err := routing.NewTable(book.Rules)
	if err != nil {
		fmt.Println(err)
		return
	}
	match := table.Match("98802222100100123456")
	fmt.Println(match.Kinds, match.Err())
	// Output: [barcode/bluecode] <nil>
}
