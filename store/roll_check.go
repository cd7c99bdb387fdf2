package store

import (
	"context"
	"iter"

	"github.com/hansa-network/hansa/payment"
)

// A Listed is a payment in one of its lists: that of a wallet, an acquirer or a store.
type Listed struct {
	Payment string
	Side    string // "wallet", "acquirer" or "store"
	Party   string // its id
}

// ListsOf returns where a payment must be listed, in each once.
func ListsOf(p payment.Payment) []Listed {
	var lists []Listed
	for _, of := range partiesOf(&p) {
		lists = append(lists, Listed{p.ID, string(of.side), of.name})
	}
	return lists
}

// EachListed reads all lists of payments.
func (r *Reader) EachListed(ctx context.Context) iter.Seq2[Listed, error] {
	return func(yield func(Listed, error) bool) {
		_ = eachInRuns(ctx, r, yield) && eachInNoRun(ctx, r, yield)
	}
}

// eachInRuns reports whether to go on, as those below do. One read is over before the
// next one begins.
func eachInRuns(ctx context.Context, r *Reader, yield func(Listed, error) bool) bool {
	for last := int64(0); ; {
		next, err := paymentRuns.all(ctx, r, "WHERE number > $1 ORDER BY number LIMIT 1", last)
		if err != nil {
			return yield(Listed{}, err) && false
		}
		if len(next) == 0 {
			return true
		}
		if !eachInRun(ctx, r, next[0], yield) {
			return false
		}
		last = next[0].number
	}
}

// eachInRun passes over a list that nobody finds where it stands.
func eachInRun(ctx context.Context, r *Reader, run paymentRun, yield func(Listed, error) bool) bool {
	first := run.number * pagesOfLists
	for page, err := range paymentPages.each(ctx, r, "WHERE place >= $1 AND place < $2 ORDER BY place", first, first+pagesOfLists) {
		if err != nil {
			return yield(Listed{}, err) && false
		}
		for of, ids := range page.lists() {
			sought := of.fingerprint()
			if page.place != run.placeOf(sought) || !run.filter.mayHold(sought) {
				continue
			}
			for _, id := range idsIn(ids, run.first) {
				if !yield(Listed{id, string(of.side), of.name}, nil) {
					return false
				}
			}
		}
	}
	return true
}

func eachInNoRun(ctx context.Context, r *Reader, yield func(Listed, error) bool) bool {
	for list, err := range newPayments.each(ctx, r, "ORDER BY number") {
		if err != nil {
			return yield(Listed{}, err) && false
		}
		for _, b := range list.payments() {
			for _, of := range b.parties {
				if !yield(Listed{b.id, string(of.side), of.name}, nil) {
					return false
				}
			}
		}
	}
	return true
}
