package scheme_test

import (
	"fmt"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/qr/scheme"
)

// A till asks whose a text is before it believes anything in it.
func ExampleIdentify() {
	for _, text := range []string{"98802222100100123456", "9880222210010012345", "buy one, get one"} {
		kinds, err := scheme.Identify(text)
		reason, _ := hansa.ReasonOf(err)
		fmt.Printf("%v %q\n", kinds, reason)
	}
	// Output:
	// [barcode/bluecode] ""
	// [barcode/bluecode] "code_invalid"
	// [] "code_unknown"
}

func ExampleRead() {
	read := scheme.Read("00020101021138540010A00000072701240006970422011080365142840208QRIBFTTA53037045802VN63047ddd")
	fmt.Println(read.Kinds, "valid", read.Valid, "strict", read.Strict)
	for _, finding := range read.Findings {
		fmt.Println(finding.Severity, finding.Code, finding.Place)
	}
	for _, field := range read.Fields[3:6] {
		fmt.Println(field.Place, field.Name, field.Value)
	}
	// Output:
	// [mpm/vietqr mpm/emvco] valid true strict false
	// warning missing 52
	// warning missing 59
	// warning missing 60
	// warning lower_case 63
	// 38.01.00 bank 970422
	// 38.01.01 account 8036514284
	// 38.02 service QRIBFTTA
}
