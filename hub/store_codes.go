package hub

import (
	"slices"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/merchant"
	"github.com/hansa-network/hansa/store"
)

// IssueStoreCode issues the next code of the acquirer's range to a store of its.
type IssueStoreCode struct{ Store string }

func (IssueStoreCode) name() string { return "issue_store_code" }

func (op IssueStoreCode) wants(w *want, r Request) {
	w.store(op.Store)
	w.codeRange(r.Participant)
	ranges, _ := w.batch.ranges.known(r.Participant)
	if code, ok := codeAfter(ranges, w.issues[r.Participant]); ok {
		w.storeCode(code)
	}
	w.issues[r.Participant]++
}

func hasRoom(r store.CodeRange) bool { return r.Next <= r.Last }

// codeAfter is the code that will be issued from ranges after so many others.
func codeAfter(ranges []store.CodeRange, others int64) (string, bool) {
	for _, allotted := range ranges {
		allotted.Next += others
		if hasRoom(allotted) {
			return allotted.Code(), true
		}
		others = allotted.Next - allotted.Last - 1
	}
	return "", false
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
	ranges, _ := b.ranges.read(acquirer.ID)
	at := slices.IndexFunc(ranges, hasRoom)
	if at < 0 {
		return Result{}, "", hansa.Refuse(hansa.RangeExhausted, "ask the operator for a range of codes")
	}
	code := merchant.IssuedCode{Code: ranges[at].Code(), Store: s.ID, Acquirer: acquirer.ID, IssuedAt: b.now}
	if _, taken := b.storeCodes.known(code.Code); taken {
		return Result{}, "", hansa.Refuse(hansa.AlreadyExists, "%s was not issued from this range: ask the operator to move it on", code.Code)
	}
	ranges = slices.Clone(ranges)
	ranges[at].Next++
	b.ranges.write(acquirer.ID, ranges)
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
	if code, ok := w.batch.storeCodes.known(op.Code); ok {
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
