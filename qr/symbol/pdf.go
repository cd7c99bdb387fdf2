package symbol

import (
	"bytes"
	"fmt"
)

// PDF returns a page of one symbol for a print shop, as vectors in black ink
// alone. The page is a square of that side, quiet zone included, with nothing
// around it. It refuses what ModuleOf refuses.
func (s Symbol) PDF(side Length) ([]byte, error) {
	if _, err := s.ModuleOf(side); err != nil {
		return nil, err
	}
	page := points(side, 1)
	return document(
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		fmt.Sprintf("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %s %s] /Resources << >> /Contents 4 0 R >>", page, page),
		stream(s.picture().operators(side)),
	), nil
}

// operators draws the picture that wide. They count modules from the upper left;
// PDF counts points from the lower left. One path for all leaves no hairlines
// between its parts.
func (p picture) operators(width Length) []byte {
	var text bytes.Buffer
	module := points(width, p.width)
	fmt.Fprintf(&text, "%s 0 0 -%s 0 %s cm\n", module, module, points(width, 1))
	fmt.Fprintf(&text, "1 g 0 0 %d %d re f\n0 g\n", p.width, p.height)
	for _, dark := range p.dark {
		fmt.Fprintf(&text, "%d %d %d %d re\n", dark.Min.X, dark.Min.Y, dark.Dx(), dark.Dy())
	}
	text.WriteString("f\n")
	return text.Bytes()
}

// points returns that part of a length in points, of which 72 are 25.4 mm, with
// six decimals.
func points(length Length, parts int) string {
	const decimals = 1_000_000
	divisor := 25_400 * parts
	millionths := (int(length)*72*decimals + divisor/2) / divisor
	return fmt.Sprintf("%d.%06d", millionths/decimals, millionths%decimals)
}

func stream(content []byte) string {
	return fmt.Sprintf("<< /Length %d >>\nstream\n%sendstream", len(content), content)
}

// document returns a PDF file of the objects, which are numbered from 1. The
// first is the catalogue.
func document(objects ...string) []byte {
	var file, table bytes.Buffer
	file.WriteString("%PDF-1.4\n%\xE2\xE3\xCF\xD3\n") // Bytes beyond ASCII say that this is no text.
	fmt.Fprintf(&table, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for i, object := range objects {
		fmt.Fprintf(&table, "%010d 00000 n \n", file.Len())
		fmt.Fprintf(&file, "%d 0 obj\n%s\nendobj\n", i+1, object)
	}
	start := file.Len()
	file.Write(table.Bytes())
	fmt.Fprintf(&file, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, start)
	return file.Bytes()
}
