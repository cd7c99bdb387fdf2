package cells

// A sale is one payment of the wallet, with all that will become of it.
type sale struct {
	at     int // when the till asks
	cell   int
	amount int64 // minor units
	wait   int   // until the wallet answers
	yes    bool
	refund int // after the yes; zero: none
	fate   fate
}

// fate is what has become of a sale so far.
type fate int

const (
	waiting fate = iota
	open
	approved
	declined
	refused
)

// draw makes the sales, the same for any number of cells, and a cap that they
// will use to the wanted part.
func (w *world) draw() {
	w.sales = make([]sale, w.run.Payments)
	moves := make([]int64, opening+windowEvery) // of what is owed or reserved, if nothing limits it
	for i := range w.sales {
		s := &w.sales[i]
		*s = sale{
			at: w.rng.IntN(opening), cell: int(w.rng.Uint32()) % w.run.Cells, amount: 100 + w.rng.Int64N(20_000),
			wait: 200 + w.rng.IntN(800), yes: w.rng.IntN(10) > 0,
		}
		if w.rng.IntN(100) == 0 {
			s.amount *= 20
		}
		if w.run.Hot && w.rng.IntN(5) > 0 {
			s.cell = s.at * w.run.Cells / opening
		}
		if s.yes && w.rng.IntN(50) == 0 {
			s.refund = 1 + w.rng.IntN(2*windowEvery)
		}
		moves[s.at] += s.amount
		if end := s.at + s.wait; !s.yes {
			moves[end] -= s.amount
		}
	}
	w.total = max(peak(moves)*100/int64(w.run.Use), 1)
}

// peak is the highest that these moves come to between two settlements.
func peak(moves []int64) (highest int64) {
	var taken int64
	for at, move := range moves {
		if at%windowEvery == 0 {
			taken = 0
		}
		taken += move
		highest = max(highest, taken)
	}
	return highest
}

// arrive brings a sale to its cell.
func (w *world) arrive(i int) {
	s := &w.sales[i]
	c := w.cells[s.cell]
	if c.down(w) {
		w.Unanswered++
		return
	}
	w.commit(c, func() {
		c.spent += s.amount
		if len(c.parked) == 0 && w.accept(c, i) {
			return
		}
		c.parked = append(c.parked, i)
		c.lacking(w)
	})
	if s.fate == waiting && !c.holds(i) {
		w.Unanswered++ // The cell died before it had answered, and the till has heard nothing.
		return
	}
	if s.fate == waiting {
		w.after(patience, func() { w.giveUp(c, i) })
	}
}

// accept reserves a sale if there is room.
func (w *world) accept(c *cell, i int) bool {
	s := &w.sales[i]
	after, err := c.wallet.Reserve(s.amount)
	if err != nil {
		return false
	}
	c.wallet = after
	c.open[i] = true
	s.fate = open
	w.held[s.cell] += s.amount
	w.after(s.wait, func() { w.answer(i) })
	return true
}

// retry looks at those that wait for room, in their order.
func (w *world) retry(c *cell) {
	for len(c.parked) > 0 && w.accept(c, c.parked[0]) {
		c.parked = c.parked[1:]
		w.Waited++
	}
}

// giveUp refuses a sale that has waited long enough.
func (w *world) giveUp(c *cell, i int) {
	s := &w.sales[i]
	if s.fate != waiting {
		return
	}
	if !c.forget(i) {
		w.Unanswered++
		return
	}
	s.fate = refused
	w.Refused++
}

// answer brings the wallet's yes or no, again until the cell has committed it,
// and sometimes once more.
func (w *world) answer(i int) {
	s := &w.sales[i]
	c := w.cells[s.cell]
	heard := !c.down(w) && w.commit(c, func() { w.hear(c, i) })
	if !heard || w.fate(w.faults.again) {
		w.after(askAgain, func() { w.answer(i) })
	}
}

// hear books a yes or frees what a no has reserved. The cell goes by what it has
// committed; beside it the world notes what the till is told.
func (w *world) hear(c *cell, i int) {
	s := &w.sales[i]
	if c.open[i] {
		delete(c.open, i)
		c.wallet = c.wallet.Release(s.amount)
		if s.yes {
			c.wallet = c.wallet.Post(-s.amount)
			c.acquirer += s.amount
		}
	}
	if s.fate != open {
		return
	}
	w.held[s.cell] -= s.amount
	if !s.yes {
		s.fate = declined
		w.Declined++
		return
	}
	s.fate = approved
	w.Approved++
	w.paid += s.amount
	if s.refund > 0 {
		w.after(s.refund, func() { w.refund(i) })
	}
}

// refund gives an approved sale back, in the cell that made it.
func (w *world) refund(i int) {
	s := &w.sales[i]
	c := w.cells[s.cell]
	if c.down(w) || !w.commit(c, func() {
		c.wallet = c.wallet.Post(s.amount)
		c.acquirer -= s.amount
		w.paid -= s.amount
		w.Refunded++
	}) {
		w.after(askAgain, func() { w.refund(i) })
	}
}
