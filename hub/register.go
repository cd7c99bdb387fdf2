package hub

import (
	"fmt"
	"slices"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/fx"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/merchant"
	"github.com/hansa-network/hansa/store"
)

// Enrol enters participants, corridors, agreements, rates, stores and code
// ranges as they are; what exists under the same id is replaced. It is for the
// operator, and for files that the operator loads.
type Enrol struct {
	Listing  store.Listing
	Registry store.Registry
	Ranges   []store.CodeRange
}

func (Enrol) name() string { return "enrol" }

func (Enrol) wants(*want, Request) {}

func (op Enrol) apply(b *batch, r Request) (Result, string, error) {
	b.extra.Participants = append(b.extra.Participants, op.Listing.Participants...)
	b.extra.Corridors = append(b.extra.Corridors, op.Listing.Corridors...)
	b.extra.Agreements = append(b.extra.Agreements, op.Listing.Agreements...)
	b.extra.Rates = append(b.extra.Rates, op.Listing.Rates...)
	b.extra.Reference = append(b.extra.Reference, op.Listing.References...)
	b.extra.Merchants = append(b.extra.Merchants, op.Registry.Merchants...)
	b.extra.Stores = append(b.extra.Stores, op.Registry.Stores...)
	b.extra.Terminals = append(b.extra.Terminals, op.Registry.Terminals...)
	b.extra.StoreCodes = append(b.extra.StoreCodes, op.Registry.Codes...)
	b.extra.Ranges = append(b.extra.Ranges, op.Ranges...)
	b.directoryChanged = true
	b.events = append(b.events, registerEvent("directory.enrolled", fmt.Sprintf("%d participants, %d stores", len(op.Listing.Participants), len(op.Registry.Stores)), r.Participant, b.now))
	return Result{}, "", nil
}

func (Enrol) recall(*batch, string) Result { return Result{} }

// Suspend stops what a participant may start, in one role or in all, or lets it
// go on. What was started before goes on regardless.
type Suspend struct {
	Participant string
	Role        member.Role // empty: all
	Suspended   bool
}

func (Suspend) name() string { return "suspend" }

func (Suspend) wants(*want, Request) {}

func (op Suspend) apply(b *batch, r Request) (Result, string, error) {
	if err := b.isOperator(r.Participant); err != nil {
		return Result{}, "", err
	}
	p, err := b.directory.Participant(op.Participant)
	if err != nil {
		return Result{}, "", err
	}
	if op.Role == "" {
		p.Suspended = op.Suspended
	} else {
		at := slices.IndexFunc(p.Roles, func(h member.Holding) bool { return h.Role == op.Role })
		if at < 0 {
			return Result{}, "", hansa.Refuse(hansa.RoleMissing, "%s is not a %s", p.ID, op.Role)
		}
		p.Roles = slices.Clone(p.Roles)
		p.Roles[at].Suspended = op.Suspended
	}
	kind := "participant.suspended"
	if !op.Suspended {
		kind = "participant.resumed"
	}
	return b.reenter(p, kind, r)
}

// reenter writes a participant that has changed, for this batch's later
// requests as well.
func (b *batch) reenter(p member.Participant, kind string, r Request) (Result, string, error) {
	directory, err := b.directory.With(p)
	if err != nil {
		return Result{}, "", err
	}
	b.directory = directory
	b.extra.Participants = append(slices.DeleteFunc(b.extra.Participants, func(earlier member.Participant) bool { return earlier.ID == p.ID }), p)
	b.directoryChanged = true
	b.events = append(b.events, registerEvent(kind, p.ID, r.Participant, b.now))
	return Result{}, p.ID, nil
}

func (Suspend) recall(*batch, string) Result { return Result{} }

func (b *batch) isOperator(participant string) error {
	p, err := b.directory.Participant(participant)
	if err != nil {
		return err
	}
	return p.MayStart(member.Operator)
}

// SetWebhook says where a participant's events are posted; empty: nowhere.
type SetWebhook struct{ URL string }

func (SetWebhook) name() string { return "set_webhook" }

func (SetWebhook) wants(*want, Request) {}

func (op SetWebhook) apply(b *batch, r Request) (Result, string, error) {
	p, err := b.directory.Participant(r.Participant)
	if err != nil {
		return Result{}, "", err
	}
	p.Webhook = op.URL
	return b.reenter(p, "participant.webhook", r)
}

