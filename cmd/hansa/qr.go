package main

import (
	"encoding/json"
	"io"
)

// qrCommand reads and writes payment codes, the world's and ours.
type qrCommand struct {
	Decode qrDecodeCommand `cmd:"" help:"Say what a code holds and what is wrong with it."`
	Encode qrEncodeCommand `cmd:"" help:"Make a code, as text or drawn."`
	Rules  qrRulesCommand  `cmd:"" help:"Print the published rules by which codes are told apart."`
}

func writeIndented(out io.Writer, value any) error {
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(value)
}
