package iso20022

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/hansa-network/hansa/clearing"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/qr/bank"
)

// judged is an element whose text is kept as it is, once judge has found nothing wrong.
func judged(name string, value *string, judge func(string) error) node {
	return node{name: name, leaf: &leaf{
		write: func() (string, string, error) {
			if *value == "" {
				return "", "", nil
			}
			return *value, "", judge(*value)
		},
		read: func(text, currency string) error {
			*value = text
			return cmp.Or(noCurrency(currency), judge(text))
		},
	}}
}

func noCurrency(currency string) error {
	if currency != "" {
		return errors.New("it has no currency")
	}
	return nil
}

// text is up to longest characters, without controls and without space around them.
func text(name string, value *string, longest int) node {
	return judged(name, value, func(text string) error {
		switch {
		case text == "" || strings.TrimSpace(text) != text:
			return errors.New("it is empty, or there is space around it")
		case utf8.RuneCountInString(text) > longest:
			return fmt.Errorf("longer than %d characters", longest)
		case strings.ContainsFunc(text, unicode.IsControl):
			return errors.New("there is a control character in it")
		}
		return nil
	})
}

// matching is text of a certain form.
func matching(name string, value *string, form *regexp.Regexp) node {
	return judged(name, value, func(text string) error {
		if !form.MatchString(text) {
			return fmt.Errorf("not of the form %s", form)
		}
		return nil
	})
}

// The forms that schemas give to identifiers.
var (
	bicForm  = regexp.MustCompile(`^[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?$`)
	uetrForm = regexp.MustCompile(`^[a-f0-9]{8}-[a-f0-9]{4}-4[a-f0-9]{3}-[89ab][a-f0-9]{3}-[a-f0-9]{12}$`)
	codeForm = regexp.MustCompile(`^[A-Z0-9]{4}$`)
)

// iban is an account number of ISO 13616.
func iban(name string, value *string) node {
	return judged(name, value, func(text string) error {
		if flaw := bank.CheckIBAN(text); flaw != bank.Sound {
			return fmt.Errorf("no account number: %s", flaw)
		}
		return nil
	})
}

// fixed is an element whose text is always the same.
func fixed(name, always string) node {
	return node{name: name, leaf: &leaf{
		write: func() (string, string, error) { return always, "", nil },
		read: func(text, currency string) error {
			if text != always {
				return fmt.Errorf("%q, and must be %q", text, always)
			}
			return noCurrency(currency)
		},
	}}
}

// said keeps what a message says of itself, which is known from the rest of it.
func said(name string, kept *string, known func() string) node {
	return node{name: name, leaf: &leaf{
		write: func() (string, string, error) { return known(), "", nil },
		read: func(text, currency string) error {
			*kept = text
			return noCurrency(currency)
		},
	}}
}

// uetrOf is the UETR of a payment: the one it has, or the one that follows from its id.
func uetrOf(name string, id, kept *string) node {
	n := matching(name, kept, uetrForm)
	judged := n.leaf.write
	n.leaf.write = func() (string, string, error) {
		if *kept == "" && *id != "" {
			return UETROf(*id), "", nil
		}
		return judged()
	}
	return n
}

// amount is an amount that is not negative, with its currency.
func amount(name string, value *money.Amount) node {
	return node{name: name, leaf: &leaf{
		write: func() (string, string, error) {
			if value.Currency == "" {
				return "", "", nil
			}
			if !value.Currency.Known() || value.Value < 0 {
				return "", "", fmt.Errorf("%d %s cannot be written", value.Value, value.Currency)
			}
			return value.Decimal(), string(value.Currency), nil
		},
		read: func(text, currency string) (err error) {
			*value, err = readAmount(text, currency)
			return err
		},
	}}
}

// readAmount reads a decimal of XML Schema. Zeros after the decimals that the currency
// has say nothing: banks fill up to five.
func readAmount(text, code string) (money.Amount, error) {
	currency, err := money.ParseCurrency(code)
	if err != nil {
		return money.Amount{}, err
	}
	if strings.HasPrefix(text, "-") {
		return money.Amount{}, errors.New("it is negative")
	}
	whole, fraction, pointed := strings.Cut(text, ".")
	for len(fraction) > currency.Exponent() && strings.HasSuffix(fraction, "0") {
		fraction = fraction[:len(fraction)-1]
	}
	if pointed && fraction != "" {
		whole += "." + fraction
	}
	return money.ParseDecimal(whole, currency)
}

// direction is whether money comes in.
func direction(name string, comes *bool) node {
	return node{name: name, leaf: &leaf{
		write: func() (string, string, error) {
			if *comes {
				return "CRDT", "", nil
			}
			return "DBIT", "", nil
		},
		read: func(text, currency string) error {
			if text != "CRDT" && text != "DBIT" {
				return errors.New("neither CRDT nor DBIT")
			}
			*comes = text == "CRDT"
			return noCurrency(currency)
		},
	}}
}

// directionOf is left out where there is no amount.
func directionOf(name string, comes *bool, of *money.Amount) node {
	n := direction(name, comes)
	write := n.leaf.write
	n.leaf.write = func() (string, string, error) {
		if of.Currency == "" {
			return "", "", nil
		}
		return write()
	}
	return n
}

// anyText is read whatever it says.
func anyText(name, written string) node {
	return node{name: name, leaf: &leaf{
		write: func() (string, string, error) { return written, "", nil },
		read:  func(_, currency string) error { return noCurrency(currency) },
	}}
}

// flag is left out where it is false.
func flag(name string, value *bool) node {
	return node{name: name, optional: true, leaf: &leaf{
		write: func() (string, string, error) {
			if *value {
				return "true", "", nil
			}
			return "", "", nil
		},
		read: func(text, currency string) (err error) {
			*value, err = strconv.ParseBool(text)
			if err != nil || !strings.Contains("true false 1 0", text) {
				return errors.New("neither true nor false")
			}
			return noCurrency(currency)
		},
	}}
}

// date is a day.
func date(name string, value *clearing.Date) node {
	return node{name: name, leaf: &leaf{
		write: func() (string, string, error) {
			if *value == (clearing.Date{}) {
				return "", "", nil
			}
			return value.String(), "", nil
		},
		read: func(text, currency string) (err error) {
			*value, err = clearing.ParseDate(text)
			return cmp.Or(err, noCurrency(currency))
		},
	}}
}

// moment is a date and a time. Without an offset it is read as UTC: the schemas allow
// to leave it out, and nothing of ours hangs on it.
func moment(name string, value *time.Time) node {
	return node{name: name, leaf: &leaf{
		write: func() (string, string, error) {
			if value.IsZero() {
				return "", "", nil
			}
			return value.UTC().Format("2006-01-02T15:04:05.000Z"), "", nil
		},
		read: func(text, currency string) (err error) {
			*value, err = parseMoment(text)
			return cmp.Or(err, noCurrency(currency))
		},
	}}
}

func parseMoment(text string) (time.Time, error) {
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		at, err = time.Parse("2006-01-02T15:04:05", text)
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("%q is no date and time", text)
	}
	return at, nil
}

// dayOfMoment is a day that the other side gives with a time. We never write it so.
func dayOfMoment(name string, value *clearing.Date) node {
	return node{name: name, optional: true, leaf: &leaf{
		write: func() (string, string, error) { return "", "", nil },
		read: func(text, currency string) error {
			at, err := parseMoment(text)
			*value = clearing.DateAt(at, at.Location())
			return cmp.Or(err, noCurrency(currency))
		},
	}}
}
