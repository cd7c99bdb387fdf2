package mpm_test

import (
	"fmt"

	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/qr/mpm"
	"github.com/hansa-network/hansa/qr/reading"
)

// A code from a sticker in Bangkok, whose bank leaves out the name: every wallet
// takes it, although the standard does not.
func ExampleRead() {
	code, findings := mpm.Read("00020101021129370016A000000677010111011300668123456785802TH530376463045D82")
	for _, finding := range findings {
		fmt.Println(finding.Severity, finding.Code, finding.Place)
	}
	fmt.Println("valid:", reading.Valid(findings), "strict:", reading.Strict(findings))
	fmt.Println("static:", code.Static())
	for _, field := range code.Fields() {
		fmt.Printf("%s %s: %s\n", field.Place, field.Name, field.Value)
	}
	// Output:
	// warning missing 52
	// warning missing 59
	// warning missing 60
	// valid: true strict: false
	// static: true
	// 00 payload_format: 01
	// 01 initiation: 11
	// 29.00 globally_unique_identifier: A000000677010111
	// 29.01 : 0066812345678
	// 58 country: TH
	// 53 currency: 764
	// 63 checksum: 5D82
}

func ExampleEncode() {
	shown, err := mpm.Merchant{
		Name: "Kaffebrenneriet på Bryggen", City: "Bergen", Country: "NO", Category: "5814", Language: "no",
	}.Objects()
	if err != nil {
		fmt.Println(err)
		return
	}
	objects := append([]mpm.Object{
		{ID: mpm.IDPayloadFormat, Value: "01"},
		{ID: mpm.IDInitiation, Value: "12"},
		{ID: 26, Template: []mpm.Object{{ID: mpm.IDScheme, Value: "no.example"}, {ID: 1, Value: "store-17"}}},
		{ID: mpm.IDCurrency, Value: "578"},
		{ID: mpm.IDAmount, Value: "89.00"},
	}, shown...)
	fmt.Println(mpm.Encode(objects...))
	fmt.Println(mpm.Encode(append(objects, mpm.Object{ID: mpm.IDAmount, Value: "98.00"})...))
	// Output:
	// 00020101021226260010no.example0108store-175303578540589.00520458145802NO5925Kaffebrenneriet pa Brygge6006Bergen64350002no0125Kaffebrenneriet på Brygge6304AD7C <nil>
	//  code_invalid: object 54 occurs twice
}

func ExampleInside() {
	code, _ := mpm.Read(pixText)
	account, _ := code.Value(26)
	fmt.Println(mpm.Inside(account, mpm.IDScheme))
	// Output: br.gov.bcb.pix true
}

func ExampleAll() {
	for object := range mpm.All("0002ZH0104最佳运输0202北京") {
		fmt.Println(object.ID, object.Value)
	}
	// Output:
	// 0 ZH
	// 1 最佳运输
	// 2 北京
}

func ExampleTip_Total() {
	code, _ := mpm.Read(changed("550203", "57042.50"))
	amount, _ := code.Amount()
	tip, ok := code.Tip()
	total, err := tip.Total(amount, money.Amount{}, money.HalfUp)
	fmt.Println(amount, ok, total, err)
	// Output: 10.50 EUR true 10.76 EUR <nil>
}
