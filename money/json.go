package money

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"github.com/hansa-network/hansa"
)

// MarshalJSON writes {"base":"USD","quote":"NOK","value":"7.74"}, and null for
// the zero Rate.
func (r Rate) MarshalJSON() ([]byte, error) {
	if r.IsZero() {
		return []byte("null"), nil
	}
	// The members are letters, digits and a point: nothing needs escaping.
	return []byte(`{"base":"` + string(r.base) + `","quote":"` + string(r.quote) + `","value":"` + r.Decimal() + `"}`), nil
}

// UnmarshalJSON reads what MarshalJSON writes: the three members in any order,
// each once, by their exact names, and each a string.
// It refuses Malformed, UnknownField and what NewRate refuses.
func (r *Rate) UnmarshalJSON(text []byte) error {
	if string(text) == "null" {
		*r = Rate{}
		return nil
	}
	if rate, ok := readWritten(string(text)); ok {
		*r = rate
		return nil
	}
	members, err := readMembers(json.NewDecoder(bytes.NewReader(text)))
	if err != nil {
		return err
	}
	rate, err := NewRate(Currency(members["base"]), Currency(members["quote"]), members["value"])
	if err != nil {
		return err
	}
	*r = rate
	return nil
}

// readWritten reads a rate to the letter as MarshalJSON writes it, which nearly all
// are. What is not one is left to the reading that says why.
func readWritten(text string) (Rate, bool) {
	text, begins := strings.CutPrefix(text, `{"base":"`)
	text, ends := strings.CutSuffix(text, `"}`)
	base, text, parted := strings.Cut(text, `","quote":"`)
	quote, decimal, partedAgain := strings.Cut(text, `","value":"`)
	if !begins || !ends || !parted || !partedAgain {
		return Rate{}, false
	}
	rate, err := NewRate(Currency(base), Currency(quote), decimal)
	return rate, err == nil
}

// readMembers reads the one JSON object of a rate.
func readMembers(decoder *json.Decoder) (map[string]string, error) {
	malformed := hansa.Refuse(hansa.Malformed, "a rate has base, quote and value, each once and each a string")
	if start, err := decoder.Token(); err != nil || start != json.Delim('{') {
		return nil, malformed
	}
	members := map[string]string{}
	for decoder.More() {
		token, err := decoder.Token()
		name, isName := token.(string)
		if err != nil || !isName {
			return nil, malformed
		}
		if name != "base" && name != "quote" && name != "value" {
			return nil, hansa.Refuse(hansa.UnknownField, "a rate has base, quote and value only")
		}
		token, err = decoder.Token()
		value, isString := token.(string)
		if _, twice := members[name]; err != nil || !isString || twice {
			return nil, malformed
		}
		members[name] = value
	}
	if _, err := decoder.Token(); err != nil || len(members) != 3 {
		return nil, malformed
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, malformed
	}
	return members, nil
}
