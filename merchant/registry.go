package merchant

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/hansa-network/hansa"
)

// Limits of a registry file.
const (
	rowMax       = 64 << 10 // bytes
	rowErrorsMax = 100      // reading stops there
)

// A Registry is what a registry file holds, in the order of its rows.
type Registry struct {
	Merchants []Merchant
	Stores    []Store
	Terminals []Terminal
	Codes     []IssuedCode
}

// A RowError says why a row of a registry file was left out. Err is a
// *hansa.Refusal.
type RowError struct {
	Line int // from 1
	Err  error
}

// Error returns the line and the reason.
func (e RowError) Error() string { return fmt.Sprintf("line %d: %v", e.Line, e.Err) }

// Unwrap returns the refusal.
func (e RowError) Unwrap() error { return e.Err }

// ReadRegistry reads JSON lines. Each is an object whose member "type" says what
// it is, "merchant", "store", "terminal" or "code", and whose other members are
// those of that type. Blank lines are passed over.
//
// It returns every row that can be used, and an error for every other one: for
// the first hundred, after which it stops. A row can be used if it has all
// members that it needs, none that is unknown, and an id that no earlier row of
// its type has; whether what it names exists is for the caller to see. The last
// result is a fault of source.
func ReadRegistry(source io.Reader) (Registry, []RowError, error) {
	r := reading{seen: make(map[place]bool)}
	lines := bufio.NewScanner(source)
	lines.Buffer(make([]byte, 0, rowMax), rowMax)
	line := 0
	for len(r.errors) < rowErrorsMax && lines.Scan() {
		line++
		if row := bytes.TrimSpace(lines.Bytes()); len(row) > 0 {
			r.note(line, r.enter(row))
		}
	}
	err := lines.Err()
	if errors.Is(err, bufio.ErrTooLong) {
		r.note(line+1, hansa.Refuse(hansa.TooLarge, "a row has at most %d bytes; the rest was not read", rowMax))
		err = nil
	}
	if err != nil {
		return r.registry, r.errors, fmt.Errorf("read line %d of a registry: %w", line+1, err)
	}
	return r.registry, r.errors, nil
}

// A reading is a file that was read in part.
type reading struct {
	registry Registry
	errors   []RowError
	seen     map[place]bool
}

// A place is what only one row may claim.
type place struct{ kind, id string }

func (r *reading) note(line int, err error) {
	if err != nil {
		r.errors = append(r.errors, RowError{line, err})
	}
}

// A head is what every row has. The other members of a row stand beside it.
type head struct {
	Type string `json:"type"`
}

type merchantRow struct {
	head
	Merchant
}

type storeRow struct {
	head
	Store
}

type terminalRow struct {
	head
	Terminal
}

type codeRow struct {
	head
	IssuedCode
}

// enter adds one row, or refuses it.
func (r *reading) enter(row []byte) error {
	if !utf8.Valid(row) {
		return hansa.Refuse(hansa.Malformed, "not UTF-8")
	}
	kind, err := typeOf(row)
	if err != nil {
		return err
	}
	switch kind {
	case "merchant":
		return add(r, kind, row, &r.registry.Merchants, func(m merchantRow) (string, Merchant) { return m.ID, m.Merchant })
	case "store":
		return add(r, kind, row, &r.registry.Stores, func(s storeRow) (string, Store) { return s.ID, s.Store })
	case "terminal":
		return add(r, kind, row, &r.registry.Terminals, func(t terminalRow) (string, Terminal) { return t.ID, t.Terminal })
	case "code":
		return add(r, kind, row, &r.registry.Codes, func(c codeRow) (string, IssuedCode) { return c.Code, c.IssuedCode })
	}
	return hansa.Refuse(hansa.Malformed, "a row is a merchant, store, terminal or code, not %q", kind)
}

// typeOf returns the type of a row. Where the type comes first, it need not read
// the rest for that.
func typeOf(row []byte) (string, error) {
	if rest, ok := bytes.CutPrefix(row, []byte(`{"type":"`)); ok {
		if kind, _, ok := bytes.Cut(rest, []byte(`"`)); ok && bytes.IndexByte(kind, '\\') < 0 {
			return string(kind), nil
		}
	}
	var what head
	if err := json.Unmarshal(row, &what); err != nil {
		return "", malformed(err)
	}
	return what.Type, nil
}

// checked is a type that can tell whether a row of it can be used.
type checked interface {
	Merchant | Store | Terminal | IssuedCode
	check() error
}

// add reads row as a Row and appends the Noun in it.
func add[Row any, Noun checked](r *reading, kind string, row []byte, to *[]Noun, split func(Row) (id string, noun Noun)) error {
	decoder := json.NewDecoder(bytes.NewReader(row))
	decoder.DisallowUnknownFields()
	var read Row
	if err := decoder.Decode(&read); err != nil {
		return malformed(err)
	}
	if decoder.InputOffset() < int64(len(row)) {
		return hansa.Refuse(hansa.Malformed, "more than one object in a row")
	}
	id, noun := split(read)
	if err := noun.check(); err != nil {
		return err
	}
	claimed := place{kind, id}
	if r.seen[claimed] {
		return hansa.Refuse(hansa.AlreadyExists, "%s stands in the file before", id)
	}
	r.seen[claimed] = true
	*to = append(*to, noun)
	return nil
}

func malformed(err error) error {
	return hansa.Refuse(hansa.Malformed, "%s", strings.TrimPrefix(err.Error(), "json: "))
}
