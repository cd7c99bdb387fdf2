package store

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strings"
	"time"
)

var requests = &table[Request]{name: "requests", key: []string{"fingerprint"}, columns: requestColumns, once: true}

func requestColumns(b *binding, r *Request) {
	fingerprint(b, "fingerprint", &r.Key)
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

func fingerprint(b *binding, name string, key *RequestKey) {
	if b.writing {
		b.putBytes(key.fingerprint())
		return
	}
	b.reads(name, func(any) error { return nil }) // It says nothing that the key does not.
}

// fingerprint returns 16 bytes of the SHA-256 of the key. Its parts are told
// apart by their lengths.
func (k RequestKey) fingerprint() []byte {
	const size = 16
	var whole []byte
	for _, part := range []string{k.Participant, k.Operation, k.ID} {
		whole = binary.AppendUvarint(whole, uint64(len(part)))
		whole = append(whole, part...)
	}
	sum := sha256.Sum256(whole)
	return sum[:size]
}

func (k RequestKey) compare(other RequestKey) int {
	return cmp.Or(
		strings.Compare(k.Participant, other.Participant),
		strings.Compare(k.Operation, other.Operation),
		strings.Compare(k.ID, other.ID),
	)
}

var requestsByKey = lookup[RequestKey, Request]{
	table: requests, columns: []string{"fingerprint"}, order: "fingerprint", compare: RequestKey.compare,
	key:    func(r *Request) RequestKey { return r.Key },
	values: func(key RequestKey) []any { return []any{key.fingerprint()} },
}

// readsRequests returns the step that reads the requests of these keys. One
// fingerprint for two keys is a fault: nobody will see it happen, and nobody may
// be given the answer to another's request.
func readsRequests(into *[]Request, keys []RequestKey) step {
	return func(ctx context.Context, s *session) error {
		wanted := make(map[RequestKey]bool, len(keys))
		for _, key := range keys {
			wanted[key] = true
		}
		return requestsByKey.read(ctx, s, keys, func(found []Request) error {
			for _, request := range found {
				if !wanted[request.Key] {
					return fmt.Errorf("request %v has the fingerprint of another", request.Key)
				}
			}
			*into = found
			return nil
		})
	}
}

var nonces = &table[Nonce]{name: "nonces", key: []string{"key_id", "value"}, columns: nonceColumns, once: true}

func nonceColumns(b *binding, n *Nonce) {
	text(b, "key_id", &n.KeyID)
	text(b, "value", &n.Value)
	moment(b, "used_at", &n.At)
}

// noncesByKey looks at the key and the value only.
var noncesByKey = lookup[Nonce, Nonce]{
	table: nonces, columns: nonces.key, order: "key_id, value",
	compare: func(a, b Nonce) int {
		return cmp.Or(strings.Compare(a.KeyID, b.KeyID), strings.Compare(a.Value, b.Value))
	},
	key:    func(n *Nonce) Nonce { return Nonce{KeyID: n.KeyID, Value: n.Value} },
	values: func(key Nonce) []any { return []any{key.KeyID, key.Value} },
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

// Forget removes the nonces and misses from before, which matter only for as
// long as a signature is accepted and for the minute in which a code was missed.
func (t *Tx) Forget(ctx context.Context, before time.Time) (err error) {
	defer t.heed(&err)
	t.touches()
	if _, err := t.session.run(ctx, "DELETE FROM nonces WHERE used_at < $1", before.UnixMicro()); err != nil {
		return fmt.Errorf("forget nonces: %w", err)
	}
	minute := before.Unix() / int64(time.Minute/time.Second)
	if _, err := t.session.run(ctx, "DELETE FROM misses WHERE minute < $1", minute); err != nil {
		return fmt.Errorf("forget misses: %w", err)
	}
	return nil
}
