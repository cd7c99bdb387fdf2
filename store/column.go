package store

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/hansa-network/hansa/money"
)

// A column binds one column of a table to one field of a row: what is written
// and where it is read to stand in one place, and so does its name.
type column struct {
	name  string
	value any // int64, string, []byte, or nil for NULL
	into  any // a pointer that Scan can fill
	fixed bool
	err   error // why the field has no value
}

// fixed marks columns that keep what was written first. A row that is written
// again changes the others only.
func fixed(columns ...column) []column {
	for i := range columns {
		columns[i].fixed = true
	}
	return columns
}

func text[T ~string](name string, field *T) column {
	return column{name: name, value: string(*field), into: field}
}

func number[T ~int | ~int64 | ~uint16](name string, field *T) column {
	return column{name: name, value: int64(*field), into: field}
}

func flag(name string, field *bool) column {
	value := int64(0)
	if *field {
		value = 1
	}
	return column{name: name, value: value, into: field}
}

func blob(name string, field *[]byte) column {
	if *field == nil {
		return column{name: name, into: field}
	}
	return column{name: name, value: *field, into: field}
}

// A scanner reads a field whose type the database does not know.
type scanner func(source any) error

// Scan implements sql.Scanner.
func (s scanner) Scan(source any) error { return s(source) }

// moment is a time in microseconds since 1970. The zero time is NULL, so that
// an index of what is due has no row for what is not.
func moment(name string, field *time.Time) column {
	bound := column{name: name, into: scanner(func(source any) error {
		switch micros := source.(type) {
		case nil:
			*field = time.Time{}
			return nil
		case int64:
			*field = time.UnixMicro(micros).UTC()
			return nil
		}
		return fmt.Errorf("%T is no time", source)
	})}
	if !field.IsZero() {
		bound.value = field.UnixMicro()
	}
	return bound
}

// span is a duration in microseconds.
func span(name string, field *time.Duration) column {
	return column{name: name, value: field.Microseconds(), into: scanner(func(source any) error {
		micros, ok := source.(int64)
		if !ok {
			return fmt.Errorf("%T is no duration", source)
		}
		*field = time.Duration(micros) * time.Microsecond
		return nil
	})}
}

// computed is written for the sake of an index and read by nobody.
func computed(name string, at time.Time) column {
	bound := moment(name, &at)
	bound.into = scanner(func(any) error { return nil })
	return bound
}

// amount is two columns: name_value and name_currency.
func amount(name string, field *money.Amount) []column {
	return []column{number(name+"_value", &field.Value), text(name+"_currency", &field.Currency)}
}

// rate is written as "USD NOK 7.74", and as nothing if there is no conversion.
func rate(name string, field *money.Rate) column {
	value := ""
	if !field.IsZero() {
		value = string(field.Base()) + " " + string(field.Quote()) + " " + field.Decimal()
	}
	return column{name: name, value: value, into: reading(func(source string) error {
		parts := strings.Fields(source)
		if len(parts) == 0 {
			*field = money.Rate{}
			return nil
		}
		if len(parts) != 3 {
			return fmt.Errorf("%q is no rate", source)
		}
		read, err := money.NewRate(money.Currency(parts[0]), money.Currency(parts[1]), parts[2])
		*field = read
		return err
	})}
}

func rounding(name string, field *money.Rounding) column {
	return column{name: name, value: field.String(), into: reading(func(source string) error {
		return field.UnmarshalText([]byte(source))
	})}
}

// list is a list as JSON.
func list[T any](name string, field *[]T) column {
	body, err := json.Marshal(*field)
	return column{name: name, value: string(body), err: err, into: reading(func(source string) error {
		*field = nil // Else the elements of the row before would be written over.
		return json.Unmarshal([]byte(source), field)
	})}
}

// digest is a hash of 32 bytes.
func digest(name string, field *[32]byte) column {
	return column{name: name, value: field[:], into: scanner(func(source any) error {
		read, ok := source.([]byte)
		if !ok || len(read) != len(field) {
			return fmt.Errorf("%T is no hash of %d bytes", source, len(field))
		}
		copy(field[:], read)
		return nil
	})}
}

// reading makes a scanner of what reads a text.
func reading(read func(string) error) scanner {
	return func(source any) error {
		switch source := source.(type) {
		case string:
			return read(source)
		case []byte:
			return read(string(source))
		}
		return fmt.Errorf("%T is no text", source)
	}
}
