package hub

import (
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/fx"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/merchant"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/payment"
	"github.com/hansa-network/hansa/store"
)

// MakeOrder opens an order of a till that any wallet may pay once.
type MakeOrder struct {
	Amount         money.Amount
	Store          string
	Terminal       string
	OrderReference string
	Part           int
	ExpiresIn      time.Duration // zero: payment.OrderFor
	CaptureLater   bool
}

func (MakeOrder) name() string { return "make_order" }

func (op MakeOrder) wants(w *want, _ Request) {
	w.store(op.Store)
	w.terminal(op.Terminal)
	if s, ok := w.batch.stores.known(op.Store); ok {
		w.reference(merchantReference(s.Merchant, op.OrderReference, op.Part))
	}
}

func (op MakeOrder) apply(b *batch, r Request) (Result, string, error) {
	at, err := b.till(r.Participant, op.Store, op.Terminal)
	if err != nil {
		return Result{}, "", err
	}
	if err := at.store.Takes(); err != nil {
		return Result{}, "", err
	}
	if err := payableAt(at.store, op.Amount); err != nil {
		return Result{}, "", err
	}
	contract, err := orderContract(at, b.now)
	if err != nil {
		return Result{}, "", err
	}
	reference := merchantReference(at.store.Merchant, op.OrderReference, op.Part)
	if err := b.referenceIsFree(reference); err != nil {
		return Result{}, "", err
	}
	expiresIn := op.ExpiresIn
	if expiresIn == 0 {
		expiresIn = payment.OrderFor
	}
	o := payment.Order{
		ID: b.newID(prefixOrder, r), Version: 1, State: payment.OrderOpen,
		Merchant: at.store.Merchant, Payee: payment.PayeeOf(at.store), Terminal: op.Terminal,
		Acquirer: contract.Acquirer, Branch: contract.Branch, Partner: contract.Partner,
		Reference: op.OrderReference, Part: op.Part, Amount: op.Amount, CaptureLater: op.CaptureLater, CreatedAt: b.now, ExpiresAt: b.now.Add(min(expiresIn, payment.OrderAtMost)),
	}
	b.enterOrder(payment.Order{}, o)
	b.references.write(reference, store.Reference{Key: reference, Holder: o.ID})
	return Result{Order: o, Store: at.store}, o.ID, nil
}

// orderContract is a contract of the till's acquirer that is in force for some
// wallet. Which one pays, and so which contract counts, is not known yet.
func orderContract(at place, now time.Time) (merchant.Contract, error) {
	for _, contract := range at.store.Contracts {
		contract.Wallets = nil
		if contract.Acquirer == at.acquirer.ID && contract.InForce("", now) {
			return contract, nil
		}
	}
	return merchant.Contract{}, hansa.Refuse(hansa.NotAccepted, "%s has no contract with %s", at.store.ID, at.acquirer.ID)
}

// payableAt refuses what s cannot be paid: no amount, or another currency.
func payableAt(s merchant.Store, amount money.Amount) error {
	if err := amount.Payable(); err != nil {
		return err
	}
	if amount.Currency != s.Currency {
		return hansa.Refuse(hansa.CurrencyMismatch, "%s takes %s", s.ID, s.Currency)
	}
	return nil
}

func (MakeOrder) recall(b *batch, subject string) Result { return b.recallOrder(subject) }

// CancelOrder closes an order of the acquirer that asks. What holds it is given
// up; what has paid it is not.
type CancelOrder struct{ Order string }

func (CancelOrder) name() string { return "cancel_order" }

func (op CancelOrder) wants(w *want, _ Request) { w.order(op.Order) }

func (op CancelOrder) apply(b *batch, r Request) (Result, string, error) {
	o, ok := b.orders.read(op.Order)
	if !ok || o.Static || o.Acquirer != r.Participant {
		return Result{}, "", hansa.Refuse(hansa.NotFound, "no such order")
	}
	closed, err := o.Cancelled()
	if err != nil {
		return Result{}, "", err
	}
	b.enterOrder(o, closed)
	if closed.State == payment.OrderHeld {
		p, _ := b.payments.read(o.Payment)
		if _, err := b.decide(p, payment.CancelAsked{}, r); err != nil {
			return Result{}, "", err
		}
	}
	return b.recallOrder(o.ID), o.ID, nil
}

