package store

import (
	"encoding/binary"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
)

// The types of columns, as PostgreSQL numbers them.
const (
	typeText   uint32 = pgtype.TextOID
	typeNumber uint32 = pgtype.Int8OID
	typeBytes  uint32 = pgtype.ByteaOID
)

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
	of    uint32 // one of the types
	nulls uint32 // 1 if there is a NULL among the values
	form  []byte
}

const (
	arrayHead  = 5 * 4
	nullLength = math.MaxUint32 // instead of the length of a value, for NULL
)

// begin starts a row.
func (a *arrays) begin() {
	a.next = 0
	a.rows++
}

// column returns that of the next value, which has one type in all rows.
func (a *arrays) column(of uint32) *array {
	if a.rows == 1 {
		a.columns = append(a.columns, array{of: of, form: make([]byte, arrayHead)})
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
		for place, part := range [...]uint32{1, c.nulls, c.of, uint32(a.rows), 1} { //nolint:gosec // Rows of one statement.
			binary.BigEndian.PutUint32(c.form[place*4:], part)
		}
		all[i] = c.form
	}
	return all
}

// unnested returns what stands for the rows in a statement.
func (a *arrays) unnested() string {
	casts := make([]string, len(a.columns))
	for i, c := range a.columns {
		casts[i] = "$" + strconv.Itoa(i+1) + map[uint32]string{typeText: "::TEXT[]", typeNumber: "::BIGINT[]", typeBytes: "::BYTEA[]"}[c.of]
	}
	return "unnest(" + strings.Join(casts, ", ") + ")"
}

// insertionOf returns the text that writes all rows of the arrays.
func (t *table[R]) insertionOf(a *arrays) string {
	return t.insert() + "SELECT * FROM " + a.unnested() + t.otherwise()
}

// selectionOf returns the text that reads the rows of the keys in the arrays. It is
// written so that whatever the server believes of the sizes of tables, it looks into
// the index once for each key.
func (l lookup[K, R]) selectionOf(a *arrays) string {
	var wanted, conditions []string
	for i, column := range l.columns {
		name := "wanted_" + strconv.Itoa(i+1)
		wanted = append(wanted, name)
		conditions = append(conditions, column+" = "+name)
	}
	return "SELECT found.* FROM " + a.unnested() + " AS wanted (" + strings.Join(wanted, ", ") + ")" +
		" CROSS JOIN LATERAL (" + l.table.selection("WHERE "+strings.Join(conditions, " AND ")) + " OFFSET 0) AS found" +
		" ORDER BY " + l.order
}

// removalOf returns the text that removes the rows of the keys in the array, and reads them.
func (l lookup[K, R]) removalOf(*arrays) string {
	return "DELETE FROM " + l.table.name + " WHERE " + l.columns[0] + " = ANY($1::TEXT[]) RETURNING " + strings.Join(l.table.names(), ", ")
}

// columnValue returns a value of a row as scanners take it. Bytes and texts are only
// valid until the next row.
func columnValue(of pgconn.FieldDescription, form []byte) (any, error) {
	switch {
	case form == nil:
		return nil, nil //nolint:nilnil // It is NULL.
	case of.DataTypeOID == typeText || of.DataTypeOID == typeBytes:
		return form, nil
	case of.DataTypeOID == typeNumber && len(form) == 8:
		return int64(binary.BigEndian.Uint64(form)), nil //nolint:gosec // Its bits.
	}
	return nil, fmt.Errorf("%s has type %d, which no column has", of.Name, of.DataTypeOID)
}
