package hub

import (
	"context"
	"fmt"
	"iter"

	"github.com/hansa-network/hansa/ledger"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/store"
)

// A Check is one invariant as recomputed from the stored rows alone.
type Check struct {
	ID       string // as in docs/invariants.md
	Says     string
	Rows     int      // how many were looked at
	Breaches []string // none is the wish; at most breachesMax are named
}

// breachesMax is how many breaches of one invariant are named.
const breachesMax = 20

// An Inquest is what an audit is asked for. The zero value asks for all that the rows
// alone can show.
type Inquest struct {
	// Acknowledged are references that must be payments that are there and approved.
	// nil: that is not asked.
	Acknowledged iter.Seq2[string, error]
	// Folder takes a file for what does not fit into Memory. Empty: that of the system.
	Folder string
	// Memory is how many bytes are gathered before they go to the file; zero: 32 MiB.
	Memory int
}

// An auditor reads each row once, and holds no more of what it has read than one
// payment has. Whatever is stored in another order than by payment is gathered, and
// sorted, as evidence; what must be unique is gathered and sorted as well.
type auditor struct {
	invariants

	reader   *store.Reader
	inquest  Inquest
	evidence *sorter // by payment
	orders   *sorter // payments by order reference
	keys     *sorter // rows by natural key

	sums      map[store.PositionKey]int64 // of postings
	windows   map[shelf]int64             // the same
	held      map[store.PositionKey]int64 // of open payments and pending refunds
	positions []ledger.Position
	payments  int            // read
	tally     map[string]int // of payments, by status
	partial   bool           // some of the journal was not read
}

// A shelf is a settlement window in one currency.
type shelf struct {
	window   string
	currency money.Currency
}

// Audit recomputes every invariant that applies so far. An error is a fault of
// reading; a breach is in the checks. The reader must be one that sees one moment
// while others commit. What it needs of memory does not grow with the payments.
func Audit(ctx context.Context, reader *store.Reader, inquest Inquest) (checks []Check, err error) {
	a := &auditor{
		invariants: newInvariants(), reader: reader, inquest: inquest,
		sums: make(map[store.PositionKey]int64), windows: make(map[shelf]int64), held: make(map[store.PositionKey]int64),
		tally: make(map[string]int),
	}
	a.evidence, a.orders, a.keys = a.sorter(), a.sorter(), a.sorter()
	defer func() {
		for _, opened := range []*sorter{a.evidence, a.orders, a.keys} {
			if closed := opened.close(); err == nil && closed != nil {
				checks, err = nil, fmt.Errorf("audit: %w", closed)
			}
		}
	}()
	for _, read := range []func(context.Context) error{
		a.readJournal, a.readEntries, a.readCodes, a.readRequests, a.readLists, a.readAcknowledged,
		a.readPayments, a.checkReferences, a.checkKeys, a.checkPositions,
	} {
		if err := read(ctx); err != nil {
			return nil, fmt.Errorf("audit: %w", err)
		}
	}
	return a.checks(inquest.Acknowledged != nil), nil
}

func (a *auditor) sorter() *sorter { return newSorter(a.inquest.Folder, a.inquest.Memory) }

// must counts a row and notes a breach where it does not hold.
func (c *Check) must(holds bool, format string, args ...any) {
	c.Rows++
	if !holds && len(c.Breaches) < breachesMax {
		c.Breaches = append(c.Breaches, fmt.Sprintf(format, args...))
	}
}

// invariants are all checks, in the order of the report.
type invariants struct {
	chain, canonical                          *Check
	balanced, bounded, windowed, windowSums   *Check
	total, cached, causes, converted          *Check
	states, owed, late, count                 *Check
	reserved, caps, final, moved              *Check
	sequence, once                            *Check
	quoted, inTime, asQuoted, codes, requests *Check
	keyed, listed, referenced, acknowledged   *Check
	all                                       []*Check
}

func newInvariants() (i invariants) {
	check := func(id, says string) *Check {
		i.all = append(i.all, &Check{ID: id, Says: says})
		return i.all[len(i.all)-1]
	}
	i.chain = check("A1", "the journal's blocks are chained without a gap and their hashes hold")
	i.canonical = check("A4", "the journal holds canonical records")
	i.balanced = check("L1", "every entry balances in every currency and has two postings or more")
	i.bounded = check("L4", "amounts are whole minor units, not zero and within bounds")
	i.windowed = check("T1", "every posting has its settlement window")
	i.windowSums = check("T3", "postings of a window and currency sum to zero")
	i.total = check("L2", "all postings of a currency sum to zero")
	i.cached = check("L3", "every balance is the sum of its postings")
	i.causes = check("L7", "every approval, capture and refund has exactly one entry, and every entry one cause")
	i.converted = check("L5", "conversions are those of the stated rates, and less than one minor unit of each goes to rounding")
	i.states = check("S1", "every payment is in a state that its outcome allows")
	i.owed = check("S4", "every payment that is not final has an owner: a call that is due, or a deadline")
	i.late = check("W6", "a yes after the end is recorded with the cancel that is owed or done")
	i.count = check("Z3", "started = approved + declined + expired + cancelled + in flight")
	i.reserved = check("P2", "what is reserved is what open payments and pending refunds hold")
	i.caps = check("P1", "no position is past its cap")
	i.final = check("P3", "a reservation ends with its payment")
	i.moved = check("R1", "refunds are at most what was captured, captures at most what was authorised")
	i.sequence = check("S2", "the journal's records of a payment are 1 to n without a gap")
	i.once = check("S3", "a payment is told one outcome, and the journal and the row agree on it")
	i.quoted = check("F1", "a quote is for one payment")
	i.inTime = check("F2", "a quote was used before it expired")
	i.asQuoted = check("F3", "a payment has the amounts and parties of its quote")
	i.codes = check("K1", "a payment code is used once, for ever")
	i.requests = check("D1", "a request has the one effect that it records")
	i.keyed = check("K2", "a request, a code or an order reference is one row, to which its key leads")
	i.listed = check("K3", "a payment is once in the list of its wallet, its acquirer and its store")
	i.referenced = check("D4", "of one order reference, one payment is approved and one on its way at most")
	i.acknowledged = check("C1", "every payment that was acknowledged is there and approved")
	return i
}

// checks returns what was found. The last is only of use where somebody asked for it.
func (i invariants) checks(acknowledged bool) []Check {
	all := i.all
	if !acknowledged {
		all = all[:len(all)-1]
	}
	checks := make([]Check, len(all))
	for at, check := range all {
		checks[at] = *check
	}
	return checks
}
