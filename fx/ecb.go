package fx

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/money"
)

// ecbDepthMax is how deep the elements of the file lie, and ecbAttributesMax
// more attributes than any of them has.
const (
	ecbDepthMax      = 4
	ecbAttributesMax = 8
)

// An ecbFile is eurofxref-daily.xml, or one of its siblings with the last 90
// days or all: an envelope with a cube of days with a cube of rates each.
type ecbFile struct {
	XMLName xml.Name `xml:"http://www.gesmes.org/xml/2002-08-01 Envelope"`
	Days    []ecbDay `xml:"http://www.ecb.int/vocabulary/2002-08-01/eurofxref Cube>Cube"`
}

type ecbDay struct {
	Date  string    `xml:"time,attr"`
	Rates []ecbRate `xml:"http://www.ecb.int/vocabulary/2002-08-01/eurofxref Cube"`
}

type ecbRate struct {
	Currency string `xml:"currency,attr"`
	Rate     string `xml:"rate,attr"`
}

// ReadECB reads euro foreign exchange reference rates of the European Central
// Bank as it publishes them in XML: so many units of a currency for one euro.
// Currencies that are not current are skipped.
// It refuses TooLarge over 16 MiB, and Malformed for what is not that file, has
// a document type, comment or processing instruction, says something twice, or
// holds no rate. Any other error is of the source.
func ReadECB(source io.Reader) ([]Reference, error) {
	text, err := readReference(source)
	if err != nil {
		return nil, err
	}
	if err := checkPlainXML(text); err != nil {
		return nil, err
	}
	var file ecbFile
	if err := xml.Unmarshal(text, &file); err != nil {
		return nil, hansa.Refuse(hansa.Malformed, "not an envelope of reference rates: %v", err)
	}
	gathered := gathering{source: sourceECB, seen: map[observation]bool{}}
	days := map[string]bool{}
	for _, day := range file.Days {
		if days[day.Date] {
			return nil, hansa.Refuse(hansa.Malformed, "the day %q twice", day.Date)
		}
		days[day.Date] = true
		for _, r := range day.Rates {
			if err := gathered.add(day.Date, euro, money.Currency(r.Currency), r.Currency, r.Rate); err != nil {
				return nil, err
			}
		}
	}
	return gathered.all()
}

// checkPlainXML refuses, as Malformed, what xml.Unmarshal would pass over:
// anything but elements and text, a second root, an attribute twice, and more
// depth or attributes than the file has.
func checkPlainXML(text []byte) error {
	decoder := xml.NewDecoder(bytes.NewReader(text))
	depth, roots := 0, 0
	for {
		at := decoder.InputOffset()
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return hansa.Refuse(hansa.Malformed, "not XML: %v", err)
		}
		switch token := token.(type) {
		case xml.Directive, xml.Comment:
			return hansa.Refuse(hansa.Malformed, "a document type or a comment")
		case xml.ProcInst:
			if at != 0 || token.Target != "xml" {
				return hansa.Refuse(hansa.Malformed, "a processing instruction")
			}
		case xml.StartElement:
			if depth == 0 {
				roots++
			}
			depth++
			if roots > 1 || depth > ecbDepthMax || len(token.Attr) > ecbAttributesMax || hasTwin(token.Attr) {
				return hansa.Refuse(hansa.Malformed, "the element %q does not belong here", token.Name.Local)
			}
		case xml.EndElement:
			depth--
		case xml.CharData:
		}
	}
}

// hasTwin reports whether an attribute is there twice.
func hasTwin(attributes []xml.Attr) bool {
	for i, a := range attributes {
		for _, b := range attributes[:i] {
			if a.Name == b.Name {
				return true
			}
		}
	}
	return false
}
