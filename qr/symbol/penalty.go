package symbol

import "math/bits"

// Weights of ISO/IEC 18004 for what makes a symbol hard to read.
const (
	runMin        = 5  // modules of one colour in a line that count as a run
	runWeight     = 3  // for a run of runMin, and one more for each further module
	blockWeight   = 3  // for each square of two by two modules of one colour
	finderWeight  = 40 // for each part of a line that looks like a corner mark
	balanceWeight = 10 // for each full twentieth that the dark share is off one half
)

// penalty returns how hard the symbol is to read, for comparison between masks.
// Its parts go down the columns, 64 of them at once: all those of a word. What
// must be seen in rows as well is seen in the columns of the transposed symbol.
func (g grid) penalty() int {
	var rows [sideMax]row
	turned := grid(rows[:len(g)])
	turned.transpose(g)
	sum := g.balancePenalty()
	for word := range g.words() {
		sum += g.runPenalty(word) + g.finderPenalty(word) + g.blockPenalty(word)
		sum += turned.runPenalty(word) + turned.finderPenalty(word)
	}
	return sum
}

// runPenalty weighs the runs in the columns of a word.
func (g grid) runPenalty(word int) int {
	columns := g.columns()[word]
	var same [runMin - 1]uint64 // which modules are as the one above, now and in the rows before
	var long uint64             // which modules end runMin of one colour
	runs, modules := 0, 0
	for y := 1; y < len(g); y++ {
		same[0], same[1], same[2], same[3] = ^(g[y][word]^g[y-1][word])&columns, same[0], same[1], same[2]
		before := long
		long = same[0] & same[1] & same[2] & same[3]
		runs += bits.OnesCount64(long &^ before)
		modules += bits.OnesCount64(long & before)
	}
	return runs*runWeight + modules
}

// finderPenalty weighs what looks like a corner mark in the columns of a word:
// dark and light as 1:1:3:1:1, with four light modules before or behind it.
func (g grid) finderPenalty(word int) int {
	const mark, margin = 7, 4
	dark := func(y int) uint64 { return g[y][word] }
	found := 0
	for y := range len(g) - mark + 1 {
		marks := dark(y) &^ dark(y+1) & dark(y+2) & dark(y+3) & dark(y+4) &^ dark(y+5) & dark(y+6)
		if marks == 0 {
			continue
		}
		if before := y - margin; before >= 0 {
			found += bits.OnesCount64(marks &^ (dark(before) | dark(before+1) | dark(before+2) | dark(before+3)))
		}
		if behind := y + mark; behind+margin <= len(g) {
			found += bits.OnesCount64(marks &^ (dark(behind) | dark(behind+1) | dark(behind+2) | dark(behind+3)))
		}
	}
	return found * finderWeight
}

// blockPenalty weighs the squares whose upper left module lies in a word.
func (g grid) blockPenalty(word int) int {
	columns := g.columns()
	found := 0
	for y := range len(g) - 1 {
		upper, lower := &g[y], &g[y+1]
		mixed := (upper[word] ^ lower[word]) | (upper[word] ^ upper.next(word)) | (upper[word] ^ lower.next(word))
		found += bits.OnesCount64(columns.next(word) &^ mixed)
	}
	return found * blockWeight
}

func (g grid) balancePenalty() int {
	dark := 0
	for y := range g {
		for _, word := range g[y] {
			dark += bits.OnesCount64(word)
		}
	}
	all := len(g) * len(g)
	off := 20*dark - 10*all // in twentieths of all modules
	return max(off, -off) / all * balanceWeight
}
