package store_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hansa-network/hansa/fx"
	"github.com/hansa-network/hansa/ledger"
	"github.com/hansa-network/hansa/merchant"
	"github.com/hansa-network/hansa/payment"
	"github.com/hansa-network/hansa/store"
)

// A refused is rows that a database must not take.
type refused struct {
	name string
	rows store.Rows
}

// wantRefused writes what is there, and then each of the rows in a transaction
// of its own, none of which may be committed.
func wantRefused(t *testing.T, there store.Rows, cases []refused) {
	t.Helper()
	onBothMigrated(t, func(t *testing.T, s *store.Store) {
		write(t, s, there)
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				if err := tryWrite(t, s, c.rows); err == nil {
					t.Error("it was written")
				}
			})
		}
		if t.Failed() {
			return
		}
		// What was refused has left nothing behind, and nobody waiting.
		write(t, s, store.Rows{})
	})
}

// changed returns the rows of one payment after a change.
func changed(p payment.Payment, change func(*payment.Payment)) store.Rows {
	change(&p)
	return store.Rows{Payments: []payment.Payment{p}}
}

func TestImpossiblePaymentsAreRefused(t *testing.T) {
	t.Parallel()
	open, done := openPayment("pay_1"), samplePayment("pay_2")
	wantRefused(t, store.Rows{}, []refused{
		{"no order amount", changed(open, func(p *payment.Payment) { p.Terms.Order.Value = 0 })},
		{"a debit below zero", changed(open, func(p *payment.Payment) { p.Terms.Debit.Value = -1 })},
		{"too large", changed(open, func(p *payment.Payment) { p.Terms.WalletSettlement.Value = 1e15 + 1 })},
		{"no currency", changed(open, func(p *payment.Payment) { p.Terms.AcquirerSettlement.Currency = "" })},
		{"an unknown state", changed(open, func(p *payment.Payment) { p.State = "lost" })},
		{"an unknown outcome", changed(done, func(p *payment.Payment) { p.Outcome = "maybe" })},
		{"an unknown flow", changed(open, func(p *payment.Payment) { p.Flow = "d" })},
		{"an unknown mode", changed(open, func(p *payment.Payment) { p.Mode = "nfc" })},
		{"an unknown call", changed(open, func(p *payment.Payment) { p.Task.Call = "shout" })},
		{"open with an outcome", changed(open, func(p *payment.Payment) { p.Outcome, p.OutcomeAt = payment.WasApproved, at(1) })},
		{"final without an outcome", changed(done, func(p *payment.Payment) { p.Outcome, p.OutcomeAt = "", time.Time{} })},
		{"an outcome at no time", changed(done, func(p *payment.Payment) { p.OutcomeAt = time.Time{} })},
		{"approved and reversed", changed(done, func(p *payment.Payment) { p.State, p.Held = payment.Reversed, 0 })},
		{"captured before approval", changed(open, func(p *payment.Payment) { p.Captured = 1 })},
		{"captured too much", changed(done, func(p *payment.Payment) { p.Captured = 9_991 })},
		{"refunded too much", changed(done, func(p *payment.Payment) { p.Refunded = 4_981 })},
		{"released below zero", changed(done, func(p *payment.Payment) { p.Released = -1 })},
		{"held below zero", changed(open, func(p *payment.Payment) { p.Held = -1 })},
		{"held for ever", changed(done, func(p *payment.Payment) { p.State = payment.Approved })},
		{"no version", changed(open, func(p *payment.Payment) { p.Version = 0 })},
	})
}

