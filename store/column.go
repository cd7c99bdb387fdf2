package store

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hansa-network/hansa/money"
)

// A binding passes over the columns of one row: what is written and where it is
// read to stand in one place, and so does its name. A row that is written gives its
// values; one that is read says the names of its columns, and where they go.
type binding struct {
	writing bool
	columns []column // of a row that is read
	values  []any    // of rows that are written: int64, string, []byte, or nil for NULL
	settled bool     // what follows is fixed
	pack    *pack    // takes the values while columns are packed into one
	arrays  *arrays  // takes them where they are sent column by column
	err     error    // the first reason why a field has no value
}

// A column is one column of a table.
type column struct {
	name  string
	fixed bool // it keeps what was written first
	into  scanner
}

// A scanner reads a field from what a database returns.
type scanner func(source any) error

// Scan implements sql.Scanner.
func (s scanner) Scan(source any) error { return s(source) }

// fixed says that the columns that follow keep what was written first. A row that is
// written again changes the others only.
func (b *binding) fixed() { b.settled = true }

// changing ends what fixed has begun.
func (b *binding) changing() { b.settled = false }

func (b *binding) reads(name string, into scanner) {
	b.columns = append(b.columns, column{name, b.settled, into})
}

func (b *binding) putText(value string) {
	if b.pack != nil {
		b.pack.text(value)
		return
	}
	if b.arrays != nil {
		b.arrays.text(value)
		return
	}
	b.values = append(b.values, value)
}

func (b *binding) putNumber(value int64) {
	if b.pack != nil {
		b.pack.number(value)
		return
	}
	if b.arrays != nil {
		b.arrays.number(value)
		return
	}
	b.values = append(b.values, value)
}

// putBytes writes bytes, or NULL for nil.
func (b *binding) putBytes(value []byte) {
	switch {
	case b.pack != nil:
		panic("bytes are not packed")
	case b.arrays != nil:
		b.arrays.bytes(value)
	case value == nil:
		b.values = append(b.values, nil)
	default:
		b.values = append(b.values, value)
	}
}

// putNoNumber writes NULL where others have a number.
func (b *binding) putNoNumber() {
	if b.pack != nil {
		b.pack.nothing()
		return
	}
	if b.arrays != nil {
		b.arrays.noNumber()
		return
	}
	b.values = append(b.values, nil)
}

func (b *binding) fault(name string, err error) {
	if err != nil && b.err == nil {
		b.err = fmt.Errorf("%s: %w", name, err)
	}
}

func text[T ~string](b *binding, name string, field *T) {
	if b.writing {
		b.putText(string(*field))
		return
	}
	b.reads(name, reading(func(source string) error { *field = T(source); return nil }))
}

func number[T ~int | ~int64 | ~uint16](b *binding, name string, field *T) {
	if b.writing {
		b.putNumber(int64(*field))
		return
	}
	b.reads(name, counting(func(source int64) { *field = T(source) }))
}

func flag(b *binding, name string, field *bool) {
	switch {
	case !b.writing:
		b.reads(name, counting(func(source int64) { *field = source != 0 }))
	case *field:
		b.putNumber(1)
	default:
		b.putNumber(0)
	}
}

func blob(b *binding, name string, field *[]byte) {
	if b.writing {
		b.putBytes(*field)
		return
	}
	b.reads(name, func(source any) error {
		read, ok := source.([]byte)
		if !ok && source != nil {
			return fmt.Errorf("%T is not bytes", source)
		}
		*field = append([]byte(nil), read...)
		return nil
	})
}

// moment is a time in microseconds since 1970. The zero time is NULL, so that
// an index of what is due has no row for what is not.
func moment(b *binding, name string, field *time.Time) {
	if b.writing {
		b.putMoment(*field)
		return
	}
	b.reads(name, func(source any) error {
		if source == nil {
			*field = time.Time{}
			return nil
		}
		return counting(func(micros int64) { *field = time.UnixMicro(micros).UTC() })(source)
	})
}

