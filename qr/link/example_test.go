package link_test

import (
	"fmt"

	"github.com/hansa-network/hansa/qr/link"
	"github.com/hansa-network/hansa/qr/reading"
)

func ExampleRead() {
	code, findings := link.Read("upi://pay?pa=shop@ybl&pn=Tea%20Shop&am=10.50&cu=INR")
	amount, _ := code.Amount()
	name, _ := code.Value("pn")
	fmt.Println(code.Kinds(), name, amount, reading.Valid(findings))

	code, findings = link.Read("https://qr.vipps.no@evil.example/28/2/05/031/4p3k_Hf7g")
	fmt.Println(code.Kinds(), reading.Valid(findings))
	for _, finding := range findings {
		fmt.Println(finding.Code, finding.Detail)
	}
	// Output:
	// [url/upi/pay] Tea Shop 10.50 INR true
	// [url/vipps/merchant] false
	// user_part a user stands before the host, where people look for the host
	// foreign_host the user in front of the host is written like qr.vipps.no
}

func ExampleCode_Signature() {
	code, _ := link.Read("upi://pay?pa=shop@ybl&pn=Shop&mc=5411&sign=MEUCIQC8mLDd+koi")
	fmt.Println(code.Signature())
	// Output: upi://pay?pa=shop@ybl&pn=Shop&mc=5411 MEUCIQC8mLDd+koi true
}
