package store

import (
	"context"
	"database/sql"
	"errors"
	"iter"
	"strconv"
	"strings"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/fx"
	"github.com/hansa-network/hansa/merchant"
	"github.com/hansa-network/hansa/payment"
)

// A Reader reads what was committed. It is safe for concurrent use, unless it
// was handed out by Snapshot. It refuses Unavailable while the database cannot be
// reached.
type Reader struct {
	store    *Store
	snapshot *session // nil: each read sees the newest commit
}

func (r *Reader) query(ctx context.Context, name statement, arguments []any, text func() string) (*sql.Rows, error) {
	if r.snapshot != nil {
		return r.snapshot.query(ctx, name, arguments, text)
	}
	readers, err := r.store.readers()
	if err != nil {
		return nil, unavailable(err)
	}
	rows, err := readers.query(ctx, name, arguments, text)
	if err != nil && r.store.hasLost(readers, err) {
		return nil, unavailable(err)
	}
	return rows, err
}

// judged refuses Unavailable where the server was lost in the middle of its rows.
func (r *Reader) judged(err error) error {
	readers, closed := r.store.readers()
	if closed != nil || r.store.hasLost(readers, err) {
		return unavailable(err)
	}
	return err
}

// atOnce lets read see one moment of the database.
func (r *Reader) atOnce(ctx context.Context, read func(*Reader) error) error {
	if r.snapshot != nil {
		return read(r)
	}
	return r.store.Snapshot(ctx, read)
}

// existing returns the single row, or refuses NotFound.
func existing[R any](rows iter.Seq2[R, error], what string) (R, error) {
	row, err := one(rows)
	if errors.Is(err, sql.ErrNoRows) {
		return row, hansa.Refuse(hansa.NotFound, "no such %s", what)
	}
	return row, err
}

// Payment returns the payment called id, or refuses NotFound.
func (r *Reader) Payment(ctx context.Context, id string) (payment.Payment, error) {
	return existing(allPayments.each(ctx, r, "WHERE id = $1", id), "payment")
}

// Movement returns the capture, release or refund called id, or refuses NotFound.
func (r *Reader) Movement(ctx context.Context, id string) (payment.Movement, error) {
	return existing(movements.each(ctx, r, "WHERE id = $1", id), "capture, release or refund")
}

// Movements returns the movements of a payment, oldest first.
func (r *Reader) Movements(ctx context.Context, paymentID string) ([]payment.Movement, error) {
	return movements.all(ctx, r, "WHERE payment = $1 ORDER BY created_at, id", paymentID)
}

// Order returns the order called id, or refuses NotFound.
func (r *Reader) Order(ctx context.Context, id string) (payment.Order, error) {
	return existing(orders.each(ctx, r, "WHERE id = $1", id), "order")
}

// Quote returns the quote called id, or refuses NotFound.
func (r *Reader) Quote(ctx context.Context, id string) (fx.Quote, error) {
	return existing(quotes.each(ctx, r, "WHERE id = $1", id), "quote")
}

// Request returns what came of a request, or refuses NotFound.
func (r *Reader) Request(ctx context.Context, key RequestKey) (Request, error) {
	return requestsByKey.readFor(ctx, r, key, "request")
}

// Store returns the store called id, or refuses NotFound.
func (r *Reader) Store(ctx context.Context, id string) (merchant.Store, error) {
	return existing(stores.each(ctx, r, "WHERE id = $1", id), "store")
}

// Merchant returns the merchant called id, or refuses NotFound.
func (r *Reader) Merchant(ctx context.Context, id string) (merchant.Merchant, error) {
	return existing(merchants.each(ctx, r, "WHERE id = $1", id), "merchant")
}

// Terminal returns the terminal called id, or refuses NotFound.
func (r *Reader) Terminal(ctx context.Context, id string) (merchant.Terminal, error) {
	return existing(terminals.each(ctx, r, "WHERE id = $1", id), "terminal")
}

// StoreCode returns what was issued as code, or refuses NotFound.
func (r *Reader) StoreCode(ctx context.Context, code string) (merchant.IssuedCode, error) {
	return existing(storeCodes.each(ctx, r, "WHERE code = $1", code), "store code")
}

// StoreCodesOf returns the codes that were issued to a store, by code.
func (r *Reader) StoreCodesOf(ctx context.Context, store string) ([]merchant.IssuedCode, error) {
	return storeCodes.all(ctx, r, "WHERE store = $1 ORDER BY code", store)
}

// Stores returns at most limit stores that follow the id after, by id: those of
// a country (ISO 3166-1 alpha-2), or all where country is empty.
func (r *Reader) Stores(ctx context.Context, country, after string, limit int) ([]merchant.Store, error) {
	if country == "" {
		return stores.all(ctx, r, "WHERE id > $1 ORDER BY id LIMIT $2", after, int64(limit))
	}
	return stores.all(ctx, r, "WHERE country = $1 AND id > $2 ORDER BY country, id LIMIT $3", country, after, int64(limit))
}

// A Filter selects payments. What is empty selects all.
type Filter struct {
	Wallet   string
	Acquirer string
	Store    string
	Status   string // as payment.Payment.Status says it
	After    string // only payments whose id follows this one
	Limit    int    // at most so many
}

// selects reports whether a payment is one of those.
func (f Filter) selects(p *payment.Payment) bool {
	return (f.Wallet == "" || p.Wallet == f.Wallet) && (f.Acquirer == "" || p.Acquirer == f.Acquirer) &&
		(f.Store == "" || p.Payee.Store == f.Store) && (f.Status == "" || p.Status() == f.Status)
}

