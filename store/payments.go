package store

import (
	"slices"

	"github.com/hansa-network/hansa/fx"
	"github.com/hansa-network/hansa/payment"
)

// What was agreed when a payment began is never written again. Nor is the
// outcome that was told.
var payments = &table[payment.Payment]{
	name: "payments", key: []string{"id"}, columns: paymentColumns,
	guard: "payments.version <= excluded.version AND payments.outcome IN ('', excluded.outcome)",
}

func paymentColumns(p *payment.Payment) []column {
	return slices.Concat(
		fixed(
			text("id", &p.ID), text("flow", &p.Flow), text("mode", &p.Mode),
			text("wallet", &p.Wallet), text("acquirer", &p.Acquirer), text("branch", &p.Branch), text("partner", &p.Partner),
			text("merchant", &p.Merchant)),
		fixed(payeeColumns(&p.Payee)...),
		fixed(
			text("terminal", &p.Terminal), text("order_reference", &p.OrderReference), number("part", &p.Part),
			text("code", &p.Code), text("order_id", &p.Order), text("quote", &p.Quote)),
		fixed(termsColumns(&p.Terms)...),
		fixed(
			text("payer", &p.Payer), text("payer_token", &p.PayerToken),
			text("agreement", &p.Agreement), number("agreement_version", &p.AgreementVersion),
			span("payer_wait", &p.PayerWait), moment("created_at", &p.CreatedAt), flag("capture_later", &p.CaptureLater)),
		[]column{
			number("version", &p.Version), number("notes", &p.Notes),
			text("state", &p.State), text("outcome", &p.Outcome), text("reason", &p.Reason),
			flag("late", &p.Late), flag("quarantined", &p.Quarantined),
			moment("payer_until", &p.PayerUntil), moment("deadline", &p.Deadline),
			moment("changed_at", &p.ChangedAt), moment("outcome_at", &p.OutcomeAt),
			number("held", &p.Held), number("captured", &p.Captured), number("released", &p.Released),
			number("refunding", &p.Refunding), number("refunded", &p.Refunded),
		},
		taskColumns(&p.Task),
		[]column{computed("wake_at", p.WakeAt())},
	)
}

func payeeColumns(p *payment.Payee) []column {
	return []column{
		text("payee_store", &p.Store), text("payee_name", &p.Name), text("payee_city", &p.City),
		text("payee_country", &p.Country), text("payee_category", &p.Category),
	}
}

func termsColumns(t *fx.Terms) []column {
	return slices.Concat(
		amount("order", &t.Order), amount("debit", &t.Debit),
		amount("wallet", &t.WalletSettlement), amount("acquirer", &t.AcquirerSettlement),
		amount("receives", &t.ProviderReceives), amount("gives", &t.ProviderGives),
		[]column{
			rate("rate", &t.Rate), rate("wallet_rate", &t.WalletRate), rate("acquirer_rate", &t.AcquirerRate),
			text("provider", &t.Provider), rounding("rounding", &t.Rounding),
			number("markup_basis_points", &t.MarkupBasisPoints), flag("has_reference", &t.HasReference),
		},
	)
}

func taskColumns(t *payment.Task) []column {
	return []column{
		text("task_call", &t.Call), moment("task_due", &t.Due), number("task_tries", &t.Tries),
		number("task_fence", &t.Fence), moment("task_leased_until", &t.LeasedUntil),
	}
}

// A movement that has succeeded or failed stays so.
var movements = &table[payment.Movement]{
	name: "movements", key: []string{"id"}, columns: movementColumns,
	guard: "movements.version <= excluded.version AND movements.state IN ('pending', excluded.state)",
}

func movementColumns(m *payment.Movement) []column {
	return slices.Concat(
		fixed(text("id", &m.ID), text("payment", &m.Payment), text("kind", &m.Kind)),
		fixed(amountsColumns(&m.Amounts)...),
		fixed(moment("created_at", &m.CreatedAt)),
		[]column{
			number("version", &m.Version), text("state", &m.State), text("reason", &m.Reason), moment("changed_at", &m.ChangedAt),
		},
		taskColumns(&m.Task),
		[]column{computed("wake_at", m.WakeAt())},
	)
}

func amountsColumns(a *payment.Amounts) []column {
	return slices.Concat(
		amount("order", &a.Order), amount("debit", &a.Debit),
		amount("wallet", &a.WalletSettlement), amount("acquirer", &a.AcquirerSettlement),
		amount("receives", &a.ProviderReceives), amount("gives", &a.ProviderGives),
	)
}

var (
	paymentsByID       = byText(payments, "id", "id")
	movementsByID      = byText(movements, "id", "id")
	movementsByPayment = byText(movements, "payment", "payment, created_at, id")
)
