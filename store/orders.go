package store

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/hansa-network/hansa/fx"
	"github.com/hansa-network/hansa/payment"
)

// An order that was paid stays paid, by the same payment.
var orders = &table[payment.Order]{
	name: "orders", key: []string{"id"}, columns: orderColumns,
	guard: "orders.version <= excluded.version AND " +
		"(orders.state <> 'paid' OR excluded.state = 'paid' AND orders.payment = excluded.payment)",
}

func orderColumns(b *binding, o *payment.Order) {
	b.fixed()
	text(b, "id", &o.ID)
	flag(b, "static", &o.Static)
	text(b, "merchant", &o.Merchant)
	payeeColumns(b, &o.Payee)
	text(b, "terminal", &o.Terminal)
	text(b, "acquirer", &o.Acquirer)
	text(b, "branch", &o.Branch)
	text(b, "partner", &o.Partner)
	text(b, "reference", &o.Reference)
	number(b, "part", &o.Part)
	text(b, "store_code", &o.StoreCode)
	flag(b, "capture_later", &o.CaptureLater)
	amount(b, "order", &o.Amount)
	moment(b, "created_at", &o.CreatedAt)
	moment(b, "expires_at", &o.ExpiresAt)
	b.changing()
	number(b, "version", &o.Version)
	text(b, "state", &o.State)
	text(b, "payment", &o.Payment)
	computed(b, "wake_at", o.WakeAt())
}

// A quote is for one payment.
var quotes = &table[fx.Quote]{
	name: "quotes", key: []string{"id"}, columns: quoteColumns,
	guard: "quotes.payment IN ('', excluded.payment)",
}

func quoteColumns(b *binding, q *fx.Quote) {
	b.fixed()
	text(b, "id", &q.ID)
	text(b, "wallet", &q.Wallet)
	text(b, "acquirer", &q.Acquirer)
	text(b, "store", &q.Store)
	text(b, "order_id", &q.Order)
	amount(b, "order", &q.Terms.Order)
	amount(b, "debit", &q.Terms.Debit)
	settlementColumns(b, &q.Terms)
	moment(b, "created_at", &q.CreatedAt)
	moment(b, "expires_at", &q.ExpiresAt)
	b.changing()
	text(b, "payment", &q.Payment)
}

var references = inOrder(table[Reference]{name: "order_references", columns: referenceColumns})

func referenceColumns(b *binding, r *Reference) {
	b.fixed()
	text(b, "scope", &r.Key.Scope)
	text(b, "reference", &r.Key.Reference)
	number(b, "part", &r.Key.Part)
	b.changing()
	text(b, "holder", &r.Holder)
}

var (
	ordersByID      = byText(orders, "id", "id", func(o *payment.Order) string { return o.ID })
	quotesByID      = byText(quotes, "id", "id", func(q *fx.Quote) string { return q.ID })
	referencesByKey = natural[ReferenceKey, Reference]{
		table: references, key: func(r *Reference) ReferenceKey { return r.Key },
		compare: func(a, b ReferenceKey) int {
			return cmp.Or(strings.Compare(a.Scope, b.Scope), strings.Compare(a.Reference, b.Reference), cmp.Compare(a.Part, b.Part))
		},
		words: func(k ReferenceKey) []string { return []string{k.Scope, k.Reference, strconv.Itoa(k.Part)} },
	}
)