// party returns one whose list holds all that the filter selects: the shortest as a rule.
func (f Filter) party() (party, bool) {
	switch {
	case f.Store != "":
		return party{ofStore, f.Store}, true
	case f.Acquirer != "":
		return party{ofAcquirer, f.Acquirer}, true
	case f.Wallet != "":
		return party{ofWallet, f.Wallet}, true
	}
	return party{}, false
}

// Payments returns the payments that the filter selects, by id, which is the
// order in which they began.
func (r *Reader) Payments(ctx context.Context, filter Filter) ([]payment.Payment, error) {
	if filter.Status == (payment.Payment{}).Status() {
		return filter.among(ctx, r, openPayments)
	}
	if of, ok := filter.party(); ok {
		return r.amongListed(ctx, of, filter)
	}
	return filter.among(ctx, r, allPayments)
}

// among reads those of the payments in a table, one after the other.
func (f Filter) among(ctx context.Context, r *Reader, all *table[payment.Payment]) ([]payment.Payment, error) {
	conditions, arguments := []string{"id > $1"}, []any{f.After}
	where := func(column, value string) {
		if value != "" {
			arguments = append(arguments, value)
			conditions = append(conditions, column+" = $"+strconv.Itoa(len(arguments)))
		}
	}
	where("wallet", f.Wallet)
	where("acquirer", f.Acquirer)
	where("payee_store", f.Store)
	if all != openPayments {
		where("outcome", f.Status)
	}
	arguments = append(arguments, int64(f.Limit))
	clauses := "WHERE " + strings.Join(conditions, " AND ") + " ORDER BY id LIMIT $" + strconv.Itoa(len(arguments))
	return all.all(ctx, r, clauses, arguments...)
}

// amongListed returns those of the payments in the list of a party.
func (r *Reader) amongListed(ctx context.Context, of party, filter Filter) ([]payment.Payment, error) {
	var found []payment.Payment
	var ids []string
	// look reads the payments of these ids, and reports whether there are enough.
	look := func() (bool, error) {
		some, err := paymentsByID.some(ctx, r, ids)
		for i := range some {
			if len(found) < filter.Limit && filter.selects(&some[i]) {
				found = append(found, some[i])
			}
		}
		ids = ids[:0]
		return len(found) >= filter.Limit, err
	}
	for id, err := range r.roll(ctx, of, filter.After) {
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
		if len(ids) < min(filter.Limit-len(found), chunks[0]) {
			continue
		}
		if enough, err := look(); err != nil || enough {
			return found, err
		}
	}
	_, err := look()
	return found, err
}

// rowsOfPage are how many rows are read with one statement where others are read
// meanwhile.
const rowsOfPage = 1024

// inPages reads rows in order. read returns at most rowsOfPage that follow a row, or the
// first ones after the zero row.
func inPages[R any](read func(after R) ([]R, error)) iter.Seq2[R, error] {
	return func(yield func(R, error) bool) {
		var last R
		for {
			page, err := read(last)
			if err != nil {
				yield(*new(R), err)
				return
			}
			for _, row := range page {
				if !yield(row, nil) {
					return
				}
			}
			if len(page) < rowsOfPage {
				return
			}
			last = page[len(page)-1]
		}
	}
}

// EachPayment reads all payments, by id. Other rows may be read meanwhile, as during
// the two that follow. Only a snapshot sees one moment.
func (r *Reader) EachPayment(ctx context.Context) iter.Seq2[payment.Payment, error] {
	return inPages(func(after payment.Payment) ([]payment.Payment, error) {
		return allPayments.all(ctx, r, "WHERE id > $1 ORDER BY id"+atMostSecond, after.ID, int64(rowsOfPage))
	})
}

// EachMovement reads all movements, payment by payment, by id, which is the order in
// which they began.
func (r *Reader) EachMovement(ctx context.Context) iter.Seq2[payment.Movement, error] {
	return inPages(func(after payment.Movement) ([]payment.Movement, error) {
		return movements.all(ctx, r, "WHERE (payment, id) > ($1, $2) ORDER BY payment, id LIMIT CAST($3 AS BIGINT)",
			after.Payment, after.ID, int64(rowsOfPage))
	})
}

// EachUsedQuote reads the quotes that payments have used, payment by payment.
func (r *Reader) EachUsedQuote(ctx context.Context) iter.Seq2[fx.Quote, error] {
	return inPages(func(after fx.Quote) ([]fx.Quote, error) {
		return quotes.all(ctx, r, "WHERE payment <> '' AND (payment, id) > ($1, $2) ORDER BY payment, id LIMIT CAST($3 AS BIGINT)",
			after.Payment, after.ID, int64(rowsOfPage))
	})
}

// EachOrder reads all orders, by id.
func (r *Reader) EachOrder(ctx context.Context) iter.Seq2[payment.Order, error] {
	return orders.each(ctx, r, "ORDER BY id")
}

// EachCode reads all payment codes, in the order in which they came.
func (r *Reader) EachCode(ctx context.Context) iter.Seq2[PaymentCode, error] {
	return codesByCode.each(ctx, r)
}

// EachRequest reads all requests, in the order in which they came.
func (r *Reader) EachRequest(ctx context.Context) iter.Seq2[Request, error] {
	return requestsByKey.each(ctx, r)
}
