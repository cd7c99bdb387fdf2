package payment_test

import (
	"time"

	"github.com/hansa-network/hansa/payment"
)

// The payment that a story is about, and one of another wallet that wants the
// same order.
const (
	subject = "pay"
	rival   = "rival"
)

// A word is what happens to a payment.
type word func(p payment.Payment) payment.Event

func is(event payment.Event) word { return func(payment.Payment) payment.Event { return event } }

// yes is exact; wrongYes is for one minor unit more than was asked.
func yes(p payment.Payment) payment.Event { return payment.Paid{Echo: p.Echo()} }

func wrongYes(p payment.Payment) payment.Event {
	echo := p.Echo()
	echo.Debit.Value++
	return payment.Paid{Echo: echo}
}

func no() word            { return is(payment.WalletDeclined{Reason: "declined_by_payer"}) }
func silence() word       { return is(payment.Silent{}) }
func tombstone() word     { return is(payment.CancelAcknowledged{}) }
func stop() word          { return is(payment.CancelAsked{}) }
func elapsed() word       { return is(payment.Elapsed{ID: "lapse"}) }
func captures() word      { return is(payment.CaptureAsked{ID: "capture", Amount: kroner(30_00)}) }
func releases() word      { return is(payment.ReleaseAsked{ID: "release"}) }
func done(id string) word { return is(payment.MovementAcknowledged{ID: id}) }

func prompts(second int) word {
	return is(payment.PayerAsked{Until: noon.Add(time.Duration(second) * time.Second)})
}

func refunds(value int64) word {
	return is(payment.RefundAsked{ID: "refund", Amount: kroner(value)})
}

func refuses(id string) word {
	return is(payment.MovementRefused{ID: id, Reason: "payer_blocked"})
}

// A step of a story: at so many seconds after noon somebody does something
// about a payment.
type step struct {
	second  int
	payment string
	does    action
}

type action func(w *world, id string) error

func hears(said word) action {
	return func(w *world, id string) error { return w.hears(id, said(w.payments[id])) }
}

// The three ways to begin. What is called rival is of another wallet.
func asked(w *world, id string) error     { return w.begin(id, payment.TillScans) }
func accepted(w *world, id string) error  { return w.begin(id, payment.WalletAsks) }
func announced(w *world, id string) error { return w.begin(id, payment.WalletDebits) }

// askedToAuthorise begins a payment that is captured later.
func askedToAuthorise(w *world, id string) error {
	s := start(id, payment.TillScans)
	s.CaptureLater = true
	return w.enter(s)
}

// orderIs puts the order into a state by other hands.
func orderIs(state payment.OrderState) action {
	return func(w *world, _ string) error {
		order := w.orders["order"]
		order.State = state
		w.orders["order"] = order
		return nil
	}
}

// lives lets a story happen in a new world with an open order.
func (w *world) lives(story []step) {
	w.t.Helper()
	w.order("order")
	for _, s := range story {
		if err := s.does(w.at(s.second), s.payment); err != nil {
			w.t.Fatalf("at %d s: %v", s.second, err)
		}
	}
}
