package main

import (
	"strings"

	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/qr/epc"
)

// qrEPCCommand writes the code of a transfer in euros, as EPC069-12 lays it out.
type qrEPCCommand struct {
	IBAN      string `name:"iban" help:"Account of the payee; spaces are dropped." required:"" placeholder:"IBAN"`
	Name      string `help:"Name of the payee." required:"" placeholder:"TEXT"`
	BIC       string `name:"bic" help:"Bank of the payee, needed outside the European Economic Area." placeholder:"BIC"`
	Amount    string `help:"Amount, such as '12.50 EUR'; without it the payer types one." placeholder:"AMOUNT"`
	Purpose   string `help:"Purpose code of ISO 20022." placeholder:"CODE"`
	Reference string `help:"Structured reference, such as RF18539007547034." placeholder:"TEXT" xor:"remittance"`
	Text      string `help:"Words for the payee." placeholder:"TEXT" xor:"remittance"`
	Note      string `help:"Words for the payer." placeholder:"TEXT"`
}

func (c *qrEPCCommand) Run(env *environment, encode *qrEncodeCommand) error {
	transfer := epc.Transfer{
		BIC: c.BIC, Name: c.Name, IBAN: strings.ReplaceAll(c.IBAN, " ", ""),
		Purpose: c.Purpose, Reference: c.Reference, Text: c.Text, Note: c.Note,
	}
	if c.Amount != "" {
		amount, err := money.ParseAmount(c.Amount)
		if err != nil {
			return err
		}
		transfer.Amount = amount
	}
	text, err := epc.Encode(transfer)
	if err != nil {
		return err
	}
	return encode.write(env.out, text, false)
}
