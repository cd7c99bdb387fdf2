package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa/qr/routing"
	"github.com/hansa-network/hansa/qr/scheme"
)

// TestKindsAndFindingsAreDocumented holds the tables of docs/qr.md to the rules
// and to the codes of package reading. UPDATE_GOLDEN=1 writes the tables anew.
func TestKindsAndFindingsAreDocumented(t *testing.T) {
	t.Parallel()
	wantPart(t, "docs/qr.md", "kinds", kindTable(t))
	wantPart(t, "docs/qr.md", "findings", findingTables(t))
}

// kindNames are what people call the kinds that have no profile.
var kindNames = map[string]string{
	"mpm/emvco": "EMVCo, merchant-presented: any scheme", "cpm": "EMVCo, consumer-presented", "epc069-12": "SEPA transfer (GiroCode)", "swiss-qr": "Swiss QR-bill",
	"hansa/store": "this network: a store", "hansa/order": "this network: an order", "hansa/payment": "this network: a customer",
	"barcode/alipay-cpm": "Alipay, CN", "barcode/alipayplus": "Alipay+", "barcode/aupay-cpm": "au PAY, JP", "barcode/bluecode": "Bluecode, AT",
	"barcode/dbarai-cpm": "d-barai, JP", "barcode/linepay-cpm": "LINE Pay, JP", "barcode/merpay-cpm": "Merpay, JP", "barcode/paypay-cpm": "PayPay, JP",
	"barcode/pring-cpm": "pring, JP", "barcode/rakutenpay-cpm": "Rakuten Pay, JP", "barcode/unionpay-cpm": "UnionPay, CN",
	"barcode/wechat-cpm": "WeChat Pay, CN", "barcode/yuchopay-cpm": "Yucho Pay, JP",
	"url/vipps/personal": "Vipps, NO: a person", "url/vipps/merchant": "Vipps: a store", "url/vipps/box": "Vipps: a collection box",
	"url/vipps/donations": "Vipps: a donation", "url/vipps/token": "Vipps: a person at a till", "url/vipps/short": "Vipps: one payment",
	"url/mobilepay/box": "MobilePay, DK and FI: a collection box", "url/mobilepay/link": "MobilePay: a business, before 2024", "url/mobilepay/pos": "MobilePay: a till",
	"url/alipay": "Alipay, CN", "url/alipayplus/mpm": "Alipay+: a store", "url/alipayplus/order": "Alipay+: an order",
	"url/wechat/personal": "WeChat Pay, CN: a person", "url/wechat/merchant": "WeChat Pay: a store", "url/wechat/order": "WeChat Pay: an order",
	"url/upi/pay": "UPI, IN: one payment", "url/upi/mandate": "UPI: leave for later payments",
}

// kindTable says by what each kind is known.
func kindTable(t *testing.T) string {
	t.Helper()
	names := maps.Clone(kindNames)
	for _, profile := range scheme.Profiles() {
		names[profile.Kind] = strings.TrimSuffix(profile.Name+", "+profile.Country, ", ")
	}
	var kinds []string
	forms := make(map[string]string)
	for _, rule := range scheme.Rules().Rules {
		for _, kind := range rule.Kinds {
			if forms[kind] == "" {
				kinds = append(kinds, kind)
				forms[kind] = formOf(rule)
			} else {
				forms[kind] = joined(forms[kind], formOf(rule))
			}
		}
	}
	var table strings.Builder
	table.WriteString("| kind | what it is | known by |\n|---|---|---|\n")
	for _, kind := range kinds {
		if names[kind] == "" {
			t.Errorf("kind %s has no name", kind)
		}
		fmt.Fprintf(&table, "| `%s` | %s | %s |\n", kind, names[kind], forms[kind])
	}
	return table.String() + "\n"
}