func TestWhatStandsIsNotUndone(t *testing.T) {
	t.Parallel()
	there := sampleRows()
	there.Merchants = []merchant.Merchant{sampleMerchant()}
	there.Payments = append(there.Payments, openPayment("pay_2"))
	there.Movements[0].State = payment.Succeeded
	there.Orders[0].State = payment.OrderPaid
	there.Windows = []store.Window{sampleWindow("win_eur", "EUR"), {ID: "win_dkk", Currency: "DKK", OpenedAt: at(0), ClosedAt: at(1)}}
	there.Subscriptions = []store.Subscription{{Participant: "nets", Fence: 5}}

	movement, order, quote := there.Movements[0], there.Orders[0], there.Quotes[0]
	code, storeCode, codes := there.Codes[0], there.StoreCodes[0], there.Ranges[0]
	movement.State = payment.Failed
	order.Payment = "pay_2"
	reopened := there.Orders[0]
	reopened.State, reopened.Payment = payment.OrderOpen, ""
	quote.Payment = "pay_2"
	code.Payment = "pay_2"
	storeCode.Store = "oslo-cafe"
	codes.Next--
	other := sampleQuote("quo_2")
	other.Payment = there.Quotes[0].Payment
	wantRefused(t, there, []refused{
		{"another outcome", changed(there.Payments[0], func(p *payment.Payment) {
			p.State, p.Outcome, p.Captured, p.Refunding, p.Refunded = payment.Reversing, payment.WasDeclined, 0, 0, 0
		})},
		{"an older version", changed(there.Payments[0], func(p *payment.Payment) { p.Version-- })},
		{"the quote of another payment", changed(there.Payments[0], func(p *payment.Payment) { p.ID = "pay_3" })},
		{"a movement that had succeeded", store.Rows{Movements: []payment.Movement{movement}}},
		{"a movement of no payment", store.Rows{Movements: []payment.Movement{sampleMovement("ref_2", "pay_3")}}},
		{"an order paid twice", store.Rows{Orders: []payment.Order{order}}},
		{"an order open after it was paid", store.Rows{Orders: []payment.Order{reopened}}},
		{"a quote used twice", store.Rows{Quotes: []fx.Quote{quote}}},
		{"two quotes for a payment", store.Rows{Quotes: []fx.Quote{other}}},
		{"a code used twice", store.Rows{Codes: []store.PaymentCode{code}}},
		{"a request made twice", store.Rows{Requests: there.Requests}},
		{"a nonce used twice", store.Rows{Nonces: there.Nonces}},
		{"a code that leads elsewhere", store.Rows{StoreCodes: []merchant.IssuedCode{storeCode}}},
		{"a code issued again", store.Rows{Ranges: []store.CodeRange{codes}}},
		{"a range used beyond its end", store.Rows{Ranges: []store.CodeRange{{Acquirer: "nets", Prefix: "48", Next: 11, Last: 9}}}},
		{"reserved below zero", store.Rows{Positions: []ledger.Position{{Account: "wallet/vipps", Currency: "NOK", Reserved: -1}}}},
		{"a second open window", store.Rows{Windows: []store.Window{sampleWindow("win_eur_2", "EUR")}}},
		{"a closed window opened", store.Rows{Windows: []store.Window{sampleWindow("win_dkk", "DKK")}}},
		{"a store of no merchant", store.Rows{Stores: []merchant.Store{{ID: "s", Merchant: "nobody", Currency: "NOK"}}}},
		{"a terminal of no store", store.Rows{Terminals: []merchant.Terminal{{ID: "t", Store: "nowhere"}}}},
		{"a code of no store", store.Rows{StoreCodes: []merchant.IssuedCode{{Code: "c", Store: "nowhere"}}}},
		{"an earlier holder of a lease", store.Rows{Subscriptions: []store.Subscription{{Participant: "nets", Fence: 4}}}},
		{"a key without what it seals", store.Rows{Persons: []store.Person{{Reference: "per_2", Key: []byte{1}}}}},
	})
}

func TestEntriesAreHeldToTheRules(t *testing.T) {
	t.Parallel()
	there := store.Rows{
		Payments: []payment.Payment{samplePayment("pay_1"), samplePayment("pay_2")},
		Windows:  []store.Window{sampleWindow("win_eur", "EUR"), sampleWindow("win_nok", "NOK")},
		Entries:  []ledger.Entry{sampleEntry("ent_1", "pay_1")},
	}
	entry := func(change func(*ledger.Entry)) store.Rows {
		e := sampleEntry("ent_2", "pay_2")
		change(&e)
		return store.Rows{Entries: []ledger.Entry{e}}
	}
	wantRefused(t, there, []refused{
		{"unbalanced", entry(func(e *ledger.Entry) { e.Postings[0].Amount.Value-- })},
		{"nothing posted", entry(func(e *ledger.Entry) { e.Postings[0].Amount.Value, e.Postings[1].Amount.Value = 0, 0 })},
		{"one posting", entry(func(e *ledger.Entry) { e.Postings = e.Postings[:1] })},
		{"no window", entry(func(e *ledger.Entry) { e.Postings[0].Window = "" })},
		{"a window that was never open", entry(func(e *ledger.Entry) { e.Postings[0].Window = "win_sek" })},
		{"the same cause and subject", entry(func(e *ledger.Entry) { e.Subject = "pay_1" })},
		{"no payment", entry(func(e *ledger.Entry) { e.Payment = "pay_3" })},
		{"no account", entry(func(e *ledger.Entry) { e.Postings[0].Account = "" })},
	})
}

