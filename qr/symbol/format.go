package symbol

import (
	"fmt"
	"math/bits"
)

// A symbol says twice of which level and mask it is, and from version 7 on of
// which version, each protected by a BCH code.
const (
	formatLength    = 15
	formatGenerator = 0b101_0011_0111
	formatMask      = 0b101_0100_0001_0010 // keeps the format from being all light

	versionLength    = 18
	versionGenerator = 0b1_1111_0010_0101
)

// versionWritten is the first version that is written into the symbol.
const versionWritten version = 7

// A place is one module of a symbol, counted from the upper left.
type place struct{ column, row int }

// formatBits returns what is written about level and mask, in formatLength bits.
func formatBits(level Level, m mask) uint {
	return checked(level.bits()<<3|uint(m), formatGenerator) ^ formatMask
}

// versionBits returns what is written about the version, in versionLength bits.
func versionBits(v version) uint {
	return checked(uint(v), versionGenerator)
}

// bits returns the two bits that stand for the level in a symbol.
func (l Level) bits() uint {
	switch l {
	case Low:
		return 0b01
	case Medium:
		return 0b00
	case Quartile:
		return 0b11
	case High:
		return 0b10
	}
	panic(fmt.Sprintf("symbol: level %d", int(l)))
}

// checked returns the value followed by its remainder in the division by the
// generator, both of them polynomials over bits.
func checked(value, generator uint) uint {
	degree := bits.Len(generator) - 1
	rest := value << degree
	for bits.Len(rest) > degree {
		rest ^= generator << (bits.Len(rest) - 1 - degree)
	}
	return value<<degree | rest
}

// formatPlaces returns where the bits of the format lie, the lowest first: once
// around the upper left corner, and once divided between the other two.
func formatPlaces(side int) (copies [2][formatLength]place) {
	for i := range formatLength {
		around, divided := &copies[0][i], &copies[1][i]
		switch {
		case i < 6:
			*around = place{8, i}
		case i < 8:
			*around = place{8, i + 1} // The timing row lies between.
		case i == 8:
			*around = place{7, 8}
		default:
			*around = place{14 - i, 8}
		}
		if i < 8 {
			*divided = place{side - 1 - i, 8}
		} else {
			*divided = place{8, side - formatLength + i}
		}
	}
	return copies
}

// versionPlaces returns where the bits of the version lie, the lowest first:
// beside the upper right corner, and above the lower left.
func versionPlaces(side int) (copies [2][versionLength]place) {
	for i := range versionLength {
		far, near := side-11+i%3, i/3
		copies[0][i] = place{far, near}
		copies[1][i] = place{near, far}
	}
	return copies
}
