package payment_test

import (
	"fmt"
	"testing"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/payment"
)

// TestOrderMoves lets a payment called mine move orders in every state. The want
// is the next state and whom the order belongs to, or "panics".
func TestOrderMoves(t *testing.T) {
	t.Parallel()
	const panics = "panics"
	for _, c := range []struct {
		state  payment.OrderState
		owner  string
		static bool
		late   bool // after the order's time
		want   map[payment.OrderMove]string
	}{
		{state: "open", want: map[payment.OrderMove]string{"": "open", "held": "held mine", "paid": "paid mine", "freed": "open", "closed": "open"}},
		{state: "held", owner: "mine", want: map[payment.OrderMove]string{"": "held mine", "held": panics, "paid": "paid mine", "freed": "open", "closed": "closed"}},
		{state: "held", owner: "mine", late: true, want: map[payment.OrderMove]string{"paid": "paid mine", "freed": "expired", "closed": "closed"}},
		{state: "held", owner: "mine", static: true, want: map[payment.OrderMove]string{"paid": "paid mine", "freed": "closed", "closed": "closed"}},
		{state: "held", owner: "theirs", want: map[payment.OrderMove]string{"held": panics, "paid": "paid mine", "freed": "held theirs", "closed": "held theirs"}},
		{state: "paid", owner: "theirs", want: map[payment.OrderMove]string{"": "paid theirs", "held": panics, "paid": panics, "freed": "paid theirs", "closed": "paid theirs"}},
		{state: "paid", owner: "mine", want: map[payment.OrderMove]string{"paid": panics, "freed": panics, "closed": panics}},
		{state: "closed", want: map[payment.OrderMove]string{"held": panics, "paid": panics, "freed": "closed", "closed": "closed"}},
		{state: "expired", want: map[payment.OrderMove]string{"held": panics, "paid": panics, "freed": "expired", "closed": "expired"}},
	} {
		for move, want := range c.want {
			t.Run(fmt.Sprintf("%s %s by %q", move, c.state, c.owner), func(t *testing.T) {
				t.Parallel()
				o := payment.Order{ID: "order", Version: 4, State: c.state, Payment: c.owner, Static: c.static, ExpiresAt: noon.Add(1)}
				if c.late {
					o.ExpiresAt = noon
				}
				defer func() {
					if broken := recover(); (broken != nil) != (want == panics) {
						t.Errorf("want %s, panicked with %v", want, broken)
					}
				}()
				after := o.Moved(move, "mine", noon)
				got := string(after.State)
				if after.Payment != "" {
					got += " " + after.Payment
				}
				if got != want {
					t.Errorf("got %s, want %s", got, want)
				}
				if changed := after != o; changed != (after.Version == o.Version+1) {
					t.Errorf("version %d after %d", after.Version, o.Version)
				}
			})
		}
	}
}

// TestOrderByItself lets the till close orders and the clock end them.
func TestOrderByItself(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		state              payment.OrderState
		cancelled, elapsed payment.OrderState
		cancel, pay        hansa.Reason // refusals
		wakes              bool
	}{
		{state: "open", cancelled: "closed", elapsed: "expired", pay: hansa.OrderExpired, wakes: true},
		{state: "held", cancelled: "held", elapsed: "held", pay: hansa.OrderNotOpen},
		{state: "paid", cancelled: "paid", elapsed: "paid", cancel: hansa.OrderPaid, pay: hansa.OrderPaid},
		{state: "closed", cancelled: "closed", elapsed: "closed", pay: hansa.OrderNotOpen},
		{state: "expired", cancelled: "expired", elapsed: "expired", pay: hansa.OrderExpired},
	} {
		t.Run(string(c.state), func(t *testing.T) {
			t.Parallel()
			o := payment.Order{ID: "order", State: c.state, ExpiresAt: noon}
			closed, err := o.Cancelled()
			if closed.State != c.cancelled {
				t.Errorf("cancelled it is %s, want %s", closed.State, c.cancelled)
			}
			refused(t, err, c.cancel)
			refused(t, o.Payable(noon), c.pay)
			if after := o.Elapsed(noon); after.State != c.elapsed || (after != o) != (after.Version == 1) {
				t.Errorf("its time over, it is %s in version %d", after.State, after.Version)
			}
			if o.Elapsed(noon.Add(-1)) != o {
				t.Error("it ended before its time")
			}
			if o.WakeAt().Equal(noon) != c.wakes {
				t.Errorf("wakes at %s", o.WakeAt())
			}
		})
	}
}
