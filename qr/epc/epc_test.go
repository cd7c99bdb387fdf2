package epc_test

import (
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/qr/epc"
	"github.com/hansa-network/hansa/qr/reading"
)

// invoice returns the text of an invoice whose lines from the one with the given
// number on are replaced.
func invoice(from int, lines ...string) string {
	whole := []string{
		"BCD", "002", "1", "SCT", "ESSESESS", "Bageri Göta AB", "SE4550000000058398257466", "EUR1249.50", "GDDS",
		"", "Faktura 2026-117", "Tack för köpet",
	}
	copy(whole[from-1:], lines)
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
	for _, test := range []struct {
		name, text, want string
	}{
		{"an invoice", invoice(1), ""},
		{"CR LF", strings.ReplaceAll(invoice(1), "\n", "\r\n"), ""},
		{"both line ends", strings.Replace(invoice(1), "\n", "\r\n", 3), "warning format"},
		{"seven lines", "BCD\n002\n1\nSCT\n\nBageri\nSE4550000000058398257466", ""},
		{"an empty thirteenth line", invoice(1) + "\n", "warning trailing"},
		{"thirteen lines", invoice(1) + "\nmore", "error trailing"},
		{"six lines", "BCD\n002\n1\nSCT\n\nBageri", "error too_short; error missing line 7"},
		{"another tag", "BCE\n002", "error unknown"},
		{"the tag only", "BCD", "error unknown"},
		{"the tag with spaces", invoice(1, "BCD   "), "warning surrounded line 1"},
		{"nothing", "", "error unknown"},
		{"a byte order mark", "\ufeff" + invoice(1), "warning surrounded"},
		{"an empty line before", "\r\n" + invoice(1), "warning surrounded"},
		{"spaces only", "  ", "warning surrounded; error unknown"},

		{"version 001 with BIC", invoice(2, "001"), ""},
		{"version 001 without BIC", invoice(2, "001", "1", "SCT", ""), "error missing line 5"},
		{"version 002 without BIC", invoice(5, ""), ""},
		{"version 002 without BIC outside the area", invoice(5, "", "Müller", "CH8500700110007654321"), "warning missing line 5"},
		{"version 003", invoice(2, "003"), "error reserved line 2"},
		{"no version", invoice(2, ""), "error missing line 2"},
		{"version 2", invoice(2, "2"), "error reserved line 2"},
		{"character set 0", invoice(3, "0"), "error reserved line 3"},
		{"character set 9", invoice(3, "9"), "error reserved line 3"},
		{"no character set", invoice(3, ""), "error reserved line 3"},
		{"an instant transfer", invoice(4, "INST"), "warning reserved line 4"},
		{"a direct debit", invoice(4, "SDD"), "error reserved line 4"},
		{"no identification", invoice(4, ""), "error missing line 4"},

		{"BIC of eleven", invoice(5, "ESSESESSXXX"), ""},
		{"BIC of nine", invoice(5, "ESSESESSX"), "error format line 5"},
		{"BIC in lower case", invoice(5, "essesess"), "warning format line 5"},

		{"no name", invoice(6, ""), "error missing line 6"},
		{"a name of spaces", invoice(6, "   "), "error missing line 6"},
		{"a name of 70", invoice(6, strings.Repeat("å", 70)), ""},
		{"a name of 71", invoice(6, strings.Repeat("a", 71)), "warning too_long line 6"},
		{"a name that turns around", invoice(6, "Bageri \u202eBA atöG"), "error hidden_text line 6"},
		{"a name with a tab", invoice(6, "Bageri\tAB"), "error hidden_text line 6"},
		{"a name not composed", invoice(6, "Go\u0308ta"), "error not_composed line 6"},
		{"a name of two scripts", invoice(6, "Bаgeri"), "warning mixed_scripts line 6"},

		{"IBAN misread", invoice(7, "SE4550000000058398257467"), "error checksum line 7"},
		{"IBAN too short", invoice(7, "SE455000000005839825746"), "error format line 7"},
		{"IBAN of no country", invoice(7, "ZZ4550000000058398257466"), "error format line 7"},
		{"IBAN in groups", invoice(7, "SE45 5000 0000 0583 9825 7466"), "warning format line 7"},
		{"IBAN in lower case", invoice(7, "se4550000000058398257466"), "warning format line 7"},
		{"IBAN outside SEPA", invoice(7, "BR1800360305000010009795493C1"), "warning format line 7"},
		{"no IBAN", invoice(7, ""), "error missing line 7"},
		{"an account number", invoice(7, "5839825746"), "error format line 7"},

		{"no amount", invoice(8, ""), ""},
		{"an amount without decimals", invoice(8, "EUR1"), ""},
		{"an amount of one cent", invoice(8, "EUR0.01"), ""},
		{"the largest amount", invoice(8, "EUR999999999.99"), ""},
		{"one cent more", invoice(8, "EUR1000000000.00"), "error amount_format line 8"},
		{"nothing to pay", invoice(8, "EUR0.00"), "error amount_zero line 8"},
		{"a comma", invoice(8, "EUR12,50"), "error amount_format line 8"},
		{"a separator of thousands", invoice(8, "EUR1.249.50"), "error amount_format line 8"},
		{"three decimals", invoice(8, "EUR1.249"), "error amount_format line 8"},
		{"a negative amount", invoice(8, "EUR-5.00"), "error amount_format line 8"},
		{"another currency", invoice(8, "SEK100.00"), "error amount_format line 8"},
		{"no currency", invoice(8, "100.00"), "error amount_format line 8"},
		{"a currency only", invoice(8, "EUR"), "warning amount_format line 8"},
		{"a space behind the currency", invoice(8, "EUR 12.50"), "warning amount_format line 8"},
		{"zeros in front", invoice(8, "EUR0012.50"), "warning amount_format line 8"},
		{"the currency in lower case", invoice(8, "eur12.50"), "error amount_format line 8"},

		{"a purpose in lower case", invoice(9, "gdds"), "warning format line 9"},
		{"a purpose of five", invoice(9, "GDDSX"), "warning format line 9"},

		{"a reference", invoice(10, "RF80INV2026X11", ""), ""},
		{"a reference in groups", invoice(10, "RF80 INV2 026X 11", ""), "warning format line 10"},
		{"a reference misread", invoice(10, "RF80INV2026X12", ""), "error checksum line 10"},
		{"a reference that only begins so", invoice(10, "RFQ 2026", ""), "warning format line 10; error format line 10"},
		{"a national reference", invoice(10, "13 00024", ""), "warning format line 10"},
		{"a reference too long", invoice(10, strings.Repeat("1", 36), ""), "warning format line 10; error too_long line 10"},
		{"a reference and a text", invoice(10, "RF80INV2026X11", "Faktura"), "error contradiction line 10"},
		{"a text of 140", invoice(8, "", "", "", strings.Repeat("x", 140), ""), ""},
		{"a text of 141", invoice(8, "", "", "", strings.Repeat("x", 141), ""), "error too_long line 11"},
		{"a note of 71", invoice(12, strings.Repeat("x", 71)), "warning too_long line 12"},
		{"a note with a lone CR", invoice(12, "a\rb"), "error hidden_text line 12"},
		{"more than 331 bytes", invoice(6, strings.Repeat("å", 70), "SE4550000000058398257466", "EUR1.00", "", "", strings.Repeat("x", 139), ""), "warning too_long"},
		{"letters that Latin-1 does not have", invoice(3, "2", "SCT", "", "Žofie"), "warning format line 6"},
		{"bytes that are no text", invoice(6, "Bageri \xff AB"), "error not_utf8 line 6"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			code, findings := epc.Read(test.text)
			if got := said(findings); got != test.want {
				t.Errorf("got %q; want %q\n%v", got, test.want, findings)
			}
			if code.Text() != test.text {
				t.Error("the text was not kept")
			}
		})
	}
}

