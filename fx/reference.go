package fx

import (
	"fmt"
	"io"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/money"
)

// euro is the currency through which two references make a third.
const euro money.Currency = "EUR"

// referenceBytesMax bounds a file of reference rates. Every day since 1999 in
// one file of the European Central Bank is under ten million bytes.
const referenceBytesMax = 16 << 20

// The sources of references.
const (
	sourceECB        = "ecb"
	sourceNorgesBank = "norges_bank"
)

// A Reference is what a central bank published for one day, to inform and not
// to deal at.
type Reference struct {
	Source string // "ecb" or "norges_bank"
	Rate   money.Rate
	Date   time.Time // the day, at midnight UTC
}

// counts reports whether r is to be looked at rather than other.
func (r Reference) counts(other Reference) bool {
	if r.Date.Equal(other.Date) {
		return r.Source < other.Source
	}
	return r.Date.After(other.Date)
}

// readReference reads a whole file. It refuses TooLarge.
func readReference(source io.Reader) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(source, referenceBytesMax+1))
	if err != nil {
		return nil, fmt.Errorf("read reference rates: %w", err)
	}
	if len(text) > referenceBytesMax {
		return nil, hansa.Refuse(hansa.TooLarge, "reference rates over %d bytes", referenceBytesMax)
	}
	return text, nil
}

// A gathering collects the references of one file.
type gathering struct {
	source     string
	references []Reference
	seen       map[observation]bool
}

// An observation is what a file may hold one rate for.
type observation struct {
	date     string
	currency string
}

// add takes one base for decimal quote on a date such as 2018-04-06. A currency
// that is not current is skipped. It refuses Malformed, also if the published
// currency had a rate on that day already.
func (g *gathering) add(date string, base, quote money.Currency, published, decimal string) error {
	key := observation{date, published}
	if g.seen[key] {
		return hansa.Refuse(hansa.Malformed, "%q twice on %q", published, date)
	}
	g.seen[key] = true
	if !money.Currency(published).Known() {
		return nil
	}
	day, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return hansa.Refuse(hansa.Malformed, "%q is not a date", date)
	}
	rate, err := money.NewRate(base, quote, decimal)
	if err != nil {
		return hansa.Refuse(hansa.Malformed, "%s on %s: %v", published, date, err)
	}
	g.references = append(g.references, Reference{Source: g.source, Rate: rate, Date: day})
	return nil
}

// all returns what was gathered, in the order of the file. It refuses Malformed
// if that is nothing, because a file without rates is a broken one.
func (g *gathering) all() ([]Reference, error) {
	if len(g.references) == 0 {
		return nil, hansa.Refuse(hansa.Malformed, "no rates")
	}
	return g.references, nil
}
