package payment

import (
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/fx"
	"github.com/hansa-network/hansa/ledger"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/merchant"
)

// A Start is all that a new payment depends on.
type Start struct {
	ID             string
	Flow           Flow
	Mode           member.Mode
	Wallet         member.Participant
	Acquirer       member.Participant
	Corridor       member.Corridor
	Store          merchant.Store
	Contract       merchant.Contract
	Terminal       string
	OrderReference string
	Part           int
	Code           string
	Order          Order // zero in flow A
	Quote          string
	Terms          fx.Terms
	Payer          string
	PayerToken     string
	CaptureLater   bool
	Position       ledger.Position // of the wallet, in its settlement currency
}

// Begin makes the payment that the first commit writes, with the plan that goes
// with it. A refusal asks nobody and reserves nothing.
func Begin(s Start, now time.Time) (Payment, Plan, error) {
	if err := s.admit(now); err != nil {
		return Payment{}, Plan{}, err
	}
	p := Payment{
		ID: s.ID, Version: 1, Flow: s.Flow, Mode: s.Mode,
		Wallet: s.Wallet.ID, Acquirer: s.Acquirer.ID, Branch: s.Contract.Branch, Partner: s.Contract.Partner,
		Merchant: s.Store.Merchant, Payee: PayeeOf(s.Store), Terminal: s.Terminal,
		OrderReference: s.OrderReference, Part: s.Part, Code: s.Code, Order: s.Order.ID, Quote: s.Quote,
		Terms: s.Terms, Payer: s.Payer, PayerToken: s.PayerToken,
		Agreement: s.Corridor.Agreement, AgreementVersion: s.Corridor.AgreementVersion,
		PayerWait: s.Wallet.Wallet.PayerWait, CreatedAt: now, ChangedAt: now, CaptureLater: s.CaptureLater,
		Held: s.Terms.WalletSettlement.Value,
	}
	if p.PayerWait == 0 {
		p.PayerWait = PayerWait
	}
	var plan Plan
	plan.hold(p.WalletAccount(), s.Terms.WalletSettlement)
	plan.note(NotePending)
	plan.Order = p.orderMove(OrderIsHeld)
	return p.begun(s.Order.ExpiresAt, now), plan, nil
}

// begun returns the payment in the first state of its flow.
func (p Payment) begun(orderExpiresAt, now time.Time) Payment {
	switch p.Flow {
	case TillScans:
		p.State, p.PayerUntil, p.Deadline = Asking, now.Add(p.PayerWait), now.Add(AskedFor)
		p.Task = Task{Call: CallAsk, Due: now}
		return p
	case WalletAsks:
		p.State, p.PayerUntil = Debiting, now.Add(DebitWithin)
	case WalletDebits:
		p.State, p.PayerUntil = Announced, sooner(now.Add(AnnouncedFor), orderExpiresAt)
	}
	// Until then the wallet debits and tells; only then is it asked.
	p.Deadline, p.Task = p.PayerUntil.Add(ResolveFor), Task{Call: CallInquire, Due: p.PayerUntil}
	return p
}

// admit refuses a payment that may not start. What comes first is what the
// caller can do least about.
func (s Start) admit(now time.Time) error {
	if err := s.Wallet.MayStart(member.Wallet); err != nil {
		return err
	}
	if err := s.Acquirer.MayStart(member.Acquirer); err != nil {
		return err
	}
	if err := s.Store.Takes(); err != nil {
		return err
	}
	if err := s.Terms.Order.Payable(); err != nil {
		return err
	}
	if s.Terms.Order.Currency != s.Store.Currency {
		return hansa.Refuse(hansa.CurrencyMismatch, "%s takes %s", s.Store.ID, s.Store.Currency)
	}
	if err := s.Corridor.Allows(s.Mode, s.Store.Category, now); err != nil {
		return err
	}
	if err := s.Corridor.Within(s.Mode, s.Terms.Order, s.Terms.Debit); err != nil {
		return err
	}
	if s.Flow != TillScans {
		if err := s.Order.Payable(now); err != nil {
			return err
		}
		if s.Order.Amount != s.Terms.Order {
			return hansa.Refuse(hansa.ConsentMismatch, "the order is for %s", s.Order.Amount)
		}
	}
	_, err := s.Position.Reserve(s.Terms.WalletSettlement.Value)
	return err
}

func sooner(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// legs are the postings that move amounts from the wallet to the acquirer, with
// the FX provider between them where one is. What a provider cannot deal, since
// it deals whole minor units, goes to the rounding account.
func (p Payment) legs(a Amounts) []ledger.Leg {
	legs := []ledger.Leg{
		{Account: p.WalletAccount(), Amount: a.WalletSettlement.Negative()},
		{Account: p.AcquirerAccount(), Amount: a.AcquirerSettlement},
	}
	if p.Terms.Provider == "" || p.Terms.ProviderReceives.IsZero() {
		return legs
	}
	provider := ledger.OfProvider(p.Terms.Provider)
	return append(legs,
		ledger.Leg{Account: provider, Amount: a.ProviderReceives},
		ledger.Leg{Account: provider, Amount: a.ProviderGives.Negative()},
		ledger.Leg{Account: ledger.Rounding, Amount: difference(a.WalletSettlement, a.ProviderReceives)},
		ledger.Leg{Account: ledger.Rounding, Amount: difference(a.ProviderGives, a.AcquirerSettlement)},
	)
}
