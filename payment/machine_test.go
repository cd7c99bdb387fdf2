package payment_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/payment"
)

// A situation is a payment in one state, reached by a story, and when the event
// finds it there.
type situation struct {
	name  string
	at    int
	story []step
}

func situations() []situation {
	begins := func(begins action, words ...word) []step {
		story := []step{{0, subject, begins}}
		for _, said := range words {
			story = append(story, step{5, subject, hears(said)})
		}
		return story
	}
	expired := func(begins action, words ...word) []step {
		story := []step{{0, subject, begins}}
		for _, said := range append([]word{elapsed()}, words...) {
			story = append(story, step{70, subject, hears(said)})
		}
		return story
	}
	// The rival announces, the subject accepts, and the rival says yes first.
	outrun := []step{{0, rival, announced}, {1, subject, accepted}, {4, rival, hears(yes)}}
	then := func(story []step, more ...step) []step { return append(append([]step{}, story...), more...) }
	const day = 24 * 60 * 60

	return []situation{
		{"asking", 5, begins(asked)},
		{"awaiting_payer, in the payer's time", 15, begins(asked, prompts(50))},
		{"awaiting_payer, after the payer's time", 51, begins(asked, prompts(50))},
		{"resolving after silence", 8, begins(asked, silence())},
		{"resolving after a wrong yes", 8, begins(asked, wrongYes)},

		{"debiting", 10, begins(accepted)},
		{"debiting, another wallet has paid the order", 10, outrun},
		{"resolving after silence", 18, []step{{0, subject, accepted}, {15, subject, hears(silence())}}},
		{"resolving after silence, another wallet has paid the order", 18, then(outrun, step{16, subject, hears(silence())})},
		{"resolving after a wrong yes", 8, begins(accepted, wrongYes)},

		{"announced", 30, begins(announced)},
		{"announced, another payment holds the order", 30, then(begins(announced), step{5, rival, accepted})},
		{"announced, another wallet has paid the order", 30, then(begins(announced), step{5, rival, accepted}, step{6, rival, hears(yes)})},
		{"announced, the till has closed the order", 30, then(begins(announced), step{5, "", orderIs(payment.OrderClosed)})},
		{"announced, the order has expired", 30, then(begins(announced), step{5, "", orderIs(payment.OrderExpired)})},
		{"announced, after its time", 61, begins(announced)},

		{"authorised", 10, begins(askedToAuthorise, yes)},
		{"authorised, a part captured", 10, begins(askedToAuthorise, yes, captures())},
		{
			"authorised, a part captured and partly being refunded", 10,
			begins(askedToAuthorise, yes, captures(), done("capture"), refunds(10_00)),
		},
		{"authorised, a week and five seconds ago", 7*day + 10, begins(askedToAuthorise, yes)},
		{"authorised, quarantined", 10, begins(askedToAuthorise, yes, no())},

		{"approved", 10, begins(asked, yes)},
		{"approved, a day and five seconds ago", day + 10, begins(asked, yes)},
		{"approved, a part being refunded", 10, begins(asked, yes, refunds(30_00))},
		{"approved, a part refunded", 10, begins(asked, yes, refunds(30_00), done("refund"))},
		{"approved, a refund has failed", 10, begins(asked, yes, refunds(30_00), refuses("refund"))},
		{"approved, a part captured and the rest released", 10, begins(askedToAuthorise, yes, captures(), releases())},
		{"approved, quarantined", 10, begins(asked, yes, no())},
		{"approved", 10, begins(accepted, yes)},
		{"approved", 10, begins(announced, yes)},

		{"declined", 10, begins(asked, no())},
		{"declined, then a yes", 10, begins(asked, no(), yes)},
		{"declined, then a yes, given back", 10, begins(asked, no(), yes, tombstone())},

		{"reversing, expired", 75, expired(asked)},
		{"reversing, expired, then a yes", 75, expired(asked, yes)},
		{"reversing, cancelled", 10, begins(asked, stop())},
		{"reversing, a wrong yes and then a no", 10, begins(asked, wrongYes, no())},
		{"reversing, expired", 75, expired(accepted)},
		{"reversing, cancelled", 10, begins(accepted, stop())},
		{"reversing, another wallet has paid the order", 10, then(outrun, step{5, subject, hears(yes)})},
		{"reversing, expired", 75, expired(announced)},
		{"reversing, a wrong yes", 10, begins(announced, wrongYes)},

		{"reversed, expired", 80, expired(asked, tombstone())},
		{"reversed, expired, then a yes", 80, expired(asked, tombstone(), yes)},
		{"reversed, expired, then a yes, given back", 80, expired(asked, tombstone(), yes, tombstone())},
		{"reversed, expired", 80, expired(accepted, tombstone())},
		{"reversed, expired", 80, expired(announced, tombstone())},
	}
}

