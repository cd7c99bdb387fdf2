package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/hansa-network/hansa/qr/symbol"
)

// qrEncodeCommand makes a code. What it holds is the business of the commands
// below; how it is written is the same for all.
type qrEncodeCommand struct {
	Any   qrTextCommand  `cmd:"" name:"text" default:"withargs" help:"Any text."`
	Store qrStoreCommand `cmd:"" help:"The code of a sticker of this network, signed."`
	Order qrOrderCommand `cmd:"" help:"The code of one order of this network, signed."`
	MPM   qrMPMCommand   `cmd:"" name:"mpm" help:"An EMVCo code that a merchant presents, of any scheme."`
	EPC   qrEPCCommand   `cmd:"" name:"epc" help:"The code of a transfer in euros, EPC069-12."`

	SVG   bool `name:"svg" help:"Draw as SVG." xor:"form"`
	PNG   bool `name:"png" help:"Draw as PNG." xor:"form"`
	PDF   bool `name:"pdf" help:"Draw as PDF, for print shops." xor:"form"`
	ASCII bool `name:"ascii" help:"Draw with characters." xor:"form"`

	Level    string      `help:"How much of the symbol may be lost: low 7, medium 15, quartile 25, high 30 percent." enum:"low,medium,quartile,high" default:"medium"`
	Logo     bool        `help:"Leave room for a logo in the middle; the level is high then."`
	Code128  bool        `name:"code128" help:"Draw bars of Code 128, as SVG or PNG."`
	ModulePX int         `name:"module-px" help:"Pixels for a side of a module, for PNG: 1 to 40." default:"8"`
	ModuleMM millimetres `name:"module-mm" help:"Side of a module, for PDF." default:"0.5"`
}

// Validate finds what is wrong with the command line itself.
func (c *qrEncodeCommand) Validate() error {
	switch {
	case c.Code128 && !c.SVG && !c.PNG:
		return errors.New("bars are drawn by --svg or --png")
	case c.Code128 && c.Logo:
		return errors.New("bars have no room for a logo")
	case c.ModulePX < 1 || c.ModulePX > 40:
		return errors.New("--module-px: 1 to 40")
	}
	return nil
}

// qrTextCommand takes a text as it is.
type qrTextCommand struct {
	Text  string `arg:"" help:"The text; - reads standard input."`
	Dense bool   `help:"Digits, or capitals and digits, in a smaller symbol. EMVCo codes must not use it."`
}

func (c *qrTextCommand) Run(env *environment, encode *qrEncodeCommand) error {
	text := c.Text
	if text == standardInput {
		content, err := readNamed(text)
		if err != nil {
			return err
		}
		text = withoutLineEnd(string(content))
	}
	return encode.write(env.out, text, c.Dense)
}

// write writes the text, or draws it if a form is named.
func (c *qrEncodeCommand) write(out io.Writer, text string, dense bool) error {
	drawn, err := text+"\n", error(nil)
	switch {
	case !c.SVG && !c.PNG && !c.PDF && !c.ASCII:
	case (c.PNG || c.PDF) && isTerminal(out):
		return errors.New("a terminal shows no PNG or PDF: add > FILE, or draw with --ascii")
	case c.Code128:
		drawn, err = c.bars(text)
	default:
		drawn, err = c.symbol(text, dense, isTerminal(out))
	}
	if err != nil {
		return err
	}
	_, err = io.WriteString(out, drawn)
	return err
}

func (c *qrEncodeCommand) bars(text string) (string, error) {
	bars, err := symbol.NewCode128(text)
	switch {
	case err != nil:
		return "", err
	case c.SVG:
		return bars.SVG(), nil
	}
	return string(bars.PNG(c.ModulePX)), nil
}

func (c *qrEncodeCommand) symbol(text string, dense, inTerminal bool) (string, error) {
	levels := map[string]symbol.Level{"low": symbol.Low, "medium": symbol.Medium, "quartile": symbol.Quartile, "high": symbol.High}
	square, err := symbol.New(text, symbol.Options{Level: levels[c.Level], Dense: dense, Logo: c.Logo})
	switch {
	case err != nil:
		return "", err
	case c.SVG:
		return square.SVG(), nil
	case c.PNG:
		return string(square.PNG(c.ModulePX)), nil
	case c.ASCII && inTerminal:
		return square.Terminal(), nil
	case c.ASCII:
		return square.Plain(), nil
	}
	side, err := square.SideOf(symbol.Length(c.ModuleMM))
	if err != nil {
		return "", err
	}
	page, err := square.PDF(side)
	return string(page), err
}

// isTerminal reports whether a person looks at what is written.
func isTerminal(out io.Writer) bool {
	file, ok := out.(*os.File)
	if !ok {
		return false
	}
	about, err := file.Stat()
	return err == nil && about.Mode()&os.ModeCharDevice != 0
}

// millimetres is a flag of millimetres with at most three decimals, kept exactly.
type millimetres symbol.Length

// UnmarshalText reads a flag.
func (m *millimetres) UnmarshalText(text []byte) error {
	whole, decimals, _ := strings.Cut(string(text), ".")
	const places = 3
	if len(decimals) > places {
		return fmt.Errorf("%s mm: at most %d decimals", text, places)
	}
	micrometres, err := strconv.ParseUint(whole+decimals+strings.Repeat("0", places-len(decimals)), 10, 31)
	if err != nil || whole == "" {
		return fmt.Errorf("%q is not so many millimetres", text)
	}
	*m = millimetres(micrometres)
	return nil
}
