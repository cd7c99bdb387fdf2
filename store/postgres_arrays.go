package store

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
)

// A columnType is that of a column, as PostgreSQL numbers it.
type columnType uint32

const (
	typeText   columnType = pgtype.TextOID
	typeNumber columnType = pgtype.Int8OID
	typeBytes  columnType = pgtype.ByteaOID
)

// cast says that a parameter is an array of the type.
func (t columnType) cast() string {
	switch t {
	case typeText:
		return "::TEXT[]"
	case typeNumber:
		return "::BIGINT[]"
	case typeBytes:
		return "::BYTEA[]"
	}
	panic(fmt.Sprintf("no column has type %d", t))
}

const binaryFormat = 1 // in which all values travel

// arrays are the values of many rows, column by column: one parameter for each column,
// however many rows there are.
type arrays struct {
	columns []array
	next    int // the column of the next value; rows begin with 0
	rows    int
}

// An array is one column of them in PostgreSQL's binary form: a head of a fixed size,
// and then each value with its length in front.
type array struct {
	of    columnType
	nulls uint32 // 1 if there is a NULL among the values
	form  []byte
}

const (
	arrayHead  = 5 * 4
	nullLength = math.MaxUint32 // instead of the length of a value, for NULL
)

// reset makes room for other rows in the same memory.
func (a *arrays) reset() *arrays {
	a.columns, a.rows = a.columns[:0], 0
	return a
}

// begin starts a row.
func (a *arrays) begin() {
	a.next = 0
	a.rows++
}

// column returns that of the next value, which has one type in all rows.
func (a *arrays) column(of columnType) *array {
	if a.rows == 1 {
		a.columns = slices.Grow(a.columns, 1)[:a.next+1]
		form := a.columns[a.next].form
		a.columns[a.next] = array{of: of, form: append(form[:0], make([]byte, arrayHead)...)}
	}
	c := &a.columns[a.next]
	if c.of != of {
		panic(fmt.Sprintf("column %d of type %d gets a value of type %d", a.next, c.of, of))
	}
	a.next++
	return c
}

func (a *arrays) text(value string) {
	c := a.column(typeText)
	c.form = append(binary.BigEndian.AppendUint32(c.form, uint32(len(value))), value...) //nolint:gosec // Texts are short.
}

func (a *arrays) number(value int64) {
	c := a.column(typeNumber)
	const size = 8
	c.form = binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint32(c.form, size), uint64(value)) //nolint:gosec // Its bits.
}

// bytes adds some, or NULL for nil.
func (a *arrays) bytes(value []byte) {
	c := a.column(typeBytes)
	if value == nil {
		c.null()
		return
	}
	c.form = append(binary.BigEndian.AppendUint32(c.form, uint32(len(value))), value...) //nolint:gosec // So are these.
}

func (a *arrays) noNumber() { a.column(typeNumber).null() }

// put adds a value of a key.
func (a *arrays) put(value any) {
	switch value := value.(type) {
	case string:
		a.text(value)
	case int64:
		a.number(value)
	case []byte:
		a.bytes(value)
	default:
		panic(fmt.Sprintf("a key has a %T", value))
	}
}

func (c *array) null() {
	c.nulls = 1
	c.form = binary.BigEndian.AppendUint32(c.form, nullLength)
}

// parameters returns the arrays as they are sent.
func (a *arrays) parameters() [][]byte {
	all := make([][]byte, len(a.columns))
	for i, c := range a.columns {
		for place, part := range [...]uint32{1, c.nulls, uint32(c.of), uint32(a.rows), 1} { //nolint:gosec // Rows of one statement.
			binary.BigEndian.PutUint32(c.form[place*4:], part)
		}
		all[i] = c.form
	}
	return all
}

// unnested returns what stands for each column in a list of what is selected: all of
// them step through their arrays together. As a table they would be copied first.
func (a *arrays) unnested() []string {
	columns := make([]string, len(a.columns))
	for i, c := range a.columns {
		columns[i] = "unnest($" + strconv.Itoa(i+1) + c.of.cast() + ")"
	}
	return columns
}

// insertionOf returns the text that writes all rows of the arrays.
func (t *table[R]) insertionOf(a *arrays) string {
	return t.insert() + "SELECT " + strings.Join(a.unnested(), ", ") + t.otherwise()
}

// selectionOf returns the text that reads the rows of the keys in the arrays. It is
// written so that whatever the server believes of the sizes of tables, it looks into
// the index once for each key.
func (l lookup[K, R]) selectionOf(a *arrays) string {
	wanted, conditions := a.unnested(), make([]string, len(l.columns))
	for i, column := range l.columns {
		name := "wanted_" + strconv.Itoa(i+1)
		wanted[i] += " AS " + name
		conditions[i] = column + " = " + name
	}
	return "SELECT found.* FROM (SELECT " + strings.Join(wanted, ", ") + ") AS wanted" +
		" CROSS JOIN LATERAL (" + l.table.selection("WHERE "+strings.Join(conditions, " AND ")) + " OFFSET 0) AS found" +
		" ORDER BY " + l.order
}

// removalOf returns the text that removes the rows of the keys in the array, and reads them.
func (l lookup[K, R]) removalOf() string {
	return "DELETE FROM " + l.table.name + " WHERE " + l.columns[0] + " = ANY($1::TEXT[]) RETURNING " + strings.Join(l.table.names(), ", ")
}

// columnValue returns a value of a row as scanners take it. Bytes and texts are only
// valid until the next row.
func columnValue(of pgconn.FieldDescription, form []byte) (any, error) {
	if form == nil {
		return nil, nil //nolint:nilnil // It is NULL.
	}
	const sizeOfNumber = 8
	switch columnType(of.DataTypeOID) {
	case typeText, typeBytes:
		return form, nil
	case typeNumber:
		if len(form) == sizeOfNumber {
			return int64(binary.BigEndian.Uint64(form)), nil //nolint:gosec // Its bits.
		}
	}
	return nil, fmt.Errorf("%s has type %d and %d bytes, which no column has", of.Name, of.DataTypeOID, len(form))
}
