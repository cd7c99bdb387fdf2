package hub

import (
	"reflect"
	"slices"
	"strings"

	"github.com/hansa-network/hansa/ledger"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/payment"
	"github.com/hansa-network/hansa/store"
)

// A want collects the keys that a batch has to read in its next round.
type want struct {
	batch  *batch
	keys   store.Keys
	issues map[string]int64 // codes that each acquirer wants to have issued
}

func isEmpty(keys store.Keys) bool { return reflect.DeepEqual(keys, store.Keys{}) }

// request asks for what r needs: its record, its nonce, and the operation's own.
func (w *want) request(r Request) {
	b := w.batch
	if r.Nonce != "" {
		w.keys.Nonces = b.nonces.want(w.keys.Nonces, r.nonce())
	}
	if r.ID != "" {
		w.keys.Requests = b.requests.want(w.keys.Requests, r.key())
		if earlier, ok := b.requests.known(r.key()); ok {
			w.subject(earlier.Subject)
		}
	}
	r.Operation.wants(w, r)
}

// subject asks for what an earlier request has made.
func (w *want) subject(ids string) {
	for id := range strings.FieldsSeq(ids) {
		prefix, _, _ := strings.Cut(id, "_")
		switch prefix {
		case prefixPayment:
			w.payment(id)
		case prefixMovement:
			w.movement(id)
		case prefixOrder:
			w.order(id)
		case prefixQuote:
			w.quote(id)
		case prefixStoreCode:
			w.storeCode(strings.TrimPrefix(id, prefixStoreCode+"_"))
		case prefixCode:
			w.code(strings.TrimPrefix(id, prefixCode+"_"))
		}
	}
}

func (w *want) payment(id string) {
	b := w.batch
	if b.payments.isAsked(id) {
		return
	}
	w.keys.Payments = b.payments.want(w.keys.Payments, id)
	if _, inherited := b.payments.known(id); inherited {
		b.found.payments = append(b.found.payments, id)
		b.movementsOf[id] = slices.Clone(b.before.movementsOf[id])
		for _, movement := range b.movementsOf[id] {
			b.movements.inherit(movement)
		}
	}
}

func (w *want) movement(id string) {
	w.keys.Movements = w.batch.movements.want(w.keys.Movements, id)
	if m, ok := w.batch.movements.known(id); ok {
		w.payment(m.Payment)
	}
}

func (w *want) order(id string) {
	b := w.batch
	if b.orders.isAsked(id) {
		return
	}
	w.keys.Orders = b.orders.want(w.keys.Orders, id)
	if _, inherited := b.orders.known(id); inherited {
		b.found.orders = append(b.found.orders, id)
	}
}

func (w *want) quote(id string) {
	w.keys.Quotes = w.batch.quotes.want(w.keys.Quotes, id)
}

func (w *want) code(code string) {
	w.keys.Codes = w.batch.codes.want(w.keys.Codes, code)
}

func (w *want) person(reference string) {
	if reference != "" {
		w.keys.Persons = w.batch.persons.want(w.keys.Persons, reference)
	}
}

func (w *want) reference(key store.ReferenceKey) {
	w.keys.References = w.batch.references.want(w.keys.References, key)
}

func (w *want) store(id string) {
	w.keys.Stores = w.batch.stores.want(w.keys.Stores, id)
}

func (w *want) terminal(id string) {
	w.keys.Terminals = w.batch.terminals.want(w.keys.Terminals, id)
}

func (w *want) storeCode(code string) {
	w.keys.StoreCodes = w.batch.storeCodes.want(w.keys.StoreCodes, code)
}

func (w *want) misses(key store.MissKey) {
	w.keys.Misses = w.batch.misses.want(w.keys.Misses, key)
}

func (w *want) subscription(participant string) {
	w.keys.Subscriptions = w.batch.subscriptions.want(w.keys.Subscriptions, participant)
}

func (w *want) codeRange(acquirer string) {
	w.keys.Ranges = w.batch.ranges.want(w.keys.Ranges, acquirer)
}

func (w *want) position(account ledger.Account, currency money.Currency) {
	if currency == "" {
		return
	}
	w.keys.Positions = w.batch.positions.want(w.keys.Positions, store.PositionKey{Account: account, Currency: currency})
}

// walletPosition asks for the position that a new payment of wallet draws on.
func (w *want) walletPosition(wallet string) {
	if p, err := w.batch.directory.Participant(wallet); err == nil {
		w.position(ledger.OfWallet(wallet), p.Wallet.Settles)
	}
}

// around asks for what any decision about p may touch.
func (w *want) around(p payment.Payment) {
	if p.Order != "" {
		w.order(p.Order)
	}
	w.person(p.Payer)
	if key, ok := referenceOf(p); ok {
		w.reference(key)
	}
	w.position(p.WalletAccount(), p.Terms.WalletSettlement.Currency)
	w.position(p.AcquirerAccount(), p.Terms.AcquirerSettlement.Currency)
	if p.Terms.Provider != "" && !p.Terms.ProviderReceives.IsZero() {
		for _, currency := range []money.Currency{p.Terms.WalletSettlement.Currency, p.Terms.AcquirerSettlement.Currency} {
			w.position(ledger.OfProvider(p.Terms.Provider), currency)
			w.position(ledger.Rounding, currency)
		}
	}
}

// aroundOrder asks for what any decision about o may touch.
func (w *want) aroundOrder(o payment.Order) {
	if o.Payment != "" {
		w.payment(o.Payment)
	}
	if key, ok := orderReference(o); ok {
		w.reference(key)
	}
	w.store(o.Payee.Store)
}

// referenceOf is the name that p holds while it is undecided or approved.
func referenceOf(p payment.Payment) (store.ReferenceKey, bool) {
	switch p.Flow {
	case payment.TillScans:
		return merchantReference(p.Merchant, p.OrderReference, p.Part), true
	case payment.WalletDebits:
		return announcement(p.Wallet, p.Order), true
	case payment.WalletAsks:
		return store.ReferenceKey{}, false
	}
	panic("unknown flow " + string(p.Flow))
}

// orderReference is the name that o holds until it is closed unpaid.
func orderReference(o payment.Order) (store.ReferenceKey, bool) {
	return merchantReference(o.Merchant, o.Reference, o.Part), !o.Static
}

func merchantReference(merchant, reference string, part int) store.ReferenceKey {
	return store.ReferenceKey{Scope: "merchant/" + merchant, Reference: reference, Part: part}
}

func announcement(wallet, order string) store.ReferenceKey {
	return store.ReferenceKey{Scope: "announced/" + wallet, Reference: order}
}
