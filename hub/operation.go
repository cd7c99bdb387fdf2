package hub

import (
	"strings"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/payment"
)

// An Operation is one thing that the hub can be asked to do. The operations are
// the exported types of this package with these methods.
type Operation interface {
	// name is what makes a request id one of a kind; it never changes.
	name() string
	// wants asks for the rows that apply needs. It is called again after every
	// round of reading, as what was read may name more.
	wants(w *want, r Request)
	// apply decides, and writes into the batch if the answer is yes. It returns
	// the id of what it made or changed.
	apply(b *batch, r Request) (Result, string, error)
	// recall answers a repeated request from what it made or changed.
	recall(b *batch, subject string) Result
}

// begins reports whether an operation begins something: all others look, or go on with
// what was begun.
func begins(operation Operation) bool {
	switch operation.(type) {
	case Ask, MakeOrder, FetchCodes, Resolve, AskQuote, Accept, Announce:
		return true
	}
	return false
}

// Prefixes of identifiers.
const (
	prefixPayment   = "pay"
	prefixMovement  = "mov"
	prefixOrder     = "ord"
	prefixQuote     = "quo"
	prefixEntry     = "ent"
	prefixCode      = "code"
	prefixStoreCode = "sticker"
)

func (b *batch) newID(prefix string, r Request) string {
	return hansa.NewID(prefix, b.now, b.hub.partition, r.Chance)
}

// recallPayment answers with the payment as it stands, since a payment's
// outcome is written once.
func (b *batch) recallPayment(id string) Result {
	p, _ := b.payments.read(id)
	return Result{Payment: p}
}

func (b *batch) recallOrder(id string) Result {
	o, _ := b.orders.read(id)
	s, _ := b.stores.read(o.Payee.Store)
	return Result{Order: o, Store: s}
}

// recallAny answers with the rows of every id in subject.
func (b *batch) recallAny(subject string) Result {
	var result Result
	for id := range strings.FieldsSeq(subject) {
		prefix, rest, _ := strings.Cut(id, "_")
		switch prefix {
		case prefixPayment:
			result.Payment, _ = b.payments.read(id)
		case prefixMovement:
			result.Movement, _ = b.movements.read(id)
		case prefixOrder:
			result.Order, _ = b.orders.read(id)
			result.Store, _ = b.stores.read(result.Order.Payee.Store)
		case prefixQuote:
			result.Quote, _ = b.quotes.read(id)
		case prefixCode:
			code, _ := b.codes.read(rest)
			result.Codes = append(result.Codes, code)
		case prefixStoreCode:
			result.StoreCode, _ = b.storeCodes.read(rest)
		}
	}
	return result
}

// ownPayment returns the payment called id if participant takes part in it as
// the side that may ask for this. To anyone else it does not exist.
func (b *batch) ownPayment(id, participant string, side func(payment.Payment) string) (payment.Payment, error) {
	p, ok := b.payments.read(id)
	if !ok || side(p) != participant || participant == "" {
		return payment.Payment{}, hansa.Refuse(hansa.NotFound, "no such payment")
	}
	return p, nil
}

func walletOf(p payment.Payment) string { return p.Wallet }

// acquirerOf is the acquirer if it knows of the payment: it never hears of one
// that a wallet announced until that is approved.
func acquirerOf(p payment.Payment) string {
	if p.Flow == payment.WalletDebits && p.Outcome != payment.WasApproved {
		return ""
	}
	return p.Acquirer
}
