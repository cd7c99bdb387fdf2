package hub

import (
	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/fx"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/payment"
	"github.com/hansa-network/hansa/store"
)

// Accept is flow B: the payer has accepted a quote and the wallet will debit.
// What the payer saw must be what would be paid.
type Accept struct {
	Quote string
	Payer string
	Order money.Amount
	Debit money.Amount
	Payee string // the store's id
}

func (Accept) name() string { return "accept" }

func (op Accept) wants(w *want, r Request) {
	b := w.batch
	w.quote(op.Quote)
	w.person(b.hub.personReference(r.Participant, op.Payer))
	w.walletPosition(r.Participant)
	if q, ok := b.quotes.known(op.Quote); ok {
		w.order(q.Order)
		w.store(q.Store)
		if order, ok := b.orders.known(q.Order); ok && order.StoreCode != "" {
			w.storeCode(order.StoreCode)
		}
	}
}

func (op Accept) apply(b *batch, r Request) (Result, string, error) {
	quote, ok := b.quotes.read(op.Quote)
	if !ok || quote.Wallet != r.Participant {
		return Result{}, "", hansa.Refuse(hansa.NotFound, "no such quote")
	}
	if op.Order != quote.Terms.Order || op.Debit != quote.Terms.Debit || op.Payee != quote.Store {
		return Result{}, "", hansa.Refuse(hansa.ConsentMismatch, "the quote is of other amounts or another payee")
	}
	quote, err := quote.Consume(b.newID(prefixPayment, r), b.now)
	if err != nil {
		return Result{}, "", err
	}
	order, _ := b.orders.read(quote.Order)
	o, err := b.underQuote(quote, order, r.Participant)
	if err != nil {
		return Result{}, "", err
	}
	p, err := b.beginScanned(o, quote, payment.WalletAsks, op.Payer, r)
	if err != nil {
		return Result{}, "", err
	}
	return Result{Payment: p}, p.ID, nil
}

func (Accept) recall(b *batch, subject string) Result { return b.recallPayment(subject) }

// underQuote finds again what a quote was made for.
func (b *batch) underQuote(quote fx.Quote, order payment.Order, wallet string) (offer, error) {
	o := offer{order: order, mode: modeOf(order)}
	var err error
	if o.wallet, err = b.directory.Participant(wallet); err != nil {
		return o, err
	}
	if o.acquirer, err = b.directory.Participant(quote.Acquirer); err != nil {
		return o, err
	}
	if order.StoreCode != "" {
		code, _ := b.storeCodes.read(order.StoreCode)
		if err := code.Usable(b.now); err != nil {
			return o, err
		}
	}
	if err := b.mayDeal(quote.Terms.Provider); err != nil {
		return o, err
	}
	o.store, _ = b.stores.read(quote.Store)
	if o.contract, err = o.store.ContractWith(quote.Acquirer, wallet, b.now); err != nil {
		return o, err
	}
	o.corridor, err = b.directory.Corridor(wallet, o.store.Country, o.mode, o.store.Category, b.now)
	return o, err
}

// beginScanned starts the payment of flow B or C that has consumed quote.
func (b *batch) beginScanned(o offer, quote fx.Quote, flow payment.Flow, payer string, r Request) (payment.Payment, error) {
	person := b.hub.personReference(o.wallet.ID, payer)
	p, err := b.begin(payment.Start{
		ID: quote.Payment, Flow: flow, Mode: o.mode, Wallet: o.wallet, Acquirer: o.acquirer, Corridor: o.corridor, Store: o.store,
		Contract: o.contract, Terminal: o.order.Terminal, OrderReference: o.order.Reference, Part: o.order.Part, Order: o.order,
		Quote: quote.ID, Terms: quote.Terms, CaptureLater: o.order.CaptureLater, Payer: person, PayerToken: b.hub.payerToken(person, o.acquirer.ID),
	}, r)
	if err != nil {
		return p, err
	}
	b.person(o.wallet.ID, payer, r)
	b.quotes.write(quote.ID, quote)
	return p, nil
}

// Announce is flow C: a payer of a wallet that debits first has scanned a code.
// For a printed code Amount is what the payer typed.
type Announce struct {
	Scanned Scanned
	Payer   string
	Amount  money.Amount // zero for an order
}

