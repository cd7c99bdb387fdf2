package shown_test

import (
	"fmt"

	"github.com/hansa-network/hansa/qr/shown"
)

func ExampleCheck() {
	for _, finding := range shown.Check("Bergen C\u0430fe\u202e", "59") {
		fmt.Println(finding.Severity, finding.Code, finding.Detail)
	}
	// Output:
	// error hidden_text holds the hidden character U+202E
	// warning mixed_scripts the Cyrillic letter U+0430 stands in a word of Latin letters
}

func ExampleLatin() {
	fmt.Println(shown.Latin("Smørbrød & Weißbier"))
	_, ok := shown.Latin("咖啡馆")
	fmt.Println(ok)
	// Output:
	// Smorbrod & Weissbier true
	// false
}

func ExampleFit() {
	fmt.Printf("%q\n", shown.Fit("Ålesund Kaffe", 8))
	// Output: "Ålesund"
}

func ExampleLookAlike() {
	fmt.Println(shown.LookAlike("Modern Cafe", "Modem C\u0430fe"), shown.LookAlike("Bergen Cafe", "Bergen Bar"))
	// Output: true false
}

func ExampleSkeleton() {
	fmt.Println(shown.Skeleton("Walter"), shown.Skeleton("VVa1ter"))
	// Output: vvalter vvalter
}
