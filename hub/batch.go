package hub

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/hansa-network/hansa/fx"
	"github.com/hansa-network/hansa/ledger"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/merchant"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/payment"
	"github.com/hansa-network/hansa/store"
)

// A batch is the working set of one commit: rows read once, folded over, written
// once.
type batch struct {
	hub       *Hub
	source    source
	tx        *store.Tx // of its turn; nil while it is decided ahead of that
	before    *batch    // that will be committed before this one; nil: all of it is read
	now       time.Time
	directory *member.Directory
	board     fx.Board
	caps      map[ledger.Account]int64

	requests   table[store.RequestKey, store.Request]
	nonces     table[store.Nonce, store.Nonce]
	codes      table[string, store.PaymentCode]
	persons    table[string, store.Person]
	references table[store.ReferenceKey, store.Reference]
	payments   table[string, payment.Payment]
	movements  table[string, payment.Movement]
	orders     table[string, payment.Order]
	quotes     table[string, fx.Quote]
	positions  table[store.PositionKey, ledger.Position]
	stores     table[string, merchant.Store]
	terminals  table[string, merchant.Terminal]
	storeCodes table[string, merchant.IssuedCode]
	misses     table[store.MissKey, store.Miss]
	ranges     table[string, []store.CodeRange] // by acquirer, in the order of their prefixes

	subscriptions table[string, store.Subscription]

	movementsOf map[string][]string // by payment, oldest first
	found       subjects            // whose neighbours were not asked for yet
	windows     map[money.Currency]string
	register    register
	waiting     map[string][]store.Delivery // by participant, where it was asked for
	extra       store.Rows                  // what is written and never read in a batch
	events      []store.Event
	due         *subjects // what the clock has woken

	directoryChanged bool
}

// subjects are ids.
type subjects struct{ payments, movements, orders []string }

// A source is where a batch reads: the transaction of its turn, or ahead of that.
type source interface {
	Read(ctx context.Context, keys store.Keys) (store.Rows, error)
	OpenWindows(ctx context.Context) ([]store.Window, error)
}

func newBatch(h *Hub, from source, now time.Time) *batch {
	return &batch{
		hub: h, source: from, now: now, directory: h.directory, board: h.board, caps: h.caps,
		movementsOf: make(map[string][]string), windows: make(map[money.Currency]string),
	}
}

// firstBatch is a batch that follows no other.
func firstBatch(ctx context.Context, h *Hub, from source, now time.Time) (*batch, error) {
	b := newBatch(h, from, now)
	windows, err := from.OpenWindows(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the open windows: %w", err)
	}
	for _, window := range windows {
		b.windows[window.Currency] = window.ID
	}
	return b, nil
}

// load reads what the requests need, in rounds: what is read may name more that
// is needed. It ends when nothing new is asked for.
func (b *batch) load(ctx context.Context, requests []Request) error {
	for {
		keys, err := b.wanted(ctx, requests)
		if err != nil || isEmpty(keys) {
			return err
		}
		rows, err := b.source.Read(ctx, keys)
		if err != nil {
			return err
		}
		b.absorb(rows)
	}
}

func (b *batch) wanted(ctx context.Context, requests []Request) (store.Keys, error) {
	w := want{batch: b, issues: make(map[string]int64)}
	for _, r := range requests {
		if err := b.prepare(ctx, r); err != nil {
			return store.Keys{}, err
		}
		w.request(r)
	}
	for found := b.found; len(found.payments)+len(found.orders) > 0; found = b.found {
		b.found = subjects{}
		for _, id := range found.payments {
			p, _ := b.payments.read(id)
			w.around(p)
		}
		for _, id := range found.orders {
			o, _ := b.orders.read(id)
			w.aroundOrder(o)
		}
	}
	return w.keys, nil
}

// prepare reads once what an operation needs beside the rows that it names.
func (b *batch) prepare(ctx context.Context, r Request) error {
	switch op := r.Operation.(type) {
	case Claim:
		return b.wake(ctx, op)
	case Enrol:
		return b.readListing(ctx)
	case Replay:
		return b.readDeliveries(ctx, r.Participant)
	}
	return nil
}

// wake finds what the clock has made due.
func (b *batch) wake(ctx context.Context, op Claim) error {
	if b.due != nil {
		return nil
	}
	payments, movements, orders, err := b.tx.Due(ctx, b.now, op.Skip+op.Limit)
	if err != nil {
		return err
	}
	b.due = &subjects{from(payments, op.Skip), from(movements, op.Skip), from(orders, op.Skip)}
	return nil
}