// A row is an event as the table names it. One that waits happens when the
// payment's deadline has come.
type row struct {
	name  string
	said  word
	waits bool
}

func rows(p payment.Payment, movements []payment.Movement) []row {
	about := "none" // the movement that the wallet speaks of: one that it owes an answer for
	for _, m := range movements {
		if about == "none" || m.Task.Call != payment.NoCall {
			about = m.ID
		}
	}
	until := p.CreatedAt.Add(55 * time.Second)
	return []row{
		{"Paid", yes, false},
		{"Paid, one minor unit more", wrongYes, false},
		{"WalletDeclined by its payer", no(), false},
		{"WalletDeclined without our reason", is(payment.WalletDeclined{Reason: "bad_weather"}), false},
		{"PayerAsked until 55 s", is(payment.PayerAsked{Until: until}), false},
		{"PayerAsked, no time named", is(payment.PayerAsked{}), false},
		{"Silent", silence(), false},
		{"Unfound", is(payment.Unfound{}), false},
		{"Unsent", is(payment.Unsent{}), false},
		{"CancelAcknowledged", tombstone(), false},
		{"CancelAsked", stop(), false},
		{"Elapsed, too early", elapsed(), false},
		{"Elapsed", elapsed(), true},
		{"CaptureAsked 20.00", is(payment.CaptureAsked{ID: "m", Amount: kroner(20_00)}), false},
		{"CaptureAsked 100.01", is(payment.CaptureAsked{ID: "m", Amount: kroner(100_01)}), false},
		{"ReleaseAsked", is(payment.ReleaseAsked{ID: "m"}), false},
		{"RefundAsked 10.00", is(payment.RefundAsked{ID: "m", Amount: kroner(10_00)}), false},
		{"RefundAsked 100.01", is(payment.RefundAsked{ID: "m", Amount: kroner(100_01)}), false},
		{"ApprovalCancelled", is(payment.ApprovalCancelled{ID: "m"}), false},
		{"MovementAcknowledged " + about, done(about), false},
		{"MovementRefused " + about, refuses(about), false},
		{"MovementSilent " + about, is(payment.MovementSilent{ID: about}), false},
	}
}

// TestEveryStateMeetsEveryEvent prints the machine: every event for the first
// situation of a state, and what differs from it for the others. Read the
// difference before you commit it.
func TestEveryStateMeetsEveryEvent(t *testing.T) {
	t.Parallel()
	var table strings.Builder
	table.WriteString("Every state meets every event. Written by TestEveryStateMeetsEveryEvent.\n")
	first := make(map[payment.State][]string)
	for _, s := range situations() {
		w := newWorld(t)
		w.lives(s.story)
		p := w.at(s.at).payments[subject]
		fmt.Fprintf(&table, "\nflow %s, %s (%s)\n", p.Flow, s.name, w.standing(p))
		lines := w.meets(p)
		like := first[p.State]
		if like == nil {
			first[p.State] = lines
		} else {
			fmt.Fprintf(&table, "  as %s above, but\n", p.State)
		}
		different := 0
		for i, line := range lines {
			if like == nil || like[i] != line {
				fmt.Fprintf(&table, "  %s\n", line)
				different++
			}
		}
		if different == 0 {
			table.WriteString("  nothing differs\n")
		}
	}
	for _, state := range payment.States() {
		if first[state] == nil {
			t.Errorf("the table leaves out %s", state)
		}
	}
	golden(t, "testdata/machine.txt", table.String())
}

// meets says for every event what it makes of the payment now.
func (w *world) meets(p payment.Payment) []string {
	var lines []string
	for _, r := range rows(p, w.movements[subject]) {
		now := w.now
		if r.waits && !p.Deadline.IsZero() {
			now = p.Deadline
		}
		after, plan, err := payment.Decide(p, r.said(p), w.facts(p), now)
		lines = append(lines, fmt.Sprintf("%-33s -> %s", r.name, w.told(change{p, after, plan, err, now})))
	}
	return lines
}

// standing says in few words how a payment stands.
func (w *world) standing(p payment.Payment) string {
	words := []string{string(p.State)}
	if p.Outcome != payment.Undecided {
		words = append(words, "told "+string(p.Outcome))
	}
	words = append(words, marks(p)...)
	if p.Held != 0 {
		words = append(words, fmt.Sprintf("holds %d", p.Held))
	}
	if order, ok := w.orders[p.Order]; ok {
		words = append(words, "order "+string(order.State)+by(order, p))
	}
	words = append(words, taskIn(p.Task, w.now)...)
	if !p.Deadline.IsZero() {
		words = append(words, "deadline "+in(p.Deadline, w.now))
	}
	return strings.Join(words, ", ")
}