func (SetWebhook) recall(*batch, string) Result { return Result{} }

// PublishRates replaces the standing rates of the FX provider that asks.
type PublishRates struct{ Rates []fx.StandingRate }

func (PublishRates) name() string { return "publish_rates" }

func (PublishRates) wants(*want, Request) {}

func (op PublishRates) apply(b *batch, r Request) (Result, string, error) {
	p, err := b.directory.Participant(r.Participant)
	if err != nil {
		return Result{}, "", err
	}
	if err := p.MayStart(member.FXProvider); err != nil {
		return Result{}, "", err
	}
	for _, rate := range op.Rates {
		if rate.Provider != p.ID {
			return Result{}, "", hansa.Refuse(hansa.NotFound, "rates of another provider")
		}
	}
	if _, err := fx.NewBoard(op.Rates, nil); err != nil {
		return Result{}, "", err
	}
	b.extra.Rates = append(b.extra.Rates, op.Rates...)
	b.directoryChanged = true
	b.events = append(b.events, registerEvent("rates.published", p.ID, r.Participant, b.now))
	return Result{}, p.ID, nil
}

func (PublishRates) recall(*batch, string) Result { return Result{} }

// IssueStoreCode issues the next code of the acquirer's range to a store of its.
type IssueStoreCode struct{ Store string }

func (IssueStoreCode) name() string { return "issue_store_code" }

func (op IssueStoreCode) wants(w *want, r Request) {
	w.store(op.Store)
	w.codeRange(r.Participant)
}

func (op IssueStoreCode) apply(b *batch, r Request) (Result, string, error) {
	acquirer, err := b.directory.Participant(r.Participant)
	if err != nil {
		return Result{}, "", err
	}
	if err := acquirer.MayStart(member.Acquirer); err != nil {
		return Result{}, "", err
	}
	s, ok := b.stores.read(op.Store)
	if !ok || !contracts(s, acquirer.ID) {
		return Result{}, "", hansa.Refuse(hansa.NotFound, "no such store")
	}
	allotted, ok := b.ranges.read(acquirer.ID)
	if !ok || allotted.Next > allotted.Last {
		return Result{}, "", hansa.Refuse(hansa.RangeExhausted, "ask the operator for a range of codes")
	}
	code := merchant.IssuedCode{Code: allotted.Code(), Store: s.ID, Acquirer: acquirer.ID, IssuedAt: b.now}
	allotted.Next++
	b.ranges.write(acquirer.ID, allotted)
	b.storeCodes.write(code.Code, code)
	b.events = append(b.events, registerEvent("store_code.issued", code.Code, r.Participant, b.now))
	return Result{StoreCode: code, Store: s}, prefixStoreCode + "_" + code.Code, nil
}

func (op IssueStoreCode) recall(b *batch, subject string) Result {
	result := b.recallAny(subject)
	result.Store, _ = b.stores.read(op.Store)
	return result
}

// RevokeStoreCode withdraws a printed code of the acquirer that asks.
type RevokeStoreCode struct{ Code string }

func (RevokeStoreCode) name() string { return "revoke_store_code" }

func (op RevokeStoreCode) wants(w *want, _ Request) {
	w.storeCode(op.Code)
	if code, ok := w.batch.storeCodes.rows[op.Code]; ok {
		w.store(code.Store)
	}
}

func (op RevokeStoreCode) apply(b *batch, r Request) (Result, string, error) {
	code, ok := b.storeCodes.read(op.Code)
	if !ok || code.Acquirer != r.Participant {
		return Result{}, "", hansa.Refuse(hansa.NotFound, "no such code")
	}
	if code.RevokedAt.IsZero() {
		code.RevokedAt = b.now
		b.storeCodes.write(code.Code, code)
		b.events = append(b.events, registerEvent("store_code.revoked", code.Code, r.Participant, b.now))
	}
	s, _ := b.stores.read(code.Store)
	return Result{StoreCode: code, Store: s}, prefixStoreCode + "_" + code.Code, nil
}

func (op RevokeStoreCode) recall(b *batch, subject string) Result {
	result := b.recallAny(subject)
	result.Store, _ = b.stores.read(result.StoreCode.Store)
	return result
}
