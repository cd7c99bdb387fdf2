package scheme

import (
	"fmt"
	"strings"

	"github.com/hansa-network/hansa/qr/mpm"
	"github.com/hansa-network/hansa/qr/reading"
)

// A path leads from the root to an object, through at most two templates.
type path struct {
	ids   [3]mpm.ID
	depth int
}

func pathTo(ids ...mpm.ID) (p path) {
	p.depth = copy(p.ids[:], ids)
	return p
}

func (p path) inside(id mpm.ID) path {
	p.ids[p.depth] = id
	p.depth++
	return p
}

// place returns the path as a Place. It allocates nothing up to two ids.
func (p path) place() reading.Place {
	if p.depth == 0 {
		return ""
	}
	pair := pairs[(int(p.ids[0])*100+int(p.ids[1]))*pairLength:][:pairLength]
	switch p.depth {
	case 1:
		return reading.Place(pair[:2])
	case 2:
		return reading.Place(pair)
	}
	return reading.Place(fmt.Sprintf("%s.%02d", pair, p.ids[2]))
}

const pairLength = len("26.00")

// pairs holds all places of two ids one after the other.
var pairs = func() string {
	var text strings.Builder
	for i := range 100 * 100 {
		fmt.Fprintf(&text, "%02d.%02d", i/100, i%100)
	}
	return text.String()
}()
