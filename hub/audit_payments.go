package hub

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"strings"

	"github.com/hansa-network/hansa/fx"
	"github.com/hansa-network/hansa/ledger"
	"github.com/hansa-network/hansa/payment"
	"github.com/hansa-network/hansa/store"
)

// A life is all that the rows say of one payment.
type life struct {
	payment.Payment

	movements    []payment.Movement
	quotes       []fx.Quote
	told         told
	booked       []booked
	codes        []string // that name it
	listed       []store.Listed
	acknowledged int
	requested    int
}

// A stream are rows by payment, read beside the payments.
type stream[R any] struct {
	next  func() (R, error, bool)
	stop  func()
	of    func(R) string
	row   R
	id    string // of its payment
	there bool
}

func streamOf[R any](rows iter.Seq2[R, error], of func(R) string) (*stream[R], error) {
	s := &stream[R]{of: of}
	s.next, s.stop = iter.Pull2(rows)
	return s, s.step()
}

func (s *stream[R]) step() (err error) {
	if s.row, err, s.there = s.next(); s.there && err == nil {
		s.id = s.of(s.row)
	}
	return err
}

// before hands on the rows of payments before id.
func (s *stream[R]) before(id string, do func(R)) error {
	for s.there && s.id < id {
		do(s.row)
		if err := s.step(); err != nil {
			return err
		}
	}
	return nil
}

// at hands on the rows of the payment that is called id.
func (s *stream[R]) at(id string, do func(R)) error {
	for s.there && s.id == id {
		do(s.row)
		if err := s.step(); err != nil {
			return err
		}
	}
	return nil
}

// rest hands on all rows that are left.
func (s *stream[R]) rest(do func(R)) error {
	for s.there {
		do(s.row)
		if err := s.step(); err != nil {
			return err
		}
	}
	return nil
}

// A gathering reads the payments, and in the same order what there is of each.
type gathering struct {
	*auditor

	evidence  *stream[[]byte]
	movements *stream[payment.Movement]
	quotes    *stream[fx.Quote]
}

// readPayments judges one payment after the other, by all that the rows say of it.
func (a *auditor) readPayments(ctx context.Context) (err error) {
	g := gathering{auditor: a}
	if g.evidence, err = streamOf(a.evidence.each(), paymentOf); err != nil {
		return err
	}
	defer g.evidence.stop()
	if g.movements, err = streamOf(a.reader.EachMovement(ctx), func(m payment.Movement) string { return m.Payment }); err != nil {
		return err
	}
	defer g.movements.stop()
	if g.quotes, err = streamOf(a.reader.EachUsedQuote(ctx), func(q fx.Quote) string { return q.Payment }); err != nil {
		return err
	}
	defer g.quotes.stop()
	last := ""
	for p, err := range a.reader.EachPayment(ctx) {
		if err != nil {
			return err
		}
		a.states.must(p.ID > last, "payment %s stands in two places", p.ID)
		last = p.ID
		if err := g.judge(p); err != nil {
			return err
		}
	}
	a.checkCount()
	return g.strangers()
}

// strangers are what is left when there is no further payment.
func (g gathering) strangers() error {
	if err := g.evidence.rest(g.judgeStranger); err != nil {
		return err
	}
	if err := g.movements.rest(g.strangeMovement); err != nil {
		return err
	}
	return g.quotes.rest(g.strangeQuote)
}

func (a *auditor) strangeMovement(m payment.Movement) {
	a.moved.must(false, "%s %s is of payment %s, which is not there", m.Kind, m.ID, m.Payment)
}

func (a *auditor) strangeQuote(q fx.Quote) {
	a.quoted.must(false, "quote %s is of payment %q", q.ID, q.Payment)
}

// judge gathers what there is of a payment and checks it.
func (g gathering) judge(p payment.Payment) error {
	l := &life{Payment: p}
	err := cmp.Or(
		g.evidence.before(p.ID, g.judgeStranger), g.evidence.at(p.ID, l.heed),
		g.movements.before(p.ID, g.strangeMovement), g.movements.at(p.ID, func(m payment.Movement) { l.movements = append(l.movements, m) }),
		g.quotes.before(p.ID, g.strangeQuote), g.quotes.at(p.ID, func(q fx.Quote) { l.quotes = append(l.quotes, q) }),
	)
	if err != nil {
		return err
	}
	l.told.all = !g.partial || l.told.first == 1
	g.payments++
	g.checkConversions(l)
	g.checkCauses(l)
	g.checkState(l)
	g.checkReservation(l)
	g.checkMovements(l)
	g.checkNotes(l)
	g.checkQuotes(l)
	g.checkCodes(l)
	g.checkLists(l)
	for range l.requested {
		g.requests.must(true, "")
	}
	for range l.acknowledged {
		g.acknowledged.must(p.Outcome == payment.WasApproved, "payment %s was acknowledged and is %q", p.ID, p.Outcome)
	}
	g.gatherReference(p)
	return nil
}

// heed takes one piece of evidence.
func (l *life) heed(evidence []byte) {
	switch kind, said := saidOf(evidence); kind {
	case isAcknowledged:
		l.acknowledged++
	case isBooked:
		cause, subject := twoTexts(said)
		l.booked = append(l.booked, booked{ledger.Cause(cause), subject})
	case isCoded:
		l.codes = append(l.codes, strings.TrimSuffix(string(said), endOfText))
	case isListed:
		side, party := twoTexts(said)
		l.listed = append(l.listed, store.Listed{Payment: l.ID, Side: side, Party: party})
	case isRecorded:
		l.told.hear(l.Payment, said)
	case isRequested:
		l.requested++
	default:
		panic("unknown evidence " + string(kind))
	}
}

// checkLists recomputes that all its parties find a payment, and nobody else does.
func (a *auditor) checkLists(l *life) {
	due := store.ListsOf(l.Payment)
	for _, list := range due {
		a.listed.must(slices.Contains(l.listed, list), "payment %s is not in the list of the %s %s", l.ID, list.Side, list.Party)
	}
	a.listed.must(len(l.listed) <= len(due), "payment %s is in %d lists", l.ID, len(l.listed))
}

// checkCauses recomputes that each approval, capture and refund has one entry, and that
// no entry is without its cause.
func (a *auditor) checkCauses(l *life) {
	var due []booked
	if l.Outcome == payment.WasApproved && !l.CaptureLater {
		due = append(due, booked{ledger.Approval, l.ID})
	}
	for _, m := range l.movements {
		switch {
		case m.Kind == payment.Capture:
			due = append(due, booked{ledger.Capture, m.ID})
		case m.Kind != payment.Release && m.State == payment.Succeeded:
			due = append(due, booked{ledger.Refund, m.ID})
		}
	}
	missing := slices.Clone(due)
	for _, entry := range l.booked {
		at := slices.Index(missing, entry)
		a.causes.must(at >= 0, "payment %s has an entry too many, of %s of %s", l.ID, entry.cause, entry.subject)
		if at >= 0 {
			missing = slices.Delete(missing, at, at+1)
		}
	}
	for _, what := range due {
		a.causes.must(!slices.Contains(missing, what), "%s of %s lacks its entry", what.cause, what.subject)
	}
}
