package barcode_test

import (
	"fmt"

	"github.com/hansa-network/hansa/qr/barcode"
	"github.com/hansa-network/hansa/qr/reading"
)

func ExampleRead() {
	code, findings := barcode.Read("2510 0102 0123 4567 8901 2345")
	fmt.Println(code, code.Kinds(), reading.Valid(findings))

	code, findings = barcode.Read("9880222210010012345")
	fmt.Println(code, findings[0].Detail)
	// Output:
	// 251001****************** [barcode/alipayplus barcode/alipay-cpm] true
	// 988**************** 19 digits where barcode/bluecode has 20
}

func ExampleRules() {
	rule := barcode.Rules()[0]
	fmt.Println(rule.Kinds, rule.Prefix, rule.Lengths)
	// Output: [barcode/paypay-cpm] 9000818188 [24]
}
