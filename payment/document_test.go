package payment_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/hansa-network/hansa/payment"
)

// TestDocumentSaysWhatTheCodeDoes holds docs/payment-life.md to the states, the
// notes and the clocks.
func TestDocumentSaysWhatTheCodeDoes(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../docs/payment-life.md")
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, state := range payment.States() {
		want = append(want, "\n| `"+string(state)+"` |")
	}
	for _, note := range []payment.Note{
		payment.NotePending, payment.NoteApproved, payment.NoteDeclined, payment.NoteExpired, payment.NoteCancelled,
		payment.NoteCaptured, payment.NoteReleased, payment.NoteRefundPending, payment.NoteRefundSucceeded, payment.NoteRefundFailed,
		payment.NoteLatePaid, payment.NoteReversed, payment.NoteContradicted,
	} {
		want = append(want, "`"+string(note)+"`")
	}
	for name, clock := range map[string]time.Duration{
		"AnswerWithin": payment.AnswerWithin, "TillWithin": payment.TillWithin, "ConfirmWithin": payment.ConfirmWithin,
		"AskedFor": payment.AskedFor, "PayerWait": payment.PayerWait, "PayerGrace": payment.PayerGrace, "DebitWithin": payment.DebitWithin,
		"AnnouncedFor": payment.AnnouncedFor, "ResolveFor": payment.ResolveFor, "PromptInquiry": payment.PromptInquiry,
		"InquiryEvery": payment.InquiryEvery, "InquiryLater": payment.InquiryLater, "CodeFor": payment.CodeFor, "QuoteFor": payment.QuoteFor,
		"OrderFor": payment.OrderFor, "OrderAtMost": payment.OrderAtMost, "CancelFreeFor": payment.CancelFreeFor, "AuthorisedFor": payment.AuthorisedFor,
	} {
		want = append(want, "\n| `"+name+"` | "+written(clock)+" |")
	}
	for _, words := range want {
		if !strings.Contains(string(text), words) {
			t.Errorf("docs/payment-life.md lacks %q", words)
		}
	}
}

// written is a duration as a person writes it.
func written(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d > day && d%day == 0:
		return fmt.Sprintf("%d days", d/day)
	case d%time.Hour == 0:
		return fmt.Sprintf("%d h", d/time.Hour)
	case d%time.Minute == 0:
		return fmt.Sprintf("%d min", d/time.Minute)
	}
	return fmt.Sprintf("%d s", d/time.Second)
}