// TestStatesOfTheSchemaAreThoseOfTheCode writes one row for each constant.
func TestStatesOfTheSchemaAreThoseOfTheCode(t *testing.T) {
	t.Parallel()
	onBothMigrated(t, func(t *testing.T, s *store.Store) {
		var rows store.Rows
		settled := fmt.Sprintf("pay_%d", slices.Index(payment.States(), payment.Approved))
		for i, state := range payment.States() {
			p := openPayment(fmt.Sprintf("pay_%d", i))
			p.State, p.Held = state, 0
			p.Outcome, p.OutcomeAt = outcomeIn(state), at(1)
			if p.Outcome == payment.Undecided {
				p.OutcomeAt = time.Time{}
			}
			rows.Payments = append(rows.Payments, p)
		}
		for i, call := range []payment.Call{
			payment.NoCall, payment.CallAsk, payment.CallInquire, payment.CallCancel, payment.CallCapture, payment.CallRelease, payment.CallRefund,
		} {
			m := sampleMovement(fmt.Sprintf("mov_%d", i), settled)
			m.Task.Call = call
			m.Kind = []payment.MovementKind{payment.Capture, payment.Release, payment.Refund, payment.Cancel}[i%4]
			m.State = []payment.MovementState{payment.Pending, payment.Succeeded, payment.Failed}[i%3]
			rows.Movements = append(rows.Movements, m)
		}
		for i, state := range []payment.OrderState{
			payment.OrderOpen, payment.OrderHeld, payment.OrderPaid, payment.OrderClosed, payment.OrderExpired,
		} {
			o := sampleOrder(fmt.Sprintf("ord_%d", i))
			o.State = state
			if state != payment.OrderHeld && state != payment.OrderPaid {
				o.Payment = ""
			}
			rows.Orders = append(rows.Orders, o)
		}
		write(t, s, rows)
	})
}

func outcomeIn(state payment.State) payment.Outcome {
	switch state {
	case payment.Authorised, payment.Approved:
		return payment.WasApproved
	case payment.Declined:
		return payment.WasDeclined
	case payment.Reversing:
		return payment.WasExpired
	case payment.Reversed:
		return payment.WasCancelled
	case payment.Asking, payment.AwaitingPayer, payment.Resolving, payment.Debiting, payment.Announced:
		return payment.Undecided
	}
	panic("unknown state " + string(state))
}

// TestTheBooksAreAppendOnly tries what no code of ours does.
func TestTheBooksAreAppendOnly(t *testing.T) {
	t.Parallel()
	onBothMigrated(t, func(t *testing.T, s *store.Store) {
		s.KeysOfRun(1)
		rows := sampleRows()
		rows.Merchants = []merchant.Merchant{sampleMerchant()}
		rows.Windows = []store.Window{sampleWindow("win_eur", "EUR"), sampleWindow("win_nok", "NOK")}
		rows.Entries = []ledger.Entry{sampleEntry("ent_1", "pay_1")}
		write(t, s, rows)
		journal(t, s, "one")
		for _, table := range []string{"blocks", "entries", "requests", "key_runs", "key_pages"} {
			for _, statement := range []string{
				"UPDATE " + table + " SET hash = hash",
				"DELETE FROM " + table,
				"REPLACE INTO " + table + " SELECT * FROM " + table,
				"TRUNCATE " + table,
			} {
				if strings.HasPrefix(statement, "UPDATE") && table != "blocks" {
					statement = map[string]string{
						"entries":  "UPDATE entries SET postings = postings",
						"requests": "UPDATE requests SET subject = subject",
						"key_runs": "UPDATE key_runs SET filter = filter", "key_pages": "UPDATE key_pages SET body = body",
					}[table]
				}
				tx := begin(t, s)
				err := tx.Execute(t.Context(), statement)
				if err == nil {
					t.Errorf("%s was done", statement)
				}
				if err := tx.Commit(); err == nil {
					t.Errorf("%s was committed", statement)
				}
			}
		}
	})
}

// TestAFaultIsNeverCommitted goes on after an error as if nothing had happened.
func TestAFaultIsNeverCommitted(t *testing.T) {
	t.Parallel()
	onBothMigrated(t, func(t *testing.T, s *store.Store) {
		tx := begin(t, s)
		if err := tx.Write(t.Context(), store.Rows{Payments: []payment.Payment{openPayment("pay_1")}}); err != nil {
			t.Fatal(err)
		}
		bad := openPayment("pay_2")
		bad.State = "lost"
		// What is wrong is said at once, or when the rows are read again, or in the end.
		err := tx.Write(t.Context(), store.Rows{Payments: []payment.Payment{bad}})
		_, again := tx.Read(t.Context(), store.Keys{Payments: []string{"pay_2"}})
		if errors.Join(err, again) == nil {
			t.Error("a lost payment was written")
		}
		if err := tx.Commit(); err == nil {
			t.Fatal("half of a batch was committed")
		}
		if got := all(t, s.Read().EachPayment(t.Context())); len(got) != 0 {
			t.Errorf("%d payments are there", len(got))
		}
	})
}
