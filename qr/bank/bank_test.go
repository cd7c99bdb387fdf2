package bank_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/qr/bank"
)

func TestCheckIBAN(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, iban string
		want       bank.Flaw
	}{
		{"Germany", "DE41500105170123456789", bank.Sound},
		{"Netherlands, letters", "NL35INGB0004455667", bank.Sound},
		{"Norway, the shortest", "NO9386011117947", bank.Sound},
		{"Russia, among the longest", "RU0304452522540817810538091310419", bank.Sound},
		{"Malta, many letters", "MT84MALT011000012345MTLCAST001S", bank.Sound},
		{"Brazil, a letter at the end", "BR1800360305000010009795493C1", bank.Sound},
		{"Kosovo", "XK051212012345678906", bank.Sound},
		{"Liechtenstein", "LI94088110000232401AA", bank.Sound},
		{"one digit misread", "DE41500105170123456788", bank.WrongCheck},
		{"two digits swapped", "DE41500105170123456798", bank.WrongCheck},
		{"check digits swapped", "DE14500105170123456789", bank.WrongCheck},
		{"one digit short", "DE4150010517012345678", bank.WrongLength},
		{"one digit long", "DE415001051701234567890", bank.WrongLength},
		{"a country without IBAN", "US41500105170123456789", bank.UnknownCountry},
		{"two characters of two rows of the table", "4A41500105170123456789", bank.Malformed},
		{"no country", "ZZ41500105170123456789", bank.UnknownCountry},
		{"lower case", "de41500105170123456789", bank.Malformed},
		{"in groups", "DE41 5001 0517 0123 4567 89", bank.Malformed},
		{"letters for check digits", "DEAB500105170123456789", bank.Malformed},
		{"other letters", "DE4150010517012345678Ö", bank.Malformed},
		{"digits of another script", "DE4150010517012345678٣", bank.Malformed},
		{"empty", "", bank.Malformed},
		{"a country only", "DE41", bank.Malformed},
		{"longer than any", strings.Repeat("DE41500105170123456789", 2), bank.Malformed},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := bank.CheckIBAN(test.iban); got != test.want {
				t.Errorf("%q is %s; want %s", test.iban, got, test.want)
			}
		})
	}
}

// TestEveryMisreadDigitIsFound changes each digit of a number, and swaps each pair
// of neighbours: the check digits must notice all of it.
func TestEveryMisreadDigitIsFound(t *testing.T) {
	t.Parallel()
	const iban, reference = "DE41500105170123456789", "RF18539007547034"
	check := func(number string, flaw func(string) bank.Flaw, from int) {
		for at := from; at < len(number); at++ {
			for digit := byte('0'); digit <= '9'; digit++ {
				misread := []byte(number)
				misread[at] = digit
				if string(misread) != number && flaw(string(misread)) == bank.Sound {
					t.Errorf("%s is sound", misread)
				}
			}
			swapped := []byte(number)
			swapped[at-1], swapped[at] = swapped[at], swapped[at-1]
			if at > from && string(swapped) != number && flaw(string(swapped)) == bank.Sound {
				t.Errorf("%s is sound", swapped)
			}
		}
	}
	check(iban, bank.CheckIBAN, 2)
	check(reference, bank.CheckReference, 2)
}

// TestOnlyOneSpellingOfCheckDigits takes an account whose check digits are 98 or
// less: the ones of the same remainder are refused.
func TestOnlyOneSpellingOfCheckDigits(t *testing.T) {
	t.Parallel()
	sound := 0
	for serial := range 300 {
		rest := fmt.Sprintf("50010517%010d", serial)
		var of []string
		for digits := range 100 {
			if iban := fmt.Sprintf("DE%02d%s", digits, rest); bank.CheckIBAN(iban) == bank.Sound {
				of = append(of, iban)
			}
		}
		if len(of) != 1 {
			t.Errorf("%s has %d spellings: %v", rest, len(of), of)
		}
		sound += len(of)
	}
	if sound != 300 {
		t.Errorf("%d of 300", sound)
	}
}

func TestCompactMakesNoOtherLetters(t *testing.T) {
	t.Parallel()
	for number, want := range map[string]string{
		"nl86 ingb 0002 4455 88":   "NL86INGB0002445588",
		"NL86INGB0002445588":       "NL86INGB0002445588",
		"NL86ıNGB0002445588":       "NL86ıNGB0002445588",
		"ſ":                        "ſ",
		"NL86\u00a0INGB0002445588": "NL86\u00a0INGB0002445588",
		"\xff":                     "\ufffd",
	} {
		if got := bank.Compact(number); got != want {
			t.Errorf("%q: %q, want %q", number, got, want)
		}
	}
}