func from(ids []string, skip int) []string { return ids[min(skip, len(ids)):] }

func (b *batch) absorb(rows store.Rows) {
	for _, row := range rows.Requests {
		b.requests.loaded(row.Key, row)
	}
	for _, row := range rows.Nonces {
		b.nonces.loaded(row, row)
	}
	for _, row := range rows.Codes {
		b.codes.loaded(row.Code, row)
	}
	for _, row := range rows.Persons {
		b.persons.loaded(row.Reference, row)
	}
	for _, row := range rows.References {
		b.references.loaded(row.Key, row)
	}
	for _, row := range rows.Payments {
		b.payments.loaded(row.ID, row)
		b.found.payments = append(b.found.payments, row.ID)
	}
	for _, row := range rows.Movements {
		if _, known := b.movements.known(row.ID); !known {
			b.movementsOf[row.Payment] = append(b.movementsOf[row.Payment], row.ID)
		}
		b.movements.loaded(row.ID, row)
	}
	for _, row := range rows.Orders {
		b.orders.loaded(row.ID, row)
		b.found.orders = append(b.found.orders, row.ID)
	}
	for _, row := range rows.Quotes {
		b.quotes.loaded(row.ID, row)
	}
	b.absorbPlaces(rows)
}

func (b *batch) absorbPlaces(rows store.Rows) {
	for _, row := range rows.Positions {
		b.positions.loaded(store.PositionKey{Account: row.Account, Currency: row.Currency}, row)
	}
	for _, row := range rows.Stores {
		b.stores.loaded(row.ID, row)
	}
	for _, row := range rows.Terminals {
		b.terminals.loaded(row.ID, row)
	}
	for _, row := range rows.StoreCodes {
		b.storeCodes.loaded(row.Code, row)
	}
	for _, row := range rows.Misses {
		b.misses.loaded(row.Key, row)
	}
	for _, row := range rows.Ranges {
		ranges, _ := b.ranges.read(row.Acquirer)
		b.ranges.loaded(row.Acquirer, append(ranges, row))
	}
	for _, row := range rows.Subscriptions {
		b.subscriptions.loaded(row.Participant, row)
	}
}

// changed are the rows to commit.
func (b *batch) changed() store.Rows {
	rows := b.extra
	rows.Requests = b.requests.written()
	rows.Nonces = b.nonces.written()
	rows.Codes = b.codes.written()
	rows.Persons = b.persons.written()
	rows.References = b.references.written()
	rows.Payments, rows.Begun = b.payments.written(), b.payments.begun()
	rows.Movements = b.movements.written()
	rows.Orders = b.orders.written()
	rows.Quotes = b.quotes.written()
	rows.Positions = b.positions.written()
	rows.Misses = b.misses.written()
	rows.Ranges = slices.Concat(b.ranges.written()...)
	rows.StoreCodes = b.storeCodes.written()
	rows.Subscriptions = b.subscriptions.written()
	b.register.into(&rows, &b.storeCodes)
	return rows
}

// position returns a position as it stands, with the cap of its last reservation.
func (b *batch) position(account ledger.Account, currency money.Currency) ledger.Position {
	position, ok := b.positions.read(store.PositionKey{Account: account, Currency: currency})
	if !ok {
		return b.capped(ledger.Position{Account: account, Currency: currency})
	}
	return position
}

// capped returns a position with the cap that is in force now, to which new
// reservations are held. A lower one touches nothing that was reserved before.
func (b *batch) capped(position ledger.Position) ledger.Position {
	position.Cap = ledger.Uncapped
	if limit, ok := b.caps[position.Account]; ok {
		position.Cap = limit
	}
	return position
}

func (b *batch) setPosition(p ledger.Position) {
	b.positions.write(store.PositionKey{Account: p.Account, Currency: p.Currency}, p)
}

// facts are what a decision about p depends on.
func (b *batch) facts(p payment.Payment) payment.Facts {
	var facts payment.Facts
	if p.Outcome == payment.WasApproved {
		// Only what is approved can be refunded, and what began in this batch is not.
		facts.Position = b.capped(b.position(p.AcquirerAccount(), p.Terms.AcquirerSettlement.Currency))
	}
	if p.Order != "" {
		facts.Order, _ = b.orders.read(p.Order)
	}
	for _, id := range b.movementsOf[p.ID] {
		m, _ := b.movements.read(id)
		facts.Movements = append(facts.Movements, m)
	}
	return facts
}

func (b *batch) walletPosition(wallet member.Participant) ledger.Position {
	return b.capped(b.position(ledger.OfWallet(wallet.ID), wallet.Wallet.Settles))
}
