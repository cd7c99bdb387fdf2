package hub_test

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/ledger"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/payment"
	"github.com/hansa-network/hansa/sim"
	"github.com/hansa-network/hansa/store"
	"github.com/hansa-network/hansa/store/pgtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// bigBang is when every network begins: a Monday, while markets are open.
var bigBang = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

// secret is from which every network derives the tokens of payers.
var secret = [32]byte{1, 2, 3}

// A network is a hub on a database of its own, with a clock and a chance that
// the test holds. Calls to wallets wait until the test answers them.
type network struct {
	t       *testing.T
	dsn     string
	store   *store.Store
	hub     *hub.Hub
	now     time.Time
	draws   uint64
	calls   []hub.Call
	spoiled bool // the test breaks invariants on purpose

	batches int
	newest  *hub.Draft // nil: the last batch was decided in its turn
	drawer  *hub.Hub   // of the newest draft
}

// onBoth runs a test on a network on each database. Every network must pass the
// audit when its test ends.
func onBoth(t *testing.T, test func(t *testing.T, n *network)) {
	t.Helper()
	onBothWith(t, func(*sim.Setup) {}, test)
}

// onBothWith runs a test on networks whose world is changed first.
func onBothWith(t *testing.T, change func(*sim.Setup), test func(t *testing.T, n *network)) {
	t.Helper()
	run := func(t *testing.T, dsn string) {
		t.Helper()
		n := newNetwork(t, dsn, change)
		test(t, n)
		if !n.spoiled && !t.Failed() {
			n.wantAudit()
		}
	}
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		run(t, filepath.Join(t.TempDir(), "hansa.db"))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		run(t, pgtest.Database(t))
	})
}

func newNetwork(t *testing.T, dsn string, change func(*sim.Setup)) *network {
	t.Helper()
	n := &network{t: t, dsn: dsn, now: bigBang}
	n.store = n.open()
	if err := n.store.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	n.hub = hub.New(n.store, secret)
	setup := sim.World()
	change(&setup)
	n.step(hub.Request{Operation: hub.Enrol{Listing: setup.Listing, Registry: setup.Registry, Ranges: setup.Ranges}})
	return n
}

// open opens the network's database once more, until the test ends.
func (n *network) open() *store.Store {
	n.t.Helper()
	s, err := store.Open(n.t.Context(), n.dsn)
	if err != nil {
		n.t.Fatal(err)
	}
	n.t.Cleanup(func() {
		if err := s.Close(); err != nil {
			n.t.Error(err)
		}
	})
	return s
}

// restart forgets all that a process holds: calls that were not made are lost.
func (n *network) restart() {
	n.hub = hub.New(n.store, secret)
	n.calls = nil
}

// chance is another one each time.
func (n *network) chance() (c hansa.Chance) {
	n.draws++
	binary.BigEndian.PutUint64(c[:], n.draws)
	return c
}

// signed is a request of a participant with an id and a nonce of its own.
func (n *network) signed(participant string, operation hub.Operation) hub.Request {
	chance := n.chance()
	return hub.Request{
		Participant: participant, KeyID: participant + "#1", Nonce: fmt.Sprintf("nonce-%d", n.draws), SignedAt: n.now, ID: fmt.Sprintf("request-%d", n.draws),
		Body: fmt.Appendf(nil, "%+v", operation), Chance: chance, Operation: operation,
	}
}

// again is a request sent once more: all the same but for the nonce.
func (n *network) again(r hub.Request) hub.Request {
	r.Chance = n.chance()
	r.Nonce = fmt.Sprintf("nonce-%d", n.draws)
	return r
}

// step commits a batch.
func (n *network) step(requests ...hub.Request) hub.Committed {
	n.t.Helper()
	committed, err := n.try(requests...)
	if err != nil {
		n.t.Fatal(err)
	}
	return committed
}

func (n *network) try(requests ...hub.Request) (hub.Committed, error) {
	for i := range requests {
		if requests[i].Chance == (hansa.Chance{}) {
			requests[i].Chance = n.chance()
		}
	}
	committed, err := n.commit(requests)
	n.calls = append(n.calls, committed.Calls...)
	n.checkMeanings(committed.Recorded)
	return committed, err
}

