package swiss_test

import (
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/qr/bank"
	"github.com/hansa-network/hansa/qr/reading"
	"github.com/hansa-network/hansa/qr/swiss"
)

// Accounts and references that exist nowhere.
const (
	account     = "CH8500700110007654321"
	qrAccount   = "CH0830808007654321098"
	qrReference = "000000000000000020261100426"
	rfReference = "RF80INV2026X11"
)

// slip returns the text of a bill whose lines from the one with the given number on
// are replaced.
func slip(from int, lines ...string) string {
	whole := strings.Split("SPC|0200|1|"+account+
		"|S|Käserei Grünig|Dorfstrasse|7a|3855|Brienz|CH"+
		"|||||||"+
		"|128.45|CHF"+
		"|S|Anna Muster|Rue du Lac|12|2502|Biel|CH"+
		"|SCOR|"+rfReference+"|Rechnung 2026-42|EPD", "|")
	copy(whole[from-1:], lines)
	if more := from - 1 + len(lines) - len(whole); more > 0 {
		whole = append(whole, lines[len(lines)-more:]...)
	}
	return strings.Join(whole, "\n")
}

// said writes findings as severity, code and place.
func said(findings []reading.Finding) string {
	var all []string
	for _, finding := range findings {
		all = append(all, strings.TrimSpace(string(finding.Severity)+" "+string(finding.Code)+" "+string(finding.Place)))
	}
	return strings.Join(all, "; ")
}

