package symbol_test

import (
	"fmt"

	"github.com/hansa-network/hansa/qr/symbol"
)

func ExampleNew() {
	drawn, err := symbol.New("Kafé Blåbær", symbol.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(drawn.Size(), len(drawn.PNG(8)) > 0, len(drawn.SVG()) > 0)
	_, err = symbol.New("", symbol.Options{})
	fmt.Println(err)
	// Output:
	// 25 true true
	// code_invalid: a symbol holds at least one character
}

func ExampleNew_dense() {
	const link = "HTTPS://QR.ALIPAY.COM/FKX00000ABCDEFGHIJKLMNOPQ"
	for _, options := range []symbol.Options{{}, {Dense: true}} {
		drawn, err := symbol.New(link, options)
		fmt.Println(drawn.Size(), err)
	}
	// Output:
	// 33 <nil>
	// 29 <nil>
}

func ExampleSymbol_SideFrom() {
	drawn, err := symbol.New("https://qr.vipps.no/28/2/05/031/k1sk1s", symbol.Options{Logo: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	side, err := drawn.SideFrom(1200 * symbol.Millimetre)
	fmt.Println("from 1.2 m:", side/symbol.Millimetre, "mm", err)
	fmt.Println("for a logo:", drawn.LogoSize(), "of", drawn.Size(), "modules")
	_, err = drawn.PDF(10 * symbol.Millimetre)
	fmt.Println(err)
	// Output:
	// from 1.2 m: 145 mm <nil>
	// for a logo: 9 of 37 modules
	// code_invalid: modules of 222 µm are too fine to be printed and read: this symbol needs 15 mm for its 37 modules and the quiet zone
}

func ExampleNewCode128() {
	for _, text := range []string{"700112133433737636571868", "28123456789012345"} {
		bars, err := symbol.NewCode128(text)
		fmt.Println(bars.Size(), err)
	}
	// Output:
	// 167 <nil>
	// 145 <nil>
}

func ExampleRead() {
	drawn, err := symbol.New("Kafé Blåbær", symbol.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	blot := func(column, row int) bool { return drawn.Dark(column, row) || column > 18 && row > 18 }
	read, err := symbol.Read(drawn.Size(), blot)
	fmt.Println(read.Text, read.Version, read.Corrected, err)
	_, err = symbol.Read(22, blot)
	fmt.Println(err)
	// Output:
	// Kafé Blåbær 2 5 <nil>
	// code_invalid: no symbol has 22 modules on a side
}
