package store_test

import (
	"crypto/ed25519"
	"fmt"
	"reflect"
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
	"github.com/hansa-network/hansa/store"
)

// at is the time so many seconds and microseconds into the samples' day.
func at(seconds int) time.Time {
	return time.Date(2026, time.November, 22, 12, 0, seconds, 123_456_000, time.UTC)
}

func mustRate(base, quote money.Currency, decimal string) money.Rate {
	rate, err := money.NewRate(base, quote, decimal)
	if err != nil {
		panic(err)
	}
	return rate
}

func sampleTerms() fx.Terms {
	return fx.Terms{
		Order: money.New(10_000, "NOK"), Debit: money.New(7_145, "CNY"),
		WalletSettlement: money.New(861, "EUR"), AcquirerSettlement: money.New(9_999, "NOK"),
		ProviderReceives: money.New(860, "EUR"), ProviderGives: money.New(10_000, "NOK"),
		Rate: mustRate("NOK", "CNY", "0.7145"), WalletRate: mustRate("EUR", "NOK", "11.62"),
		AcquirerRate: mustRate("EUR", "NOK", "0.000000000000000001"),
		Provider:     "hanseatic", Rounding: money.Down, MarkupBasisPoints: -25, HasReference: true,
	}
}

func samplePayee() payment.Payee {
	return payment.Payee{Store: "bergen-cafe", Name: "Kafé Bryggen «ø»", City: "Bergen", Country: "NO", Category: "5812"}
}

// samplePayment has something in every field.
func samplePayment(id string) payment.Payment {
	return payment.Payment{
		ID: id, Version: 7, Notes: 3, Flow: payment.WalletAsks, Mode: member.Dynamic,
		State: payment.Authorised, Outcome: payment.WasApproved, Reason: hansa.PaymentDeclined,
		Late: true, Quarantined: true,
		Wallet: "alipay", Acquirer: "nets", Branch: "nets.no", Partner: "2paynow", Merchant: "bryggen",
		Payee: samplePayee(), Terminal: "till-1", OrderReference: "receipt-1", Part: 2, Code: "281006123456789012345678",
		Order: "ord_1", Quote: "quo_of_" + id, Terms: sampleTerms(), Payer: "per_1", PayerToken: "tok_1",
		Agreement: "agr_1", AgreementVersion: 4, PayerWait: 61 * time.Second,
		PayerUntil: at(60), Deadline: at(65), CreatedAt: at(1), ChangedAt: at(2), OutcomeAt: at(3), CaptureLater: true,
		Held: 400, Captured: 5_000, Released: 10, Refunding: 20, Refunded: 30, Task: sampleTask(payment.CallCancel),
	}
}

// openPayment is one whose wallet was asked and has not answered.
func openPayment(id string) payment.Payment {
	p := samplePayment(id)
	p.State, p.Outcome, p.Reason, p.OutcomeAt = payment.Asking, payment.Undecided, "", time.Time{}
	p.Captured, p.Released, p.Refunding, p.Refunded = 0, 0, 0, 0
	return p
}

func sampleTask(call payment.Call) payment.Task {
	return payment.Task{Call: call, Due: at(30), Tries: 2, Fence: 9, LeasedUntil: at(20)}
}

func sampleMovement(id, of string) payment.Movement {
	return payment.Movement{
		ID: id, Version: 2, Payment: of, Kind: payment.Refund, State: payment.Pending, Reason: hansa.NotAllowedNow,
		Amounts: payment.AmountsOf(sampleTerms()), CreatedAt: at(4), ChangedAt: at(5), Task: sampleTask(payment.CallRefund),
	}
}

func sampleOrder(id string) payment.Order {
	return payment.Order{
		ID: id, Version: 3, Static: true, State: payment.OrderHeld, Payment: "pay_1", Merchant: "bryggen",
		Payee: samplePayee(), Terminal: "till-1", Acquirer: "nets", Branch: "nets.no", Partner: "2paynow",
		Reference: "receipt-1", Part: 2, StoreCode: "010000000001", Amount: money.New(10_000, "NOK"), CaptureLater: true,
		CreatedAt: at(0), ExpiresAt: at(50),
	}
}

func sampleQuote(id string) fx.Quote {
	return fx.Quote{
		ID: id, Wallet: "alipay", Acquirer: "nets", Store: "bergen-cafe", Order: "ord_1", Terms: sampleTerms(),
		CreatedAt: at(0), ExpiresAt: at(55), Payment: "pay_of_" + id,
	}
}

