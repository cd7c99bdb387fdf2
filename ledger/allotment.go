package ledger

import (
	"fmt"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/money"
)

// Where a network has several cells, each keeps a position of its own for the
// same participant, and its Cap is an allotment: a part of the net debit cap.
// Reserve needs no other cell for that. This file moves allotments and balances
// between two cells; docs/scale.md says when.

// A Tally is all that one cell has ever moved to another of one position. It
// says totals and never what is new, so that the letter with it may be lost,
// doubled or overtaken: the tally with the highest number holds.
type Tally struct {
	Number   int64 // rises by one with every change
	Allotted int64 // of the cap, in minor units; it never falls
	Carried  int64 // of the balance, in minor units; below zero a debt
	Settled  int64 // of what the other cell has carried here, in minor units
}

// Tallies are the two that a cell keeps of its dealings with another: what it
// has given, and the newest that it has heard of what it was given.
type Tallies struct{ Given, Taken Tally }

// Room is what may still be reserved, in minor units, of a position with a cap.
func (p Position) Room() int64 { return p.Cap + p.Balance - p.Reserved }

// Give moves a part of the allotment and of the balance to the other cell, both
// in minor units. It refuses CapExceeded where that needs more than there is.
// A debt takes its allotment along, or the other cell might pass its own: Give
// panics without.
func (p Position) Give(t Tallies, allotment, balance int64) (Position, Tallies, error) {
	room := allotment + balance
	if p.Cap < 0 || allotment < 0 || room < 0 {
		panic(fmt.Sprintf("give an allotment of %d and a balance of %d from %s under %d", allotment, balance, p.Account, p.Cap))
	}
	if allotment > p.Cap || room > max(p.Room(), 0) {
		return p, t, hansa.Refuse(hansa.CapExceeded, "%s cannot give away %s", p.Account, money.New(room, p.Currency))
	}
	p.Cap -= allotment
	p.Balance -= balance
	t.Given.Number++
	t.Given.Allotted += allotment
	t.Given.Carried += balance
	return p, t, nil
}

// Take adds what is new in the tally of the other cell. One that is not newer
// than the one taken last changes nothing.
func (p Position) Take(t Tallies, said Tally) (Position, Tallies) {
	if said.Number <= t.Taken.Number {
		return p, t
	}
	if said.Allotted < t.Taken.Allotted {
		panic(fmt.Sprintf("tally %d of %s allots %d, tally %d allotted %d", said.Number, p.Account, said.Allotted, t.Taken.Number, t.Taken.Allotted))
	}
	p.Cap += said.Allotted - t.Taken.Allotted
	p.Balance += said.Carried - t.Taken.Carried
	t.Taken = said
	return p, t
}

// Settle notes what was paid, in minor units, of what the other cell carried
// here, and posts it.
func (p Position) Settle(t Tallies, amount int64) (Position, Tallies) {
	p.Balance -= amount
	t.Given.Number++
	t.Given.Settled += amount
	return p, t
}
