package sim

import (
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/money"
)

// An Acquirer keeps what it owes to its stores. It believes the journal alone,
// whose events it may hear again and in any order, and books each approval and
// each movement once. It is not safe for concurrent use.
type Acquirer struct {
	id      string
	book    Book
	lines   map[string]AcquirerLine // by the reference of the payment or movement
	order   []string                // references as booked
	payable map[shelf]Payable
	waiting map[string][]api.Movement // by payment: movements heard before their approval
	told    map[string]bool           // by request id: orders that the network was told of
}

// A shelf is where the payables of a store in one currency lie.
type shelf struct {
	store    string
	currency money.Currency
}

// An AcquirerLine is one booking: above zero the store is owed more.
type AcquirerLine struct {
	Reference string       `json:"reference"` // of the payment or movement
	Payment   string       `json:"payment"`
	Kind      string       `json:"kind"` // payment, refund, cancel, release
	Store     string       `json:"store"`
	Amount    money.Amount `json:"amount"`
	At        time.Time    `json:"at"`
}

// A Payable is what an acquirer owes to a store, and how it came about.
type Payable struct {
	Store    string       `json:"store"`
	Amount   money.Amount `json:"amount"`
	Payments int64        `json:"payments"`
	Returns  int64        `json:"returns"` // refunds, cancels and releases
}

// acquirerRows are what one event changes.
type acquirerRows struct {
	Line    *AcquirerLine `json:"line,omitempty"`
	Waiting *api.Movement `json:"waiting,omitempty"`
	Told    string        `json:"told,omitempty"`
}

const kindPayment = "payment"

// NewAcquirer returns the acquirer as past, which is all that its book holds,
// left it. An unreadable record is a fault.
func NewAcquirer(id string, book Book, past iter.Seq[[]byte]) (*Acquirer, error) {
	a := &Acquirer{
		id: id, book: book, lines: make(map[string]AcquirerLine),
		payable: make(map[shelf]Payable), waiting: make(map[string][]api.Movement),
		told: make(map[string]bool),
	}
	if err := replay(past, a.apply); err != nil {
		return nil, fmt.Errorf("open acquirer %s: %w", id, err)
	}
	return a, nil
}

// Hear hears an event of the journal at now. What is not this acquirer's, not
// final, or booked already changes nothing.
//
// The whole payment is owed to the store from its approval on. What is released
// or given back later is taken off, so that a capture by itself moves nothing.
func (a *Acquirer) Hear(event api.Event, now time.Time) {
	if p := event.Payment; p != nil && p.Acquirer == a.id && p.Status == "approved" {
		a.bookPayment(*p, now)
	}
	if m := event.Movement; m != nil && m.Status == "succeeded" && m.Kind != kindCapture {
		a.bookMovement(*m, now)
	}
}

func (a *Acquirer) bookPayment(p api.Payment, now time.Time) {
	if _, booked := a.lines[p.Reference]; booked {
		return
	}
	a.write(acquirerRows{Line: &AcquirerLine{
		Reference: p.Reference, Payment: p.Reference, Kind: kindPayment, Store: p.Store, Amount: p.OrderAmount, At: now,
	}})
	for _, m := range slices.Clone(a.waiting[p.Reference]) {
		a.bookMovement(m, now)
	}
}

// bookMovement books a movement of a booked payment; one that came before its
// payment waits for it.
func (a *Acquirer) bookMovement(m api.Movement, now time.Time) {
	if _, booked := a.lines[m.Movement]; booked {
		return
	}
	p, known := a.lines[m.Payment]
	if !known {
		if !slices.ContainsFunc(a.waiting[m.Payment], func(w api.Movement) bool { return w.Movement == m.Movement }) {
			a.write(acquirerRows{Waiting: &m})
		}
		return
	}
	a.write(acquirerRows{Line: &AcquirerLine{
		Reference: m.Movement, Payment: m.Payment, Kind: m.Kind, Store: p.Store, Amount: m.OrderAmount.Negative(), At: now,
	}})
}

// Tell notes that the network is told of an order of the acquirer's own scheme, by its
// request id. From then on the network decides who pays it.
func (a *Acquirer) Tell(requestID string) {
	if !a.told[requestID] {
		a.write(acquirerRows{Told: requestID})
	}
}

// HasTold reports whether the network was told of an order.
func (a *Acquirer) HasTold(requestID string) bool { return a.told[requestID] }

// write keeps rows and takes them over.
func (a *Acquirer) write(rows acquirerRows) {
	keep(a.book, rows)
	a.apply(rows)
}

// apply is the only place where the acquirer changes.
func (a *Acquirer) apply(rows acquirerRows) {
	if m := rows.Waiting; m != nil {
		a.waiting[m.Payment] = append(a.waiting[m.Payment], *m)
	}
	if rows.Told != "" {
		a.told[rows.Told] = true
	}
	line := rows.Line
	if line == nil {
		return
	}
	a.lines[line.Reference] = *line
	a.order = append(a.order, line.Reference)
	at := shelf{line.Store, line.Amount.Currency}
	payable := a.payable[at]
	payable.Store, payable.Amount.Currency = line.Store, line.Amount.Currency
	sum, err := payable.Amount.Plus(line.Amount)
	if err != nil {
		panic(err)
	}
	payable.Amount = sum
	if line.Kind == kindPayment {
		payable.Payments++
	} else {
		payable.Returns++
		a.stopWaiting(line.Payment, line.Reference)
	}
	a.payable[at] = payable
}

func (a *Acquirer) stopWaiting(payment, movement string) {
	left := slices.DeleteFunc(a.waiting[payment], func(m api.Movement) bool { return m.Movement == movement })
	if len(left) == 0 {
		delete(a.waiting, payment)
		return
	}
	a.waiting[payment] = left
}

// Payables returns what is owed to each store, sorted by store and currency.
func (a *Acquirer) Payables() []Payable {
	payables := []Payable{}
	for _, payable := range a.payable {
		payables = append(payables, payable)
	}
	slices.SortFunc(payables, func(x, y Payable) int {
		if order := strings.Compare(x.Store, y.Store); order != 0 {
			return order
		}
		return strings.Compare(string(x.Amount.Currency), string(y.Amount.Currency))
	})
	return payables
}

// Lines returns every booking, oldest first.
func (a *Acquirer) Lines() []AcquirerLine {
	lines := make([]AcquirerLine, 0, len(a.order))
	for _, reference := range a.order {
		lines = append(lines, a.lines[reference])
	}
	return lines
}
