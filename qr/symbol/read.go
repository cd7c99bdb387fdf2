package symbol

import (
	"math/bits"

	"github.com/hansa-network/hansa"
)

// Content is what was read in a symbol.
type Content struct {
	Text      string  // in UTF-8, by the announced character set; see Bytes
	Bytes     []byte  // as the symbol holds them, for texts that name their character set themselves
	Charset   Charset // what was announced last
	Version   int     // 1 to 40
	Level     Level
	Mask      int // 0 to 7
	Corrected int // how many codewords were read wrongly and put right
}

// Read reads a square of modules, counted from the upper left, as ISO/IEC 18004
// has them. It puts errors right up to the limit of the symbol's level and
// refuses with hansa.CodeInvalid what is damaged beyond it or is no symbol, and
// with hansa.CodeUnknown one part of several symbols and one in GS1 form: no
// payment code is written like that. Without an announced character set, bytes
// that are UTF-8 are taken for that, and all others for ISO 8859-1.
func Read(side int, dark func(column, row int) bool) (Content, error) {
	v := version((side - 17) / 4)
	if v < 1 || v > versionMax || v.side() != side {
		return Content{}, hansa.Refuse(hansa.CodeInvalid, "no symbol has %d modules on a side", side)
	}
	modules := newGrid(side)
	for y := range side {
		for x := range side {
			modules.set(x, y, dark(x, y))
		}
	}
	layout := newLayout(v)
	err := hansa.Refuse(hansa.CodeInvalid, "neither copy of the format can be read")
	for _, f := range readFormats(modules) {
		var content Content
		if content, err = layout.read(modules, f); err == nil || isForeign(err) {
			return content, err
		}
	}
	return Content{}, err
}

// isForeign reports whether the symbol was read well, but is not for us.
func isForeign(err error) bool {
	reason, _ := hansa.ReasonOf(err)
	return reason == hansa.CodeUnknown
}

// A format is what a symbol says of itself.
type format struct {
	level Level
	mask  mask
}

// readFormats returns what either copy of the format may say, the likelier first.
func readFormats(modules grid) []format {
	const wrongMax = 3 // bits that the code can put right
	var found []format
	nearest := wrongMax + 1
	for _, places := range formatPlaces(len(modules)) {
		var seen uint
		for i, at := range places {
			if modules.dark(at.column, at.row) {
				seen |= 1 << i
			}
		}
		for level := Medium; level <= High; level++ {
			for m := range mask(masks) {
				wrong := bits.OnesCount(seen ^ formatBits(level, m))
				this := format{level, m}
				switch {
				case wrong > wrongMax || len(found) > 0 && found[0] == this:
				case wrong < nearest:
					found = append([]format{this}, found...)
					nearest = wrong
				default:
					found = append(found, this)
				}
			}
		}
	}
	return found
}

// read reads the data of a symbol of that format.
func (l layout) read(modules grid, f format) (Content, error) {
	d := divide(l.version, f.level)
	blocks := l.blocks(modules, f.mask, d)
	data := make([]byte, 0, d.data())
	corrected := 0
	for i, block := range blocks {
		n, ok := repair(block, d.corrections, l.version.correctable(f.level, d))
		if !ok {
			return Content{}, hansa.Refuse(hansa.CodeInvalid, "the symbol is damaged beyond repair")
		}
		corrected += n
		data = append(data, block[:d.dataOf(i)]...)
	}
	content, err := l.version.readSegments(data)
	if err != nil {
		return Content{}, err
	}
	content.Version, content.Level, content.Mask = int(l.version), f.level, int(f.mask)
	content.Corrected = corrected
	return content, nil
}

// blocks collects the codewords from the modules, block by block.
func (l layout) blocks(modules grid, m mask, d division) [][]byte {
	words := make([]byte, l.version.codewords())
	bit := 0
	for column, row := range l.dataModules() {
		if bit < 8*len(words) && modules.dark(column, row) != m.inverts(column, row) {
			words[bit/8] |= 1 << (7 - bit%8)
		}
		bit++
	}
	blocks := make([][]byte, d.blocks)
	for i := range blocks {
		blocks[i] = make([]byte, d.dataOf(i)+d.corrections)
	}
	next := 0
	for block, place := range d.interleaved() {
		blocks[block][place] = words[next]
		next++
	}
	return blocks
}

// correctable returns how many wrong codewords of a block may be put right. The
// smallest symbols keep some of their corrections to notice what they cannot
// put right.
func (v version) correctable(level Level, d division) int {
	noticing := 0
	switch {
	case v == 1 && level == Low:
		noticing = 3
	case v == 1 && level == Medium, v == 2 && level == Low:
		noticing = 2
	case v == 1, v == 3 && level == Low:
		noticing = 1
	}
	return (d.corrections - noticing) / 2
}