func by(order payment.Order, p payment.Payment) string {
	switch order.Payment {
	case p.ID:
		return " by it"
	case "":
		return ""
	}
	return " by another"
}

func marks(p payment.Payment) []string {
	var words []string
	if p.Late {
		words = append(words, "late")
	}
	if p.Quarantined {
		words = append(words, "quarantined")
	}
	return words
}

func taskIn(task payment.Task, now time.Time) []string {
	switch {
	case task.Call == payment.NoCall:
		return nil
	case task.LeasedUntil.After(now):
		return []string{fmt.Sprintf("%s under way", task.Call)}
	}
	return []string{fmt.Sprintf("%s %s", task.Call, in(task.Due, now))}
}

// in says how long there is from now.
func in(at, now time.Time) string {
	switch wait := at.Sub(now); {
	case wait == 0:
		return "at once"
	case wait < 0:
		return fmt.Sprintf("%s ago", -wait)
	case wait >= 24*time.Hour:
		return fmt.Sprintf("in %d h", int(wait.Hours()))
	default:
		return fmt.Sprintf("in %s", wait)
	}
}

// A change is what an event makes of a payment.
type change struct {
	before, after payment.Payment
	plan          payment.Plan
	err           error
	now           time.Time
}

// told says in one line all that a change does.
func (w *world) told(c change) string {
	if reason, ok := hansa.ReasonOf(c.err); ok {
		return "refused " + string(reason)
	}
	var words []string
	if c.after.State != c.before.State {
		words = append(words, string(c.after.State))
	} else {
		words = append(words, "stays")
	}
	if c.after.Outcome != c.before.Outcome {
		words = append(words, strings.TrimRight(fmt.Sprintf("outcome %s %s", c.after.Outcome, c.after.Reason), " "))
	}
	if before, after := marks(c.before), marks(c.after); len(after) > len(before) {
		words = append(words, "marked "+strings.Join(after, " and "))
	}
	for _, note := range c.plan.Notes {
		words = append(words, listeners(c.after, note)+" "+string(note))
	}
	for _, hold := range c.plan.Holds {
		words = append(words, holding(hold))
	}
	if c.plan.Booking != nil {
		words = append(words, "book "+postings(*c.plan.Booking))
	}
	if order := w.orders[c.before.Order].Moved(c.plan.Order, c.before.ID, c.now); c.plan.Order != payment.OrderStays {
		words = append(words, "order "+string(order.State))
	}
	if c.plan.Free {
		words = append(words, "reference free")
	}
	if c.plan.Movement != nil {
		words = append(words, moved(*c.plan.Movement, c.now))
	}
	return strings.Join(append(words, clocks(c)...), "; ")
}

func listeners(p payment.Payment, note payment.Note) string {
	if p.ToldToStore(note) {
		return "tell both"
	}
	return "tell wallet"
}

func holding(hold payment.Hold) string {
	if hold.Amount.Value < 0 {
		return fmt.Sprintf("release %s %s", hold.Account, hold.Amount.Negative())
	}
	return fmt.Sprintf("reserve %s %s", hold.Account, hold.Amount)
}

func postings(booking payment.Booking) string {
	return fmt.Sprintf("%s (%s)", booking.Cause, entryOf(subject, booking))
}

func moved(m payment.Movement, now time.Time) string {
	words := append([]string{fmt.Sprintf("%s %s %s for %s", m.Kind, m.State, m.Amounts.Order, m.Amounts.Debit)}, taskIn(m.Task, now)...)
	if m.Reason != "" {
		words = append(words, string(m.Reason))
	}
	return strings.Join(words, ", ")
}

// clocks says what a change does to the call that is owed and to the deadline.
func clocks(c change) []string {
	var words []string
	if c.after.Task != c.before.Task {
		if owed := taskIn(c.after.Task, c.now); owed != nil {
			words = append(words, fmt.Sprintf("%s, try %d", owed[0], c.after.Task.Tries+1))
		} else {
			words = append(words, "no call")
		}
	}
	switch {
	case c.after.Deadline.Equal(c.before.Deadline):
	case c.after.Deadline.IsZero():
		words = append(words, "no deadline")
	default:
		words = append(words, "deadline "+in(c.after.Deadline, c.now))
	}
	return words
}

// golden compares got with a file, or rewrites the file if UPDATE_GOLDEN is 1.
func golden(t *testing.T, path, got string) {
	t.Helper()
	if os.Getenv("UPDATE_GOLDEN") == "1" {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}