func (b *binding) putMoment(at time.Time) {
	if at.IsZero() {
		b.putNoNumber()
		return
	}
	b.putNumber(at.UnixMicro())
}

// span is a duration in microseconds.
func span(b *binding, name string, field *time.Duration) {
	if b.writing {
		b.putNumber(field.Microseconds())
		return
	}
	b.reads(name, counting(func(micros int64) { *field = time.Duration(micros) * time.Microsecond }))
}

// computed is written for the sake of an index and read by nobody.
func computed(b *binding, name string, at time.Time) {
	if b.writing {
		b.putMoment(at)
		return
	}
	b.reads(name, func(any) error { return nil })
}

// amount is two columns: name_value and name_currency.
func amount(b *binding, name string, field *money.Amount) {
	number(b, name+"_value", &field.Value)
	text(b, name+"_currency", &field.Currency)
}

// bounded is an amount that is written if it is at least so much, and has a currency
// unless it may be nothing. It is for columns that the database does not look into.
func bounded(b *binding, name string, field *money.Amount, least int64) {
	if b.writing && (field.Value < least || field.Value > money.AmountMax || len(field.Currency) != 3 && (least > 0 || field.Currency != "")) {
		b.fault(name, fmt.Errorf("%d %q is out of bounds", field.Value, field.Currency))
	}
	amount(b, name, field)
}

// oneOf is a text that is one of a few, where the database does not look into it.
func oneOf[T ~string](b *binding, name string, field *T, known ...T) {
	if b.writing && !slices.Contains(known, *field) {
		b.fault(name, fmt.Errorf("%q is not one of %q", *field, known))
	}
	text(b, name, field)
}

// rate is written as "USD NOK 7.74", and as nothing if there is no conversion.
func rate(b *binding, name string, field *money.Rate) {
	if b.writing {
		if field.IsZero() {
			b.putText("")
			return
		}
		b.putText(string(field.Base()) + " " + string(field.Quote()) + " " + field.Decimal())
		return
	}
	b.reads(name, reading(func(source string) error {
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
	}))
}

func rounding(b *binding, name string, field *money.Rounding) {
	if b.writing {
		b.putText(field.String())
		return
	}
	b.reads(name, reading(func(source string) error { return field.UnmarshalText([]byte(source)) }))
}

// list is a list as JSON.
func list[T any](b *binding, name string, field *[]T) {
	if b.writing {
		body, err := json.Marshal(*field)
		b.fault(name, err)
		b.putText(string(body))
		return
	}
	b.reads(name, reading(func(source string) error {
		*field = nil // Else the elements of the row before would be written over.
		return json.Unmarshal([]byte(source), field)
	}))
}

// digest is a hash of 32 bytes.
func digest(b *binding, name string, field *[32]byte) {
	if b.writing {
		b.putBytes(field[:])
		return
	}
	b.reads(name, func(source any) error {
		read, ok := source.([]byte)
		if !ok || len(read) != len(field) {
			return fmt.Errorf("%T is no hash of %d bytes", source, len(field))
		}
		copy(field[:], read)
		return nil
	})
}

// hexadecimal is a hash of 32 bytes that is written in hexadecimal digits elsewhere.
func hexadecimal(b *binding, name string, field *string) {
	if b.writing {
		sum, err := hex.DecodeString(*field)
		b.fault(name, err)
		b.putBytes(sum)
		return
	}
	b.reads(name, func(source any) error {
		sum, ok := source.([]byte)
		if !ok {
			return fmt.Errorf("%T is no hash", source)
		}
		*field = hex.EncodeToString(sum)
		return nil
	})
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

// counting makes a scanner of what reads a whole number.
func counting(read func(int64)) scanner {
	return func(source any) error {
		value, ok := source.(int64)
		if !ok {
			return fmt.Errorf("%T is no whole number", source)
		}
		read(value)
		return nil
	}
}
