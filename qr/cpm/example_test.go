package cpm_test

import (
	"encoding/hex"
	"fmt"
	"testing"

	"github.com/hansa-network/hansa/qr/cpm"
	"github.com/hansa-network/hansa/qr/reading"
)

func ExampleRead() {
	code, findings := cpm.Read("hQVDUFYwMWEaTwegAAAAVVVVVw8SNFZ4kBI0WNGRIgESNF8=")
	fmt.Println(reading.Valid(findings), reading.Strict(findings))
	for _, field := range code.Fields() {
		fmt.Println(field.Place, field.Name, field.Value)
	}
	ours, _ := hex.DecodeString("A000000055")
	fmt.Println(code.Applications()[0].Matches(ours))
	// Output:
	// true true
	// 85 payload_format_indicator CPV01
	// 61.4F adf_name A0000000555555
	// 61.57 track_2_equivalent_data 123456******3458D************
	// true
}

func ExampleEncode() {
	text, err := cpm.Encode(
		cpm.Object{Tag: cpm.TagFormat, Value: []byte("CPV01")},
		cpm.Object{Tag: cpm.TagApplication, Inside: []cpm.Object{
			{Tag: cpm.TagAID, Value: []byte{0xA0, 0, 0, 0, 0x55, 0x55, 0x55}},
			{Tag: cpm.TagLabel, Value: []byte("Hansa")},
			{Tag: cpm.TagCardNumber, Value: []byte{0x12, 0x34, 0x56, 0x78, 0x90, 0x12, 0x34, 0x58}},
		}},
	)
	fmt.Println(text, err)
	// Output: hQVDUFYwMWEaTwegAAAAVVVVUAVIYW5zYVoIEjRWeJASNFg= <nil>
}

func BenchmarkRead(b *testing.B) {
	text := one(card, words("50", "Product1"), words("5F20", "CARDHOLDER/EMV"), object("63", "9F26 08 584FD385FA234BCC", "9F36 02 0001"))
	b.ReportAllocs()
	for b.Loop() {
		if _, findings := cpm.Read(text); len(findings) > 0 {
			b.Fatal(findings)
		}
	}
}

func BenchmarkEncode(b *testing.B) {
	code, _ := cpm.Read(one(card, words("50", "Product1"), object("63", "9F26 08 584FD385FA234BCC")))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := cpm.Encode(code.Objects()...); err != nil {
			b.Fatal(err)
		}
	}
}
