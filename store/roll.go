package store

import (
	"context"
	"encoding/binary"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"

	"github.com/hansa-network/hansa/payment"
)

// paymentsOfRun is how many payments begin before their lists are written as a run.
const paymentsOfRun = 8192

// A side is one for which payments are listed.
type side string

const (
	ofWallet   side = "wallet"
	ofAcquirer side = "acquirer"
	ofStore    side = "store"
)

// A party is who has a list of payments.
type party struct {
	side side
	name string
}

func (p party) fingerprint() fingerprint { return fingerprintOf("payments", string(p.side), p.name) }

// partiesOf are those who have a payment in their lists.
func partiesOf(p *payment.Payment) []party {
	return []party{{ofWallet, p.Wallet}, {ofAcquirer, p.Acquirer}, {ofStore, p.Payee.Store}} // As sides says.
}

// A begun is a payment that has begun, and in whose lists it stands.
type begun struct {
	id      string
	parties []party
}

// begin notes which payments have begun with rows.
func (t *Tx) begin(rows Rows) error {
	if len(rows.Begun) == 0 {
		return nil
	}
	places := make(map[string]int, len(rows.Payments))
	for i := range rows.Payments {
		places[rows.Payments[i].ID] = i
	}
	for _, id := range rows.Begun {
		at, ok := places[id]
		if !ok {
			return fmt.Errorf("write payments: %s has begun without a row", id)
		}
		t.begun = append(t.begun, begun{id, partiesOf(&rows.Payments[at])})
	}
	return nil
}

// enlist writes the payments that have begun down, for those who have lists: by
// themselves, or with all that are in no run, if these are enough for one.
func (t *Tx) enlist(ctx context.Context) error {
	t.head.Begun += int64(len(t.begun))
	if t.head.Begun-t.head.Listed < t.store.rolls.ofRun {
		return newPayments.write(ctx, t.session, []begunList{begunListOf(t.head.Begun, t.begun)})
	}
	waiting, err := newPayments.all(ctx, t.session, "WHERE number > $1 ORDER BY number", t.head.Listed)
	if err != nil {
		return err
	}
	all := t.begun
	for _, list := range waiting {
		all = append(all, list.payments()...)
	}
	run, pages := runOfPayments(t.head.Begun, all)
	if err := start(ctx, t.session, writes(paymentPages, pages), writes(paymentRuns, []paymentRun{run})); err != nil {
		return err
	}
	t.head.Listed = t.head.Begun
	_, err = t.session.run(ctx, "DELETE FROM new_payments WHERE number <= $1", t.head.Listed)
	return err
}

// Rolls are the lists of the payments of each wallet, acquirer and store, as far as a
// reader keeps them in memory: the runs, of which none is ever changed, without their
// pages.
type rolls struct {
	ofRun int64 // how many payments make a run

	mutex sync.Mutex
	known []paymentRun // oldest first
}

// runs returns all runs, oldest first. The newest is read each time: its commit may be
// seen by a reader and lost all the same, with the server that has not passed it on.
func (k *rolls) runs(ctx context.Context, q querier) ([]paymentRun, error) {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	through := int64(0)
	if len(k.known) > 0 {
		through = k.known[len(k.known)-1].number
	}
	newer, err := paymentRuns.all(ctx, q, "WHERE number > $1 ORDER BY number", through)
	if err != nil {
		return nil, err
	}
	all := append(slices.Clip(k.known), newer...)
	k.known = all[:max(0, len(all)-1)]
	return all, nil
}

// roll reads the ids of all payments of a party that follow an id, in order. Those in
// no run are read first: what moves to a run meanwhile is then found there.
func (r *Reader) roll(ctx context.Context, of party, after string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		ready, err := r.waiting(ctx, of, after)
		if err != nil {
			yield("", err)
			return
		}
		runs, err := r.runsOf(ctx, of, after)
		if err != nil {
			yield("", err)
			return
		}
		for _, run := range runs {
			// No payment of this run, or of one behind it, comes before its first.
			done, _ := slices.BinarySearch(ready, run.first)
			for _, id := range ready[:done] {
				if !yield(id, nil) {
					return
				}
			}
			listed, err := r.listed(ctx, run, of, after)
			if err != nil {
				yield("", err)
				return
			}
			ready = inOrderOnce(append(listed, ready[done:]...), strings.Compare)
		}
		for _, id := range ready {
			if !yield(id, nil) {
				return
			}
		}
	}
}