func TestRead(t *testing.T) {
	t.Parallel()
	nobody := strings.Split("||||||", "|")
	for _, test := range []struct {
		name, text, want string
	}{
		{"a bill", slip(1), ""},
		{"CR LF", strings.ReplaceAll(slip(1), "\n", "\r\n"), ""},
		{"both line ends", strings.Replace(slip(1), "\n", "\r\n", 5), "warning format"},
		{"32 lines, the last empty", slip(1) + "\n", ""},
		{"34 lines", slip(32, "//S1/10/42/11/261122", "eBill/B/anna@example.com", "XY/1"), ""},
		{"an empty line 35", slip(32, "", "a", "b") + "\n", "warning trailing"},
		{"line 35", slip(32, "", "a", "b", "c"), "error trailing"},
		{"30 lines", strings.TrimSuffix(slip(1), "\nEPD"), "error too_short"},
		{"another type", "BCD\n0200", "error unknown"},
		{"nothing", "", "error unknown"},
		{"the type only", "SPC", "error unknown"},
		{"the type with spaces", slip(1, "SPC "), "warning surrounded line 1"},
		{"a byte order mark", "\ufeff" + slip(1), "warning surrounded"},
		{
			"998 characters", slip(30, strings.Repeat("a", 140), "EPD", "", strings.Repeat("b", 100), strings.Repeat("c", 600)),
			"warning too_long; warning too_long line 34",
		},

		{"version 0210", slip(2, "0210"), "note reserved line 2"},
		{"version 0300", slip(2, "0300"), "error reserved line 2"},
		{"version 02", slip(2, "02"), "error reserved line 2"},
		{"version 02xx", slip(2, "02xx"), "error reserved line 2"},
		{"no version", slip(2, ""), "error missing line 2"},
		{"coding type 2", slip(3, "2"), "error reserved line 3"},

		{"no account", slip(4, ""), "error missing line 4"},
		{"an account misread", slip(4, "CH8500700110007654322"), "error checksum line 4"},
		{"an account in groups", slip(4, "CH85 0070 0110 0076 5432 1"), "warning format line 4"},
		{"a German account", slip(4, "DE41500105170123456789"), "error format line 4"},
		{"an account in Liechtenstein", slip(4, "LI94088110000232401AA"), ""},

		{"no creditor", slip(5, nobody...), "error missing line 5"},
		{"a creditor without type", slip(5, ""), "error format line 5"},
		{"a creditor without name", slip(6, ""), "error missing line 6"},
		{"a creditor without street", slip(7, "", ""), ""},
		{"a creditor without postal code", slip(9, ""), "error missing line 9"},
		{"a creditor without town", slip(10, ""), "error missing line 10"},
		{"a creditor without country", slip(11, ""), "error missing line 11"},
		{"a country in lower case", slip(11, "ch"), "error format line 11"},
		{"a country in words", slip(11, "Schweiz"), "error format line 11"},
		{"a combined address", slip(5, "K", "Käserei Grünig", "Dorfstrasse 7a", "3855 Brienz", "", "", "CH"), "note format line 5"},
		{"a combined address of one line", slip(5, "K", "Käserei Grünig", "Dorfstrasse 7a", "", "", "", "CH"), "note format line 5; error missing line 8"},
		{
			"a combined address with a town", slip(5, "K", "Käserei Grünig", "Dorfstrasse 7a", "3855 Brienz", "3855", "Brienz", "CH"),
			"note format line 5; error contradiction line 9",
		},
		{"a name of 71", slip(6, strings.Repeat("a", 71)), "warning too_long line 6"},
		{"a building number of 17", slip(8, strings.Repeat("1", 17)), "warning too_long line 8"},
		{"a town of 36", slip(10, strings.Repeat("a", 36)), "warning too_long line 10"},
		{"a name that turns around", slip(6, "Käserei\u202e"), "error hidden_text line 6; warning format line 6"},
		{"a name in Greek", slip(6, "Καφέ"), "warning format line 6"},
		{"Romanian letters and the euro", slip(6, "Țuică și € Ștefan"), ""},
		{"an ultimate creditor", slip(12, "S", "Verein", "", "", "3000", "Bern", "CH"), "warning reserved line 12"},

		{"no amount", slip(19, ""), ""},
		{"nothing to pay", slip(19, "0.00"), "error amount_zero line 19"},
		{"one cent", slip(19, "0.01"), ""},
		{"the largest amount", slip(19, "999999999.99"), ""},
		{"one cent more", slip(19, "1000000000.00"), "error amount_format line 19"},
		{"one decimal", slip(19, "128.4"), "warning amount_format line 19"},
		{"no decimals", slip(19, "128"), "warning amount_format line 19"},
		{"zeros in front", slip(19, "0128.45"), "warning amount_format line 19"},
		{"a separator of thousands", slip(19, "1'128.45"), "error amount_format line 19"},
		{"a comma", slip(19, "128,45"), "error amount_format line 19"},
		{"a negative amount", slip(19, "-128.45"), "error amount_format line 19"},
		{"euro", slip(20, "EUR"), ""},
		{"dollars", slip(20, "USD"), "error format line 20"},
		{"no currency", slip(20, ""), "error missing line 20"},
		{"the currency in lower case", slip(20, "chf"), "error format line 20"},

		{"no debtor", slip(21, nobody...), ""},
		{"a debtor without town", slip(26, ""), "warning missing line 26"},
		{"a debtor without type", slip(21, ""), "warning format line 21"},

		{"no reference", slip(28, "NON", ""), ""},
		{"a reference of type NON", slip(28, "NON", rfReference), "error contradiction line 29"},
		{"no type of reference", slip(28, ""), "error missing line 28"},
		{"another type of reference", slip(28, "RFC"), "error format line 28"},
		{"a creditor reference misread", slip(29, "RF80INV2026X12"), "error checksum line 29"},
		{"a creditor reference of another form", slip(29, "2026-42"), "error format line 29"},
		{"a creditor reference in groups", slip(29, "RF80 INV2 026X 11"), "warning format line 29"},
		{"a QR reference without a QR-IBAN", slip(28, "QRR", qrReference), "error contradiction line 28"},
		{"a QR-IBAN without a QR reference", slip(4, qrAccount), "error contradiction line 28"},
		{"a QR-IBAN without any reference", strings.Replace(slip(28, "NON", ""), account, qrAccount, 1), "error contradiction line 28"},
		{"a QR reference", qrSlip(qrAccount, qrReference), ""},
		{"the first bank of a QR-IBAN", qrSlip("LI3830005100020003000", qrReference), ""},
		{"the last bank of a QR-IBAN", qrSlip("CH4431999123000889012", qrReference), ""},
		{"the bank behind the last", qrSlip("CH5232000123000889012", qrReference), "error contradiction line 28"},
		{"the bank before the first", qrSlip("CH4929999123000889012", qrReference), "error contradiction line 28"},
		{"a QR reference in groups", qrSlip(qrAccount, "00 00000 00000 00002 02611 00426"), "warning format line 29"},
		{"a QR reference misread", qrSlip(qrAccount, "000000000000000020261100425"), "error checksum line 29"},
		{"a QR reference of 26", qrSlip(qrAccount, qrReference[1:]), "error format line 29"},
		{"a QR reference with a letter", qrSlip(qrAccount, "A"+qrReference[1:]), "error format line 29"},
		{"an empty QR reference", qrSlip(qrAccount, ""), "error missing line 29"},

		{"a message of 141", slip(30, strings.Repeat("a", 141)), "error too_long line 30"},
		{"a message and billing of 141", slip(30, strings.Repeat("a", 100), "EPD", strings.Repeat("b", 41)), "warning too_long line 32"},
		{"a message with a hidden character", slip(30, "a\u200bb"), "error hidden_text line 30; warning format line 30"},
		{"another end mark", slip(31, "END"), "error format line 31"},
		{"a line missing", strings.Replace(slip(32, "x"), "\nCHF", "", 1), "error format line 20; warning format line 21; " +
			"warning format line 27; error format line 28; error format line 31"},
		{"a scheme of 101", slip(32, "", strings.Repeat("a", 101)), "warning too_long line 33"},
		{"bytes that are no text", slip(6, "K\xe4serei"), "error not_utf8 line 6; warning format line 6"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			code, findings := swiss.Read(test.text)
			if got := said(findings); got != test.want {
				t.Errorf("got %q; want %q\n%v", got, test.want, findings)
			}
			if code.Text() != test.text {
				t.Error("the text was not kept")
			}
		})
	}
}

