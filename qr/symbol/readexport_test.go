package symbol

import (
	"image"
	"strings"
)

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
