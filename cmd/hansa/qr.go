package main

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/qr"
	"github.com/hansa-network/hansa/qr/symbol"
)

// qrCommand reads and writes the network's own codes.
type qrCommand struct {
	Decode qrDecodeCommand `cmd:"" help:"Say what a code holds."`
	Encode qrEncodeCommand `cmd:"" help:"Draw a code, or make one of ours."`
}

type qrDecodeCommand struct {
	Text string `arg:"" help:"The text of the code."`
}

func (c qrDecodeCommand) Run(env *environment) error {
	read := qr.Read(c.Text)
	if err := writeIndented(env.out, read); err != nil {
		return err
	}
	if !read.Valid {
		return errSilent
	}
	return nil
}

// qrEncodeCommand draws a text as a symbol. With --store or --order it makes the
// text of a code of ours first, signed with --key.
type qrEncodeCommand struct {
	Text     string `arg:"" optional:"" help:"The text to draw; leave out to make a code of ours."`
	Code     string `help:"Id of an issued store code: makes a store code." xor:"kind"`
	Order    string `help:"Id of an order: makes an order code." xor:"kind"`
	Amount   string `help:"Amount of the order, such as '100.00 NOK'."`
	Currency string `help:"Currency of the store."`
	Name     string `help:"Name of the merchant." default:"Store"`
	City     string `help:"City of the store." default:"Bergen"`
	Country  string `help:"Country of the store." default:"NO"`
	Category string `help:"Merchant category code." default:"5812"`
	Expires  string `help:"When an order code expires, RFC 3339."`
	Key      string `help:"File of the key that signs." type:"existingfile"`
	KeyID    string `help:"Id of that key." default:"hansa-1"`
	SVG      bool   `help:"Draw as SVG." xor:"form"`
	PNG      bool   `help:"Draw as PNG." xor:"form"`
	ASCII    bool   `help:"Draw with characters." xor:"form"`
}

func (c qrEncodeCommand) Run(env *environment) error {
	text, err := c.text()
	if err != nil {
		return err
	}
	if !c.SVG && !c.PNG && !c.ASCII {
		_, err := fmt.Fprintln(env.out, text)
		return err
	}
	drawn, err := symbol.New(text, symbol.Options{})
	if err != nil {
		return err
	}
	switch {
	case c.SVG:
		_, err = io.WriteString(env.out, drawn.SVG())
	case c.PNG:
		_, err = io.Copy(env.out, bytes.NewReader(drawn.PNG(8)))
	default:
		_, err = io.WriteString(env.out, drawn.Terminal())
	}
	return err
}

// text is the text given, or that of the code to make.
func (c qrEncodeCommand) text() (string, error) {
	if c.Text != "" {
		return c.Text, nil
	}
	if c.Key == "" {
		return "", fmt.Errorf("a code of ours is signed: name a file with --key")
	}
	key, err := readKey(c.Key)
	if err != nil {
		return "", err
	}
	payee := qr.Payee{Name: c.Name, City: c.City, Country: c.Country, Category: c.Category}
	if c.Order == "" {
		currency, err := money.ParseCurrency(c.Currency)
		if err != nil {
			return "", err
		}
		return qr.SignStore(qr.StoreCode{Code: c.Code, Currency: currency, Payee: payee}, c.KeyID, key)
	}
	return c.orderText(payee, key)
}

func (c qrEncodeCommand) orderText(payee qr.Payee, key ed25519.PrivateKey) (string, error) {
	amount, err := money.ParseAmount(c.Amount)
	if err != nil {
		return "", err
	}
	expires, err := time.Parse(time.RFC3339, c.Expires)
	if err != nil {
		return "", fmt.Errorf("--expires: %w", err)
	}
	return qr.SignOrder(qr.OrderCode{Order: c.Order, Amount: amount, ExpiresAt: expires, Payee: payee}, c.KeyID, key)
}

func writeIndented(out io.Writer, value any) error {
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(value)
}