func (CancelOrder) recall(b *batch, subject string) Result { return b.recallOrder(subject) }

// Resolve says what a code leads to. For an order it prices it as well.
type Resolve struct{ Scanned Scanned }

func (Resolve) name() string { return "resolve" }

func (op Resolve) wants(w *want, _ Request) { op.Scanned.wants(w) }

func (op Resolve) apply(b *batch, r Request) (Result, string, error) {
	o, err := b.follow(op.Scanned, r.Participant)
	if err != nil {
		return Result{}, "", err
	}
	result := Result{Store: o.store}
	if o.order.ID == "" {
		return result, "", nil
	}
	if result.Quote, err = b.newQuote(o, o.order, r); err != nil {
		return Result{}, "", err
	}
	b.quotes.write(result.Quote.ID, result.Quote)
	result.Order = o.order
	return result, result.Quote.ID + " " + o.order.ID, nil
}

func (Resolve) recall(b *batch, subject string) Result { return b.recallAny(subject) }

// newQuote prices an order for the wallet of an offer.
func (b *batch) newQuote(o offer, order payment.Order, r Request) (fx.Quote, error) {
	terms, err := b.price(order.Amount, o.wallet, o.acquirer, o.contract, o.corridor)
	if err != nil {
		return fx.Quote{}, err
	}
	if err := o.corridor.Within(o.mode, terms.Order, terms.Debit); err != nil {
		return fx.Quote{}, err
	}
	q := fx.Quote{
		ID: b.newID(prefixQuote, r), Wallet: o.wallet.ID, Acquirer: o.acquirer.ID, Store: o.store.ID, Order: order.ID,
		Terms: terms, CreatedAt: b.now, ExpiresAt: b.now.Add(payment.QuoteFor),
	}
	if order.ExpiresAt.Before(q.ExpiresAt) {
		q.ExpiresAt = order.ExpiresAt
	}
	return q, nil
}

// AskQuote prices an amount that a payer typed at a printed code. It makes an
// order for one payment of this wallet.
type AskQuote struct {
	Scanned Scanned
	Amount  money.Amount
}

func (AskQuote) name() string { return "ask_quote" }

func (op AskQuote) wants(w *want, _ Request) { op.Scanned.wants(w) }

func (op AskQuote) apply(b *batch, r Request) (Result, string, error) {
	o, err := b.follow(op.Scanned, r.Participant)
	if err != nil {
		return Result{}, "", err
	}
	order, quote, err := b.typedOrder(o, op.Amount, r)
	if err != nil {
		return Result{}, "", err
	}
	b.orders.write(order.ID, order)
	b.quotes.write(quote.ID, quote)
	return Result{Quote: quote, Order: order, Store: o.store}, quote.ID + " " + order.ID, nil
}

func (AskQuote) recall(b *batch, subject string) Result { return b.recallAny(subject) }

// typedOrder makes the order and quote of an amount typed at a printed code.
func (b *batch) typedOrder(o offer, amount money.Amount, r Request) (payment.Order, fx.Quote, error) {
	if o.mode != member.Static {
		return payment.Order{}, fx.Quote{}, hansa.Refuse(hansa.Malformed, "an order has its own amount")
	}
	if err := payableAt(o.store, amount); err != nil {
		return payment.Order{}, fx.Quote{}, err
	}
	order := payment.Order{
		ID: b.newID(prefixOrder, r), Version: 1, Static: true, State: payment.OrderOpen,
		Merchant: o.store.Merchant, Payee: payment.PayeeOf(o.store), Acquirer: o.contract.Acquirer,
		Branch: o.contract.Branch, Partner: o.contract.Partner, StoreCode: o.sticker, Amount: amount, CreatedAt: b.now, ExpiresAt: b.now.Add(payment.QuoteFor),
	}
	quote, err := b.newQuote(o, order, r)
	return order, quote, err
}