func TestCheckBIC(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, bic string
		want      bank.Flaw
	}{
		{"eight", "INGBNL2A", bank.Sound},
		{"eleven", "DABAIE2DXXX", bank.Sound},
		{"digits in the bank's part", "A1B2SE22", bank.Sound},
		{"nine", "INGBNL2AX", bank.Malformed},
		{"lower case", "ingbnl2a", bank.Malformed},
		{"a digit in the country", "INGBN12A", bank.Malformed},
		{"a space", "INGB NL2", bank.Malformed},
		{"empty", "", bank.Malformed},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := bank.CheckBIC(test.bic); got != test.want {
				t.Errorf("%q is %s; want %s", test.bic, got, test.want)
			}
		})
	}
}

func TestCheckReference(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, reference string
		want            bank.Flaw
	}{
		{"digits", "RF18539007547034", bank.Sound},
		{"letters", "RF80INV2026X11", bank.Sound},
		{"the shortest", "RF741", bank.Sound},
		{"the longest", "RF95ABCDEFGHIJKLMNOPQRSTU", bank.Sound},
		{"too long", "RF95ABCDEFGHIJKLMNOPQRSTUV", bank.Malformed},
		{"nothing behind the check digits", "RF18", bank.Malformed},
		{"misread", "RF18539007547035", bank.WrongCheck},
		{"lower case", "rf18539007547034", bank.Malformed},
		{"in groups", "RF18 5390 0754 7034", bank.Malformed},
		{"no RF", "FR18539007547034", bank.Malformed},
		{"letters for check digits", "RFA8539007547034", bank.Malformed},
		{"empty", "", bank.Malformed},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := bank.CheckReference(test.reference); got != test.want {
				t.Errorf("%q is %s; want %s", test.reference, got, test.want)
			}
		})
	}
}

func TestNewReferenceIsSound(t *testing.T) {
	t.Parallel()
	for _, serial := range []string{"1", "0", "539007547034", "INV2026X11", "ZZZZZZZZZZZZZZZZZZZZZ", "000000000000000000000"} {
		reference, err := bank.NewReference(serial)
		if err != nil || bank.CheckReference(reference) != bank.Sound || !strings.HasSuffix(reference, serial) {
			t.Errorf("%s: %s, %v", serial, reference, err)
		}
	}
	for _, serial := range []string{"", "inv", "A B", "Ä1", strings.Repeat("1", 22)} {
		_, err := bank.NewReference(serial)
		if reason, _ := hansa.ReasonOf(err); reason != hansa.CodeInvalid {
			t.Errorf("%q: %v", serial, err)
		}
	}
}

func TestSplitLines(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, text string
		want       bank.Split
		lines      []string
	}{
		{"one line", "a", bank.Split{Count: 1}, []string{"a", "", ""}},
		{"nothing", "", bank.Split{Count: 1}, []string{"", "", ""}},
		{"LF", "a\nb", bank.Split{Count: 2}, []string{"a", "b", ""}},
		{"CR LF", "a\r\nb\r\nc", bank.Split{Count: 3}, []string{"a", "b", "c"}},
		{"both", "a\r\nb\nc", bank.Split{Count: 3, Mixed: true}, []string{"a", "b", "c"}},
		{"an empty line at the end", "a\nb\n", bank.Split{Count: 3}, []string{"a", "b", ""}},
		{"an empty line too many", "a\nb\nc\n", bank.Split{Count: 3, More: true}, []string{"a", "b", "c"}},
		{"lines too many", "a\nb\nc\nd\ne", bank.Split{Count: 3, More: true, Rest: "d\ne"}, []string{"a", "b", "c"}},
		{"a lone CR is no line end", "a\rb", bank.Split{Count: 1}, []string{"a\rb", "", ""}},
		{"CR at the end", "a\r\nb\r", bank.Split{Count: 2}, []string{"a", "b\r", ""}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			lines := make([]string, 3)
			if got := bank.SplitLines(test.text, lines); got != test.want || !cmp.Equal(lines, test.lines) {
				t.Errorf("got %+v %q; want %+v %q", got, lines, test.want, test.lines)
			}
		})
	}
}

func TestParseAmount(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, decimal string
		want          int64
		tidy          bool
	}{
		{"two decimals", "12.30", 1230, true},
		{"one decimal", "12.3", 1230, true},
		{"none", "12", 1200, true},
		{"less than one", "0.05", 5, true},
		{"zero", "0.00", 0, true},
		{"zeros in front", "0012.30", 1230, false},
		{"nothing in front", ".50", 50, false},
		{"zeros only", "000", 0, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, tidy, err := bank.ParseAmount(test.decimal, "EUR")
			if err != nil || got != money.New(test.want, "EUR") || tidy != test.tidy {
				t.Errorf("got %s %t %v", got, tidy, err)
			}
		})
	}
	for _, decimal := range []string{"", "-1", "+1", " 1", "1 ", "1,50", "1.505", "1.", ".", "1'000", "1e3", "0x10", "١", strings.Repeat("9", 50)} {
		if got, _, err := bank.ParseAmount(decimal, "EUR"); err == nil {
			t.Errorf("%q is %s", decimal, got)
		}
	}
}
