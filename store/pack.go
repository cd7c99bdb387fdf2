package store

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"unicode/utf8"
)

// A pack is what several columns say, as one JSON list in their order. It is for what
// nobody selects rows by: a database takes its time for every column, not for every
// byte. A list may be shorter than its columns, which then stay as they are, so
// that columns can be added at its end.
type pack struct{ list []byte }

func (p *pack) next() {
	if len(p.list) == 0 {
		p.list = append(p.list, '[')
		return
	}
	p.list = append(p.list, ',')
}

func (p *pack) text(value string) {
	p.next()
	p.list = appendText(p.list, value)
}

func (p *pack) number(value int64) {
	p.next()
	p.list = strconv.AppendInt(p.list, value, 10)
}

func (p *pack) nothing() {
	p.next()
	p.list = append(p.list, "null"...)
}

// appendText adds a JSON string.
func appendText(list []byte, value string) []byte {
	for i := range len(value) {
		if c := value[i]; c < ' ' || c >= utf8.RuneSelf || c == '"' || c == '\\' {
			quoted, err := json.Marshal(value)
			if err != nil {
				panic(err) // Every text has its form.
			}
			return append(list, quoted...)
		}
	}
	list = append(list, '"')
	list = append(list, value...)
	return append(list, '"')
}

// packed is one column for all that columns binds of a row.
func packed[R any](b *binding, name string, row *R, columns func(*binding, *R)) {
	if b.writing {
		inside := binding{writing: true, pack: &pack{list: make([]byte, 0, 512)}}
		columns(&inside, row)
		b.fault(name, inside.err)
		b.putText(string(append(inside.pack.list, ']')))
		return
	}
	var inside binding
	columns(&inside, row)
	b.reads(name, reading(func(source string) error { return unpack(source, inside.columns) }))
}

// unpack reads a list into its columns.
func unpack(list string, columns []column) error {
	decoder := json.NewDecoder(bytes.NewReader([]byte(list)))
	decoder.UseNumber()
	var values []any
	if err := decoder.Decode(&values); err != nil {
		return fmt.Errorf("read a packed list: %w", err)
	}
	if len(values) > len(columns) {
		return fmt.Errorf("a packed list of %d for %d columns", len(values), len(columns))
	}
	for i, value := range values {
		if digits, ok := value.(json.Number); ok {
			whole, err := digits.Int64()
			if err != nil {
				return fmt.Errorf("%s: %w", columns[i].name, err)
			}
			value = whole
		}
		if err := columns[i].into(value); err != nil {
			return fmt.Errorf("%s: %w", columns[i].name, err)
		}
	}
	return nil
}
