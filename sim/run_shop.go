package sim

import (
	"fmt"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/merchant"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/outbound"
	"github.com/hansa-network/hansa/payment"
	"github.com/hansa-network/hansa/qr"
	"github.com/hansa-network/hansa/store"
)

// A shopper is one purchase: a payer of a wallet at a till or a sticker.
type shopper struct {
	index    int
	payer    string // names the purchase
	person   string // as whom the wallet knows the payer
	wallet   string
	store    merchant.Store
	acquirer string
	sticker  string
	amount   money.Amount
	later    bool // authorise now, capture later
	requests int
	code     string
	payment  string
	order    string
	told     string // the final answer, as first heard
	done     bool
}

// shop draws one purchase and lets it begin.
func (w *world) shop(index int) {
	registry := w.registry
	s := &shopper{index: index, store: registry.Stores[w.rng.IntN(len(registry.Stores))]}
	terms := WalletTerms()
	s.wallet = terms[w.rng.IntN(len(terms))].ID
	s.payer = fmt.Sprintf("payer-%d", index)
	s.acquirer = s.store.Contracts[w.rng.IntN(len(s.store.Contracts))].Acquirer
	s.amount = money.New(w.price(s.store.Currency), s.store.Currency)
	for _, code := range registry.Codes {
		if code.Store == s.store.ID && (s.sticker == "" || code.Acquirer == s.acquirer) {
			s.sticker = code.Code
		}
	}
	w.shoppers = append(w.shoppers, s)
	w.enter(s)
	switch kind := w.rng.IntN(10); {
	case kind < 5:
		s.later = w.rng.IntN(8) == 0
		w.showCode(s)
	case kind < 8:
		w.makeOrder(s)
	default:
		w.scanSticker(s)
	}
}

func (w *world) price(currency money.Currency) int64 {
	if currency.Exponent() == 0 {
		return 100 + w.rng.Int64N(20_000)
	}
	if currency == "EUR" {
		return 50 + w.rng.Int64N(15_000)
	}
	return 500 + w.rng.Int64N(120_000)
}

// enter says who pays: at times somebody who has paid before, so that limits of a
// day are met, else a new payer of the wallet.
func (w *world) enter(s *shopper) {
	c := w.wallets[s.wallet]
	if regulars := len(c.order); regulars > 0 && w.rng.IntN(3) == 0 {
		s.person = c.order[w.rng.IntN(min(regulars, 3))]
		return
	}
	s.person = s.payer
	c.order = append(c.order, s.person)
	w.open(c, s.person)
}

// open opens a payer with means, mind and the wallet's mood.
func (w *world) open(c *counter, person string) {
	payer := Payer{ID: person, Accepts: AcceptsAlways}
	if !c.terms.NoBalance {
		payer.Balance = money.New(10_000_000, c.terms.Debits)
	}
	for _, purse := range c.terms.Purses {
		payer.Purses = append(payer.Purses, PurseMoney{purse.Name, money.New(w.rng.Int64N(2*purse.Daily), c.terms.Debits)})
	}
	switch w.rng.IntN(12) {
	case 0:
		payer.Balance.Value = min(payer.Balance.Value, 100)
	case 1:
		payer.Accepts = AcceptsNever
	}
	if err := c.Open(payer); err != nil {
		w.fail(err)
	}
	if w.fate(w.dials.misbehave) {
		all := Misbehaviours()[1:]
		c.moods[person] = all[w.rng.IntN(len(all))]
	}
}

// insist asks the hub until it answers, with the same request id.
func (w *world) insist(s *shopper, participant string, operation hub.Operation, heard func(hub.Result)) {
	s.requests++
	id := fmt.Sprintf("%s-%d", s.payer, s.requests)
	request := hub.Request{Participant: participant, ID: id, Body: fmt.Appendf(nil, "%+v", operation), Operation: operation}
	answered := false
	tries := 0
	var try func()
	try = func() {
		if answered {
			return
		}
		tries++
		attempt := w.again(request, tries)
		w.send(func() {
			w.post(attempt, func(result hub.Result) {
				w.send(func() {
					if !answered {
						answered = true
						heard(result)
					}
				})
			})
		})
		w.after(retryEvery, try)
	}
	try()
}