// formOf says in words what a rule matches.
func formOf(rule routing.Rule) string {
	switch {
	case rule.Digits != nil:
		return fmt.Sprintf("%s digits from `%s`", ranges(rule.Digits.Lengths), rule.Digits.Prefix)
	case rule.Link != nil && rule.Link.Host == "" && rule.Link.Path != "":
		return fmt.Sprintf("`%s://…%s…`", rule.Link.Scheme, rule.Link.Path)
	case rule.Link != nil:
		return fmt.Sprintf("`%s://%s%s…`", rule.Link.Scheme, rule.Link.Host, rule.Link.Path)
	case rule.Start != nil && rule.Start.Line:
		return fmt.Sprintf("the line `%s`", rule.Start.Text)
	case rule.Start != nil:
		return fmt.Sprintf("`%s…`", rule.Start.Text)
	case *rule.EMVCo == routing.EMVCo{}:
		return "EMVCo objects"
	}
	form := fmt.Sprintf("%02d-%02d", rule.EMVCo.First, rule.EMVCo.Last)
	if rule.EMVCo.First == rule.EMVCo.Last {
		form = fmt.Sprintf("%02d", rule.EMVCo.First)
	}
	if rule.EMVCo.GUID != "" {
		form += " `" + rule.EMVCo.GUID + "`"
	}
	if holds := rule.EMVCo.Holds; holds != nil {
		form += fmt.Sprintf(" with %02d", holds.ID)
		if holds.Start != "" {
			form += fmt.Sprintf(" `%s…`", holds.Start)
		}
	}
	if where := strings.TrimSpace(rule.EMVCo.Country + " " + rule.EMVCo.Currency); where != "" {
		form += " in " + where
	}
	return form
}

// joined puts a form behind others, without the words that they have in common.
func joined(forms, form string) string {
	last := forms[strings.LastIndex(forms, "; ")+1:]
	words, value, isDigits := strings.Cut(form, " from ")
	if isDigits && strings.HasPrefix(strings.TrimSpace(last), words+" from ") {
		return forms + ", " + value
	}
	return forms + "; " + form
}

// ranges writes ascending numbers such as 16, 17, 18, 24 as 16-18, 24.
func ranges(numbers []int) string {
	var all []string
	for first := 0; first < len(numbers); {
		last := first
		for last+1 < len(numbers) && numbers[last+1] == numbers[last]+1 {
			last++
		}
		text := strconv.Itoa(numbers[first])
		if last > first {
			text += "-" + strconv.Itoa(numbers[last])
		}
		all = append(all, text)
		first = last + 1
	}
	return strings.Join(all, ", ")
}

// TestExamplesOfCodesAreRun holds the Go of docs/qr.md to the examples that are run.
func TestExamplesOfCodesAreRun(t *testing.T) {
	t.Parallel()
	examples := strings.ReplaceAll(readText(t, "cmd/hansa/qr_examples_test.go"), "\n\t", "\n")
	blocks := firstsInOrder(regexp.MustCompile("(?ms)^```go\n(.*?)^```$"), readText(t, "docs/qr.md"))
	for _, block := range blocks {
		if !strings.Contains(examples, block) && !strings.Contains(readText(t, "qr/scheme/asia.go"), block) {
			t.Errorf("no example runs\n%s", block)
		}
	}
	if len(blocks) < 7 {
		t.Errorf("%d blocks of Go", len(blocks))
	}
}

// findingTables returns a table for each group of codes.
func findingTables(t *testing.T) string {
	t.Helper()
	source, err := parser.ParseFile(token.NewFileSet(), "codes.go", readText(t, "qr/reading/codes.go"), parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	var tables strings.Builder
	for _, declaration := range source.Decls {
		group, ok := declaration.(*ast.GenDecl)
		if !ok || group.Tok != token.CONST {
			continue
		}
		doc := strings.Join(strings.Fields(group.Doc.Text()), " ")
		fmt.Fprintf(&tables, "%s\n\n| code | what was found |\n|---|---|\n", doc)
		for _, spec := range group.Specs {
			value, _ := spec.(*ast.ValueSpec)
			literal, _ := value.Values[0].(*ast.BasicLit)
			code, err := strconv.Unquote(literal.Value)
			if err != nil || value.Comment.Text() == "" {
				t.Fatalf("%s: %v, or no comment", value.Names[0], err)
			}
			fmt.Fprintf(&tables, "| `%s` | %s |\n", code, strings.TrimSpace(value.Comment.Text()))
		}
		tables.WriteString("\n")
	}
	return tables.String()
}

// wantPart holds what stands between two comments of a document to want.
func wantPart(t *testing.T, document, name, want string) {
	t.Helper()
	text := readText(t, document)
	part := regexp.MustCompile(fmt.Sprintf(`(?s)(<!-- %[1]s -->\n\n)(.*)(<!-- end of %[1]s -->\n)`, name)).FindStringSubmatchIndex(text)
	if part == nil {
		t.Fatalf("%s has no part called %s", document, name)
	}
	if os.Getenv("UPDATE_GOLDEN") == "1" {
		text = text[:part[4]] + want + text[part[5]:]
		if err := os.WriteFile(filepath.Join("..", "..", filepath.FromSlash(document)), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, text[part[4]:part[5]]); diff != "" {
		t.Errorf("%s, %s: run with UPDATE_GOLDEN=1 (-want +got):\n%s", document, name, diff)
	}
}