// commit decides every other batch ahead of its turn, where that can be.
func (n *network) commit(requests []hub.Request) (hub.Committed, error) {
	if n.drawer != n.hub {
		n.newest, n.drawer = nil, n.hub
	}
	if n.batches++; n.batches%2 == 0 {
		if draft := n.draft(n.newest, requests); draft != nil {
			committed, confirmed, err := n.commitDraft(draft)
			if n.newest = draft; err != nil {
				n.newest = nil
			}
			if confirmed || err != nil {
				return committed, err
			}
		}
	}
	n.newest = nil
	return n.hub.Step(context.Background(), n.now, requests)
}

// draft decides requests ahead of their turn. It returns nil where they must be decided
// in it.
func (n *network) draft(after *hub.Draft, requests []hub.Request) *hub.Draft {
	n.t.Helper()
	draft, err := n.hub.Draft(context.Background(), n.now, after)
	if err == nil {
		err = draft.Add(context.Background(), requests)
	}
	if err != nil {
		if !errors.Is(err, hub.ErrInTurn) {
			n.t.Fatal(err)
		}
		return nil
	}
	draft.Finish()
	return draft
}

// commitDraft commits a draft if its turn confirms it.
func (n *network) commitDraft(draft *hub.Draft) (committed hub.Committed, confirmed bool, err error) {
	turn, err := n.hub.Begin(context.Background())
	if err != nil {
		return committed, false, err
	}
	if !turn.Confirms(draft) {
		turn.End()
		return committed, false, nil
	}
	committed, err = turn.Commit(context.Background(), draft)
	return committed, true, err
}

// checkMeanings: what an event is known to say is what its bytes say.
func (n *network) checkMeanings(events []store.Recorded) {
	n.t.Helper()
	for _, event := range events {
		known, err := hub.RecordOf(event.Event)
		if err != nil {
			n.t.Fatal(err)
		}
		read, err := hub.ReadRecord(event.Data)
		if err != nil {
			n.t.Fatal(err)
		}
		if diff := cmp.Diff(read, known, cmp.Comparer(func(a, b money.Rate) bool { return a == b })); diff != "" {
			n.t.Errorf("event %d.%d, read and known (-read +known):\n%s", event.Height, event.Index, diff)
		}
	}
}

// do commits one signed request.
func (n *network) do(participant string, operation hub.Operation) hub.Result {
	n.t.Helper()
	return n.step(n.signed(participant, operation)).Results[0]
}

// must is do of what is not refused.
func (n *network) must(participant string, operation hub.Operation) hub.Result {
	n.t.Helper()
	result := n.do(participant, operation)
	if result.Refusal != nil {
		n.t.Fatalf("%T by %s: %v", operation, participant, result.Refusal)
	}
	return result
}

// mustNot is do of what is refused for this reason.
func (n *network) mustNot(reason hansa.Reason, participant string, operation hub.Operation) {
	n.t.Helper()
	n.wantReason(reason, n.do(participant, operation))
}

func (n *network) wantReason(want hansa.Reason, result hub.Result) {
	n.t.Helper()
	if got, _ := hansa.ReasonOf(result.Refusal); got != want {
		n.t.Errorf("want refusal %q, got %v", want, result.Refusal)
	}
}

// pass lets time go by.
func (n *network) pass(d time.Duration) { n.now = n.now.Add(d) }

// claim wakes what is due.
func (n *network) claim() hub.Committed {
	n.t.Helper()
	return n.step(hub.Request{Operation: hub.Claim{Limit: 1000}})
}

// taken are the calls that nobody has made yet; they are made now.
func (n *network) taken() []hub.Call {
	calls := n.calls
	n.calls = nil
	return calls
}

// call is the one call that is to be made, which must be of this kind.
func (n *network) call(kind payment.Call) hub.Call {
	n.t.Helper()
	calls := n.taken()
	if len(calls) != 1 || calls[0].Call != kind {
		n.t.Fatalf("want one call to %s, got %v", kind, kindsOf(calls))
	}
	return calls[0]
}

func (n *network) noCall() {
	n.t.Helper()
	if calls := n.taken(); len(calls) != 0 {
		n.t.Fatalf("want no call, got %v", kindsOf(calls))
	}
}

func kindsOf(calls []hub.Call) (kinds []payment.Call) {
	for _, call := range calls {
		kinds = append(kinds, call.Call)
	}
	return kinds
}

// answer brings a wallet's answer to a call.
func (n *network) answer(call hub.Call, event payment.Event) hub.Result {
	n.t.Helper()
	return n.step(hub.Request{Operation: hub.Answered{Call: call, Event: event}}).Results[0]
}

