package store

import (
	"cmp"
	"strings"
)

var requests = inOrder(table[Request]{name: "requests", columns: requestColumns, once: true})

func requestColumns(b *binding, r *Request) {
	text(b, "participant", &r.Key.Participant)
	text(b, "operation", &r.Key.Operation)
	text(b, "id", &r.Key.ID)
	digest(b, "body", &r.Body)
	text(b, "key_id", &r.KeyID)
	text(b, "subject", &r.Subject)
	text(b, "reason", &r.Reason)
	text(b, "detail", &r.Detail)
	moment(b, "made_at", &r.At)
}

func (k RequestKey) compare(other RequestKey) int {
	return cmp.Or(
		strings.Compare(k.Participant, other.Participant),
		strings.Compare(k.Operation, other.Operation),
		strings.Compare(k.ID, other.ID),
	)
}

var requestsByKey = natural[RequestKey, Request]{
	table: requests, key: func(r *Request) RequestKey { return r.Key }, compare: RequestKey.compare,
	words: func(k RequestKey) []string { return []string{k.Participant, k.Operation, k.ID} },
}

// Nonces are found by the time of their signature first, so that those that come
// together stand together. Who receives a message again cannot change that time.
var nonces = &table[Nonce]{name: "nonces", key: []string{"signed_at", "key_id", "value"}, columns: nonceColumns, once: true}

func nonceColumns(b *binding, n *Nonce) {
	moment(b, "signed_at", &n.At)
	text(b, "key_id", &n.KeyID)
	text(b, "value", &n.Value)
}

var noncesByKey = lookup[Nonce, Nonce]{
	table: nonces, columns: nonces.key, order: "signed_at, key_id, value",
	compare: func(a, b Nonce) int {
		return cmp.Or(a.At.Compare(b.At), strings.Compare(a.KeyID, b.KeyID), strings.Compare(a.Value, b.Value))
	},
	key:    func(n *Nonce) Nonce { return *n },
	values: func(key Nonce) []any { return []any{key.At.UnixMicro(), key.KeyID, key.Value} },
}

var misses = &table[Miss]{name: "misses", key: []string{"scope", "minute"}, columns: missColumns}

func missColumns(b *binding, m *Miss) {
	text(b, "scope", &m.Key.Scope)
	number(b, "minute", &m.Key.Minute)
	number(b, "count", &m.Count)
}

var missesByKey = lookup[MissKey, Miss]{
	table: misses, columns: misses.key, order: "scope, minute",
	compare: func(a, b MissKey) int {
		return cmp.Or(strings.Compare(a.Scope, b.Scope), cmp.Compare(a.Minute, b.Minute))
	},
	key:    func(m *Miss) MissKey { return m.Key },
	values: func(key MissKey) []any { return []any{key.Scope, key.Minute} },
}