func TestTransferIsRead(t *testing.T) {
	t.Parallel()
	code, _ := epc.Read("BCD\r\n001\r\n1\r\nSCT\r\ningbnl2a\r\nBloemen De Wit\r\nNL35 INGB 0004 4556 67\r\nEUR7.5\r\nGDDS\r\nRF18 5390 0754 7034\r\n\r\nbedankt")
	want := epc.Transfer{
		Version: "001", Charset: epc.UTF8, BIC: "INGBNL2A", Name: "Bloemen De Wit", IBAN: "NL35INGB0004455667",
		Amount: money.New(750, "EUR"), Purpose: "GDDS", Reference: "RF18539007547034", Note: "bedankt",
	}
	if diff := cmp.Diff(want, code.Transfer()); diff != "" {
		t.Error(diff)
	}
	wantFields := []reading.Field{
		{Place: "line 1", Name: "service_tag", Value: "BCD"},
		{Place: "line 2", Name: "version", Value: "001"},
		{Place: "line 3", Name: "character_set", Value: "1"},
		{Place: "line 4", Name: "identification", Value: "SCT"},
		{Place: "line 5", Name: "bic", Value: "ingbnl2a"},
		{Place: "line 6", Name: "name", Value: "Bloemen De Wit"},
		{Place: "line 7", Name: "iban", Value: "NL35 INGB 0004 4556 67"},
		{Place: "line 8", Name: "amount", Value: "EUR7.5"},
		{Place: "line 9", Name: "purpose", Value: "GDDS"},
		{Place: "line 10", Name: "reference", Value: "RF18 5390 0754 7034"},
		{Place: "line 12", Name: "note", Value: "bedankt"},
	}
	if diff := cmp.Diff(wantFields, code.Fields()); diff != "" {
		t.Error(diff)
	}
}

