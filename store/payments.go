package store

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hansa-network/hansa/fx"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/payment"
)

// What was agreed when a payment began is never written again. Nor is the
// outcome that was told. Until there is one, the row stands in a small table of its own.
var (
	openPayments = &table[payment.Payment]{
		name: "open_payments", key: []string{"id"}, columns: paymentColumns,
		guard: "open_payments.version <= excluded.version",
	}
	payments = &table[payment.Payment]{
		name: "payments", key: []string{"id"}, columns: paymentColumns,
		guard: "payments.version <= excluded.version AND payments.outcome = excluded.outcome",
	}
	allPayments = either(openPayments, payments) // to be read
)

// either reads the rows of two tables of the same form as those of one.
func either[R any](one, other *table[R]) *table[R] {
	from := strings.Join(one.names(), ", ") + " FROM "
	return &table[R]{
		name:    "(SELECT " + from + one.name + " UNION ALL SELECT " + from + other.name + ") AS either",
		columns: one.columns,
	}
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

// writesPayments returns the step that writes payments to where they belong. It is a
// fault to write one without its outcome once that is known, or an older version.
func writesPayments(all []payment.Payment) step {
	return func(ctx context.Context, s *session) error {
		var undecided, decided []payment.Payment
		var opened []string
		for _, p := range all {
			if p.Outcome == payment.Undecided {
				undecided, opened = append(undecided, p), append(opened, p.ID)
				continue
			}
			decided = append(decided, p)
		}
		slices.SortFunc(decided, func(a, b payment.Payment) int { return strings.Compare(a.ID, b.ID) })
		err := settledByID.read(ctx, s, opened, func(settled []id) error {
			if len(settled) > 0 {
				return fmt.Errorf("write payments: %s has its outcome", settled[0].id)
			}
			return nil
		})
		if err != nil {
			return err
		}
		if err := openPayments.write(ctx, s, undecided); err != nil {
			return err
		}
		if err := takeOut(ctx, s, decided); err != nil {
			return err
		}
		return payments.write(ctx, s, decided)
	}
}

// takeOut removes the rows that payments had before their outcome.
func takeOut(ctx context.Context, s *session, decided []payment.Payment) error {
	ids, versions := make([]string, len(decided)), make(map[string]int64, len(decided))
	for i, p := range decided {
		ids[i], versions[p.ID] = p.ID, p.Version
	}
	return openVersions.remove(ctx, s, ids, func(left []versioned) error {
		for _, row := range left {
			if row.version > versions[row.id] {
				return fmt.Errorf("write payments: %s has version %d, after version %d", row.id, versions[row.id], row.version)
			}
		}
		return nil
	})
}

// A versioned is the version of a row.
type versioned struct {
	id      string
	version int64
}

func versionedColumns(b *binding, v *versioned) {
	text(b, "id", &v.id)
	number(b, "version", &v.version)
}

var (
	settledByID  = byText(paymentIDs, "id", "id", func(i *id) string { return i.id })
	openVersions = byText(&table[versioned]{name: "open_payments", columns: versionedColumns}, "id", "id", func(v *versioned) string { return v.id })
)

var (
	paymentsByID       = byText(allPayments, "id", "id", func(p *payment.Payment) string { return p.ID })
	movementsByID      = byText(movements, "id", "id", func(m *payment.Movement) string { return m.ID })
	movementsByPayment = byText(movements, "payment", "payment, created_at, id", func(m *payment.Movement) string { return m.Payment })
)
