package payment_test

import (
	"testing"

	"github.com/hansa-network/hansa/fx"
	"github.com/hansa-network/hansa/ledger"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/payment"
)

// TestHalfOfTheOrderIsHalfOfTheSettlement at the rate of the payment, as in Alipay's sample
// of a settlement file: 18000 KRW are 14.50 USD, and a refund of 9000 KRW takes 7.25 back.
func TestHalfOfTheOrderIsHalfOfTheSettlement(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := start(subject, payment.TillScans)
	s.Terms = fx.Terms{
		Order: money.New(18000, "KRW"), Debit: money.New(104_40, "CNY"), Provider: "hanseatic",
		WalletSettlement: money.New(12_50, "EUR"), ProviderReceives: money.New(12_50, "EUR"),
		AcquirerSettlement: money.New(14_50, "USD"), ProviderGives: money.New(14_50, "USD"),
	}
	s.Store.Currency, s.Wallet.Wallet.Cap = "KRW", ledger.Uncapped
	if err := w.enter(s); err != nil {
		t.Fatal(err)
	}
	half := payment.Amounts{
		Order: money.New(9000, "KRW"), Debit: money.New(52_20, "CNY"),
		WalletSettlement: money.New(6_25, "EUR"), ProviderReceives: money.New(6_25, "EUR"),
		AcquirerSettlement: money.New(7_25, "USD"), ProviderGives: money.New(7_25, "USD"),
	}
	for _, step := range []struct {
		event payment.Event
		books string
	}{
		{yes(w.payments[subject]), "acquirer/nets.no 14.50 USD, fx/hanseatic -14.50 USD, fx/hanseatic 12.50 EUR, wallet/alipay -12.50 EUR"},
		{payment.RefundAsked{ID: "one half", Amount: half.Order}, "acquirer/nets.no 14.50 USD, fx/hanseatic -14.50 USD, fx/hanseatic 12.50 EUR, wallet/alipay -12.50 EUR"},
		{payment.MovementAcknowledged{ID: "one half"}, "acquirer/nets.no 7.25 USD, fx/hanseatic -7.25 USD, fx/hanseatic 6.25 EUR, wallet/alipay -6.25 EUR"},
		{payment.RefundAsked{ID: "the other", Amount: half.Order}, "acquirer/nets.no 7.25 USD, fx/hanseatic -7.25 USD, fx/hanseatic 6.25 EUR, wallet/alipay -6.25 EUR"},
		{payment.MovementAcknowledged{ID: "the other"}, ""},
	} {
		if err := w.at(1).hears(subject, step.event); err != nil {
			t.Fatal(err)
		}
		if books := w.books(); books != step.books {
			t.Errorf("%T: %s, want %s", step.event, books, step.books)
		}
	}
	for _, m := range w.movements[subject] {
		if m.Kind == payment.Refund && m.Amounts != half {
			t.Errorf("%s: %+v", m.ID, m.Amounts)
		}
	}
}
