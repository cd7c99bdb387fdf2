package web

import (
	"context"
	"slices"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/payment"
	"github.com/hansa-network/hansa/qr"
	"github.com/hansa-network/hansa/qr/barcode"
	"github.com/hansa-network/hansa/qr/reading"
)

// askPayment answers POST /v1/payments. It waits for the outcome as long as a
// till wants to, and then says how the payment stands.
func (s *server) askPayment(ctx context.Context, c *call) (reply, error) {
	ask, err := decode(c, func(m *api.AskPayment) string { return m.RequestID })
	if err != nil {
		return reply{}, err
	}
	patience := waitForOutcome
	if c.client != "" {
		patience = clientWaits
	}
	wait, err := c.seconds(waitForOutcome, patience)
	if err != nil {
		return reply{}, err
	}
	if err := checkTill(ask.Store, ask.Terminal, ask.OrderReference, ask.Part); err != nil {
		return reply{}, err
	}
	code, issuer, err := paymentCode(ask.Code, c.directory)
	if err != nil {
		return reply{}, err
	}
	result, err := c.do(ctx, ask.RequestID, hub.Ask{
		Code: code, Issuer: issuer, Amount: ask.Amount, Store: ask.Store, Terminal: ask.Terminal,
		OrderReference: ask.OrderReference, Part: ask.Part, CaptureLater: ask.CaptureLater,
	})
	if err != nil {
		return reply{}, err
	}
	p, err := s.outcome(ctx, c, result.Payment, wait)
	if err != nil {
		return reply{}, err
	}
	return created(paymentOf(c.participant, p))
}

// paymentCode reads what a till scanned: a payment code of the network, or a number that
// a wallet draws itself in a form of its own, whose issuer is then the kind of the number.
// The wallet is the first that is entered under a kind that the number may be.
func paymentCode(text string, directory *member.Directory) (code, issuer string, err error) {
	own, err := qr.ParsePaymentCode(text)
	if reason, _ := hansa.ReasonOf(err); reason != hansa.CodeUnknown {
		return own.Text, own.Issuer, err
	}
	number, findings := barcode.Read(text)
	if slices.ContainsFunc(findings, func(f reading.Finding) bool { return f.Severity == reading.Error }) {
		return "", "", err
	}
	for _, kind := range number.Kinds() {
		if issuer, known := directory.IssuerOf(kind, number.Digits()); known {
			return number.Digits(), issuer, nil
		}
	}
	return "", "", err
}

// outcome waits until a payment that was just committed is decided, and returns it
// as it is then. It is read from the database only where this node does not
// remember it.
func (s *server) outcome(ctx context.Context, c *call, p payment.Payment, wait time.Duration) (payment.Payment, error) {
	if !p.Open() {
		return p, nil
	}
	looked := false
	read := func(ctx context.Context) (payment.Payment, error) {
		if s.Decided != nil {
			if decided, ok := s.Decided(p.ID); ok {
				return decided, nil
			}
			if !looked {
				looked = true
				return p, nil // What changes from now on, we are told.
			}
		}
		return s.Hub.Read().Payment(ctx, p.ID)
	}
	return until(ctx, c, waited[payment.Payment]{
		subject: p.ID, read: read, ended: func(p payment.Payment) bool { return !p.Open() },
	}, wait)
}

// ownPayment reads a payment of the participant, and waits until it is decided.
// To anyone else it does not exist.
func (s *server) ownPayment(ctx context.Context, c *call, id string, wait time.Duration) (payment.Payment, error) {
	read := func(ctx context.Context) (payment.Payment, error) {
		p, err := s.committed(ctx, id)
		if isUnavailable(err) && s.Seen != nil {
			if seen, ok := s.Seen(id); ok {
				p, err = seen, nil // What was committed stands, whoever commits next.
			}
		}
		if reason, _ := hansa.ReasonOf(err); reason == hansa.NotFound || err == nil && !sees(c.participant, p) {
			return payment.Payment{}, hansa.Refuse(hansa.NotFound, "no such payment")
		}
		return p, err
	}
	return until(ctx, c, waited[payment.Payment]{
		subject: id, read: read, ended: func(p payment.Payment) bool { return !p.Open() },
	}, wait)
}

// committed returns a payment, from memory where its outcome is remembered: that is
// written once, and what a payment shows of itself does not change any more.
func (s *server) committed(ctx context.Context, id string) (payment.Payment, error) {
	if s.Decided != nil {
		if p, ok := s.Decided(id); ok {
			return p, nil
		}
	}
	return s.Hub.Read().Payment(ctx, id)
}

// payment reads the payment that the path names.
func (s *server) payment(ctx context.Context, c *call, wait time.Duration) (payment.Payment, error) {
	id, err := c.id("reference")
	if err != nil {
		return payment.Payment{}, hansa.Refuse(hansa.NotFound, "no such payment")
	}
	return s.ownPayment(ctx, c, id, wait)
}

// readPayment answers GET /v1/payments/{reference}.
func (s *server) readPayment(ctx context.Context, c *call) (reply, error) {
	wait, err := c.seconds(waitMax, 0)
	if err != nil {
		return reply{}, err
	}
	p, err := s.payment(ctx, c, wait)
	if err != nil {
		return reply{}, err
	}
	return ok(paymentOf(c.participant, p))
}

