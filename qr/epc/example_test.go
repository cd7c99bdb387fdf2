package epc_test

import (
	"fmt"
	"testing"

	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/qr/epc"
	"github.com/hansa-network/hansa/qr/reading"
)

func ExampleRead() {
	code, findings := epc.Read("BCD\n002\n1\nSCT\n\nBloemen De Wit\nNL35 INGB 0004 4556 67\nEUR7.5\n\n\nboeket")
	transfer := code.Transfer()
	fmt.Println(transfer.Amount, "to", transfer.Name, transfer.IBAN, "for", transfer.Text)
	fmt.Println(reading.Valid(findings), reading.Strict(findings))
	for _, finding := range findings {
		fmt.Println(finding.Severity, finding.Place+":", finding.Detail)
	}
	// Output:
	// 7.50 EUR to Bloemen De Wit NL35INGB0004455667 for boeket
	// true false
	// warning line 7: as it is printed, not in its electronic form without spaces and in upper case
}

func ExampleEncode() {
	text, err := epc.Encode(epc.Transfer{
		Name: "Bageri Göta AB", IBAN: "SE4550000000058398257466", Amount: money.New(124950, "EUR"), Reference: "RF80INV2026X11",
	})
	if err != nil {
		fmt.Println(err)
	}
	fmt.Println(text)
	// Output:
	// BCD
	// 002
	// 1
	// SCT
	//
	// Bageri Göta AB
	// SE4550000000058398257466
	// EUR1249.50
	//
	// RF80INV2026X11
}

func BenchmarkRead(b *testing.B) {
	text := invoice(1)
	b.ReportAllocs()
	for b.Loop() {
		if _, findings := epc.Read(text); len(findings) > 0 {
			b.Fatal(findings)
		}
	}
}

func BenchmarkEncode(b *testing.B) {
	transfer := swedish()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := epc.Encode(transfer); err != nil {
			b.Fatal(err)
		}
	}
}
