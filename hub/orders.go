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
}

func (MakeOrder) name() string { return "make_order" }

func (op MakeOrder) wants(w *want, _ Request) {
	w.store(op.Store)
	w.terminal(op.Terminal)
	if s, ok := w.batch.stores.rows[op.Store]; ok {
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
	if err := op.Amount.Payable(); err != nil {
		return Result{}, "", err
	}
	if op.Amount.Currency != at.store.Currency {
		return Result{}, "", hansa.Refuse(hansa.CurrencyMismatch, "%s takes %s", at.store.ID, at.store.Currency)
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
		Merchant: at.store.Merchant, Payee: payment.PayeeOf(at.store), Terminal: op.Terminal, Acquirer: at.acquirer.ID,
		Reference: op.OrderReference, Part: op.Part, Amount: op.Amount, CreatedAt: b.now, ExpiresAt: b.now.Add(min(expiresIn, payment.OrderAtMost)),
	}
	for _, contract := range at.store.Contracts {
		if contract.Acquirer == o.Acquirer && o.Branch == "" {
			o.Branch, o.Partner = contract.Branch, contract.Partner
		}
	}
	b.enterOrder(payment.Order{}, o)
	b.references.write(reference, store.Reference{Key: reference, Holder: o.ID})
	return Result{Order: o, Store: at.store}, o.ID, nil
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

// A Scanned code is one of ours whose signature was verified: an order's, or a
// printed one.
type Scanned struct {
	Order     string // id of the order; empty for a printed code
	StoreCode string // the issued code; empty for an order
}

func (s Scanned) wants(w *want) {
	b := w.batch
	if s.Order != "" {
		w.order(s.Order)
		return
	}
	w.storeCode(s.StoreCode)
	if code, ok := b.storeCodes.rows[s.StoreCode]; ok {
		w.store(code.Store)
	}
}

// An offer is what a scanned code leads a wallet to.
type offer struct {
	wallet   member.Participant
	acquirer member.Participant
	store    merchant.Store
	contract merchant.Contract
	corridor member.Corridor
	mode     member.Mode
	order    payment.Order // zero for a printed code
}

// follow finds what a code leads wallet to, and refuses where it leads nowhere.
func (b *batch) follow(scanned Scanned, walletID string) (offer, error) {
	var o offer
	var err error
	if o.wallet, err = b.directory.Participant(walletID); err != nil {
		return o, err
	}
	if err := o.wallet.MayStart(member.Wallet); err != nil {
		return o, err
	}
	if scanned.Order != "" {
		err = b.followOrder(&o, scanned.Order)
	} else {
		err = b.followSticker(&o, scanned.StoreCode)
	}
	if err != nil {
		return o, err
	}
	if err := o.store.Takes(); err != nil {
		return o, err
	}
	if o.acquirer, err = b.directory.Participant(o.contract.Acquirer); err != nil {
		return o, err
	}
	if err := o.acquirer.MayStart(member.Acquirer); err != nil {
		return o, err
	}
	o.corridor, err = b.directory.Corridor(o.wallet.ID, o.store.Country, o.mode, o.store.Category, b.now)
	return o, err
}

func (b *batch) followOrder(o *offer, id string) error {
	order, ok := b.orders.read(id)
	if !ok || order.Static {
		return hansa.Refuse(hansa.CodeUnknown, "no such order")
	}
	if err := order.Payable(b.now); err != nil {
		return err
	}
	o.order, o.mode = order, member.Dynamic
	o.store, _ = b.stores.read(order.Payee.Store)
	contract, err := o.store.ContractWith(order.Acquirer, o.wallet.ID, b.now)
	o.contract = contract
	return err
}

func (b *batch) followSticker(o *offer, text string) error {
	code, ok := b.storeCodes.read(text)
	if !ok {
		return hansa.Refuse(hansa.CodeUnknown, "this code was never issued")
	}
	if err := code.Usable(b.now); err != nil {
		return err
	}
	o.mode = member.Static
	o.store, _ = b.stores.read(code.Store)
	contract, err := o.store.ContractFor(o.wallet.ID, code.Acquirer, b.now)
	o.contract = contract
	return err
}

// Resolve says what a code leads to. For an order it prices it as well.
type Resolve struct{ Scanned Scanned }

func (Resolve) name() string { return "resolve" }

func (op Resolve) wants(w *want, _ Request) { op.Scanned.wants(w) }

func (op Resolve) apply(b *batch, r Request) (Result, string, error) {
	o, err := b.follow(op.Scanned, r.Participant)
	if err != nil {
		return Result{}, "", err
	}
	result := Result{Store: o.store, Corridor: o.corridor}
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

// recall of a printed code finds what it leads to now.
func (op Resolve) recall(b *batch, subject string) Result {
	if subject != "" {
		return b.recallAny(subject)
	}
	code, _ := b.storeCodes.read(op.Scanned.StoreCode)
	s, _ := b.stores.read(code.Store)
	return Result{Store: s}
}

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
	if err := amount.Payable(); err != nil {
		return payment.Order{}, fx.Quote{}, err
	}
	if amount.Currency != o.store.Currency {
		return payment.Order{}, fx.Quote{}, hansa.Refuse(hansa.CurrencyMismatch, "%s takes %s", o.store.ID, o.store.Currency)
	}
	order := payment.Order{
		ID: b.newID(prefixOrder, r), Version: 1, Static: true, State: payment.OrderOpen,
		Merchant: o.store.Merchant, Payee: payment.PayeeOf(o.store), Acquirer: o.contract.Acquirer,
		Branch: o.contract.Branch, Partner: o.contract.Partner, Amount: amount, CreatedAt: b.now, ExpiresAt: b.now.Add(payment.QuoteFor),
	}
	quote, err := b.newQuote(o, order, r)
	return order, quote, err
}
