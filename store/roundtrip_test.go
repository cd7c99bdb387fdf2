package store_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/ledger"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/merchant"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/payment"
	"github.com/hansa-network/hansa/store"
)

// exactly compares everything, also how a time and a rate are held, so that
// what was read is == to what was written.
var exactly = cmp.Exporter(func(reflect.Type) bool { return true })

func read(t *testing.T, s *store.Store, keys store.Keys) store.Rows {
	t.Helper()
	tx := begin(t, s)
	defer tx.Rollback()
	rows, err := tx.Read(t.Context(), keys)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func wantSame(t *testing.T, what string, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got, exactly); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func TestSamplesAreComplete(t *testing.T) {
	t.Parallel()
	wantComplete(t, sampleRows(), "Merchants", "Windows", "Entries", "Subscriptions", "Deliveries", "Delivered",
		"Participants", "Corridors", "Agreements", "Rates", "Reference", "Clients", "Authorities", "Memos", "Documents", "Begun")
	wantComplete(t, sampleDirectory())
	wantComplete(t, sampleMerchant())
}

func TestAMemoIsKept(t *testing.T) {
	t.Parallel()
	onBothMigrated(t, func(t *testing.T, s *store.Store) {
		want := store.Memo{Subject: "ord_1", Client: "vipps/123456", Request: "acme-1", Text: []byte{0, 1, 2}}
		write(t, s, store.Rows{Memos: []store.Memo{want}})
		got, err := s.Read().Memo(t.Context(), "ord_1")
		if err != nil {
			t.Fatal(err)
		}
		wantSame(t, "memo", want, got)
		write(t, s, store.Rows{Memos: []store.Memo{{Subject: "ord_1", Client: "other", Request: "other", Text: []byte("new")}}})
		want.Text = []byte("new")
		if got, err = s.Read().Memo(t.Context(), "ord_1"); err != nil {
			t.Fatal(err)
		}
		wantSame(t, "memo", want, got)
		_, err = s.Read().Memo(t.Context(), "ord_2")
		if reason, _ := hansa.ReasonOf(err); reason != hansa.NotFound {
			t.Errorf("another one: %v", err)
		}
	})
}

func TestDocumentsOfAClient(t *testing.T) {
	t.Parallel()
	onBothMigrated(t, func(t *testing.T, s *store.Store) {
		document := func(client, id, body string) store.ClientDocument {
			return store.ClientDocument{Client: client, Kind: "qr", ID: id, Body: []byte(body)}
		}
		write(t, s, store.Rows{Documents: []store.ClientDocument{
			document("a", "1", "one"), document("a", "2", "two"), document("b", "1", "another's"),
		}})
		write(t, s, store.Rows{Documents: []store.ClientDocument{document("a", "1", "changed"), {Client: "a", Kind: "qr", ID: "2"}}})
		all, err := s.Read().ClientDocuments(t.Context(), "a", "qr", 10)
		if err != nil {
			t.Fatal(err)
		}
		wantSame(t, "documents", []store.ClientDocument{document("a", "1", "changed")}, all)
		one, err := s.Read().ClientDocument(t.Context(), "b", "qr", "1")
		if err != nil {
			t.Fatal(err)
		}
		wantSame(t, "document", document("b", "1", "another's"), one)
	})
}

func TestRowsComeBackAsWritten(t *testing.T) {
	t.Parallel()
	onBothMigrated(t, func(t *testing.T, s *store.Store) {
		want := sampleRows()
		rows := sampleRows()
		rows.Merchants = []merchant.Merchant{sampleMerchant()}
		write(t, s, rows)
		wantSame(t, "rows", want, read(t, s, sampleKeys()))
	})
}

// TestManyRowsComeBackAsWritten: more than one statement takes.
func TestManyRowsComeBackAsWritten(t *testing.T) {
	t.Parallel()
	onBothMigrated(t, func(t *testing.T, s *store.Store) {
		const many = 8200
		var rows store.Rows
		var keys store.Keys
		for i := range many {
			key := store.MissKey{Scope: fmt.Sprintf("till-%04d", i), Minute: 1}
			rows.Misses = append(rows.Misses, store.Miss{Key: key, Count: int64(i)})
			keys.Misses = append(keys.Misses, key)
		}
		write(t, s, rows)
		wantSame(t, "rows", rows, read(t, s, keys))
	})
}

func TestEmptyRowsComeBackAsWritten(t *testing.T) {
	t.Parallel()
	onBothMigrated(t, func(t *testing.T, s *store.Store) {
		p := openPayment("pay_1")
		p.Late, p.Quarantined, p.CaptureLater = false, false, false
		p.PayerUntil, p.Deadline, p.CreatedAt, p.ChangedAt = time.Time{}, time.Time{}, time.Time{}, time.Time{}
		p.Partner, p.Terminal, p.OrderReference, p.Part, p.Code, p.Order, p.Quote = "", "", "", 0, "", "", ""
		p.Terms.ProviderReceives, p.Terms.ProviderGives, p.Terms.Provider = money.Amount{}, money.Amount{}, ""
		p.Terms.Rate, p.Terms.WalletRate, p.Terms.AcquirerRate = money.Rate{}, money.Rate{}, money.Rate{}
		p.Terms.MarkupBasisPoints, p.Terms.HasReference = 0, false
		p.Task = payment.Task{}
		rows := store.Rows{
			Payments:  []payment.Payment{p},
			Merchants: []merchant.Merchant{{ID: "m"}},
			Stores:    []merchant.Store{{ID: "empty", Merchant: "m", Currency: "NOK", Contracts: []merchant.Contract{}}, {ID: "none", Merchant: "m", Currency: "NOK"}},
			Persons:   []store.Person{{Reference: "per_1", Wallet: "alipay"}},
			Requests:  []store.Request{{Key: store.RequestKey{Participant: "nets"}}},
		}
		write(t, s, rows)
		rows.Merchants = nil
		wantSame(t, "rows", rows, read(t, s, store.Keys{
			Payments: []string{"pay_1"}, Stores: []string{"none", "empty"}, Persons: []string{"per_1"},
			Requests: []store.RequestKey{{Participant: "nets"}},
		}))
	})
}

// TestWhatChangesIsReplaced writes rows again with all that may change changed.
func TestWhatChangesIsReplaced(t *testing.T) {
	t.Parallel()
	onBothMigrated(t, func(t *testing.T, s *store.Store) {
		settled, p, m, o, q := samplePayment("pay_0"), openPayment("pay_1"), sampleMovement("ref_1", "pay_0"), sampleOrder("ord_1"), sampleQuote("quo_1")
		q.Payment, settled.Quote = "", ""
		rows := store.Rows{Payments: []payment.Payment{settled, p}, Movements: []payment.Movement{m}, Orders: []payment.Order{o}}
		rows.Quotes = append(rows.Quotes, q)
		write(t, s, rows)

		p.Version, p.Notes, p.State, p.Outcome, p.Reason = 8, 4, payment.Reversing, payment.WasExpired, hansa.PaymentExpired
		p.Late, p.Quarantined = false, false
		p.PayerUntil, p.Deadline, p.ChangedAt, p.OutcomeAt = at(40), time.Time{}, at(41), at(42)
		p.Held, p.Task = 399, payment.Task{Call: payment.CallInquire, Due: at(43), Tries: 3, Fence: 10, LeasedUntil: at(44)}
		m.Version, m.State, m.Reason, m.ChangedAt, m.Task = 3, payment.Failed, hansa.RefundTooLarge, at(45), payment.Task{Fence: 11}
		o.Version, o.State, o.Payment = 4, payment.OrderPaid, "pay_2"
		q.Payment = "pay_1"
		rows.Payments[1], rows.Movements[0], rows.Orders[0], rows.Quotes[0] = p, m, o, q
		write(t, s, rows)
		wantSame(t, "rows", rows, read(t, s, store.Keys{Payments: []string{"pay_0", "pay_1"}, Orders: []string{"ord_1"}, Quotes: []string{"quo_1"}}))
	})
}

// TestWhatWasAgreedStays writes a payment again with other terms and parties.
func TestWhatWasAgreedStays(t *testing.T) {
	t.Parallel()
	onBothMigrated(t, func(t *testing.T, s *store.Store) {
		want := openPayment("pay_1")
		write(t, s, store.Rows{Payments: []payment.Payment{want}})
		other := want
		other.Wallet, other.Payee.Name, other.Terms.Debit.Value, other.PayerToken = "vipps", "Another", 1, "tok_2"
		other.Notes++
		want.Notes++
		write(t, s, store.Rows{Payments: []payment.Payment{other}})
		got, err := s.Read().Payment(t.Context(), "pay_1")
		if err != nil {
			t.Fatal(err)
		}
		wantSame(t, "payment", want, got)
	})
}

// TestManyRows goes over the size of every chunk, and asks for keys twice, in
// disorder, and for some that are not there.
func TestManyRows(t *testing.T) {
	t.Parallel()
	onBothMigrated(t, func(t *testing.T, s *store.Store) {
		const count = 64 + 16 + 4 + 3
		var rows store.Rows
		var keys store.Keys
		for i := range count {
			id := fmt.Sprintf("pay_%03d", i)
			p := samplePayment(id)
			p.Quote = ""
			rows.Payments = append(rows.Payments, p)
			for j := range 2 {
				m := sampleMovement(fmt.Sprintf("mov_%d_%03d", 9-j, i), id)
				m.CreatedAt = at(j)
				rows.Movements = append(rows.Movements, m)
			}
			key := store.ReferenceKey{Scope: "merchant/bryggen", Reference: fmt.Sprintf("%03d", i), Part: i % 2}
			rows.References = append(rows.References, store.Reference{Key: key, Holder: id})
			keys.Payments = append(keys.Payments, id, "pay_missing", id)
			keys.References = append(keys.References, key, key)
		}
		write(t, s, rows)
		slices.Reverse(keys.Payments)
		slices.Reverse(keys.References)
		wantSame(t, "rows", rows, read(t, s, keys))
		// A movement whose payment is not known brings the whole payment.
		got := read(t, s, store.Keys{Movements: []string{"mov_9_050", "mov_missing"}})
		wantSame(t, "rows of a movement", store.Rows{Payments: rows.Payments[50:51], Movements: rows.Movements[100:102]}, got)
	})
}

func TestDirectoryComesBackAsWritten(t *testing.T) {
	t.Parallel()
	onBothMigrated(t, func(t *testing.T, s *store.Store) {
		want := sampleDirectory()
		rows := store.Rows{
			Participants: want.Participants, Corridors: want.Corridors, Agreements: want.Agreements, Clients: want.Clients, Authorities: want.Authorities,
			Rates: want.Rates, Reference: want.References,
		}
		tx := begin(t, s)
		for range 2 { // The version rises once in a commit.
			if err := tx.Write(t.Context(), rows); err != nil {
				t.Fatal(err)
			}
		}
		inside, err := tx.Listing(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		wantSame(t, "listing in the transaction", want, inside)
		if err := tx.Commit(); err != nil {
			t.Fatal(err)
		}
		got, err := s.Read().Listing(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		wantSame(t, "listing", want, got)

		rows = store.Rows{Participants: []member.Participant{{ID: "vipps"}, {ID: "alipay", Name: "Another name"}}}
		write(t, s, rows)
		if got, err = s.Read().Listing(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got.Version != 2 || len(got.Participants) != 2 || got.Participants[0].Name != "Another name" {
			t.Errorf("version %d with %v", got.Version, got.Participants)
		}
		wantChanges(t, s, want)
	})
}

// wantChanges reads parts of a directory, of which two participants have changed.
func wantChanges(t *testing.T, s *store.Store, first store.Listing) {
	t.Helper()
	for since, want := range []int{2, 2, 0} {
		news, err := s.Read().Changed(t.Context(), int64(since))
		if err != nil || len(news.Participants) != want || news.Version != 2 || (len(news.Clients) > 0) != (since == 0) {
			t.Errorf("since %d: %d participants, version %d, %v", since, len(news.Participants), news.Version, err)
		}
	}
	client, err := s.Read().Client(t.Context(), first.Clients[0].Name())
	if err != nil {
		t.Fatal(err)
	}
	wantSame(t, "client", first.Clients[0], client)
	_, err = s.Read().Client(t.Context(), "plain/nobody")
	if reason, _ := hansa.ReasonOf(err); reason != hansa.NotFound {
		t.Errorf("no client: %v", err)
	}
	rates, err := s.Read().StandingRates(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	wantSame(t, "rates", first.Rates, rates)
}

func TestBooksComeBackAsWritten(t *testing.T) {
	t.Parallel()
	onBothMigrated(t, func(t *testing.T, s *store.Store) {
		want := []store.Window{sampleWindow("win_eur", "EUR"), sampleWindow("win_nok", "NOK")}
		entry := sampleEntry("ent_1", "pay_1")
		write(t, s, store.Rows{
			Windows: want, Payments: []payment.Payment{samplePayment("pay_1")}, Entries: []ledger.Entry{entry},
		})
		tx := begin(t, s)
		open, err := tx.OpenWindows(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		wantSame(t, "open windows", want, open)
		tx.Rollback()
		var lines []store.Posted
		for place, posting := range entry.Postings {
			lines = append(lines, store.Posted{
				Entry: "ent_1", Payment: "pay_1", Cause: ledger.Approval, Subject: "pay_1", Place: place, Posting: posting,
			})
		}
		wantSame(t, "postings", lines, all(t, s.Read().EachPosting(t.Context())))

		want[0].ClosedAt = at(10)
		write(t, s, store.Rows{Windows: append(want[:1:1], sampleWindow("win_eur_2", "EUR"))})
		tx = begin(t, s)
		if open, err = tx.OpenWindows(t.Context()); err != nil {
			t.Fatal(err)
		}
		wantSame(t, "open windows", []store.Window{sampleWindow("win_eur_2", "EUR"), want[1]}, open)
	})
}
