package store

import (
	"github.com/hansa-network/hansa/fx"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/payment"
)

// What was agreed when a payment began is never written again. Nor is the
// outcome that was told.
var payments = &table[payment.Payment]{
	name: "payments", key: []string{"id"}, columns: paymentColumns,
	guard: "payments.version <= excluded.version AND payments.outcome IN ('', excluded.outcome)",
}

func paymentColumns(b *binding, p *payment.Payment) {
	b.fixed()
	text(b, "id", &p.ID)
	text(b, "flow", &p.Flow)
	text(b, "wallet", &p.Wallet)
	text(b, "acquirer", &p.Acquirer)
	text(b, "payee_store", &p.Payee.Store)
	text(b, "order_reference", &p.OrderReference)
	number(b, "part", &p.Part)
	text(b, "code", &p.Code)
	text(b, "quote", &p.Quote)
	amount(b, "order", &p.Terms.Order)
	amount(b, "debit", &p.Terms.Debit)
	packed(b, "agreed", p, agreedColumns)
	b.changing()
	number(b, "version", &p.Version)
	number(b, "notes", &p.Notes)
	text(b, "state", &p.State)
	text(b, "outcome", &p.Outcome)
	text(b, "reason", &p.Reason)
	flag(b, "late", &p.Late)
	flag(b, "quarantined", &p.Quarantined)
	moment(b, "payer_until", &p.PayerUntil)
	moment(b, "deadline", &p.Deadline)
	moment(b, "changed_at", &p.ChangedAt)
	moment(b, "outcome_at", &p.OutcomeAt)
	number(b, "held", &p.Held)
	number(b, "captured", &p.Captured)
	number(b, "released", &p.Released)
	number(b, "refunding", &p.Refunding)
	number(b, "refunded", &p.Refunded)
	taskColumns(b, &p.Task)
	computed(b, "wake_at", p.WakeAt())
}

// agreedColumns are what was agreed when a payment began, and nobody selects by.
func agreedColumns(b *binding, p *payment.Payment) {
	oneOf(b, "mode", &p.Mode, member.ConsumerPresented, member.Static, member.Dynamic)
	text(b, "branch", &p.Branch)
	text(b, "partner", &p.Partner)
	text(b, "merchant", &p.Merchant)
	text(b, "payee_name", &p.Payee.Name)
	text(b, "payee_city", &p.Payee.City)
	text(b, "payee_country", &p.Payee.Country)
	text(b, "payee_category", &p.Payee.Category)
	text(b, "terminal", &p.Terminal)
	text(b, "order_id", &p.Order)
	settlementColumns(b, &p.Terms)
	text(b, "payer", &p.Payer)
	text(b, "payer_token", &p.PayerToken)
	text(b, "agreement", &p.Agreement)
	number(b, "agreement_version", &p.AgreementVersion)
	span(b, "payer_wait", &p.PayerWait)
	moment(b, "created_at", &p.CreatedAt)
	flag(b, "capture_later", &p.CaptureLater)
}

func payeeColumns(b *binding, p *payment.Payee) {
	text(b, "payee_store", &p.Store)
	text(b, "payee_name", &p.Name)
	text(b, "payee_city", &p.City)
	text(b, "payee_country", &p.Country)
	text(b, "payee_category", &p.Category)
}

// settlementColumns are the terms but for what the payer sees.
func settlementColumns(b *binding, t *fx.Terms) {
	bounded(b, "wallet", &t.WalletSettlement, 1)
	bounded(b, "acquirer", &t.AcquirerSettlement, 1)
	bounded(b, "receives", &t.ProviderReceives, 0)
	bounded(b, "gives", &t.ProviderGives, 0)
	rate(b, "rate", &t.Rate)
	rate(b, "wallet_rate", &t.WalletRate)
	rate(b, "acquirer_rate", &t.AcquirerRate)
	text(b, "provider", &t.Provider)
	rounding(b, "rounding", &t.Rounding)
	number(b, "markup_basis_points", &t.MarkupBasisPoints)
	flag(b, "has_reference", &t.HasReference)
}

func taskColumns(b *binding, t *payment.Task) {
	text(b, "task_call", &t.Call)
	moment(b, "task_due", &t.Due)
	number(b, "task_tries", &t.Tries)
	number(b, "task_fence", &t.Fence)
	moment(b, "task_leased_until", &t.LeasedUntil)
}

// A movement that has succeeded or failed stays so.
var movements = &table[payment.Movement]{
	name: "movements", key: []string{"id"}, columns: movementColumns,
	guard: "movements.version <= excluded.version AND movements.state IN ('pending', excluded.state)",
}

func movementColumns(b *binding, m *payment.Movement) {
	b.fixed()
	text(b, "id", &m.ID)
	text(b, "payment", &m.Payment)
	text(b, "kind", &m.Kind)
	amountsColumns(b, &m.Amounts)
	moment(b, "created_at", &m.CreatedAt)
	b.changing()
	number(b, "version", &m.Version)
	text(b, "state", &m.State)
	text(b, "reason", &m.Reason)
	moment(b, "changed_at", &m.ChangedAt)
	taskColumns(b, &m.Task)
	computed(b, "wake_at", m.WakeAt())
}

func amountsColumns(b *binding, a *payment.Amounts) {
	amount(b, "order", &a.Order)
	amount(b, "debit", &a.Debit)
	amount(b, "wallet", &a.WalletSettlement)
	amount(b, "acquirer", &a.AcquirerSettlement)
	amount(b, "receives", &a.ProviderReceives)
	amount(b, "gives", &a.ProviderGives)
}

var (
	paymentsByID       = byText(payments, "id", "id", func(p *payment.Payment) string { return p.ID })
	movementsByID      = byText(movements, "id", "id", func(m *payment.Movement) string { return m.ID })
	movementsByPayment = byText(movements, "payment", "payment, created_at, id", func(m *payment.Movement) string { return m.Payment })
)
