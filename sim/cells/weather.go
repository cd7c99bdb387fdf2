package cells

// Weather is what goes wrong in a run.
type Weather string

// The kinds of weather.
const (
	Calm    Weather = ""        // nothing
	Storm   Weather = "storm"   // letters get lost, doubled and late; cells crash and are cut off
	HomeCut Weather = "homecut" // nobody reaches the wallet's home for four seconds
	CellCut Weather = "cellcut" // one other cell is cut off as long
)

// When one cell is cut off.
const (
	cutFrom = 12_000
	cutTo   = 16_000
)

// faults are how likely in a million something goes wrong, and how long for.
type faults struct {
	lose, double, slow int // a letter
	crash, cut         int // a cell, in a beat
	gone               int // milliseconds
	again              int // a wallet's answer
}

// forecast draws the faults of a run.
func (w *world) forecast() faults {
	return faults{
		lose: w.rng.IntN(200_000), double: w.rng.IntN(200_000), slow: w.rng.IntN(100_000),
		crash: w.rng.IntN(4_000), cut: w.rng.IntN(4_000), gone: 1 + w.rng.IntN(4_000), again: w.rng.IntN(100_000),
	}
}

// fate says whether a fault of this likelihood happens now.
func (w *world) fate(likelihood int) bool {
	return w.run.Weather == Storm && w.now < opening && w.rng.IntN(1_000_000) < likelihood
}

// blow lets the weather at a cell.
func (w *world) blow(c *cell) {
	cut := w.run.Weather == HomeCut && c.name == home || w.run.Weather == CellCut && c.name == home+1
	if cut && w.now >= cutFrom && w.now < cutTo {
		c.cutTo = cutTo
	}
	if c.cutTo < w.now && w.fate(w.faults.cut) {
		c.cutTo = w.now + w.rng.IntN(w.faults.gone)
	}
	c.doomed = c.doomed || w.fate(w.faults.crash)
}

// send carries a letter, or loses, doubles or delays it.
func (w *world) send(l letter) {
	w.Letters++
	w.carry(l)
	if w.fate(w.faults.double) {
		w.carry(l)
	}
}

func (w *world) carry(l letter) {
	if w.fate(w.faults.lose) {
		return
	}
	wait := 2 + w.rng.IntN(18)
	if w.fate(w.faults.slow) {
		wait += w.rng.IntN(3_000)
	}
	w.after(wait, func() {
		c := w.cells[l.to]
		if c.down(w) || c.cutTo > w.now || w.cells[l.from].cutTo > w.now {
			return
		}
		w.commit(c, func() { w.read(c, l) })
	})
}

// die ends a cell's life. What it had committed is there when it comes back.
func (w *world) die(c *cell, undone func()) {
	w.dieBadly(c, undone)
	c.downTo = w.now + 100 + w.rng.IntN(w.faults.gone)
	c.wake()
}
