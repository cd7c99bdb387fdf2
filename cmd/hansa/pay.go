package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/money"
)

// payWithin bounds a whole payment, payer and all.
const payWithin = 29 * time.Second

// payCommand makes one payment in a demo, as a till or a wallet would make it,
// with a fresh payer who has enough money and accepts what is asked.
type payCommand struct {
	URL      string `help:"Address of the demo." required:"" placeholder:"URL"`
	Wallet   string `help:"Wallet that pays." required:""`
	Store    string `help:"Store that is paid." required:""`
	Amount   string `help:"Amount in the store's currency, such as '100.00 NOK'." required:""`
	Mode     string `help:"How the code is read: the till scans the payer's (cpm), the payer scans a printed one (static) or the till's (dynamic)." enum:"cpm,static,dynamic" default:"cpm"`
	Acquirer string `help:"Acquirer whose till or code is used; the store's first if none is named."`
}

func (c payCommand) Run(env *environment) error {
	amount, err := money.ParseAmount(c.Amount)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(env.context, payWithin)
	defer cancel()
	box := sandbox{url: strings.TrimSuffix(c.URL, "/") + "/sandbox"}
	receipt, err := c.pay(ctx, box, amount)
	if err != nil {
		return err
	}
	return writeIndented(env.out, receipt)
}

// pay plays the payment and returns its receipt, or why it was not approved.
func (c payCommand) pay(ctx context.Context, box sandbox, amount money.Amount) (api.Receipt, error) {
	paid, err := box.play(ctx, wish{
		Wallet: c.Wallet, Store: c.Store, Acquirer: c.Acquirer, Mode: member.Mode(c.Mode), Amount: amount,
	})
	switch {
	case err != nil:
		return api.Receipt{}, err
	case paid.Receipt != nil:
		return *paid.Receipt, nil
	case paid.Reason == "":
		return api.Receipt{}, fmt.Errorf("the payment is %s", paid.Status)
	}
	return api.Receipt{}, fmt.Errorf("the payment is %s: %s", paid.Status, paid.Reason)
}
