package bank_test

import (
	"fmt"
	"testing"

	"github.com/hansa-network/hansa/qr/bank"
)

func ExampleCheckIBAN() {
	fmt.Println(bank.CheckIBAN("NO9386011117947"))
	fmt.Println(bank.CheckIBAN("NO9386011117974"))
	fmt.Println(bank.CheckIBAN(bank.Compact("no93 8601 1117 947")))
	// Output:
	// sound
	// check digits do not fit
	// sound
}

func ExampleNewReference() {
	reference, err := bank.NewReference("INV2026X11")
	fmt.Println(reference, err)
	// Output: RF80INV2026X11 <nil>
}

func BenchmarkCheckIBAN(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if bank.CheckIBAN("NO9386011117947") != bank.Sound {
			b.Fatal("not sound")
		}
	}
}
