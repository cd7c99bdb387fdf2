package cells

// A letter is all that cells say to each other. It tells how things stand and
// never what to do once, so it may be lost, doubled, overtaken or very late.
type letter struct {
	from, to int
	tally    tally // all that the writer ever gave the reader
	seen     int64 // number of the reader's tally that the writer holds
	waits    bool  // the writer does not know whether its tally has arrived
	wants    int64 // allotment that the writer would like
	windows  int   // that the writer has closed
	pace     int64 // what is asked of the writer in a beat
	hold     int64 // from home: beats that allotment may be held for
}

// write puts a letter into the outbox: it leaves when the step is committed.
func (c *cell) write(w *world, to int, wants int64) {
	t := c.tallies[to]
	c.wrote[to] = w.now
	c.outbox = append(c.outbox, letter{
		from: c.name, to: to, tally: t.Given, seen: t.Taken.Number, waits: c.seen[to] < t.Given.Number,
		wants: wants, windows: c.windows, pace: c.pace, hold: c.hold,
	})
}

// give moves allotment and balance to another cell, and the balance through the
// mirror.
func (c *cell) give(to int, allotment, balance int64) bool {
	after, tallies, err := c.wallet.Give(c.tallies[to], allotment, balance)
	if err != nil {
		return false
	}
	c.wallet, c.tallies[to] = after, tallies
	c.mirrors[to] += balance
	return true
}

// read takes what is new in a letter, and answers if the writer waits for that.
func (w *world) read(c *cell, l letter) {
	w.take(c, l)
	c.seen[l.from] = max(c.seen[l.from], l.seen)
	c.closed[l.from] = max(c.closed[l.from], l.windows)
	c.paces[l.from] = l.pace
	if l.from == home {
		c.hold = l.hold
	}
	// Who does not know our last tally yet asked before it: that wish is fulfilled.
	if l.wants > 0 && l.seen == c.tallies[l.from].Given.Number {
		c.wants[l.from] = l.wants
		w.grant(c, l.from)
	}
	if l.waits || l.seen < c.tallies[l.from].Given.Number {
		c.write(w, l.from, 0)
	}
	if c.name == home {
		for _, other := range c.wishing(w) {
			if w.grant(c, other) {
				c.write(w, other, 0)
			}
		}
	}
}

// take is the part of read that moves money.
func (w *world) take(c *cell, l letter) {
	before := c.tallies[l.from].Taken
	if l.tally.Number <= before.Number {
		w.takeAgain(c, l)
		return
	}
	c.prior[l.from] = before
	c.wallet, c.tallies[l.from] = c.wallet.Take(c.tallies[l.from], l.tally)
	carried, settled := l.tally.Carried-before.Carried, l.tally.Settled-before.Settled
	if w.run.Bug != MirrorForgotten {
		c.mirrors[l.from] -= carried
	}
	c.mirrors[l.from] -= settled
	c.acquirer += settled
}
