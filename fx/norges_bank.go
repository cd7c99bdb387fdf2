package fx

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/money"
)

// krone is the currency in which Norges Bank quotes all others.
const krone money.Currency = "NOK"

// unitMultiplierMax is the largest power of ten of units that a rate is for.
const unitMultiplierMax = 6

// ReadNorgesBank reads the exchange rates of Norges Bank as its interface gives
// them in CSV with decimal points: with semicolons and titles beside the codes,
// or with commas and codes alone (SDMX-CSV). A rate is so many kroner for
// 10^UNIT_MULT units, such as for 100 Swedish kronor, and becomes one for a
// single unit here. Only daily spot rates are read. Currencies that are not
// current are skipped.
// It refuses TooLarge over 16 MiB, and Malformed for what is not that file, says
// something twice, or holds no rate. Any other error is of the source.
func ReadNorgesBank(source io.Reader) ([]Reference, error) {
	text, err := readReference(source)
	if err != nil {
		return nil, err
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	rows := csv.NewReader(bytes.NewReader(text))
	if header, _, _ := bytes.Cut(text, []byte("\n")); bytes.ContainsRune(header, ';') {
		rows.Comma = ';'
	}
	titles, err := rows.Read()
	if err != nil {
		return nil, hansa.Refuse(hansa.Malformed, "not CSV: %v", err)
	}
	columns, err := findColumns(titles)
	if err != nil {
		return nil, err
	}
	rows.ReuseRecord = true
	gathered := gathering{source: sourceNorgesBank, seen: map[observation]bool{}}
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return gathered.all()
		}
		if err != nil {
			return nil, hansa.Refuse(hansa.Malformed, "not CSV: %v", err)
		}
		if err := columns.read(row, &gathered); err != nil {
			return nil, err
		}
	}
}

// norgesBankColumns says where in a row each dimension and attribute stands.
type norgesBankColumns struct {
	frequency, base, quote, tenor, multiplier, date, value int
}

// findColumns finds each column, which must be there once.
func findColumns(titles []string) (norgesBankColumns, error) {
	titles = slices.Clone(titles)
	var c norgesBankColumns
	for _, column := range []struct {
		title string
		index *int
	}{
		{"FREQ", &c.frequency},
		{"BASE_CUR", &c.base},
		{"QUOTE_CUR", &c.quote},
		{"TENOR", &c.tenor},
		{"UNIT_MULT", &c.multiplier},
		{"TIME_PERIOD", &c.date},
		{"OBS_VALUE", &c.value},
	} {
		*column.index = slices.Index(titles, column.title)
		if *column.index < 0 || slices.Contains(titles[*column.index+1:], column.title) {
			return norgesBankColumns{}, hansa.Refuse(hansa.Malformed, "the column %s is not there once", column.title)
		}
	}
	return c, nil
}

// read takes the rate of one row.
func (c norgesBankColumns) read(row []string, gathered *gathering) error {
	if row[c.frequency] != "B" || row[c.tenor] != "SP" || row[c.quote] != string(krone) {
		return hansa.Refuse(hansa.Malformed, "not a daily spot rate in kroner: %q", row[c.base])
	}
	multiplier, err := strconv.Atoi(row[c.multiplier])
	if err != nil || multiplier < 0 || multiplier > unitMultiplierMax {
		return hansa.Refuse(hansa.Malformed, "%q is not a unit multiplier", row[c.multiplier])
	}
	base := row[c.base]
	return gathered.add(row[c.date], money.Currency(base), krone, base, perUnit(row[c.value], multiplier))
}

// perUnit moves the point of a decimal number by so many places to the left. Of
// other texts it makes no number either.
func perUnit(decimal string, places int) string {
	if places == 0 {
		return decimal
	}
	whole, fraction, pointed := strings.Cut(decimal, ".")
	if whole == "" || pointed && fraction == "" {
		return ""
	}
	if missing := places + 1 - len(whole); missing > 0 {
		whole = strings.Repeat("0", missing) + whole
	}
	point := len(whole) - places
	return whole[:point] + "." + whole[point:] + fraction
}
