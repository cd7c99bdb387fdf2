package bank

import (
	"strings"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/money"
)

// A Split is how a text came apart into lines.
type Split struct {
	Count int    // how many lines were filled
	Rest  string // what follows the last line that could be filled
	More  bool   // whether there is such a rest, be it empty
	Mixed bool   // whether both line ends occur
}

// SplitLines cuts text at LF or CR LF, the two line ends that the codes for bank
// transfers may have, and fills as many lines as there is room for. The lines
// share the memory of the text.
func SplitLines(text string, lines []string) Split {
	var split Split
	var feeds, returns int
	rest, more := text, true
	for more && split.Count < len(lines) {
		var line string
		line, rest, more = strings.Cut(rest, "\n")
		if more {
			feeds++
			var returned bool
			if line, returned = strings.CutSuffix(line, "\r"); returned {
				returns++
			}
		}
		lines[split.Count] = line
		split.Count++
	}
	split.Rest, split.More = rest, more
	split.Mixed = returns > 0 && returns < feeds
	return split
}

// ParseAmount reads an amount of c as it stands in a code: digits, and decimals
// behind a point. Unlike money it takes needless zeros in front, or none before
// the point, and reports in tidy that there was neither.
// It refuses what money refuses, and signs.
func ParseAmount(decimal string, c money.Currency) (amount money.Amount, tidy bool, err error) {
	if decimal == "" || !isDigit(decimal[0]) && decimal[0] != '.' {
		return money.Amount{}, false, hansa.Refuse(hansa.InvalidAmount, "not a decimal number")
	}
	trimmed := strings.TrimLeft(decimal, "0")
	if trimmed == "" || trimmed[0] == '.' {
		trimmed = "0" + trimmed
	}
	amount, err = money.ParseDecimal(trimmed, c)
	return amount, trimmed == decimal, err
}