// qrSlip returns a bill with a QR reference.
func qrSlip(iban, reference string) string {
	return strings.Replace(slip(28, "QRR", reference), account, iban, 1)
}

func cheese() swiss.Bill {
	return swiss.Bill{
		IBAN:     account,
		Creditor: swiss.Address{Name: "Käserei Grünig", Street: "Dorfstrasse", Number: "7a", PostalCode: "3855", Town: "Brienz", Country: "CH"},
		Amount:   money.New(12845, "CHF"), Currency: "CHF",
		Debtor:        swiss.Address{Name: "Anna Muster", Street: "Rue du Lac", Number: "12", PostalCode: "2502", Town: "Biel", Country: "CH"},
		ReferenceType: swiss.CreditorReference, Reference: rfReference, Message: "Rechnung 2026-42",
	}
}

func TestBillIsRead(t *testing.T) {
	t.Parallel()
	code, _ := swiss.Read(slip(1))
	if diff := cmp.Diff(cheese(), code.Bill()); diff != "" {
		t.Error(diff)
	}
	fields := code.Fields()
	want := map[int]reading.Field{
		0:               {Place: "line 1", Name: "qr_type", Value: "SPC"},
		3:               {Place: "line 4", Name: "iban", Value: account},
		4:               {Place: "line 5", Name: "creditor_address_type", Value: "S"},
		11:              {Place: "line 19", Name: "amount", Value: "128.45"},
		13:              {Place: "line 21", Name: "ultimate_debtor_address_type", Value: "S"},
		len(fields) - 1: {Place: "line 31", Name: "trailer", Value: "EPD"},
	}
	for at, field := range want {
		if fields[at] != field {
			t.Errorf("field %d is %+v; want %+v", at, fields[at], field)
		}
	}
}

// TestUnreadableIsNotReturned keeps what is wrong out of a bill.
func TestUnreadableIsNotReturned(t *testing.T) {
	t.Parallel()
	code, _ := swiss.Read(strings.Replace(slip(19, "128,45", "CHF"), rfReference, "RF80INV2026X12", 1))
	bill := code.Bill()
	if bill.Amount != (money.Amount{}) || bill.Reference != "" || bill.Currency != "CHF" {
		t.Errorf("%+v", bill)
	}
}

