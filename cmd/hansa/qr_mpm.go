package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/qr/mpm"
	"github.com/hansa-network/hansa/qr/shown"
)

// qrMPMCommand writes a merchant-presented EMVCo code of any scheme. Objects are
// named by their place, as decode prints it.
type qrMPMCommand struct {
	From   string   `help:"Begin with the fields of this JSON, as decode prints it; - reads standard input." placeholder:"FILE"`
	Object []string `help:"An object of any place, such as 26.00=com.example; may be repeated." placeholder:"PLACE=VALUE" sep:"none"`

	Category  string `help:"Merchant category code." placeholder:"MCC"`
	Currency  string `help:"Currency, where the payer types the amount." placeholder:"CODE"`
	Amount    string `help:"Amount, such as '100.00 NOK'." placeholder:"AMOUNT"`
	Country   string `help:"Country." placeholder:"CODE"`
	Name      string `help:"Name of the merchant." placeholder:"TEXT"`
	City      string `help:"City." placeholder:"TEXT"`
	Postal    string `help:"Postal code." placeholder:"TEXT"`
	Bill      string `help:"Number of the bill." placeholder:"TEXT"`
	Reference string `help:"Reference label." placeholder:"TEXT"`
	Terminal  string `help:"Terminal label." placeholder:"TEXT"`
	Language  string `help:"Language of the local name, two small letters." placeholder:"CODE"`
	LocalName string `help:"Name in that language." placeholder:"TEXT"`
	LocalCity string `help:"City in that language." placeholder:"TEXT"`
}

func (c *qrMPMCommand) Validate() error {
	if c.Amount != "" && c.Currency != "" {
		return errors.New("an amount names its currency: leave out --currency")
	}
	if c.From != "" {
		return wantFile(c.From)
	}
	return nil
}

func (c *qrMPMCommand) Run(env *environment, encode *qrEncodeCommand) error {
	objects, err := c.objects()
	if err != nil {
		return err
	}
	text, err := mpm.Encode(objects...)
	if err != nil {
		return err
	}
	return encode.write(env.out, text, false)
}

// A placement is a value and where it goes, as 62.05.
type placement struct{ place, value string }

// objects returns the objects of the file, with those of the flags put in.
func (c *qrMPMCommand) objects() (objects []mpm.Object, err error) {
	filed, err := c.filed()
	if err != nil {
		return nil, err
	}
	given, err := c.given()
	if err != nil {
		return nil, err
	}
	for _, p := range filed {
		if objects, err = p.put(objects, inOrderOfText); err != nil {
			return nil, err
		}
	}
	for _, p := range given {
		if objects, err = p.put(objects, inOrderOfID); err != nil {
			return nil, err
		}
	}
	return objects, nil
}

// filed returns the fields of the file, without the checksum, and of a template
// only what is inside.
func (c *qrMPMCommand) filed() ([]placement, error) {
	if c.From == "" {
		return nil, nil
	}
	content, err := readNamed(c.From)
	if err != nil {
		return nil, err
	}
	var description decoded
	if err := json.Unmarshal(content, &description); err != nil {
		return nil, fmt.Errorf("%s: not JSON as decode prints it: %w", spoken(c.From), err)
	}
	var all []placement
	for i, field := range description.Fields {
		isTemplate := i+1 < len(description.Fields) && strings.HasPrefix(string(description.Fields[i+1].Place), string(field.Place)+".")
		if field.Place != "63" && !isTemplate {
			all = append(all, placement{string(field.Place), field.Value})
		}
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%s: has no fields", spoken(c.From))
	}
	return all, nil
}