// showCode is flow A: the wallet shows a code and the till scans it.
func (w *world) showCode(s *shopper) {
	issuer, err := w.directory.Participant(s.wallet)
	if err != nil {
		w.fail(err)
		return
	}
	if s.code, err = qr.NewPaymentCode(issuer.Wallet.Issuers[0], qr.Issued, w.chance()); err != nil {
		w.fail(err)
		return
	}
	w.insist(s, s.wallet, hub.FetchCodes{Payer: s.person, Codes: []string{s.code}}, func(result hub.Result) {
		if result.Refusal != nil {
			w.leave(s, result.Refusal)
			return
		}
		w.scanCode(s)
	})
}

func (w *world) scanCode(s *shopper) {
	code, err := qr.ParsePaymentCode(s.code)
	if err != nil {
		w.fail(err)
		return
	}
	operation := hub.Ask{
		Code: s.code, Issuer: code.Issuer, Amount: s.amount, Store: s.store.ID, Terminal: Terminal(s.store.ID, s.acquirer),
		OrderReference: "order-" + s.payer, CaptureLater: s.later,
	}
	w.insist(s, s.acquirer, operation, func(result hub.Result) {
		if result.Refusal != nil {
			w.leave(s, result.Refusal)
			return
		}
		s.payment = result.Payment.ID
		w.hearAtTill(s, result.Payment.Status())
		w.maybeStop(s)
		w.poll(s)
	})
	if w.rng.IntN(12) == 0 {
		w.after(20*time.Second, func() { w.copyCode(s) })
	}
}

// copyCode is somebody with a photograph of the code: it must pay once only.
func (w *world) copyCode(s *shopper) {
	code, _ := qr.ParsePaymentCode(s.code)
	thief := &shopper{index: s.index, payer: s.payer + "-copy"}
	operation := hub.Ask{
		Code: s.code, Issuer: code.Issuer, Amount: s.amount, Store: s.store.ID, Terminal: Terminal(s.store.ID, s.acquirer),
		OrderReference: "copy-" + s.payer,
	}
	w.insist(thief, s.acquirer, operation, func(result hub.Result) {
		if reason, _ := hansa.ReasonOf(result.Refusal); s.payment != "" && reason != hansa.CodeUsed {
			w.finding("A1: code of %s was scanned twice and heard %q", s.payment, reason)
		}
	})
}

// makeOrder is flow B or C at a till: it shows an order code.
func (w *world) makeOrder(s *shopper) {
	operation := hub.MakeOrder{
		Amount: s.amount, Store: s.store.ID, Terminal: Terminal(s.store.ID, s.acquirer), OrderReference: "order-" + s.payer,
		ExpiresIn: time.Minute,
	}
	w.insist(s, s.acquirer, operation, func(result hub.Result) {
		if result.Refusal != nil {
			w.leave(s, result.Refusal)
			return
		}
		s.order = result.Order.ID
		w.scan(s, hub.Scanned{Order: s.order})
		if w.fate(w.dials.crowd) {
			w.join(s)
		}
		if w.fate(w.dials.stop) {
			w.after(w.someTime(20*time.Second), func() {
				w.insist(s, s.acquirer, hub.CancelOrder{Order: s.order}, func(hub.Result) {})
			})
		}
	})
}

// join is another payer, of another wallet, who scans the same order.
func (w *world) join(s *shopper) {
	terms := WalletTerms()
	other := &shopper{
		index: s.index, payer: s.payer + "-too", wallet: terms[w.rng.IntN(len(terms))].ID,
		store: s.store, acquirer: s.acquirer, amount: s.amount, order: s.order,
	}
	w.shoppers = append(w.shoppers, other)
	w.enter(other)
	w.scan(other, hub.Scanned{Order: s.order})
}

func (w *world) scanSticker(s *shopper) { w.scan(s, hub.Scanned{StoreCode: s.sticker}) }

// scan is what a wallet does with a code that its payer has scanned.
func (w *world) scan(s *shopper, scanned hub.Scanned) {
	if w.wallets[s.wallet].terms.Notifies {
		w.announce(s, scanned)
		return
	}
	var operation hub.Operation = hub.Resolve{Scanned: scanned}
	if scanned.Order == "" {
		operation = hub.AskQuote{Scanned: scanned, Amount: s.amount}
	}
	w.insist(s, s.wallet, operation, func(result hub.Result) {
		if result.Refusal != nil {
			w.leave(s, result.Refusal)
			return
		}
		quote := result.Quote
		accept := hub.Accept{
			Quote: quote.ID, Payer: s.person, Order: quote.Terms.Order, Debit: quote.Terms.Debit, Payee: quote.Store,
		}
		w.insist(s, s.wallet, accept, func(result hub.Result) { w.debit(s, result) })
	})
}