func TestNewReference(t *testing.T) {
	t.Parallel()
	for number, want := range map[string]string{
		"2026110042":                 qrReference,
		"21000000000313947143000901": "210000000003139471430009017",
		"0":                          "000000000000000000000000000",
		"99999999999999999999999999": "999999999999999999999999992",
	} {
		got, err := swiss.NewReference(number)
		if err != nil || got != want || swiss.CheckReference(got) != bank.Sound {
			t.Errorf("%s: %s, %v; want %s", number, got, err, want)
		}
	}
	for _, number := range []string{"", "12A", "1 2", strings.Repeat("1", 27)} {
		_, err := swiss.NewReference(number)
		if reason, _ := hansa.ReasonOf(err); reason != hansa.CodeInvalid {
			t.Errorf("%q: %v", number, err)
		}
	}
}

// TestEveryMisreadDigitIsFound changes each digit of a reference.
func TestEveryMisreadDigitIsFound(t *testing.T) {
	t.Parallel()
	for at := range qrReference {
		for digit := byte('0'); digit <= '9'; digit++ {
			misread := []byte(qrReference)
			misread[at] = digit
			if string(misread) != qrReference && swiss.CheckReference(string(misread)) == bank.Sound {
				t.Errorf("%s is sound", misread)
			}
		}
	}
}

func TestRecognises(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"SPC\n": true, "SPC\r\n0200": true, "SPC \n": true, "SPC": false, "SPCX\n": false, "spc\n": false, "": false, "BCD\n": false,
	} {
		if got := swiss.Recognises(text); got != want {
			t.Errorf("%q: %t", text, got)
		}
	}
}

func TestEncodeWritesWhatReadReads(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		change func(*swiss.Bill)
		want   string
	}{
		{"as it is", func(*swiss.Bill) {}, slip(1)},
		{"no amount", func(b *swiss.Bill) { b.Amount = money.Amount{} }, slip(19, "")},
		{"the currency of the amount", func(b *swiss.Bill) { b.Currency = "" }, slip(1)},
		{"no debtor", func(b *swiss.Bill) { b.Debtor = swiss.Address{} }, slip(21, strings.Split("||||||", "|")...)},
		{"no reference", func(b *swiss.Bill) { b.Reference, b.ReferenceType = "", "" }, slip(28, "NON", "")},
		{"a QR reference", func(b *swiss.Bill) {
			b.IBAN, b.ReferenceType, b.Reference = qrAccount, swiss.QRReference, qrReference
		}, qrSlip(qrAccount, qrReference)},
		{"a second scheme only", func(b *swiss.Bill) { b.Schemes[1] = "XY/1" }, slip(32, "", "", "XY/1")},
		{"a combined address", func(b *swiss.Bill) {
			b.Creditor = swiss.Address{Combined: true, Name: "Käserei", Number: "3855 Brienz", Country: "CH"}
		}, slip(5, "K", "Käserei", "", "3855 Brienz", "", "", "CH")},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			bill := cheese()
			test.change(&bill)
			text, err := swiss.Encode(bill)
			if text != test.want || err != nil {
				t.Errorf("got %q, %v; want %q", text, err, test.want)
			}
		})
	}
}

