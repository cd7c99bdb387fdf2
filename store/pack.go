package store

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A pack is what several columns say, as one JSON list in their order. It is for what
// nobody selects rows by: a database takes its time for every column, not for every
// byte. A list has a value for each of its columns: what is added later gets a column
// of its own.
type pack struct{ list []byte }

func (p *pack) next() {
	switch last := len(p.list) - 1; {
	case last < 0:
		p.list = append(p.list, '[')
	case p.list[last] != '[':
		p.list = append(p.list, ',')
	}
}

// open begins a list within the list.
func (p *pack) open() {
	p.next()
	p.list = append(p.list, '[')
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

// packedList is one column for many rows of something: a list of their lists.
func packedList[R any](b *binding, name string, rows *[]R, columns func(*binding, *R)) {
	if b.writing {
		inside := binding{writing: true, pack: &pack{list: make([]byte, 0, 512)}}
		for i := range *rows {
			inside.pack.open()
			columns(&inside, &(*rows)[i])
			inside.pack.list = append(inside.pack.list, ']')
		}
		b.fault(name, inside.err)
		b.putText(string(inside.pack.list) + "]")
		return
	}
	b.reads(name, reading(func(source string) error {
		var lists [][]any
		if err := decodeList(source, &lists); err != nil {
			return err
		}
		*rows = make([]R, len(lists)) // Else the rows of the one before would be written over.
		for i, values := range lists {
			var inside binding
			columns(&inside, &(*rows)[i])
			if err := unpackValues(values, inside.columns); err != nil {
				return err
			}
		}
		return nil
	}))
}

// unpack reads a list into its columns.
func unpack(list string, columns []column) error {
	var values []any
	if err := decodeList(list, &values); err != nil {
		return err
	}
	return unpackValues(values, columns)
}

func decodeList(list string, into any) error {
	decoder := json.NewDecoder(strings.NewReader(list))
	decoder.UseNumber()
	if err := decoder.Decode(into); err != nil {
		return fmt.Errorf("read a packed list: %w", err)
	}
	return nil
}

func unpackValues(values []any, columns []column) error {
	if len(values) != len(columns) {
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
