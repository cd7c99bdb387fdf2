package web

import (
	"time"

	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/fx"
	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/merchant"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/payment"
)

// sees reports whether a participant takes part in a payment as far as it may
// know. An acquirer never hears of one that a wallet announced until that is
// approved.
func sees(participant string, p payment.Payment) bool {
	return p.Wallet == participant || acquires(participant, p) || recruited(participant, p)
}

func acquires(participant string, p payment.Payment) bool {
	return p.Acquirer == participant && (p.Flow != payment.WalletDebits || p.Outcome == payment.WasApproved)
}

// recruited reports whether a payment is of the portfolio of an acquiring partner, who
// sees of it what its acquirer may, but for the payer.
func recruited(partner string, p payment.Payment) bool {
	return p.Partner == partner && acquires(p.Acquirer, p)
}

// paymentOf is a payment as participant sees it: the token for the payer is the
// acquirer's.
func paymentOf(participant string, p payment.Payment) api.Payment {
	shown := api.Payment{
		Reference: p.ID, Status: p.Status(), PendingReason: p.PendingReason(), Reason: string(p.Reason), Mode: string(p.Mode),
		Wallet: p.Wallet, Acquirer: p.Acquirer, Branch: p.Branch, Store: p.Payee.Store, Terminal: p.Terminal,
		OrderReference: p.OrderReference, Order: p.Order, OrderAmount: p.Terms.Order, DebitAmount: p.Terms.Debit,
		Rate: rateOf(p.Terms.Rate), CreatedAt: p.CreatedAt, OutcomeAt: timeOf(p.OutcomeAt),
	}
	if acquires(participant, p) {
		shown.Payer = p.PayerToken
		shown.Settlement = &api.Settlement{Amount: p.Terms.AcquirerSettlement, Rate: rateOf(p.Terms.AcquirerRate)}
	}
	return shown
}

// EventFor is an entry of the journal as participant hears it. Who may hear of
// it was decided when it was recorded; the token for the payer is the acquirer's.
// The cursor is that of the entry, as api.Cursor writes it.
func EventFor(participant, cursor string, record hub.Record) api.Event {
	event := api.Event{Cursor: cursor, Type: record.Type, At: record.At, Sequence: record.Sequence}
	if record.Reference == "" || record.OrderAmount == nil || record.DebitAmount == nil {
		event.Order = record.Order
		return event
	}
	event.Payment = &api.Payment{
		Reference: record.Reference, Status: record.Status, PendingReason: record.PendingReason, Reason: record.Reason,
		Mode: record.Mode, Wallet: record.Wallet, Acquirer: record.Acquirer, Branch: record.Branch, Store: record.Store,
		Terminal: record.Terminal, OrderReference: record.OrderReference, Order: record.Order,
		OrderAmount: amountOf(*record.OrderAmount), DebitAmount: amountOf(*record.DebitAmount), Rate: record.Rate,
		OutcomeAt: record.OutcomeAt,
	}
	if record.CreatedAt != nil {
		event.Payment.CreatedAt = *record.CreatedAt
	}
	if record.Acquirer == participant {
		event.Payment.Payer = record.Payer
	}
	if m := record.Movement; m != nil {
		event.Movement = &api.Movement{
			Movement: m.Movement, Payment: record.Reference, Kind: m.Kind, Status: m.Status, Reason: m.Reason,
			OrderAmount: amountOf(m.OrderAmount), DebitAmount: amountOf(m.DebitAmount), CreatedAt: m.CreatedAt, ChangedAt: m.ChangedAt,
		}
	}
	return event
}

func movementOf(m payment.Movement) api.Movement {
	return api.Movement{
		Movement: m.ID, Payment: m.Payment, Kind: string(m.Kind), Status: string(m.State), Reason: string(m.Reason),
		OrderAmount: m.Amounts.Order, DebitAmount: m.Amounts.Debit, CreatedAt: m.CreatedAt, ChangedAt: m.ChangedAt,
		Settlement: &api.Settlement{Amount: m.Amounts.AcquirerSettlement},
	}
}

func payeeOf(p payment.Payee) api.Payee {
	return api.Payee{Store: p.Store, Name: p.Name, City: p.City, Country: p.Country, Category: p.Category}
}

func quoteOf(q fx.Quote, payee payment.Payee) api.Quote {
	shown := api.Quote{
		Quote: q.ID, Order: q.Order, Payee: payeeOf(payee), OrderAmount: q.Terms.Order, DebitAmount: q.Terms.Debit,
		Rate: rateOf(q.Terms.Rate), Fee: money.New(0, q.Terms.Debit.Currency), ExpiresAt: q.ExpiresAt,
	}
	if q.Terms.HasReference {
		shown.MarkupBasisPoints = &q.Terms.MarkupBasisPoints
	}
	return shown
}

// storeOf is a store as participant sees it: with the contracts that it has with the
// store as an acquirer, or that it recruited the store for.
func storeOf(participant string, s merchant.Store) api.Store {
	shown := api.Store{
		Store: s.ID, Merchant: s.Merchant, Name: s.Name, City: s.City, Country: s.Country, Category: s.Category,
		Currency: string(s.Currency), Suspended: s.Suspended, Contracts: []api.Contract{},
	}
	for _, c := range s.Contracts {
		if isOf(participant, c) {
			shown.Contracts = append(shown.Contracts, api.Contract{
				Branch: c.Branch, Partner: c.Partner, Wallets: c.Wallets, From: c.From, Until: timeOf(c.Until),
			})
		}
	}
	return shown
}

// isOf reports whether a contract is an acquirer's, or an acquiring partner's.
func isOf(participant string, c merchant.Contract) bool {
	return c.Acquirer == participant || c.Partner == participant
}

func amountOf(a hub.RecordedAmount) money.Amount { return money.New(a.Value, a.Currency) }

// rateOf is nothing where nothing is converted.
func rateOf(r money.Rate) *money.Rate {
	if r.IsZero() {
		return nil
	}
	return &r
}

// timeOf is nothing for a time that has not come.
func timeOf(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
