package store_test

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/hansa-network/hansa/fx"
	"github.com/hansa-network/hansa/ledger"
	"github.com/hansa-network/hansa/merchant"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/payment"
	"github.com/hansa-network/hansa/store"
	"github.com/hansa-network/hansa/store/pgtest"
)

// BenchmarkPayments takes payments through four commits each, as a hub does
// that finds one request in each batch; or, in the cases with more, as many.
func BenchmarkPayments(b *testing.B) {
	databases := map[string]func() string{
		"sqlite":   func() string { return filepath.Join(b.TempDir(), "hansa.db") },
		"postgres": func() string { return pgtest.Database(b) },
	}
	for _, name := range []string{"sqlite", "postgres"} {
		for _, size := range []int{1, 64} {
			b.Run(fmt.Sprintf("%s/%d", name, size), func(b *testing.B) {
				s := openMigrated(b, databases[name]())
				write(b, s, store.Rows{Windows: []store.Window{sampleWindow("win_eur", "EUR"), sampleWindow("win_nok", "NOK")}})
				b.ResetTimer()
				for batch := 0; batch*size < b.N; batch++ {
					for stage := range 4 {
						payBatch(b, s, batch, size, stage)
					}
				}
			})
		}
	}
}

// payBatch commits one stage of the payments of a batch.
func payBatch(b *testing.B, s *store.Store, batch, size, stage int) {
	b.Helper()
	var keys store.Keys
	var rows store.Rows
	var texts []string
	for i := range size {
		name := fmt.Sprintf("%012d", batch*size+i)
		p := openPayment("pay_" + name)
		p.Version = int64(stage + 1)
		if stage == 3 {
			p = samplePayment("pay_" + name)
			p.State, p.Held = payment.Approved, 0
			e := sampleEntry("ent_"+name, p.ID)
			rows.Entries = append(rows.Entries, e)
		}
		request := store.RequestKey{Participant: "nets", Operation: "pay", ID: fmt.Sprint(stage, name)}
		nonce := store.Nonce{KeyID: "nets#1", Value: fmt.Sprint(stage, name), At: at(stage)}
		reference := store.ReferenceKey{Scope: "merchant/bryggen", Reference: name}
		keys.Requests = append(keys.Requests, request)
		keys.Nonces = append(keys.Nonces, nonce)
		keys.Codes = append(keys.Codes, name)
		keys.Persons = append(keys.Persons, name)
		keys.References = append(keys.References, reference)
		keys.Payments = append(keys.Payments, p.ID)
		rows.Requests = append(rows.Requests, store.Request{Key: request, KeyID: "nets#1", Subject: p.ID, At: at(stage)})
		rows.Nonces = append(rows.Nonces, nonce)
		rows.Codes = append(rows.Codes, store.PaymentCode{Code: name, Wallet: "alipay", Payer: name, Payment: p.ID})
		rows.Persons = append(rows.Persons, store.Person{Reference: name, Wallet: "alipay", Key: []byte{1}, Sealed: []byte{2}})
		rows.References = append(rows.References, store.Reference{Key: reference, Holder: p.ID})
		rows.Payments = append(rows.Payments, p)
		rows.Quotes = append(rows.Quotes, quoteOf(p))
		texts = append(texts, fmt.Sprintf(`{"note":"payment.pending","payment":%q}`, p.ID), fmt.Sprintf(`{"again":%q}`, p.ID))
	}
	rows.Positions = []ledger.Position{
		{Account: "wallet/alipay", Currency: "EUR", Cap: -1}, {Account: "acquirer/nets.no", Currency: "NOK", Cap: -1},
	}
	keys.Positions = []store.PositionKey{{Account: "wallet/alipay", Currency: "EUR"}, {Account: "acquirer/nets.no", Currency: "NOK"}}
	keys.Stores, keys.Terminals = []string{"bergen-cafe"}, []string{"till-1"}

	ctx := context.Background()
	tx := begin(b, s)
	steps := []func() error{
		func() error { _, err := tx.OpenWindows(ctx); return err },
		func() error { _, _, _, err := tx.Due(ctx, at(0), 64); return err },
		func() error { _, err := tx.Read(ctx, keys); return err },
		func() error { return tx.Write(ctx, rows) },
		func() error { _, _, err := tx.Append(ctx, at(stage), eventsOf(texts...)); return err },
		tx.Commit,
	}
	for _, step := range steps {
		if err := step(); err != nil {
			b.Fatal(err)
		}
	}
}

func quoteOf(p payment.Payment) fx.Quote {
	quote := sampleQuote(p.Quote)
	quote.Payment = p.ID
	return quote
}

// BenchmarkRegistration writes 190,000 stores with a contract, a terminal and a
// code each in one commit.
func BenchmarkRegistration(b *testing.B) {
	const stores = 190_000
	var rows store.Rows
	rows.Merchants = []merchant.Merchant{sampleMerchant()}
	for i := range stores {
		id := fmt.Sprintf("store-%06d", i*7919%stores)
		one := sampleStore(id)
		one.Contracts = one.Contracts[:1]
		rows.Stores = append(rows.Stores, one)
		rows.Terminals = append(rows.Terminals, merchant.Terminal{ID: "till-" + id, Store: id, Acquirer: "nets"})
		rows.StoreCodes = append(rows.StoreCodes, merchant.IssuedCode{Code: fmt.Sprint("47", i), Store: id, Acquirer: "nets", IssuedAt: at(1)})
	}
	rows.Ranges = []store.CodeRange{{Acquirer: "nets", Prefix: "47", Next: stores, Last: money.AmountMax}}
	for b.Loop() {
		b.StopTimer()
		s := openMigrated(b, filepath.Join(b.TempDir(), "hansa.db"))
		b.StartTimer()
		write(b, s, rows)
	}
}
