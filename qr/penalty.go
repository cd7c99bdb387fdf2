package qr

// Weights of ISO/IEC 18004 for what makes a symbol hard to read.
const (
	runMin        = 5  // modules of one colour in a line that count as a run
	runWeight     = 3  // for a run of runMin, and one more for each further module
	blockWeight   = 3  // for each square of two by two modules of one colour
	finderWeight  = 40 // for each line of modules that looks like a corner mark
	balanceWeight = 10 // for each full twentieth that the dark share is off one half
)

// A corner mark in cross-section, 1 being dark, with four light modules before
// or behind it.
const (
	finderBefore = 0b00001011101
	finderBehind = 0b10111010000
	finderLength = 11
)

// penalty returns how hard the symbol is to read, for comparison between masks.
func (s Symbol) penalty() int {
	sum := s.blockPenalty() + s.balancePenalty()
	for i := range s.side {
		sum += linePenalty(s.modules[i*s.side:], 1, s.side)
		sum += linePenalty(s.modules[i:], s.side, s.side)
	}
	return sum
}

// linePenalty weighs the runs and the false corner marks of one row or column:
// n modules, each step after the one before.
func linePenalty(modules []byte, step, n int) int {
	sum, run, window := 0, 0, 0
	for i := range n {
		module := int(modules[i*step])
		if module != window&1 || i == 0 {
			run = 0
		}
		run++
		if run == runMin {
			sum += runWeight
		} else if run > runMin {
			sum++
		}
		window = (window<<1 | module) & (1<<finderLength - 1)
		if i >= finderLength-1 && (window == finderBefore || window == finderBehind) {
			sum += finderWeight
		}
	}
	return sum
}

func (s Symbol) blockPenalty() int {
	sum := 0
	for row := range s.side - 1 {
		upper, lower := s.modules[row*s.side:], s.modules[(row+1)*s.side:]
		for column := range s.side - 1 {
			dark := upper[column] + upper[column+1] + lower[column] + lower[column+1]
			if dark == 0 || dark == 4 {
				sum += blockWeight
			}
		}
	}
	return sum
}

func (s Symbol) balancePenalty() int {
	dark := 0
	for _, module := range s.modules {
		dark += int(module)
	}
	off := 20*dark - 10*len(s.modules) // in twentieths of all modules
	if off < 0 {
		off = -off
	}
	return off / len(s.modules) * balanceWeight
}