// TestUnreadableIsNotReturned keeps what is wrong out of a transfer, so that it
// cannot be paid by accident.
func TestUnreadableIsNotReturned(t *testing.T) {
	t.Parallel()
	code, _ := epc.Read(invoice(5, "NOTABIC", "Name", "SE4550000000058398257467", "EUR12,50", "goods", "RF80INV2026X12", "", ""))
	want := epc.Transfer{Version: "002", Charset: epc.UTF8, Name: "Name"}
	if diff := cmp.Diff(want, code.Transfer()); diff != "" {
		t.Error(diff)
	}
}

// TestInstantIsRead marks a transfer that asks for speed.
func TestInstantIsRead(t *testing.T) {
	t.Parallel()
	if code, _ := epc.Read(invoice(4, "INST")); !code.Transfer().Instant {
		t.Error("not instant")
	}
}

func TestRecognises(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"BCD\n": true, "BCD\r\n002": true, "BCD  \n": true, "BCD": false, "BCDE\n": false, " BCD\n": false, "bcd\n": false, "": false, "SPC\n": false,
	} {
		if got := epc.Recognises(text); got != want {
			t.Errorf("%q: %t", text, got)
		}
	}
}

func swedish() epc.Transfer {
	return epc.Transfer{
		Version: "002", Charset: epc.UTF8, BIC: "ESSESESS", Name: "Bageri Göta AB", IBAN: "SE4550000000058398257466",
		Amount: money.New(124950, "EUR"), Purpose: "GDDS", Text: "Faktura 2026-117", Note: "Tack för köpet",
	}
}

func TestEncodeWritesWhatReadReads(t *testing.T) {
	t.Parallel()
	text, err := epc.Encode(swedish())
	if err != nil {
		t.Fatal(err)
	}
	if text != invoice(1) {
		t.Errorf("got %q", text)
	}
}

