package store

import (
	"cmp"
	"slices"
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

func orderColumns(o *payment.Order) []column {
	return slices.Concat(
		fixed(text("id", &o.ID), flag("static", &o.Static), text("merchant", &o.Merchant)),
		fixed(payeeColumns(&o.Payee)...),
		fixed(
			text("terminal", &o.Terminal), text("acquirer", &o.Acquirer), text("branch", &o.Branch),
			text("partner", &o.Partner), text("reference", &o.Reference), number("part", &o.Part), text("store_code", &o.StoreCode)),
		fixed(amount("order", &o.Amount)...),
		fixed(moment("created_at", &o.CreatedAt), moment("expires_at", &o.ExpiresAt)),
		[]column{
			number("version", &o.Version), text("state", &o.State), text("payment", &o.Payment),
			computed("wake_at", o.WakeAt()),
		},
	)
}

// A quote is for one payment.
var quotes = &table[fx.Quote]{
	name: "quotes", key: []string{"id"}, columns: quoteColumns,
	guard: "quotes.payment IN ('', excluded.payment)",
}

func quoteColumns(q *fx.Quote) []column {
	return slices.Concat(
		fixed(
			text("id", &q.ID), text("wallet", &q.Wallet), text("acquirer", &q.Acquirer),
			text("store", &q.Store), text("order_id", &q.Order)),
		fixed(termsColumns(&q.Terms)...),
		fixed(moment("created_at", &q.CreatedAt), moment("expires_at", &q.ExpiresAt)),
		[]column{text("payment", &q.Payment)},
	)
}

var references = &table[Reference]{
	name: "order_references", key: []string{"scope", "reference", "part"}, columns: referenceColumns,
}

func referenceColumns(r *Reference) []column {
	return []column{
		text("scope", &r.Key.Scope), text("reference", &r.Key.Reference), number("part", &r.Key.Part),
		text("holder", &r.Holder),
	}
}

var (
	ordersByID      = byText(orders, "id", "id")
	quotesByID      = byText(quotes, "id", "id")
	referencesByKey = lookup[ReferenceKey, Reference]{
		table: references, columns: references.key, order: "scope, reference, part",
		compare: func(a, b ReferenceKey) int {
			return cmp.Or(strings.Compare(a.Scope, b.Scope), strings.Compare(a.Reference, b.Reference), cmp.Compare(a.Part, b.Part))
		},
		values: func(key ReferenceKey) []any { return []any{key.Scope, key.Reference, int64(key.Part)} },
	}
)
