package qr_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/qr"
)

func newPaymentCode(t testing.TB, issuer string, seed byte) string {
	t.Helper()
	text, err := qr.NewPaymentCode(issuer, qr.Issued, hansa.Chance{seed})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestPaymentCodeIsReadAsIssued(t *testing.T) {
	t.Parallel()
	text := newPaymentCode(t, "700112", 1)
	grouped := qr.PaymentCode{Text: text}.Grouped()
	cases := map[string]string{
		"as issued":                  text,
		"in groups":                  grouped,
		"with unbreakable spaces":    strings.ReplaceAll(grouped, " ", "\u00a0"),
		"with narrow spaces":         strings.ReplaceAll(grouped, " ", "\u202f"),
		"with a scanner's line end":  text + "\r\n",
		"with all that scanners add": "\ufeff\t" + text + " \t\r\n",
		"with a space on every side": " " + strings.Join(strings.Split(text, ""), " ") + " ",
	}
	want := qr.PaymentCode{Issuer: "700112", Type: qr.Issued, Text: text}
	for name, scanned := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := qr.ParsePaymentCode(scanned)
			if err != nil || got != want {
				t.Errorf("%q: got %+v, %v, want %+v", scanned, got, err, want)
			}
		})
	}
}

func TestPaymentCodesThatAreRefused(t *testing.T) {
	t.Parallel()
	text := newPaymentCode(t, "700112", 1)
	cases := map[string]struct {
		text string
		want hansa.Reason
	}{
		"nothing":               {"", hansa.CodeUnknown},
		"a digit missing":       {text[:23], hansa.CodeUnknown},
		"a digit too many":      {text + "0", hansa.CodeUnknown},
		"a letter":              {text[:23] + "O", hansa.CodeUnknown},
		"a sign":                {"+" + text[1:], hansa.CodeUnknown},
		"full-width digits":     {"７" + text[1:], hansa.CodeUnknown},
		"Arabic digits":         {"٧" + text[1:], hansa.CodeUnknown},
		"a line end within":     {text[:12] + "\n" + text[12:], hansa.CodeUnknown},
		"another network":       {"25" + text[2:], hansa.CodeUnknown},
		"a wrong check digit":   {text[:23] + string('0'+(text[23]-'0'+1)%10), hansa.CodeInvalid},
		"a type not in use":     {ofType(t, '2'), hansa.CodeUnknown},
		"a megabyte of spaces":  {strings.Repeat(" ", 1<<20) + text, hansa.CodeUnknown},
		"a link":                {"https://example.com/" + text, hansa.CodeUnknown},
		"a signed code":         {signedStore(t, bergenSticker()), hansa.CodeUnknown},
		"24 spaces":             {strings.Repeat(" ", 24), hansa.CodeUnknown},
		"a NUL behind the code": {text + "\x00", hansa.CodeUnknown},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := qr.ParsePaymentCode(c.text)
			wantReason(t, err, c.want)
			if err != nil && strings.Contains(err.Error(), text[7:15]) {
				t.Errorf("the refusal repeats the code: %v", err)
			}
		})
	}
}

// ofType returns a code with another type and the right check digit.
func ofType(t *testing.T, paymentType byte) string {
	t.Helper()
	text := newPaymentCode(t, "700112", 1)
	for check := byte('0'); check <= '9'; check++ {
		candidate := text[:6] + string(paymentType) + text[7:23] + string(check)
		if _, err := qr.ParsePaymentCode(candidate); err == nil || strings.Contains(err.Error(), "not in use") {
			return candidate
		}
	}
	t.Fatal("no check digit fits")
	return ""
}

func TestIssuersThatAreRefused(t *testing.T) {
	t.Parallel()
	for _, issuer := range []string{"", "70011", "7001122", "250112", "300112", "71 112", "70011a", "+70011"} {
		_, err := qr.NewPaymentCode(issuer, qr.Issued, hansa.Chance{1})
		wantReason(t, err, hansa.CodeInvalid)
	}
	for _, paymentType := range []qr.PaymentType{0, 2, 9, 10, 255} {
		_, err := qr.NewPaymentCode("700112", paymentType, hansa.Chance{1})
		wantReason(t, err, hansa.CodeInvalid)
	}
}

func TestTypingErrorsAreFound(t *testing.T) {
	t.Parallel()
	for seed := range byte(50) {
		text := newPaymentCode(t, "700112", seed)
		for i := 2; i < len(text); i++ { // The first two digits name the network.
			for other := byte('0'); other <= '9'; other++ {
				wrong := text[:i] + string(other) + text[i+1:]
				if _, err := qr.ParsePaymentCode(wrong); wrong != text && err == nil {
					t.Errorf("%s for %s was read", wrong, text)
				}
			}
			if i+1 == len(text) || text[i] == text[i+1] {
				continue
			}
			swapped := text[:i] + text[i+1:i+2] + text[i:i+1] + text[i+2:]
			if _, err := qr.ParsePaymentCode(swapped); err == nil {
				t.Errorf("%s for %s was read", swapped, text)
			}
		}
	}
}

// TestDigitsAreDrawnEvenly counts each digit in each of the sixteen places: with
// ten thousand draws a fair count lies within 1000 ± 150 but once in 10^6 times.
func TestDigitsAreDrawnEvenly(t *testing.T) {
	t.Parallel()
	const draws = 10_000
	var counts [16][10]int
	seen := make(map[string]bool, draws)
	for i := range draws {
		text, err := qr.NewPaymentCode("700112", qr.Issued, hansa.Chance{byte(i), byte(i >> 8)})
		if err != nil {
			t.Fatal(err)
		}
		if seen[text] {
			t.Errorf("%s was drawn twice", text)
		}
		seen[text] = true
		for place := range 16 {
			counts[place][text[7+place]-'0']++
		}
	}
	for place, count := range counts {
		for digit, n := range count {
			if n < 850 || n > 1150 {
				t.Errorf("digit %d stands %d times in place %d of %d draws", digit, n, place, draws)
			}
		}
	}
}

func FuzzParsePaymentCode(f *testing.F) {
	f.Add(newPaymentCode(f, "700112", 1))
	f.Add("7001 1210 0000 0000 0000 0000")
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		code, err := qr.ParsePaymentCode(text)
		if err != nil {
			if _, ok := hansa.ReasonOf(err); !ok {
				t.Errorf("%q: %v is a fault", text, err)
			}
			return
		}
		if want := fmt.Sprintf("%s%d", code.Issuer, code.Type); len(code.Text) != 24 || code.Text[:7] != want {
			t.Errorf("%q: read as %+v", text, code)
		}
		for _, again := range []string{code.Text, code.Grouped()} {
			if got, err := qr.ParsePaymentCode(again); err != nil || got != code {
				t.Errorf("%q: read again as %+v, %v", again, got, err)
			}
		}
	})
}
