package cells

// This file says when allotment is asked for, granted and returned. Whatever it
// says, the rules of room ledger keep the cap; it decides how many payments wait
// or are refused, and how many letters are written. A cell may hold what is asked
// of it for so many beats as the home says: many while the home has plenty, few
// when the cap is nearly used up.
const (
	holdBeats = 2   // a cell may always hold
	holdMax   = 100 // beats: longer than a home is away that fails over
)

// need is what will be asked of a cell in so many beats, as of late, and what
// waits for room already.
func (c *cell) need(w *world, beats int64) int64 {
	need := c.pace * beats
	for _, i := range c.parked {
		need += w.sales[i].amount
	}
	return need
}

// spare is what a cell could give away.
func (c *cell) spare(w *world) int64 {
	return min(max(c.wallet.Room()-c.need(w, holdBeats), 0), c.wallet.Cap)
}

// level asks the home for what is short, or returns what is too much.
func (c *cell) level(w *world) {
	room, wish := c.wallet.Room(), c.need(w, c.hold)
	switch {
	case room < wish/2:
		c.write(w, home, wish-room)
	case room > 2*wish && c.wallet.Cap > 0:
		if c.give(home, min(room-wish, c.wallet.Cap), 0) {
			c.write(w, home, 0)
		}
	}
}

// lacking asks at once, for a payment that waits.
func (c *cell) lacking(w *world) {
	switch {
	case c.wrote[home]+beatEvery/2 > w.now: // It has just asked.
	case c.name == home:
		c.recall(w)
	default:
		c.write(w, home, c.need(w, c.hold)-c.wallet.Room())
	}
}

// ration says for how long each cell may hold: half as long as what is left at
// home would do for all of them. Where that has become much less, they are told.
func (c *cell) ration(w *world) {
	paces := c.pace
	for _, pace := range c.paces {
		paces += pace
	}
	c.hold = min(max(c.spare(w)/max(2*paces, 1), holdBeats), holdMax)
	if c.hold*2 > c.told {
		c.told = max(c.told, c.hold)
		return
	}
	c.told = c.hold
	for other := 1; other < len(c.wants); other++ {
		c.write(w, other, 0)
	}
}

// grant gives a cell what it wants, as far as there is any. It says whether it
// gave something.
func (w *world) grant(c *cell, to int) bool {
	amount := min(c.wants[to], c.spare(w))
	if amount == 0 || !w.giveAway(c, to, amount) {
		return false
	}
	c.wants[to] -= amount
	return true
}

// wishing lists the cells whose wishes are not fulfilled, each time beginning
// with another one.
func (c *cell) wishing(w *world) []int {
	var all []int
	for i := range c.wants {
		if other := (i + w.now/beatEvery) % len(c.wants); other != home && c.wants[other] > 0 {
			all = append(all, other)
		}
	}
	return all
}

// recall asks all others for what they can spare, where the home cannot fulfil a
// wish or has too little for its own stores.
func (c *cell) recall(w *world) {
	short := max(c.need(w, holdBeats)-c.wallet.Room(), 0)
	for _, other := range c.wishing(w) {
		short += c.wants[other]
	}
	if short == 0 {
		return
	}
	c.wrote[home] = w.now
	for other := 1; other < len(c.wants); other++ {
		if c.wants[other] == 0 {
			c.write(w, other, short)
		}
	}
}