func (w *world) announce(s *shopper, scanned hub.Scanned) {
	operation := hub.Announce{Scanned: scanned, Payer: s.person}
	if scanned.Order == "" {
		operation.Amount = s.amount
	}
	w.insist(s, s.wallet, operation, func(result hub.Result) { w.debit(s, result) })
}

// debit is the wallet's part after the first commit of flow B or C.
func (w *world) debit(s *shopper, result hub.Result) {
	if result.Refusal != nil {
		w.leave(s, result.Refusal)
		return
	}
	p := result.Payment
	s.payment = p.ID
	w.after(w.someTime(4*time.Second), func() {
		c := w.wallets[s.wallet]
		w.mood(c, s.person, p.ID)
		c.Debit(Consent{
			Reference: p.ID, Payer: s.person, Payee: outbound.AskOf(p, "").Payee, OrderAmount: p.Terms.Order, DebitAmount: p.Terms.Debit,
			Before: p.PayerUntil, Refused: c.payers[s.person].Accepts == AcceptsNever, PIN: c.payers[s.person].PIN,
			Printed: s.order == "", CaptureLater: p.CaptureLater,
		}, w.now)
	})
	w.poll(s)
}

// poll reads the payment until it is decided, and lets its store go on.
func (w *world) poll(s *shopper) {
	p, err := w.store.Read().Payment(w.ctx, s.payment)
	if err != nil {
		w.fail(err)
		return
	}
	status := w.misread(p)
	w.hearAtTill(s, status)
	if !final(status) {
		w.after(pollEvery, func() { w.poll(s) })
		return
	}
	w.leave(s, nil)
	if status == string(payment.WasApproved) {
		w.afterwards(s, p)
	}
}

// hearAtTill notes what the till was told. It must never be told otherwise.
func (w *world) hearAtTill(s *shopper, status string) {
	if !final(status) {
		return
	}
	if s.told != "" && s.told != status {
		w.finding("S3: the till of %s was told %s and then %s", s.payment, s.told, status)
	}
	s.told = status
}

func (w *world) leave(s *shopper, refusal error) {
	s.done = true
	if reason, ok := hansa.ReasonOf(refusal); ok && s.told == "" {
		s.told = "refused: " + string(reason)
	}
}

func (w *world) maybeStop(s *shopper) {
	if !w.fate(w.dials.stop) {
		return
	}
	w.after(w.someTime(12*time.Second), func() {
		w.insist(s, s.acquirer, hub.Cancel{Payment: s.payment}, func(hub.Result) {})
	})
}

// afterwards refunds some of what was paid, and captures what was authorised.
func (w *world) afterwards(s *shopper, p payment.Payment) {
	part := func() money.Amount { return money.New(1+w.rng.Int64N(p.Terms.Order.Value), p.Terms.Order.Currency) }
	if p.CaptureLater {
		w.insist(s, p.Acquirer, hub.Capture{Payment: p.ID, Amount: part()}, func(hub.Result) {})
		w.after(w.someTime(time.Minute), func() {
			w.insist(s, p.Acquirer, hub.Capture{Payment: p.ID, Amount: part()}, func(hub.Result) {})
		})
		w.after(2*time.Minute, func() { w.insist(s, p.Acquirer, hub.Release{Payment: p.ID}, func(hub.Result) {}) })
	}
	if w.rng.IntN(3) > 0 {
		return
	}
	for range 1 + w.rng.IntN(3) {
		amount := part()
		w.after(w.someTime(time.Minute), func() {
			w.insist(s, p.Acquirer, hub.Refund{Payment: p.ID, Amount: amount}, func(hub.Result) {})
		})
	}
}

func (w *world) someTime(most time.Duration) time.Duration {
	return time.Duration(w.rng.Int64N(int64(most)))
}

// hear lets an acquirer hear the journal from its cursor on, sometimes again.
func (w *world) hear(id string) {
	from := w.hearing[id]
	if w.fate(0.1) && from.Height > 3 {
		from = store.Cursor{Height: from.Height - 2}
	}
	events, err := w.store.Read().Events(w.ctx, from, 500)
	if err != nil {
		w.fail(err)
		return
	}
	for _, event := range events {
		w.hearing[id] = store.Cursor{Height: event.Height, Index: event.Index + 1}
		if event.Acquirer == id {
			w.acquirers[id].Hear(eventFor(event), w.now)
		}
	}
}