// waiting are the payments of a party that follow an id and are in no run.
func (r *Reader) waiting(ctx context.Context, of party, after string) ([]string, error) {
	var ids []string
	at := slices.Index(sides[:], of.side)
	for list, err := range newPayments.each(ctx, r, "ORDER BY number") {
		if err != nil {
			return nil, err
		}
		for id, names := range list.each() {
			if string(names[at]) == of.name && string(id) > after {
				ids = append(ids, string(id))
			}
		}
	}
	return inOrderOnce(ids, strings.Compare), nil
}

// runsOf are the runs that may hold payments of a party that follow an id, in the order
// of their first payments.
func (r *Reader) runsOf(ctx context.Context, of party, after string) ([]paymentRun, error) {
	all, err := r.store.rolls.runs(ctx, r)
	if err != nil {
		return nil, err
	}
	var some []paymentRun
	sought := of.fingerprint()
	for _, run := range all {
		if run.last > after && run.filter.mayHold(sought) {
			some = append(some, run)
		}
	}
	slices.SortStableFunc(some, func(a, b paymentRun) int { return strings.Compare(a.first, b.first) })
	return some, nil
}

// listed are the payments of a party in a run that follow an id.
func (r *Reader) listed(ctx context.Context, run paymentRun, of party, after string) ([]string, error) {
	for page, err := range paymentPages.each(ctx, r, "WHERE place = $1", run.placeOf(of.fingerprint())) {
		if err != nil {
			return nil, err
		}
		return slices.DeleteFunc(page.find(of, run.first), func(id string) bool { return id <= after }), nil
	}
	return nil, nil
}

// A begunList are the payments that have begun with one commit.
type begunList struct {
	number int64 // of the last
	body   []byte
}

var newPayments = &table[begunList]{name: "new_payments", key: []string{"number"}, columns: begunListColumns, once: true}

func begunListColumns(b *binding, l *begunList) {
	number(b, "number", &l.number)
	blob(b, "body", &l.body)
}

func begunListOf(last int64, all []begun) begunList {
	var body []byte
	for _, b := range all {
		body = addText(body, b.id)
		for _, of := range b.parties {
			body = addText(body, of.name)
		}
	}
	return begunList{last, body}
}

// sides are the parties of a payment, in this order.
var sides = [...]side{ofWallet, ofAcquirer, ofStore}

// each reads the ids of the payments, and the names of their parties.
func (l begunList) each() iter.Seq2[[]byte, [len(sides)][]byte] {
	return func(yield func([]byte, [len(sides)][]byte) bool) {
		for rest := l.body; len(rest) > 0; {
			var id []byte
			var names [len(sides)][]byte
			id, rest = cutText(rest)
			for i := range names {
				names[i], rest = cutText(rest)
			}
			if !yield(id, names) {
				return
			}
		}
	}
}

func (l begunList) payments() []begun {
	var all []begun
	for id, names := range l.each() {
		b := begun{id: string(id)}
		for i, as := range sides {
			b.parties = append(b.parties, party{as, string(names[i])})
		}
		all = append(all, b)
	}
	return all
}

// addText appends a text behind its length.
func addText[T ~string | ~[]byte](body []byte, text T) []byte {
	return append(binary.AppendUvarint(body, uint64(len(text))), text...)
}

// cutText returns the first of such texts, and the others. It panics where there is
// none, which the audit of a damaged file finds as well.
func cutText(body []byte) (text, rest []byte) {
	length, size := binary.Uvarint(body)
	if size <= 0 || length > uint64(len(body)-size) { //nolint:gosec // It is not longer than the body.
		panic(fmt.Sprintf("a list of payments ends within a text of %d bytes", length))
	}
	end := size + int(length) //nolint:gosec // It lies within the body.
	return body[size:end], body[end:]
}