// streamPayment answers GET /v1/payments/{reference}/events: the payment as it
// is, and each time that it changes, until it is decided.
func (s *server) streamPayment(ctx context.Context, c *call) (reply, error) {
	first, err := s.payment(ctx, c, 0)
	if err != nil {
		return reply{}, err
	}
	return reply{stream: func(ctx context.Context, out *stream) error {
		told := ""
		return out.follow(ctx, first.ID, lookEvery, func() (bool, error) {
			p, err := s.ownPayment(ctx, c, first.ID, 0)
			if err != nil {
				return false, err
			}
			now := p.Status() + p.PendingReason()
			if now == told {
				return false, nil
			}
			told = now
			return !p.Open(), out.send("", "payment", paymentOf(c.participant, p))
		})
	}}, nil
}

// listPayments answers GET /v1/payments: those of the participant, in the order
// in which they began.
func (s *server) listPayments(ctx context.Context, c *call) (reply, error) {
	filter, err := c.paymentFilter()
	if err != nil {
		return reply{}, err
	}
	payments, err := s.Hub.Read().Payments(ctx, filter)
	if err != nil {
		return reply{}, err
	}
	page := api.Page[api.Payment]{Items: []api.Payment{}}
	for _, p := range payments {
		if p.Wallet == filter.Wallet || acquires(filter.Acquirer, p) && sees(c.participant, p) {
			page.Items = append(page.Items, paymentOf(c.participant, p))
		}
	}
	if len(payments) == filter.Limit {
		page.Next = payments[len(payments)-1].ID
	}
	return ok(page)
}

func (c *call) paymentFilter() (filter hub.Filter, err error) {
	if filter.Limit, err = c.limit(); err != nil {
		return filter, err
	}
	if filter.After, err = c.idParameter("after"); err != nil {
		return filter, err
	}
	if filter.Store, err = c.idParameter("store"); err != nil {
		return filter, err
	}
	filter.Status = c.query.Get("status")
	if c.query.Has("status") && !isStatus(filter.Status) {
		return filter, hansa.Refuse(hansa.Malformed, "status: pending, approved, declined, expired or cancelled")
	}
	asker, err := c.directory.Participant(c.participant)
	if err != nil {
		return filter, err
	}
	side := member.Role(c.query.Get("as"))
	if side == "" && asker.Holds(member.Acquirer) {
		side = member.Acquirer
	}
	switch {
	case side == member.Acquirer && asker.Holds(member.Acquirer):
		filter.Acquirer = asker.ID
	case (side == member.Wallet || side == "") && asker.Holds(member.Wallet):
		filter.Wallet = asker.ID
	case (side == member.AcquiringPartner || side == "") && asker.Holds(member.AcquiringPartner):
		if filter.Store == "" {
			return filter, hansa.Refuse(hansa.Malformed, "store: an acquiring partner names one of its portfolio")
		}
		filter.Acquirer = asker.Principal
	case side == "" || side == member.Acquirer || side == member.Wallet || side == member.AcquiringPartner:
		return filter, hansa.Refuse(hansa.RoleMissing, "%s is not a wallet, acquirer or acquiring partner as asked", asker.ID)
	default:
		return filter, hansa.Refuse(hansa.Malformed, "as: wallet, acquirer or acquiring_partner")
	}
	return filter, nil
}

func isStatus(status string) bool {
	switch status {
	case (payment.Payment{}).Status(), string(payment.WasApproved), string(payment.WasDeclined),
		string(payment.WasExpired), string(payment.WasCancelled):
		return true
	}
	return false
}

// cancelPayment answers POST /v1/payments/{reference}/cancel.
func (s *server) cancelPayment(ctx context.Context, c *call) (reply, error) {
	change, id, err := c.change("reference")
	if err != nil {
		return reply{}, err
	}
	result, err := c.do(ctx, change.RequestID, hub.Cancel{Payment: id})
	if err != nil {
		return reply{}, err
	}
	cancelled := api.Cancelled{Payment: paymentOf(c.participant, result.Payment)}
	if result.Movement.ID != "" {
		m := movementOf(result.Movement)
		cancelled.Movement = &m
	}
	return ok(cancelled)
}

// stopPayment cancels a payment that has no outcome yet.
func (s *server) stopPayment(ctx context.Context, c *call) (reply, error) {
	change, id, err := c.change("reference")
	if err != nil {
		return reply{}, err
	}
	result, err := c.do(ctx, change.RequestID, hub.Cancel{Payment: id, Open: true})
	if err != nil {
		return reply{}, err
	}
	return ok(paymentOf(c.participant, result.Payment))
}

// change reads a message that needs no more than its request id, and the id in
// the path that it is about.
func (c *call) change(name string) (api.Change, string, error) {
	change, err := decode(c, func(m *api.Change) string { return m.RequestID })
	if err != nil {
		return change, "", err
	}
	id, err := c.id(name)
	return change, id, err
}

// tellOutcome answers POST /v1/payments/{reference}/outcome. It acknowledges
// that the wallet was heard, which is not yet an approval.
func (s *server) tellOutcome(ctx context.Context, c *call) (reply, error) {
	var told api.TellOutcome
	if err := api.Decode(c.body, &told); err != nil {
		return reply{}, err
	}
	id, err := c.id("reference")
	if err != nil {
		return reply{}, err
	}
	operation := hub.TellOutcome{Payment: id}
	switch told.Status {
	case api.AnswerPaid:
		operation.Paid = true
		operation.Echo = payment.Echo{Payment: id, Order: told.OrderAmount, Debit: told.DebitAmount, Payee: told.Payee}
	case api.AnswerDeclined:
		operation.Reason = hansa.Reason(told.Reason)
	default:
		return reply{}, hansa.Refuse(hansa.Malformed, "status: %s or %s", api.AnswerPaid, api.AnswerDeclined)
	}
	result, err := c.do(ctx, "", operation)
	if err != nil {
		return reply{}, err
	}
	return ok(api.OutcomeHeard{Reference: id, Received: true, Status: result.Payment.Status()})
}
