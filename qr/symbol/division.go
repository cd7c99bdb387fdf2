package symbol

import "iter"

// A division says how the codewords of a symbol are divided into blocks, each of
// which corrects its errors by itself: first come the short blocks, then those
// with one data codeword more.
type division struct {
	blocks      int
	corrections int // correction codewords of each block
	short       int // data codewords of a short block
	long        int // how many blocks are not short
}

func divide(v version, level Level) division {
	row := divisions[v][level]
	data := v.codewords() - row.blocks*row.corrections
	return division{row.blocks, row.corrections, data / row.blocks, data % row.blocks}
}

// data returns how many codewords of all blocks are data.
func (d division) data() int { return d.blocks*d.short + d.long }

// dataOf returns how many codewords of that block, counted from 0, are data.
func (d division) dataOf(block int) int {
	if block >= d.blocks-d.long {
		return d.short + 1
	}
	return d.short
}

// interleaved walks over the codewords in the order of the symbol, and gives the
// block of each and its place in that block. Correction follows the data.
func (d division) interleaved() iter.Seq2[int, int] {
	return func(yield func(block, place int) bool) {
		for place := range d.short + 1 {
			for block := range d.blocks {
				if place < d.dataOf(block) && !yield(block, place) {
					return
				}
			}
		}
		for i := range d.corrections {
			for block := range d.blocks {
				if !yield(block, d.dataOf(block)+i) {
					return
				}
			}
		}
	}
}

// divisions holds the number of blocks and the correction codewords of each, by
// version and by level in the order of its constants.
var divisions = [versionMax + 1][4]struct{ blocks, corrections int }{
	1:  {{1, 10}, {1, 7}, {1, 13}, {1, 17}},
	2:  {{1, 16}, {1, 10}, {1, 22}, {1, 28}},
	3:  {{1, 26}, {1, 15}, {2, 18}, {2, 22}},
	4:  {{2, 18}, {1, 20}, {2, 26}, {4, 16}},
	5:  {{2, 24}, {1, 26}, {4, 18}, {4, 22}},
	6:  {{4, 16}, {2, 18}, {4, 24}, {4, 28}},
	7:  {{4, 18}, {2, 20}, {6, 18}, {5, 26}},
	8:  {{4, 22}, {2, 24}, {6, 22}, {6, 26}},
	9:  {{5, 22}, {2, 30}, {8, 20}, {8, 24}},
	10: {{5, 26}, {4, 18}, {8, 24}, {8, 28}},
	11: {{5, 30}, {4, 20}, {8, 28}, {11, 24}},
	12: {{8, 22}, {4, 24}, {10, 26}, {11, 28}},
	13: {{9, 22}, {4, 26}, {12, 24}, {16, 22}},
	14: {{9, 24}, {4, 30}, {16, 20}, {16, 24}},
	15: {{10, 24}, {6, 22}, {12, 30}, {18, 24}},
	16: {{10, 28}, {6, 24}, {17, 24}, {16, 30}},
	17: {{11, 28}, {6, 28}, {16, 28}, {19, 28}},
	18: {{13, 26}, {6, 30}, {18, 28}, {21, 28}},
	19: {{14, 26}, {7, 28}, {21, 26}, {25, 26}},
	20: {{16, 26}, {8, 28}, {20, 30}, {25, 28}},
	21: {{17, 26}, {8, 28}, {23, 28}, {25, 30}},
	22: {{17, 28}, {9, 28}, {23, 30}, {34, 24}},
	23: {{18, 28}, {9, 30}, {25, 30}, {30, 30}},
	24: {{20, 28}, {10, 30}, {27, 30}, {32, 30}},
	25: {{21, 28}, {12, 26}, {29, 30}, {35, 30}},
	26: {{23, 28}, {12, 28}, {34, 28}, {37, 30}},
	27: {{25, 28}, {12, 30}, {34, 30}, {40, 30}},
	28: {{26, 28}, {13, 30}, {35, 30}, {42, 30}},
	29: {{28, 28}, {14, 30}, {38, 30}, {45, 30}},
	30: {{29, 28}, {15, 30}, {40, 30}, {48, 30}},
	31: {{31, 28}, {16, 30}, {43, 30}, {51, 30}},
	32: {{33, 28}, {17, 30}, {45, 30}, {54, 30}},
	33: {{35, 28}, {18, 30}, {48, 30}, {57, 30}},
	34: {{37, 28}, {19, 30}, {51, 30}, {60, 30}},
	35: {{38, 28}, {19, 30}, {53, 30}, {63, 30}},
	36: {{40, 28}, {20, 30}, {56, 30}, {66, 30}},
	37: {{43, 28}, {21, 30}, {59, 30}, {70, 30}},
	38: {{45, 28}, {22, 30}, {62, 30}, {74, 30}},
	39: {{47, 28}, {24, 30}, {65, 30}, {77, 30}},
	40: {{49, 28}, {25, 30}, {68, 30}, {81, 30}},
}
