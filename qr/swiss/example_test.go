package swiss_test

import (
	"fmt"
	"testing"

	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/qr/reading"
	"github.com/hansa-network/hansa/qr/swiss"
)

func ExampleRead() {
	code, findings := swiss.Read(slip(19, "128.4"))
	bill := code.Bill()
	fmt.Println(bill.Amount, "from", bill.Debtor.Name, "to", bill.Creditor.Name, "for", bill.Reference)
	fmt.Println(reading.Valid(findings), reading.Strict(findings))
	for _, finding := range findings {
		fmt.Println(finding.Severity, finding.Place+":", finding.Detail)
	}
	// Output:
	// 128.40 CHF from Anna Muster to Käserei Grünig for RF80INV2026X11
	// true false
	// warning line 19: not written with two decimals and without zeros in front
}

func ExampleEncode() {
	reference, err := swiss.NewReference("2026110042")
	if err != nil {
		fmt.Println(err)
	}
	text, err := swiss.Encode(swiss.Bill{
		IBAN:          "CH0830808007654321098",
		Creditor:      swiss.Address{Name: "Käserei Grünig", PostalCode: "3855", Town: "Brienz", Country: "CH"},
		Amount:        money.New(12845, "CHF"),
		ReferenceType: swiss.QRReference,
		Reference:     reference,
	})
	fmt.Printf("%.32q %v", text, err)
	// Output: "SPC\n0200\n1\nCH0830808007654321098" <nil>
}

func BenchmarkRead(b *testing.B) {
	text := slip(1)
	b.ReportAllocs()
	for b.Loop() {
		if _, findings := swiss.Read(text); len(findings) > 0 {
			b.Fatal(findings)
		}
	}
}

func BenchmarkEncode(b *testing.B) {
	bill := cheese()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := swiss.Encode(bill); err != nil {
			b.Fatal(err)
		}
	}
}