func sampleWindow(id string, currency money.Currency) store.Window {
	return store.Window{ID: id, Currency: currency, OpenedAt: at(0)}
}

func sampleEntry(id, of string) ledger.Entry {
	return ledger.Entry{ID: id, Payment: of, Cause: ledger.Approval, Subject: of, Postings: []ledger.Posting{
		{Account: "wallet/alipay", Amount: money.New(-861, "EUR"), Window: "win_eur"},
		{Account: "fx/hanseatic", Amount: money.New(861, "EUR"), Window: "win_eur"},
		{Account: "fx/hanseatic", Amount: money.New(-9_999, "NOK"), Window: "win_nok"},
		{Account: "acquirer/nets.no", Amount: money.New(9_999, "NOK"), Window: "win_nok"},
	}}
}

func sampleStore(id string) merchant.Store {
	return merchant.Store{
		ID: id, Merchant: "bryggen", Name: "Kafé Bryggen", City: "Bergen", Country: "NO", Category: "5812", Currency: "NOK",
		Suspended: true, Contracts: []merchant.Contract{
			{Acquirer: "nets", Branch: "nets.no", Partner: "2paynow", Wallets: []string{"alipay", "vipps"}, From: at(0), Until: at(59)},
			{Acquirer: "vipps", Branch: "vipps.no", From: at(1)},
		},
	}
}

// sampleRows has something of every kind that Read finds again.
func sampleRows() store.Rows {
	return store.Rows{
		Requests: []store.Request{{
			Key:  store.RequestKey{Participant: "nets", Operation: "pay", ID: "request-1"},
			Body: [32]byte{1, 2, 31: 3}, KeyID: "nets#1", Subject: "pay_1", Reason: hansa.CodeUsed, Detail: "this code", At: at(1),
		}},
		Nonces:     []store.Nonce{{KeyID: "nets#1", Value: "nonce-1", At: at(1)}},
		Codes:      []store.PaymentCode{{Code: "281006123456789012345678", Wallet: "alipay", Payer: "per_1", ExpiresAt: at(60), Payment: "pay_1"}},
		Persons:    []store.Person{{Reference: "per_1", Wallet: "alipay", Key: []byte{1, 0, 2}, Sealed: []byte{0, 3}}},
		References: []store.Reference{{Key: store.ReferenceKey{Scope: "merchant/bryggen", Reference: "receipt-1", Part: 2}, Holder: "pay_1"}},
		Payments:   []payment.Payment{samplePayment("pay_1")},
		Movements:  []payment.Movement{sampleMovement("ref_1", "pay_1")},
		Orders:     []payment.Order{sampleOrder("ord_1")},
		Quotes:     []fx.Quote{sampleQuote("quo_1")},
		Positions:  []ledger.Position{{Account: "wallet/alipay", Currency: "EUR", Balance: -861, Reserved: 12, Cap: 1_000}},
		Stores:     []merchant.Store{sampleStore("bergen-cafe")},
		Terminals:  []merchant.Terminal{{ID: "till-1", Store: "bergen-cafe", Acquirer: "nets"}},
		StoreCodes: []merchant.IssuedCode{{Code: "470001", Store: "bergen-cafe", Acquirer: "nets", IssuedAt: at(1), RevokedAt: at(9)}},
		Misses:     []store.Miss{{Key: store.MissKey{Scope: "till-1", Minute: 29_000_000}, Count: 4}},
		Ranges:     []store.CodeRange{{Acquirer: "nets", Prefix: "47", Next: 2, Last: 9_999}},
	}
}

// sampleKeys are those of sampleRows.
func sampleKeys() store.Keys {
	return store.Keys{
		Requests: []store.RequestKey{{Participant: "nets", Operation: "pay", ID: "request-1"}},
		Nonces:   []store.Nonce{{KeyID: "nets#1", Value: "nonce-1", At: at(1)}},
		Codes:    []string{"281006123456789012345678"}, Persons: []string{"per_1"},
		References: []store.ReferenceKey{{Scope: "merchant/bryggen", Reference: "receipt-1", Part: 2}},
		Payments:   []string{"pay_1"}, Orders: []string{"ord_1"}, Quotes: []string{"quo_1"},
		Positions: []store.PositionKey{{Account: "wallet/alipay", Currency: "EUR"}},
		Stores:    []string{"bergen-cafe"}, Terminals: []string{"till-1"}, StoreCodes: []string{"470001"},
		Misses: []store.MissKey{{Scope: "till-1", Minute: 29_000_000}}, Ranges: []string{"nets"},
	}
}

