package symbol

import (
	"image"
	"strings"
)

// Masks is the number of masks.
const Masks = masks

// NewMasked draws a text as New does, but under the mask of that number.
func NewMasked(text string, options Options, number int) Symbol {
	content := content{text, Unannounced, modeByte}
	if !isASCII(text) {
		content.charset = UTF8
	}
	if options.Dense {
		content.mode = densestMode(text)
	}
	version, ok := content.smallestVersion(options.Level)
	if !ok {
		panic("symbol: too long")
	}
	masked := newGrid(version.side())
	newDrawing(content, version, options.Level).drawMasked(masked, mask(number))
	return Symbol{modules: masked}
}

// Penalty returns what the choice of the mask goes by.
func Penalty(s Symbol) int { return s.modules.penalty() }

// BytesMax returns how many bytes of ASCII fit a symbol of that version.
func BytesMax(number int, level Level) int {
	v := version(number)
	overhead := content{mode: modeByte}.bits(v)
	return (8*divide(v, level).data() - overhead) / 8
}

// CorrectableMax returns how many wrong codewords each block of such a symbol
// puts right.
func CorrectableMax(number int, level Level) int {
	v := version(number)
	return v.correctable(level, divide(v, level))
}

// CodewordModules returns where the modules of each codeword lie, by block.
func CodewordModules(number int, level Level) [][][]image.Point {
	v := version(number)
	d := divide(v, level)
	var modules []image.Point
	for column, row := range newLayout(v).dataModules() {
		modules = append(modules, image.Pt(column, row))
	}
	blocks := make([][][]image.Point, d.blocks)
	next := 0
	for block := range d.interleaved() {
		blocks[block] = append(blocks[block], modules[8*next:8*next+8])
		next++
	}
	return blocks
}

// NewOfBits draws a symbol of version 1 that holds these bits, then zeros.
func NewOfBits(text string) Symbol {
	const v, level = 1, Low
	d := drawing{layout: newLayout(v), division: divide(v, level), level: level}
	var bits bitWriter
	for _, digit := range strings.ReplaceAll(text, " ", "") {
		bits.write(int(digit-'0'), 1)
	}
	data := append(bits.bytes, make([]byte, d.division.data())...)[:d.division.data()]
	d.plain = d.layout.write(d.division.protect(data))
	return Symbol{modules: d.leastConfusing()}
}