func TestEncodeRefuses(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		change func(*epc.Transfer)
	}{
		{"no name", func(t *epc.Transfer) { t.Name = "" }},
		{"a long name", func(t *epc.Transfer) { t.Name = strings.Repeat("a", 71) }},
		{"a line end in a name", func(t *epc.Transfer) { t.Name = "Bageri\nSE4550000000058398257466" }},
		{"a line end in the note", func(t *epc.Transfer) { t.Note = "a\n" }},
		{"a hidden character", func(t *epc.Transfer) { t.Name = "Bageri\u202e" }},
		{"a name not composed", func(t *epc.Transfer) { t.Name = "Go\u0308ta" }},
		{"no account", func(t *epc.Transfer) { t.IBAN = "" }},
		{"an account in groups", func(t *epc.Transfer) { t.IBAN = "SE45 5000 0000 0583 9825 7466" }},
		{"an account misread", func(t *epc.Transfer) { t.IBAN = "SE4550000000058398257467" }},
		{"an account outside SEPA", func(t *epc.Transfer) { t.IBAN = "BR1800360305000010009795493C1" }},
		{"no BIC in version 001", func(t *epc.Transfer) { t.Version, t.BIC = "001", "" }},
		{"another version", func(t *epc.Transfer) { t.Version = "003" }},
		{"no BIC outside the area", func(t *epc.Transfer) { t.BIC, t.IBAN = "", "CH8500700110007654321" }},
		{"another currency", func(t *epc.Transfer) { t.Amount = money.New(100, "SEK") }},
		{"no currency", func(t *epc.Transfer) { t.Amount = money.New(100, "") }},
		{"nothing to pay", func(t *epc.Transfer) { t.Amount = money.New(0, "EUR") }},
		{"a negative amount", func(t *epc.Transfer) { t.Amount = money.New(-100, "EUR") }},
		{"too much", func(t *epc.Transfer) { t.Amount = money.New(100_000_000_000, "EUR") }},
		{"a purpose in lower case", func(t *epc.Transfer) { t.Purpose = "gdds" }},
		{"a reference and a text", func(t *epc.Transfer) { t.Reference = "RF80INV2026X11" }},
		{"a reference misread", func(t *epc.Transfer) { t.Reference, t.Text = "RF80INV2026X12", "" }},
		{"a national reference", func(t *epc.Transfer) { t.Reference, t.Text = "1300024", "" }},
		{"a long text", func(t *epc.Transfer) { t.Text = strings.Repeat("a", 141) }},
		{"more than 331 bytes", func(t *epc.Transfer) { t.Name, t.Text = strings.Repeat("å", 70), strings.Repeat("ä", 100) }},
		{"an instant transfer", func(t *epc.Transfer) { t.Instant = true }},
		{"letters of another character set", func(t *epc.Transfer) { t.Charset, t.Name = epc.Greek, "Göta" }},
		{"no character set", func(t *epc.Transfer) { t.Charset = 9 }},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			transfer := swedish()
			test.change(&transfer)
			text, err := epc.Encode(transfer)
			if reason, _ := hansa.ReasonOf(err); reason != hansa.CodeInvalid {
				t.Errorf("wrote %q, %v", text, err)
			}
		})
	}
}

// TestBytesOfEveryCharset writes one name in each character set that has its
// letters, and reads it from the bytes.
func TestBytesOfEveryCharset(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		charset epc.Charset
		name    string
	}{
		{epc.UTF8, "Bageri Göta Ελλάδα"},
		{epc.Latin1, "Bageri Göta"},
		{epc.Latin2, "Žofie Křížová"},
		{epc.Latin4, "Ģirts Ķēniņš"},
		{epc.Cyrillic, "Иван Петров"},
		{epc.Greek, "Γιώργος"},
		{epc.Latin6, "Guðrún Ásta"},
		{epc.Latin9, "Bäckerei für 5 €"},
	} {
		t.Run(test.charset.String(), func(t *testing.T) {
			t.Parallel()
			transfer := swedish()
			transfer.Charset, transfer.Name, transfer.Note = test.charset, test.name, ""
			raw, err := epc.EncodeBytes(transfer)
			if err != nil {
				t.Fatal(err)
			}
			code, findings := epc.ReadBytes(raw)
			if len(findings) > 0 || code.Transfer() != transfer {
				t.Errorf("got %+v, %v", code.Transfer(), findings)
			}
			if code, _ := epc.Read(string(raw)); code.Transfer() != transfer {
				t.Errorf("as text: %+v", code.Transfer())
			}
		})
	}
}

