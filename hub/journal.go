package hub

import (
	"bytes"
	"encoding/json"
	"time"

	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/payment"
	"github.com/hansa-network/hansa/store"
)

// A Record is what the journal keeps of one change. Its canonical bytes are this
// type as JSON without spaces, members in the order below, which is that of the
// alphabet. It names nothing of the payer but the token that the acquirer knows.
type Record struct {
	Acquirer       string          `json:"acquirer,omitempty"`
	At             time.Time       `json:"at"`
	Branch         string          `json:"branch,omitempty"`
	CreatedAt      *time.Time      `json:"created_at,omitempty"`
	DebitAmount    *RecordedAmount `json:"debit_amount,omitempty"`
	ExpiresAt      *time.Time      `json:"expires_at,omitempty"`
	Mode           string          `json:"mode,omitempty"`
	Movement       *RecordMovement `json:"movement,omitempty"`
	Order          string          `json:"order,omitempty"`
	OrderAmount    *RecordedAmount `json:"order_amount,omitempty"`
	OrderReference string          `json:"order_reference,omitempty"`
	OutcomeAt      *time.Time      `json:"outcome_at,omitempty"`
	Payer          string          `json:"payer,omitempty"`
	PendingReason  string          `json:"pending_reason,omitempty"`
	Rate           *money.Rate     `json:"rate,omitempty"`
	Reason         string          `json:"reason,omitempty"`
	Reference      string          `json:"reference,omitempty"`
	Sequence       int64           `json:"sequence,omitempty"`
	Status         string          `json:"status,omitempty"`
	Store          string          `json:"store,omitempty"`
	Subject        string          `json:"subject,omitempty"`
	Terminal       string          `json:"terminal,omitempty"`
	Type           string          `json:"type"`
	Wallet         string          `json:"wallet,omitempty"`
}

// A RecordedAmount is an amount in minor units.
type RecordedAmount struct {
	Currency money.Currency `json:"currency"`
	Value    int64          `json:"value"`
}

// A RecordMovement is the movement that a record is about.
type RecordMovement struct {
	ChangedAt   time.Time      `json:"changed_at"`
	CreatedAt   time.Time      `json:"created_at"`
	DebitAmount RecordedAmount `json:"debit_amount"`
	Kind        string         `json:"kind"`
	Movement    string         `json:"movement"`
	OrderAmount RecordedAmount `json:"order_amount"`
	Reason      string         `json:"reason,omitempty"`
	Status      string         `json:"status"`
}

// RecordOf returns what an event says. It reads the canonical bytes only where this
// hub has not written them itself.
func RecordOf(event store.Event) (Record, error) {
	if record, known := event.Meaning.(*Record); known {
		return *record, nil
	}
	return ReadRecord(event.Data)
}

// ReadRecord reads canonical bytes back.
func ReadRecord(data []byte) (Record, error) {
	var record Record
	err := json.Unmarshal(data, &record)
	return record, err
}

func (r Record) canonical() []byte {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(r); err != nil {
		panic(err)
	}
	return bytes.TrimSuffix(text.Bytes(), []byte("\n"))
}

func recorded(a money.Amount) RecordedAmount { return RecordedAmount{a.Currency, a.Value} }

func optionalAmount(a money.Amount) *RecordedAmount {
	amount := recorded(a)
	return &amount
}

func optionalTime(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func paymentEvent(p payment.Payment, m *payment.Movement, note payment.Note, now time.Time) store.Event {
	record := Record{
		Acquirer: p.Acquirer, At: now, Branch: p.Branch, CreatedAt: optionalTime(p.CreatedAt),
		DebitAmount: optionalAmount(p.Terms.Debit), Mode: string(p.Mode), Order: p.Order,
		OrderAmount: optionalAmount(p.Terms.Order), OrderReference: p.OrderReference, OutcomeAt: optionalTime(p.OutcomeAt),
		Payer: p.PayerToken, PendingReason: p.PendingReason(), Reason: string(p.Reason), Reference: p.ID, Sequence: p.Notes,
		Status: p.Status(), Store: p.Payee.Store, Terminal: p.Terminal, Type: string(note), Wallet: p.Wallet,
	}
	if !p.Terms.Rate.IsZero() {
		record.Rate = &p.Terms.Rate
	}
	if m != nil {
		record.Movement = &RecordMovement{
			ChangedAt: m.ChangedAt, CreatedAt: m.CreatedAt, DebitAmount: recorded(m.Amounts.Debit), Kind: string(m.Kind),
			Movement: m.ID, OrderAmount: recorded(m.Amounts.Order), Reason: string(m.Reason), Status: string(m.State),
		}
	}
	event := store.Event{Subject: p.ID, Wallet: p.Wallet, Data: record.canonical(), Meaning: &record}
	if p.ToldToStore(note) {
		event.Acquirer = p.Acquirer
	}
	return event
}

func orderEvent(o payment.Order, now time.Time) store.Event {
	record := Record{
		Acquirer: o.Acquirer, At: now, Branch: o.Branch, CreatedAt: optionalTime(o.CreatedAt), ExpiresAt: optionalTime(o.ExpiresAt),
		Order: o.ID, OrderAmount: optionalAmount(o.Amount), OrderReference: o.Reference,
		Status: string(o.State), Store: o.Payee.Store, Subject: o.ID, Terminal: o.Terminal, Type: "order." + string(o.State),
	}
	return store.Event{Subject: o.ID, Acquirer: o.Acquirer, Data: record.canonical(), Meaning: &record}
}

// registerEvent records a change of the directory or the registry.
func registerEvent(kind, subject, by string, now time.Time) store.Event {
	record := Record{At: now, Reference: by, Subject: subject, Type: kind}
	return store.Event{Subject: subject, Data: record.canonical(), Meaning: &record}
}

// modeOf is how the code of an order came to be read.
func modeOf(o payment.Order) member.Mode {
	if o.Static {
		return member.Static
	}
	return member.Dynamic
}