// yes answers a call as its wallet should.
func (n *network) yes(call hub.Call) hub.Result {
	n.t.Helper()
	return n.answer(call, yes(call))
}

func yes(call hub.Call) payment.Event {
	switch call.Call {
	case payment.CallAsk, payment.CallInquire:
		return payment.Paid{Echo: call.Payment.Echo()}
	case payment.CallCancel:
		return payment.CancelAcknowledged{}
	case payment.CallCapture, payment.CallRelease, payment.CallRefund:
		return payment.MovementAcknowledged{ID: call.Movement.ID}
	case payment.NoCall:
	}
	panic("a call of no kind")
}

// told is a wallet's word that it has debited what it was asked.
func told(p payment.Payment) hub.TellOutcome {
	return hub.TellOutcome{Payment: p.ID, Paid: true, Echo: p.Echo()}
}

func (n *network) payment(id string) payment.Payment {
	n.t.Helper()
	p, err := n.hub.Read().Payment(n.t.Context(), id)
	if err != nil {
		n.t.Fatal(err)
	}
	return p
}

func (n *network) order(id string) payment.Order {
	n.t.Helper()
	o, err := n.hub.Read().Order(n.t.Context(), id)
	if err != nil {
		n.t.Fatal(err)
	}
	return o
}

// wantStatus holds a payment to its public status, its reason and what it holds
// of its wallet's cap.
func (n *network) wantStatus(id, status string, reason hansa.Reason, held int64) {
	n.t.Helper()
	if p := n.payment(id); p.Status() != status || p.Reason != reason || p.Held != held {
		n.t.Errorf("want %s %q holding %d, got %s %q holding %d (%s)", status, reason, held, p.Status(), p.Reason, p.Held, p.State)
	}
}

func (n *network) wantOrder(id string, state payment.OrderState) {
	n.t.Helper()
	if o := n.order(id); o.State != state {
		n.t.Errorf("want order %s, got %s", state, o.State)
	}
}

func (n *network) position(account ledger.Account, currency money.Currency) ledger.Position {
	n.t.Helper()
	positions, err := n.hub.Read().Positions(n.t.Context())
	if err != nil {
		n.t.Fatal(err)
	}
	for _, position := range positions {
		if position.Account == account && position.Currency == currency {
			return position
		}
	}
	return ledger.Position{Account: account, Currency: currency}
}

func (n *network) wantPosition(account ledger.Account, currency money.Currency, balance, reserved int64) {
	n.t.Helper()
	if p := n.position(account, currency); p.Balance != balance || p.Reserved != reserved {
		n.t.Errorf("want %s at %d %s and %d reserved, got %d and %d", account, balance, currency, reserved, p.Balance, p.Reserved)
	}
}

func (n *network) head() store.Head {
	n.t.Helper()
	head, err := n.hub.Read().Head(n.t.Context())
	if err != nil {
		n.t.Fatal(err)
	}
	return head
}

// write commits rows behind the hub's back.
func (n *network) write(rows store.Rows) {
	n.t.Helper()
	tx, err := n.store.Begin(n.t.Context())
	if err != nil {
		n.t.Fatal(err)
	}
	defer tx.Rollback()
	if err := tx.Write(n.t.Context(), rows); err != nil {
		n.t.Fatal(err)
	}
	if err := tx.Commit(); err != nil {
		n.t.Fatal(err)
	}
}

// audit are the breaches of each invariant, by id.
func (n *network) audit(acknowledged ...string) map[string][]string {
	n.t.Helper()
	return n.breaches(n.hub.Read(), acknowledged...)
}

func (n *network) breaches(reader *store.Reader, acknowledged ...string) map[string][]string {
	n.t.Helper()
	checks, err := hub.Audit(n.t.Context(), reader, hub.Inquest{
		Acknowledged: references(acknowledged), Folder: n.t.TempDir(), Memory: 1000, // so that all goes through files
	})
	if err != nil {
		n.t.Fatal(err)
	}
	breaches := make(map[string][]string)
	for _, check := range checks {
		if len(check.Breaches) > 0 {
			breaches[check.ID] = check.Breaches
		}
	}
	return breaches
}

// references are what somebody acknowledged.
func references(all []string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for _, reference := range all {
			if !yield(reference, nil) {
				return
			}
		}
	}
}

func (n *network) wantAudit(acknowledged ...string) {
	n.t.Helper()
	for id, breaches := range n.audit(acknowledged...) {
		n.t.Errorf("%s: %v", id, breaches)
	}
}