// TestUTF8ThatIsDeclaredAsLatin reads what many writers write: names must not turn
// into mojibake, and whoever cares is told.
func TestUTF8ThatIsDeclaredAsLatin(t *testing.T) {
	t.Parallel()
	raw := []byte(invoice(3, "2"))
	code, findings := epc.ReadBytes(raw)
	if got := said(findings); got != "warning contradiction line 3" || code.Transfer().Name != "Bageri Göta AB" {
		t.Errorf("%q, %s", code.Transfer().Name, got)
	}
	if _, findings := epc.Read(string(raw)); len(findings) > 0 {
		t.Errorf("a decoded text: %v", findings)
	}
}

// TestBytesThatAreNoLetters has a byte that ISO 8859-7 leaves free.
func TestBytesThatAreNoLetters(t *testing.T) {
	t.Parallel()
	_, findings := epc.ReadBytes([]byte(invoice(3, "6", "SCT", "ESSESESS", "\xc3\xd2\xff", "SE4550000000058398257466", "", "", "", "", "")))
	if reading.Valid(findings) {
		t.Error("read")
	}
}

// TestHostileTextCostsLittle is not parallel: it counts what the whole program allocates.
func TestHostileTextCostsLittle(t *testing.T) {
	const size, allocatedMax = 4 << 10, 64 << 10
	fill := func(head, rest string) string { return head + strings.Repeat(rest, (size-len(head))/len(rest)) }
	for _, test := range []struct{ name, text string }{
		{"line ends", fill("BCD", "\n")},
		{"both line ends", fill("BCD", "\r\n\n")},
		{"one long line", fill("BCD\n002\n1\nSCT\n", "a")},
		{"a long name", fill("BCD\n002\n1\nSCT\n\n", "å")},
		{"long text in Greek", fill("BCD\n002\n6\nSCT\n\n", "\xe1")},
		{"twelve hidden lines", fill("BCD\n002\n1\nSCT\n\n", strings.Repeat("\u202e", 100)+"\n")},
		{"marks upon marks", fill("BCD\n002\n1\nSCT\n\na", "\u0301")},
		{"spaces", fill("BCD\n002\n1\nSCT\n\nName\n", " ")},
		{"an account in groups", fill("BCD\n002\n1\nSCT\n\nName\n", "s ")},
		{"zeros", fill("BCD\n002\n1\nSCT\n\nName\nSE45\nEUR", "0")},
		{"bytes that are no text", fill("BCD\n", "\xff\n")},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		code, findings := epc.ReadBytes([]byte(test.text))
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
	f.Add([]byte(invoice(1)))
	f.Add([]byte(strings.ReplaceAll(invoice(10, "RF80 INV2 026X 11", ""), "\n", "\r\n")))
	f.Add([]byte("BCD\n001\n2\nSCT\nESSESESS\nG\xf6ta\nSE4550000000058398257466\n"))
	f.Add([]byte("BCD\n001\n9\nSCT\n\n\n\nEUR.5\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		code, findings := epc.ReadBytes(raw)
		if len(findings) > 40 || len(code.Fields()) > 12 {
			t.Fatalf("%d findings, %d fields", len(findings), len(code.Fields()))
		}
		if !reading.Strict(findings) {
			return
		}
		written, err := epc.EncodeBytes(code.Transfer())
		if err != nil {
			t.Fatalf("%q is strict, but cannot be written: %v", raw, err)
		}
		again, findings := epc.ReadBytes(written)
		if !reading.Strict(findings) || again.Transfer() != code.Transfer() {
			t.Fatalf("%q was written as %q: %v", raw, written, findings)
		}
	})
}
