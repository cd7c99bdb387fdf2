package payment_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/fx"
	"github.com/hansa-network/hansa/ledger"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/merchant"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/payment"
)

// noon is when every story begins.
var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// A world keeps what plans do to positions, orders and references, as the hub
// does in its tables. It fails the test where a rule of every payment is broken.
type world struct {
	t          testing.TB
	now        time.Time
	suspended  string // a participant that may start nothing new
	payments   map[string]payment.Payment
	movements  map[string][]payment.Movement // by payment, oldest first
	orders     map[string]payment.Order
	positions  map[string]ledger.Position
	references map[string]string // name to the payment that holds it
	entries    []ledger.Entry
	journal    []string
}

func newWorld(t testing.TB) *world {
	t.Helper()
	return &world{
		t: t, now: noon, payments: make(map[string]payment.Payment), movements: make(map[string][]payment.Movement),
		orders: make(map[string]payment.Order), positions: make(map[string]ledger.Position), references: make(map[string]string),
	}
}

// at is so many seconds after noon. Calls that are due then are taken under a
// lease, as by the step of a hub.
func (w *world) at(seconds int) *world {
	w.now = noon.Add(time.Duration(seconds) * time.Second)
	for id, p := range w.payments {
		p.Task = leased(p.Task, w.now)
		w.payments[id] = p
		for i := range w.movements[id] {
			w.movements[id][i].Task = leased(w.movements[id][i].Task, w.now)
		}
	}
	return w
}

func leased(task payment.Task, now time.Time) payment.Task {
	if task.Call != payment.NoCall && !task.Due.After(now) && !task.LeasedUntil.After(now) {
		task.Fence++
		task.LeasedUntil = now.Add(payment.ConfirmWithin)
	}
	return task
}

// order opens an order of the café for 100 kroner.
func (w *world) order(id string) *world {
	w.orders[id] = payment.Order{
		ID: id, Version: 1, State: payment.OrderOpen, Merchant: "bergen", Payee: payment.PayeeOf(cafe()), Acquirer: "nets",
		Branch: "nets.no", Amount: kroner(100_00), CreatedAt: w.now, ExpiresAt: w.now.Add(payment.OrderFor),
	}
	return w
}

// begin starts a payment of wallet in flow. In flows B and C it pays the order
// called "order".
func (w *world) begin(id string, flow payment.Flow) error {
	s := start(id, flow)
	s.Wallet.Suspended = w.suspended == s.Wallet.ID
	if flow != payment.TillScans {
		s.Order = w.orders["order"]
	}
	return w.enter(s)
}

// enter starts a payment and keeps what its plan says.
func (w *world) enter(s payment.Start) error {
	w.t.Helper()
	s.Position = w.position(ledger.OfWallet(s.Wallet.ID), s.Terms.WalletSettlement.Currency)
	s.Position.Cap = s.Wallet.Wallet.Cap
	p, plan, err := payment.Begin(s, w.now)
	if err != nil {
		return err
	}
	if w.references[referenceOf(p)] != "" {
		return hansa.Refuse(hansa.OrderReferenceTaken, "%s is taken", referenceOf(p))
	}
	w.references[referenceOf(p)] = p.ID
	w.apply(payment.Payment{}, p, plan)
	return nil
}

// referenceOf is the name that only one payment may hold at a time.
func referenceOf(p payment.Payment) string {
	if p.Flow == payment.TillScans {
		return p.OrderReference
	}
	return p.Wallet + " at " + p.Order
}

// hears lets an event happen to a payment and keeps what follows.
func (w *world) hears(id string, event payment.Event) error {
	w.t.Helper()
	before := w.payments[id]
	after, plan, err := payment.Decide(before, event, w.facts(before), w.now)
	if err != nil {
		if after != before {
			w.t.Fatalf("%s: refused %T and changed the payment", id, event)
		}
		return err
	}
	w.apply(before, after, plan)
	return nil
}

func (w *world) facts(p payment.Payment) payment.Facts {
	position := w.position(p.AcquirerAccount(), p.Terms.AcquirerSettlement.Currency)
	position.Cap = ledger.Uncapped
	return payment.Facts{Order: w.orders[p.Order], Movements: w.movements[p.ID], Position: position}
}

func (w *world) position(account ledger.Account, currency money.Currency) ledger.Position {
	position, ok := w.positions[string(account)+" "+string(currency)]
	if !ok {
		return ledger.Position{Account: account, Currency: currency, Cap: ledger.Uncapped}
	}
	return position
}

func (w *world) setPosition(p ledger.Position) {
	w.positions[string(p.Account)+" "+string(p.Currency)] = p
}

// apply keeps a payment and its plan, and checks what holds for every change.
func (w *world) apply(before, after payment.Payment, plan payment.Plan) {
	w.t.Helper()
	w.checkChange(before, after, len(plan.Notes) > 0)
	for _, hold := range plan.Holds {
		position := w.position(hold.Account, hold.Amount.Currency)
		if hold.Amount.Value < 0 {
			w.setPosition(position.Release(-hold.Amount.Value))
			continue
		}
		position, err := position.Reserve(hold.Amount.Value)
		if err != nil {
			w.t.Fatal(err)
		}
		w.setPosition(position)
	}
	if plan.Booking != nil {
		w.book(after.ID, *plan.Booking)
	}
	if order, ok := w.orders[after.Order]; ok {
		w.orders[after.Order] = order.Moved(plan.Order, after.ID, w.now)
	}
	if name := referenceOf(after); plan.Free && w.references[name] == after.ID {
		delete(w.references, name)
	}
	if plan.Movement != nil {
		w.keep(*plan.Movement)
	}
	for _, note := range plan.Notes {
		w.journal = append(w.journal, fmt.Sprintf("%s %s", after.ID, note))
	}
	w.payments[after.ID] = after
}

