package cells

import (
	"slices"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/ledger"
)

// A Bug is a mistake that a run makes on purpose, around the rules of room
// ledger. The checks must find every one: they are the test of the checks.
type Bug string

// The planted bugs.
const (
	NoBug              Bug = ""
	DoubledCounts      Bug = "doubled_letter_counts_twice"
	OlderHolds         Bug = "older_letter_holds"
	ToldBeforeCommit   Bug = "grant_is_told_before_the_commit"
	ReservedGiven      Bug = "reserved_room_is_given_away"
	SilenceTakesBack   Bug = "unanswered_grant_is_taken_back"
	BackupGoesOn       Bug = "old_backup_goes_on"
	ReservationsForgot Bug = "crash_forgets_reservations"
	DebtAlone          Bug = "debt_is_carried_without_its_allotment"
	MirrorForgotten    Bug = "carry_lacks_its_mirror"
	SettledTwice       Bug = "carry_is_settled_twice"
)

// Bugs are all planted bugs.
func Bugs() []Bug {
	return []Bug{
		DoubledCounts, OlderHolds, ToldBeforeCommit, ReservedGiven, SilenceTakesBack, BackupGoesOn, ReservationsForgot,
		DebtAlone, MirrorForgotten, SettledTwice,
	}
}

// ParseBug reads the name of a planted bug, or refuses NotFound.
func ParseBug(name string) (Bug, error) {
	if bug := Bug(name); bug == NoBug || slices.Contains(Bugs(), bug) {
		return bug, nil
	}
	return NoBug, hansa.Refuse(hansa.NotFound, "no planted bug %q among cells", name)
}

// takeAgain is what becomes of a letter that says nothing new: nothing, unless a
// bug counts it.
func (w *world) takeAgain(c *cell, l letter) {
	t := &c.tallies[l.from]
	switch w.run.Bug { //nolint:exhaustive // The others do not touch old letters.
	case DoubledCounts:
		if l.tally.Number > 0 && l.tally == t.Taken {
			c.wallet, *t = c.wallet.Take(ledger.Tallies{Given: t.Given, Taken: c.prior[l.from]}, l.tally)
		}
	case OlderHolds:
		t.Taken = l.tally
	}
}

// giveAway grants allotment; a bug looks at the allotment alone.
func (w *world) giveAway(c *cell, to int, amount int64) bool {
	if w.run.Bug != ReservedGiven {
		return c.give(to, amount, 0)
	}
	reserved := c.wallet.Reserved
	c.wallet.Reserved = 0
	given := c.give(to, min(c.wallet.Cap, c.wallet.Room()), 0)
	c.wallet.Reserved = reserved
	return given
}

// debtAlone carries what the wallet owes and leaves its allotment behind.
func (c *cell) debtAlone(balance int64) {
	c.wallet.Balance -= balance
	c.mirrors[home] += balance
	c.tallies[home].Given.Number++
	c.tallies[home].Given.Carried += balance
}

// takeBack believes that a letter without an answer was never read.
func (w *world) takeBack(c *cell, from int) {
	if w.run.Bug == SilenceTakesBack && c.name == home {
		lost := c.tallies[from].Given.Allotted / 8
		c.tallies[from].Given.Allotted -= lost
		c.wallet.Cap += lost
	}
}

// settleAgain pays what a cell carried a second time.
func (w *world) settleAgain(c *cell, carried int64) {
	if w.run.Bug == SettledTwice {
		c.wallet = c.wallet.Post(-carried)
	}
}

// dieBadly is what bugs do to a cell that crashes.
func (w *world) dieBadly(c *cell, undone func()) {
	switch w.run.Bug { //nolint:exhaustive // The others survive a crash.
	case ToldBeforeCommit:
		committed := c.clone()
		if undone != nil {
			undone()
		}
		for _, l := range c.outbox {
			w.send(l)
		}
		c.books = committed
	case BackupGoesOn:
		if c.backup != nil {
			c.books = *c.backup
		}
		backup := c.clone()
		c.backup = &backup
	case ReservationsForgot:
		c.wallet.Reserved = 0
	}
}
