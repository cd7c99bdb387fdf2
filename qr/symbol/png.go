package symbol

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"hash/crc32"
)

const scaleMax = 40 // pixels for a module; the largest symbol is then 7,400 pixels wide

// PNG returns a black and white image, of one bit for each pixel, with scale
// pixels for each side of a module; less than 1 counts as 1 and more than 40 as
// 40.
func (s Symbol) PNG(scale int) []byte { return s.picture().png(scale) }

// png writes the file itself: the standard library looks at each pixel, of which
// most are like the one above.
func (p picture) png(scale int) []byte {
	scale = min(max(scale, 1), scaleMax)
	const oneBit, palette = 1, 3
	header := appendNumber(nil, p.width*scale)
	header = appendNumber(header, p.height*scale)
	header = append(header, oneBit, palette, 0, 0, 0)

	file := []byte("\x89PNG\r\n\x1a\n")
	file = appendChunk(file, "IHDR", header)
	file = appendChunk(file, "PLTE", []byte{0xFF, 0xFF, 0xFF, 0, 0, 0}) // A bit that is set is black.
	file = appendChunk(file, "IDAT", p.pixels(scale))
	return appendChunk(file, "IEND", nil)
}

func appendChunk(file []byte, name string, content []byte) []byte {
	file = appendNumber(file, len(content))
	start := len(file)
	file = append(append(file, name...), content...)
	return binary.BigEndian.AppendUint32(file, crc32.ChecksumIEEE(file[start:]))
}

func appendNumber(file []byte, number int) []byte {
	return binary.BigEndian.AppendUint32(file, uint32(number)) //nolint:gosec // The largest picture has 55 million pixels.
}

// pixels returns the compressed lines. Of those that show the same modules only
// the first has bits; the others say that they are like the one above.
func (p picture) pixels(scale int) []byte {
	const asAbove = 2 // before a line; 0 is before one with bits of its own
	size := 1 + (p.width*scale+7)/8
	lines := make([]byte, size*p.height*scale)
	for _, dark := range p.dark {
		for y := dark.Min.Y; y < dark.Max.Y; y++ {
			bits := lines[y*scale*size+1:]
			for x := dark.Min.X * scale; x < dark.Max.X*scale; x++ {
				bits[x/8] |= 0x80 >> (x % 8)
			}
		}
	}
	for y := range p.height * scale {
		if y%scale > 0 {
			lines[y*size] = asAbove
		}
	}
	return compress(lines)
}

func compress(lines []byte) []byte {
	var compressed bytes.Buffer
	writer, err := zlib.NewWriterLevel(&compressed, zlib.BestSpeed)
	if err == nil {
		_, err = writer.Write(lines)
	}
	if err == nil {
		err = writer.Close()
	}
	if err != nil {
		panic(fmt.Sprintf("symbol: compress %d bytes: %v", len(lines), err)) // A buffer takes everything.
	}
	return compressed.Bytes()
}