// sampleMerchant is whom the sample store belongs to.
func sampleMerchant() merchant.Merchant {
	return merchant.Merchant{ID: "bryggen", Name: "Bryggen AS", Country: "NO"}
}

func sampleDirectory() store.Listing {
	return store.Listing{
		Listing: member.Listing{
			Version: 1,
			Participants: []member.Participant{{
				ID: "alipay", Name: "Alipay", Country: "CN", Roles: []member.Holding{{Role: member.Wallet, Suspended: true}},
				Branches: []member.Branch{{ID: "alipay.cn", Country: "CN", Currency: "CNY", Cap: 5}},
				Keys: []member.Key{{
					ID: "alipay#1", Public: ed25519.PublicKey{1, 2, 3}, NotBefore: at(0), NotAfter: at(9), Withdrawn: true,
				}},
				Endpoint: "http://alipay.example", Webhook: "http://alipay.example/events", Principal: "ant", Suspended: true,
				Wallet: member.WalletSide{
					Issuers: []string{"281006"}, Debits: "CNY", Settles: "EUR", Cap: 1_000, PayerWait: time.Minute, NotifyMode: true,
					OwnCodes: true, Client: "alipay/5Y5X",
				},
				Acquirer: member.AcquirerSide{Links: []member.Link{{Host: "qr.alipay.example", Path: "/x/"}}, Client: "alipay/5Y5X"},
			}},
			Corridors: []member.Corridor{{
				ID: "alipay-no", Wallet: "alipay", Market: "NO", Modes: []member.Mode{member.Static}, Categories: []string{"5812"},
				Agreement: "agr_1", AgreementVersion: 4, From: at(0), Until: at(9), Closed: true, Provider: "hanseatic", Spread: 50,
				Limits: []member.Limit{{Mode: member.Static, Currency: "CNY", Smallest: 1, Largest: 50_000}},
			}},
			Agreements:  []member.Agreement{{ID: "agr_1", Version: 4, Parties: []string{"alipay", "nets"}, From: at(0), Until: at(9)}},
			Authorities: []member.Authority{{Provider: "bluecode", Principal: "alipay", From: at(0), Until: at(9), Suspended: true}},
			Clients: []member.Client{{
				Dialect: "alipay", ID: "5Y5X", Participant: "alipay", Provider: "alipay", Merchant: "bryggen", Store: "bergen-cafe",
				Terminal: "till-1", PublicKey: "PEM", Secrets: map[string]string{"client_secret": "00"}, Withdrawn: true,
				Hooks: []member.Hook{{ID: "1", URL: "https://cafe.example/", Secret: "s", Events: []string{"paid"}}},
			}},
		},
		Rates: []fx.StandingRate{{
			Provider: "hanseatic", Rate: mustRate("EUR", "NOK", "11.62"), Spread: 30, ClosedSpread: 90,
			PublishedAt: at(0), NextPublication: at(30),
		}},
		References: []fx.Reference{{Source: "ecb", Rate: mustRate("EUR", "NOK", "11.6"), Date: at(0)}},
	}
}

// emptyFields returns the fields of v, and of the structs and lists in it, that
// hold nothing. What is always zero in a complete row is named in except.
func emptyFields(v any, except ...string) []string {
	var empty []string
	var walk func(path string, value reflect.Value)
	walk = func(path string, value reflect.Value) {
		switch {
		case value.IsZero():
			if !slices.Contains(except, path) {
				empty = append(empty, path)
			}
		case value.Kind() == reflect.Struct && value.Type().PkgPath() != "time" && value.NumField() > 0 && value.Type() != reflect.TypeFor[money.Rate]():
			for i := range value.NumField() {
				walk(strings.TrimPrefix(path+"."+value.Type().Field(i).Name, "."), value.Field(i))
			}
		case value.Kind() == reflect.Slice && value.Type().Elem().Kind() == reflect.Struct:
			walk(fmt.Sprintf("%s[0]", path), value.Index(0))
		}
	}
	walk("", reflect.ValueOf(v))
	return empty
}

// wantComplete fails the test if a sample leaves a field empty: a new field
// would otherwise be lost by the store, and nobody would see it.
func wantComplete(t *testing.T, sample any, except ...string) {
	t.Helper()
	if empty := emptyFields(sample, except...); len(empty) > 0 {
		t.Errorf("the sample %T says nothing of %s", sample, strings.Join(empty, ", "))
	}
}
