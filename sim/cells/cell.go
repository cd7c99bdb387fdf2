package cells

import (
	"maps"
	"slices"

	"github.com/hansa-network/hansa/ledger"
)

// books are what a cell has committed. They balance by themselves: wallet,
// acquirer and mirrors sum to zero.
type books struct {
	wallet   ledger.Position // its Cap is the cell's allotment
	acquirer int64
	mirrors  []int64          // for each other cell: below zero that cell owes what was carried to it
	tallies  []ledger.Tallies // with each other cell
	open     map[int]bool     // sales that are reserved
	windows  int              // closed so far
	closed   []int            // by each other cell, as it has said
	own      int64            // at home: what its own stores sold in closed windows, not settled yet
	settled  int              // at home: the window settled last
}

func (b books) clone() books {
	b.mirrors, b.tallies, b.closed, b.open = slices.Clone(b.mirrors), slices.Clone(b.tallies), slices.Clone(b.closed), maps.Clone(b.open)
	return b
}

// A cell is one database and its nodes.
type cell struct {
	books

	// What a cell knows of itself and the others, and forgets when it crashes.
	parked []int   // sales that wait for room
	spent  int64   // asked for since the last beat
	pace   int64   // what is asked for in a beat, as of late
	hold   int64   // beats that allotment may be held for
	told   int64   // at home: what the others were told of that
	paces  []int64 // at home: those of the others
	seen   []int64 // number of our tally that each other cell holds
	wants  []int64 // what each other cell still wants
	wrote  []int   // when each was written to last
	outbox []letter

	name   int
	doomed bool    // it crashes in its next step
	downTo int     // crashed until then
	cutTo  int     // cut off from the others until then
	prior  []tally // for planted bugs: the tallies taken last but one
	backup *books  // likewise: an old copy
}

// tally is short for what a letter carries.
type tally = ledger.Tally

func newCell(name, cells int) *cell {
	c := &cell{name: name, prior: make([]tally, cells), books: books{
		wallet:  ledger.Position{Account: ledger.OfWallet("wallet"), Currency: "EUR"},
		mirrors: make([]int64, cells), tallies: make([]ledger.Tallies, cells), closed: make([]int, cells), open: make(map[int]bool),
	}}
	c.wake()
	return c
}

// wake forgets all that was not committed.
func (c *cell) wake() {
	cells := len(c.mirrors)
	c.parked, c.outbox, c.spent, c.pace = nil, nil, 0, 0
	c.hold, c.told = holdBeats, holdBeats
	c.seen, c.wants, c.paces, c.wrote = make([]int64, cells), make([]int64, cells), make([]int64, cells), make([]int, cells)
}

func (c *cell) down(w *world) bool { return c.downTo > w.now }

func (c *cell) holds(i int) bool { return slices.Contains(c.parked, i) }

// forget takes a sale from those that wait.
func (c *cell) forget(i int) bool {
	at := slices.Index(c.parked, i)
	if at >= 0 {
		c.parked = slices.Delete(c.parked, at, at+1)
	}
	return at >= 0
}

// commit lets a cell do one step, unless it dies of it: before the commit nothing
// has happened, after it everything has and nobody was told. It says whether the
// step was committed.
func (w *world) commit(c *cell, step func()) bool {
	dies := c.doomed
	c.doomed = false
	if dies && w.rng.IntN(2) == 0 {
		w.die(c, step)
		return false
	}
	step()
	w.retry(c)
	w.check(c)
	if dies {
		w.die(c, nil)
		return true
	}
	for _, l := range c.outbox {
		w.send(l)
	}
	c.outbox = c.outbox[:0]
	return true
}

// beat is what a cell does ten times a second: it closes a window whose time is
// over, looks at its room, and writes again what was not acknowledged.
func (w *world) beat(c *cell) {
	w.after(beatEvery, func() { w.beat(c) })
	w.blow(c)
	if c.down(w) {
		return
	}
	w.commit(c, func() {
		c.pace = (15*c.pace + c.spent) / 16
		c.spent = 0
		for c.windows < w.now/windowEvery {
			w.close(c)
		}
		if c.name == home {
			w.settle(c)
			c.ration(w)
			c.recall(w)
		} else {
			c.level(w)
		}
		for other := range c.tallies {
			if c.seen[other] < c.tallies[other].Given.Number && c.wrote[other]+unheard <= w.now {
				w.takeBack(c, other)
				c.write(w, other, 0)
			}
		}
	})
}

// close ends a window: what the wallet owes goes to its home, with the allotment
// for it, so that the room stays where it is.
func (w *world) close(c *cell) {
	c.windows++
	if c.name == home {
		c.own = c.acquirer
		return
	}
	balance := c.wallet.Balance
	if balance > c.wallet.Room() {
		balance = 0 // More came back than was sold, and it is reserved again: it goes with the next window.
	}
	if w.run.Bug == DebtAlone {
		c.debtAlone(balance)
	} else {
		c.give(home, max(-balance, 0), balance)
	}
	c.write(w, home, 0)
}

// behind reports whether another cell has not closed as many windows.
func (c *cell) behind() bool {
	return slices.ContainsFunc(c.closed[home+1:], func(closed int) bool { return closed < c.windows })
}

// settle is what the bank does once all cells have closed, or their time is over.
// Whoever is late is settled with the next window.
func (w *world) settle(c *cell) {
	if c.settled == c.windows {
		return
	}
	if w.now < c.windows*windowEvery+settleAfter && c.behind() {
		return
	}
	c.settled = c.windows
	w.settled += c.own
	c.wallet = c.wallet.Post(c.own)
	c.acquirer -= c.own
	c.own = 0
	for other := 1; other < len(c.tallies); other++ {
		carried := c.tallies[other].Taken.Carried - c.tallies[other].Given.Settled
		if carried != 0 {
			w.settled -= carried
			c.wallet, c.tallies[other] = c.wallet.Settle(c.tallies[other], carried)
			c.mirrors[other] += carried
			c.write(w, other, 0)
			w.settleAgain(c, carried)
		}
	}
}