func (w *world) book(id string, booking payment.Booking) {
	entry := entryOf(id, booking)
	for _, posting := range entry.Postings {
		w.setPosition(w.position(posting.Account, posting.Amount.Currency).Post(posting.Amount.Value))
	}
	w.entries = append(w.entries, entry)
}

func entryOf(id string, booking payment.Booking) ledger.Entry {
	windows := make(map[money.Currency]string)
	for _, leg := range booking.Legs {
		windows[leg.Amount.Currency] = "window"
	}
	head := ledger.Entry{ID: "entry", Payment: id, Cause: booking.Cause, Subject: booking.Subject}
	return ledger.NewEntry(head, booking.Legs, windows)
}

func (w *world) keep(m payment.Movement) {
	w.t.Helper()
	at := slices.IndexFunc(w.movements[m.Payment], func(known payment.Movement) bool { return known.ID == m.ID })
	if at < 0 {
		w.movements[m.Payment] = append(slices.Clone(w.movements[m.Payment]), m)
		return
	}
	w.movements[m.Payment] = slices.Clone(w.movements[m.Payment])
	w.movements[m.Payment][at] = m
}

// checkChange holds a change to what is true of every change: the outcome is
// written once, a final state stays, and the version counts what the journal and
// the outside can see.
func (w *world) checkChange(before, after payment.Payment, noted bool) {
	w.t.Helper()
	if before.ID != "" && before.Outcome != payment.Undecided && (after.Outcome != before.Outcome || after.OutcomeAt != before.OutcomeAt || after.Reason != before.Reason) {
		w.t.Fatalf("%s: told %s, then %s", after.ID, before.Outcome, after.Outcome)
	}
	if isFinal(before.State) && after.State != before.State {
		w.t.Fatalf("%s: %s became %s", after.ID, before.State, after.State)
	}
	want := before.Version + 1
	if !noted && untasked(before) == untasked(after) {
		want = before.Version
	}
	if after.Version != want {
		w.t.Fatalf("%s: version %d after %d, want %d", after.ID, after.Version, before.Version, want)
	}
}

func isFinal(state payment.State) bool {
	return state == payment.Approved || state == payment.Declined || state == payment.Reversed
}

// untasked is a payment without what changes from call to call.
func untasked(p payment.Payment) payment.Payment {
	p.Task, p.Version, p.ChangedAt = payment.Task{}, 0, time.Time{}
	return p
}

// reserved is what open payments hold of a wallet's cap, in major units.
func (w *world) reserved(wallet string) string {
	currency := settles(wallet)
	return money.New(w.position(ledger.OfWallet(wallet), currency).Reserved, currency).String()
}

// books lists every position that is not zero, in the order of accounts.
func (w *world) books() string {
	var lines []string
	for _, position := range w.positions {
		if position.Balance != 0 {
			lines = append(lines, fmt.Sprintf("%s %s", position.Account, money.New(position.Balance, position.Currency)))
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, ", ")
}

func kroner(value int64) money.Amount { return money.New(value, "NOK") }

func settles(wallet string) money.Currency {
	if wallet == "vipps" {
		return "NOK"
	}
	return "EUR"
}

func cafe() merchant.Store {
	return merchant.Store{
		ID: "bergen-cafe", Merchant: "bergen", Name: "Bergen Café", City: "Bergen", Country: "NO", Category: "5814", Currency: "NOK",
		Contracts: []merchant.Contract{{Acquirer: "nets", Branch: "nets.no"}},
	}
}

// termsOf are the terms of 100 kroner: of a visitor with yuan whose wallet
// settles in euros, or of a neighbour, straight across.
func termsOf(wallet string) fx.Terms {
	if wallet == "vipps" {
		return fx.Terms{Order: kroner(100_00), Debit: kroner(100_00), WalletSettlement: kroner(100_00), AcquirerSettlement: kroner(100_00)}
	}
	return fx.Terms{
		Order: kroner(100_00), Debit: money.New(80_40, "CNY"), WalletSettlement: money.New(10_05, "EUR"), AcquirerSettlement: kroner(100_00),
		ProviderReceives: money.New(10_04, "EUR"), ProviderGives: kroner(100_00), Provider: "hanseatic",
	}
}

func walletOf(id string) string {
	if id == rival {
		return "vipps"
	}
	return "alipay"
}

func start(id string, flow payment.Flow) payment.Start {
	wallet, mode := walletOf(id), member.Dynamic
	if flow == payment.TillScans {
		mode = member.ConsumerPresented
	}
	return payment.Start{
		ID: id, Flow: flow, Mode: mode,
		Wallet: member.Participant{
			ID: wallet, Roles: []member.Holding{{Role: member.Wallet}},
			Wallet: member.WalletSide{Debits: termsOf(wallet).Debit.Currency, Settles: settles(wallet), Cap: 1_000_000_00},
		},
		Acquirer: member.Participant{ID: "nets", Roles: []member.Holding{{Role: member.Acquirer}}},
		Corridor: member.Corridor{
			Wallet: wallet, Market: "NO", Modes: []member.Mode{member.ConsumerPresented, member.Static, member.Dynamic},
			Agreement: "agreement", AgreementVersion: 3,
		},
		Store: cafe(), Contract: cafe().Contracts[0], Terminal: "till-1", OrderReference: "table 7", Terms: termsOf(wallet),
		Payer: "person", PayerToken: "payer_of_nets",
	}
}

func refused(t testing.TB, err error, want hansa.Reason) {
	t.Helper()
	if reason, _ := hansa.ReasonOf(err); reason != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
