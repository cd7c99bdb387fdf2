package alipay

import (
	"bytes"
	"encoding/json"
	"math/big"
	"strconv"
	"strings"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/money"
)

// A scalar is a text, number or boolean. The protocol wants all of them as texts, and
// clients write them as they like. What is left out, null or "" is the same.
type scalar string

// UnmarshalJSON reads any of the three.
func (s *scalar) UnmarshalJSON(raw []byte) error {
	*s = ""
	switch {
	case bytes.Equal(raw, []byte("null")):
		return nil
	case raw[0] == '"':
		var text string
		if err := json.Unmarshal(raw, &text); err != nil {
			return hansa.Refuse(hansa.Malformed, "not a text")
		}
		*s = scalar(text)
		return nil
	case raw[0] == '{' || raw[0] == '[':
		return hansa.Refuse(hansa.Malformed, "a text is wanted")
	}
	*s = scalar(raw)
	return nil
}

func (s scalar) isTrue() bool { return s == "true" }

// An amount is in minor units.
type amount struct {
	Currency scalar `json:"currency"`
	Value    scalar `json:"value"`
}

func wire(a money.Amount) *amount {
	return &amount{scalar(a.Currency), scalar(strconv.FormatInt(a.Value, 10))}
}

// read refuses UnknownCurrency and InvalidAmount. Nothing was given if a is nil.
func (a *amount) read() (money.Amount, error) {
	if a == nil {
		return money.Amount{}, hansa.Refuse(hansa.InvalidAmount, "no amount")
	}
	currency, err := money.ParseCurrency(string(a.Currency))
	if err != nil {
		return money.Amount{}, err
	}
	value, err := strconv.ParseInt(string(a.Value), 10, 64)
	if err != nil {
		return money.Amount{}, hansa.Refuse(hansa.InvalidAmount, "whole minor units")
	}
	read := money.New(value, currency)
	return read, read.Payable()
}

// A quote is a rate: one unit of the first currency of its pair costs the price in the
// second. The price is a number and guaranteed a boolean, because clients insist.
type quote struct {
	ID         scalar      `json:"quoteId,omitempty"`
	Pair       scalar      `json:"quoteCurrencyPair"`
	Price      json.Number `json:"quotePrice"`
	Start      scalar      `json:"quoteStartTime,omitempty"`
	Expiry     scalar      `json:"quoteExpiryTime,omitempty"`
	Guaranteed bool        `json:"guaranteed"`
}

// UnmarshalJSON reads a quote with numbers or texts.
func (q *quote) UnmarshalJSON(raw []byte) error {
	var loose struct {
		ID         scalar `json:"quoteId"`
		Pair       scalar `json:"quoteCurrencyPair"`
		Price      scalar `json:"quotePrice"`
		Start      scalar `json:"quoteStartTime"`
		Expiry     scalar `json:"quoteExpiryTime"`
		Guaranteed scalar `json:"guaranteed"`
	}
	if err := json.Unmarshal(raw, &loose); err != nil {
		return hansa.Refuse(hansa.Malformed, "a quote is an object")
	}
	*q = quote{loose.ID, loose.Pair, json.Number(loose.Price), loose.Start, loose.Expiry, loose.Guaranteed.isTrue()}
	return nil
}

// ReadQuote reads a quote: its pair in letters or figures of ISO 4217, its price as
// text or number. It refuses Malformed and what money.NewRate refuses.
func ReadQuote(raw []byte) (money.Rate, error) {
	var q quote
	if err := json.Unmarshal(raw, &q); err != nil {
		return money.Rate{}, hansa.Refuse(hansa.Malformed, "not a quote")
	}
	return q.rate()
}

func (q quote) rate() (money.Rate, error) {
	base, other, _ := strings.Cut(string(q.Pair), "/")
	from, err := currencyOf(base)
	if err != nil {
		return money.Rate{}, err
	}
	to, err := currencyOf(other)
	if err != nil {
		return money.Rate{}, err
	}
	return money.NewRate(from, to, string(q.Price))
}

func currencyOf(text string) (money.Currency, error) {
	if currency, err := money.CurrencyByNumeric(text); err == nil {
		return currency, nil
	}
	return money.ParseCurrency(text)
}

// quoteOf is the rate at which an amount in the currency from is multiplied, whichever
// way the rate itself is told. It is nil where nothing is converted.
func quoteOf(rate *money.Rate, from money.Currency) *quote {
	if rate == nil || rate.IsZero() {
		return nil
	}
	base, other, price := rate.Base(), rate.Quote(), rate.Decimal()
	if from == other {
		base, other, price = other, base, inverse(price)
	}
	return &quote{Pair: scalar(base + "/" + other), Price: json.Number(price), Guaranteed: true}
}

// rateDigits is how exact an inverted price is: as exact as a rate can be.
const rateDigits = 18

// inverse returns one divided by a price, rounded to as many digits as a rate has.
func inverse(price string) string {
	number, ok := new(big.Rat).SetString(price)
	if !ok || number.Sign() <= 0 {
		panic("alipay: a rate of " + price)
	}
	number.Inv(number)
	whole := len(number.FloatString(0))
	if number.Cmp(big.NewRat(1, 1)) < 0 {
		whole = 0
	}
	text := number.FloatString(max(rateDigits-whole, 0))
	if strings.Contains(text, ".") {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	return text
}