// given returns what the flags say.
func (c *qrMPMCommand) given() ([]placement, error) {
	currency, amount, err := c.price()
	if err != nil {
		return nil, err
	}
	name, localName, err := c.written("name", c.Name, c.LocalName, nameMax)
	if err != nil {
		return nil, err
	}
	city, localCity, err := c.written("city", c.City, c.LocalCity, cityMax)
	if err != nil {
		return nil, err
	}
	format, initiation := c.starts()
	all := slices.DeleteFunc([]placement{
		{"00", format},
		{"01", initiation},
		{"52", c.Category},
		{"53", currency},
		{"54", amount},
		{"58", c.Country},
		{"59", name},
		{"60", city},
		{"61", c.Postal},
		{"62.01", c.Bill},
		{"62.05", c.Reference},
		{"62.07", c.Terminal},
		{"64.00", c.Language},
		{"64.01", localName},
		{"64.02", localCity},
	}, func(p placement) bool { return p.value == "" })
	for _, object := range c.Object {
		place, value, ok := strings.Cut(object, "=")
		if !ok {
			return nil, fmt.Errorf("--object %s: want PLACE=VALUE", object)
		}
		all = append(all, placement{place, value})
	}
	return all, nil
}

// starts returns objects 00 and 01. A code with an amount is for one payment,
// unless a file or an object says otherwise.
func (c *qrMPMCommand) starts() (format, initiation string) {
	switch {
	case c.Amount != "" && c.From == "":
		return "01", "12"
	case c.Amount != "":
		return "", "12"
	case c.From == "":
		return "01", "11"
	}
	return "", ""
}

// price returns objects 53 and 54.
func (c *qrMPMCommand) price() (currency, amount string, err error) {
	switch {
	case c.Amount != "":
		parsed, err := money.ParseAmount(c.Amount)
		if err != nil {
			return "", "", err
		}
		return parsed.Currency.Numeric(), parsed.Decimal(), nil
	case c.Currency != "":
		parsed, err := money.ParseCurrency(c.Currency)
		if err != nil {
			return "", "", err
		}
		return parsed.Numeric(), "", nil
	}
	return "", "", nil
}

// Characters of a name and of a city, in either language.
const (
	nameMax = 25
	cityMax = 15
)

// written returns a text in Latin letters, which every wallet can show, and as it
// is written locally, which is kept where its language is named.
func (c *qrMPMCommand) written(what, text, local string, most int) (latin, kept string, err error) {
	latin, ok := shown.Latin(text)
	if !ok {
		return "", "", fmt.Errorf("--%[1]s %[2]s cannot be written in Latin letters: give it with --local-%[1]s, and a Latin form with --%[1]s", what, text)
	}
	if local == "" && c.Language != "" && !shown.Printable(text) {
		local = text
	}
	return shown.Fit(latin, most), shown.Fit(local, most), nil
}

// An opening finds the object of that id in which something is put, or makes it.
type opening func(objects []mpm.Object, id mpm.ID, isTemplate bool) ([]mpm.Object, int)

// inOrderOfText puts behind everything, and into a template that is the last.
func inOrderOfText(objects []mpm.Object, id mpm.ID, isTemplate bool) ([]mpm.Object, int) {
	last := len(objects) - 1
	if isTemplate && last >= 0 && objects[last].ID == id {
		return objects, last
	}
	return append(objects, mpm.Object{ID: id}), last + 1
}

// inOrderOfID replaces what is there, or puts before the first with a greater id.
func inOrderOfID(objects []mpm.Object, id mpm.ID, _ bool) ([]mpm.Object, int) {
	if at := slices.IndexFunc(objects, func(o mpm.Object) bool { return o.ID == id }); at >= 0 {
		return objects, at
	}
	at := slices.IndexFunc(objects, func(o mpm.Object) bool { return o.ID > id })
	if at < 0 {
		at = len(objects)
	}
	return slices.Insert(objects, at, mpm.Object{ID: id}), at
}

// put puts the value among the objects at its place.
func (p placement) put(objects []mpm.Object, open opening) ([]mpm.Object, error) {
	first, inside, isTemplate := strings.Cut(p.place, ".")
	id, err := strconv.ParseUint(first, 10, 7)
	if err != nil || len(first) != len("00") {
		return nil, fmt.Errorf("object %q: a place is numbers of two digits and points, such as 26.01", p.place)
	}
	objects, at := open(objects, mpm.ID(id), isTemplate)
	if !isTemplate {
		objects[at].Value, objects[at].Template = p.value, nil
		return objects, nil
	}
	template, err := placement{inside, p.value}.put(objects[at].Template, open)
	objects[at].Value, objects[at].Template = "", template
	return objects, err
}
