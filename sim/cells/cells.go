// Package cells tries what docs/scale.md plans: a wallet's cap that is split over
// cells, each with books of its own. It drives the rules of room ledger from one
// seed, checks after every step that the cap holds and nothing is lost or made,
// and counts what the split costs: refusals, waits and letters between cells.
// It is a model: no hub, no store, one wallet, one acquirer in each cell.
package cells

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
)

// All times are milliseconds since the start.
const (
	opening     = 40_000 // the stores are open that long
	windowEvery = 10_000 // a settlement window closes
	settleAfter = 3_000  // the home waits for cells that are late, and settles without them
	beatEvery   = 100    // a cell looks at its room
	patience    = 300    // a payment waits for room
	unheard     = 300    // a letter that was not acknowledged is sent again
	askAgain    = 500    // a wallet's answer comes again to a cell that was down
	rest        = 60_000 // then the storm is over, and what is on its way arrives
)

// home is the cell that keeps the wallet's cap and settles for it.
const home = 0

// A Run is one history.
type Run struct {
	Seed     uint64
	Cells    int
	Payments int
	Use      int  // percent of the cap that is owed or reserved at its highest, if nothing is refused
	Hot      bool // four of five payers stand in one cell, and move on to the next
	Weather  Weather
	Bug      Bug
}

// An Outcome is what came of a run.
type Outcome struct {
	Findings   []string // breaches of what must always hold
	Approved   int
	Declined   int
	Refused    int // no room
	Unanswered int // the cell was down, or went down before it had answered
	Waited     int // of the approved and declined, those that had waited for room
	Refunded   int
	Letters    int    // between cells
	Hash       string // of all of this and of the cells' books
}

// A world is a run in progress.
type world struct {
	Outcome

	run     Run
	rng     *rand.Rand
	now     int
	agenda  [][]func() // what happens in each millisecond
	cells   []*cell
	sales   []sale
	total   int64   // the cap
	paid    int64   // approved less refunded, by what tills were told
	held    []int64 // in each cell, likewise
	settled int64   // that left the books
	faults  faults
}

// Do runs the history to its end.
func (r Run) Do() Outcome {
	w := &world{
		run: r, rng: rand.New(rand.NewPCG(r.Seed, 0x63656c6c73)), agenda: make([][]func(), opening+rest),
		held: make([]int64, r.Cells), cells: make([]*cell, r.Cells),
	}
	w.draw()
	w.faults = w.forecast()
	for i := range w.cells {
		w.cells[i] = newCell(i, r.Cells)
		w.at(i%beatEvery, func() { w.beat(w.cells[i]) })
	}
	w.cells[home].wallet.Cap = w.total
	for i := range w.sales {
		w.at(w.sales[i].at, func() { w.arrive(i) })
	}
	w.pass()
	w.judge()
	return w.Outcome
}

// at puts something down for a time to come.
func (w *world) at(time int, do func()) { w.agenda[time] = append(w.agenda[time], do) }

// after puts something down, unless the world is over before.
func (w *world) after(wait int, do func()) {
	if w.now+wait < len(w.agenda) {
		w.at(w.now+wait, do)
	}
}

// pass lets all of it happen, at the same time in the order in which it was put
// down. The first breach ends the history: what follows would only repeat it.
func (w *world) pass() {
	defer func() {
		if cause := recover(); cause != nil {
			w.finding("broken invariant: %v", cause)
		}
	}()
	for w.now = 0; w.now < len(w.agenda); w.now++ {
		for _, do := range w.agenda[w.now] {
			do()
			if len(w.Findings) > 0 {
				return
			}
		}
		w.agenda[w.now] = nil
	}
}

// judge looks at the end and hashes it.
func (w *world) judge() {
	if len(w.Findings) == 0 {
		w.checkRest()
	}
	sum := sha256.New()
	fmt.Fprintf(sum, "%+v\n", w.Outcome)
	for _, c := range w.cells {
		fmt.Fprintf(sum, "%+v %+v\n", c.wallet, c.tallies)
	}
	w.Hash = hex.EncodeToString(sum.Sum(nil))
}

func (w *world) finding(format string, args ...any) {
	w.Findings = append(w.Findings, fmt.Sprintf("at %d ms: ", w.now)+fmt.Sprintf(format, args...))
}