func TestEncodeRefuses(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		change func(*swiss.Bill)
	}{
		{"no account", func(b *swiss.Bill) { b.IBAN = "" }},
		{"a German account", func(b *swiss.Bill) { b.IBAN = "DE41500105170123456789" }},
		{"no creditor", func(b *swiss.Bill) { b.Creditor = swiss.Address{} }},
		{"a creditor without country", func(b *swiss.Bill) { b.Creditor.Country = "" }},
		{"a debtor without town", func(b *swiss.Bill) { b.Debtor.Town = "" }},
		{"an ultimate creditor", func(b *swiss.Bill) { b.UltimateCreditor = b.Creditor }},
		{"dollars", func(b *swiss.Bill) { b.Amount, b.Currency = money.New(1, "USD"), "USD" }},
		{"no currency", func(b *swiss.Bill) { b.Amount, b.Currency = money.Amount{}, "" }},
		{"two currencies", func(b *swiss.Bill) { b.Currency = "EUR" }},
		{"an unknown currency", func(b *swiss.Bill) { b.Amount, b.Currency = money.New(1, "ZZZ"), "ZZZ" }},
		{"nothing to pay", func(b *swiss.Bill) { b.Amount.Value = 0 }},
		{"a negative amount", func(b *swiss.Bill) { b.Amount.Value = -5 }},
		{"too much", func(b *swiss.Bill) { b.Amount.Value = 100_000_000_000 }},
		{"a reference without type", func(b *swiss.Bill) { b.ReferenceType = "" }},
		{"a QR reference without a QR-IBAN", func(b *swiss.Bill) { b.ReferenceType, b.Reference = swiss.QRReference, qrReference }},
		{"a line end", func(b *swiss.Bill) { b.Message = "a\nEPD" }},
		{"a hidden character", func(b *swiss.Bill) { b.Message = "a\u200b" }},
		{"letters of another script", func(b *swiss.Bill) { b.Creditor.Name = "Καφέ" }},
		{"a long message", func(b *swiss.Bill) { b.Message = strings.Repeat("a", 141) }},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			bill := cheese()
			test.change(&bill)
			text, err := swiss.Encode(bill)
			if reason, _ := hansa.ReasonOf(err); reason != hansa.CodeInvalid {
				t.Errorf("wrote %q, %v", text, err)
			}
		})
	}
}

// TestHostileTextCostsLittle is not parallel: it counts what the whole program allocates.
func TestHostileTextCostsLittle(t *testing.T) {
	const size, allocatedMax = 4 << 10, 64 << 10
	fill := func(head, rest string) string { return head + strings.Repeat(rest, (size-len(head))/len(rest)) }
	for _, test := range []struct{ name, text string }{
		{"line ends", fill("SPC", "\n")},
		{"both line ends", fill("SPC", "\r\n\n")},
		{"one long line", fill("SPC\n0200\n1\n", "a")},
		{"a long name", fill("SPC\n0200\n1\n"+account+"\nS\n", "å")},
		{"hidden lines", fill("SPC\n0200\n1\n", strings.Repeat("\u202e", 37)+"\n")},
		{"lines of marks", fill("SPC\n0200\n1\n", "a"+strings.Repeat("\u0301", 55)+"\n")},
		{"lines of spaces", fill("SPC\n0200\n1\n", strings.Repeat(" ", 110)+"\n")},
		{"an account in groups", fill("SPC\n0200\n1\n", "s ")},
		{"bytes that are no text", fill("SPC\n", "\xff\n")},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		code, findings := swiss.Read(test.text)
		code.Fields()
		runtime.ReadMemStats(&after)
		if allocated := after.TotalAlloc - before.TotalAlloc; allocated > allocatedMax {
			t.Errorf("%s: %d bytes allocated", test.name, allocated)
		}
		if reading.Valid(findings) {
			t.Errorf("%s: valid", test.name)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(slip(1))
	f.Add(qrSlip(qrAccount, qrReference) + "\n//S1/10/42\neBill/B/x\r\n")
	f.Add(slip(5, "K", "Käserei Grünig", "Dorfstrasse 7a", "3855 Brienz", "", "", "CH"))
	f.Add(strings.ReplaceAll(slip(19, "", "EUR"), "\n", "\r\n"))
	f.Fuzz(func(t *testing.T, text string) {
		code, findings := swiss.Read(text)
		if len(findings) > 120 || len(code.Fields()) > 34 {
			t.Fatalf("%d findings, %d fields", len(findings), len(code.Fields()))
		}
		if !reading.Strict(findings) {
			return
		}
		written, err := swiss.Encode(code.Bill())
		if err != nil {
			t.Fatalf("%q is strict, but cannot be written: %v", text, err)
		}
		again, findings := swiss.Read(written)
		if !reading.Strict(findings) || again.Bill() != code.Bill() {
			t.Fatalf("%q was written as %q: %v", text, written, findings)
		}
	})
}