func (Announce) name() string { return "announce" }

func (op Announce) wants(w *want, r Request) {
	b := w.batch
	op.Scanned.wants(w)
	w.person(b.hub.personReference(r.Participant, op.Payer))
	w.walletPosition(r.Participant)
	if op.Scanned.Order == "" {
		return
	}
	key := announcement(r.Participant, op.Scanned.Order)
	w.reference(key)
	if earlier, ok := b.references.known(key); ok && earlier.Holder != "" {
		w.payment(earlier.Holder)
		if p, ok := b.payments.known(earlier.Holder); ok {
			w.quote(p.Quote)
		}
	}
}

func (op Announce) apply(b *batch, r Request) (Result, string, error) {
	o, err := b.follow(op.Scanned, r.Participant)
	if err != nil {
		return Result{}, "", err
	}
	if !o.wallet.Wallet.NotifyMode {
		return Result{}, "", hansa.Refuse(hansa.RoleMissing, "%s does not debit before it tells", o.wallet.ID)
	}
	if op.Scanned.Order != "" {
		result, found, err := b.announcedBefore(o, op.Payer)
		if err != nil {
			return Result{}, "", err
		}
		if found {
			return result, result.Payment.ID + " " + result.Quote.ID + " " + o.order.ID, nil
		}
	}
	var quote fx.Quote
	order := o.order
	if o.mode == member.Static {
		order, quote, err = b.typedOrder(o, op.Amount, r)
	} else {
		quote, err = b.newQuote(o, order, r)
	}
	if err != nil {
		return Result{}, "", err
	}
	o.order = order
	if quote, err = quote.Consume(b.newID(prefixPayment, r), b.now); err != nil {
		return Result{}, "", err
	}
	p, err := b.beginScanned(o, quote, payment.WalletDebits, op.Payer, r)
	if err != nil {
		return Result{}, "", err
	}
	if order.Static {
		b.orders.write(order.ID, order)
	}
	key := announcement(o.wallet.ID, order.ID)
	b.references.write(key, store.Reference{Key: key, Holder: p.ID})
	return Result{Payment: p, Quote: quote, Order: order, Store: o.store}, p.ID + " " + quote.ID + " " + order.ID, nil
}

// announcedBefore finds the open payment that this wallet has announced for the
// order: the same for the same payer, a refusal for another one.
func (b *batch) announcedBefore(o offer, payer string) (Result, bool, error) {
	earlier, ok := b.references.read(announcement(o.wallet.ID, o.order.ID))
	if !ok || earlier.Holder == "" {
		return Result{}, false, nil
	}
	p, _ := b.payments.read(earlier.Holder)
	if p.Payer != b.hub.personReference(o.wallet.ID, payer) {
		return Result{}, false, hansa.Refuse(hansa.CustomerInconsistent, "another customer of this wallet has scanned this code")
	}
	quote, _ := b.quotes.read(p.Quote)
	return Result{Payment: p, Quote: quote, Order: o.order, Store: o.store}, true, nil
}

func (Announce) recall(b *batch, subject string) Result { return b.recallAny(subject) }

// TellOutcome is the wallet's word on a payment: paid, or declined.
type TellOutcome struct {
	Payment string
	Paid    bool
	Echo    payment.Echo // with Paid
	Reason  hansa.Reason // without
}

func (TellOutcome) name() string { return "tell_outcome" }

func (op TellOutcome) wants(w *want, _ Request) { w.payment(op.Payment) }

func (op TellOutcome) apply(b *batch, r Request) (Result, string, error) {
	p, err := b.ownPayment(op.Payment, r.Participant, walletOf)
	if err != nil {
		return Result{}, "", err
	}
	var event payment.Event = payment.WalletDeclined{Reason: op.Reason}
	if op.Paid {
		event = payment.Paid{Echo: op.Echo}
	}
	if p, err = b.decide(p, event, r); err != nil {
		return Result{}, "", err
	}
	return Result{Payment: p}, p.ID, nil
}

func (TellOutcome) recall(b *batch, subject string) Result { return b.recallPayment(subject) }
