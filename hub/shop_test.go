package hub_test

import (
	"fmt"

	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/payment"
	"github.com/hansa-network/hansa/sim"
)

// The shop of most tests, its tills and its stickers.
const (
	cafe        = "bergen-cafe"
	netsTill    = "bergen-cafe-nets"
	vippsTill   = "bergen-cafe-vipps"
	netsSticker = "010000000001"
)

func nok(value int64) money.Amount { return money.New(value, "NOK") }

// issuer are the first digits of the payment codes of a wallet of the world.
func issuer(wallet string) string {
	for i, terms := range sim.WalletTerms() {
		if terms.ID == wallet {
			return fmt.Sprintf("70%04d", i+1)
		}
	}
	return "999999"
}

// drawn is a payment code that nobody has registered.
func (n *network) drawn(wallet string) string {
	n.draws++
	return fmt.Sprintf("%s%018d", issuer(wallet), n.draws)
}

// code is a fresh payment code of a payer.
func (n *network) code(wallet, payer string) string {
	n.t.Helper()
	return n.must(wallet, hub.FetchCodes{Payer: payer, Codes: []string{n.drawn(wallet)}}).Codes[0].Code
}

// scan is what the till of Nets asks for when it has scanned a code.
func (n *network) scan(wallet, code string, amount money.Amount) hub.Ask {
	n.draws++
	return hub.Ask{
		Code: code, Issuer: issuer(wallet), Amount: amount, Store: cafe, Terminal: netsTill,
		OrderReference: fmt.Sprintf("bill-%d", n.draws),
	}
}

// asked begins a payment of flow A: a fresh code of the payer at the till of
// Nets. The wallet is to be asked.
func (n *network) asked(wallet, payer string, amount money.Amount) payment.Payment {
	n.t.Helper()
	return n.must("nets", n.scan(wallet, n.code(wallet, payer), amount)).Payment
}

// approved is a payment of flow A to which the wallet has said yes.
func (n *network) approved(wallet, payer string, amount money.Amount) payment.Payment {
	n.t.Helper()
	n.asked(wallet, payer, amount)
	return n.yes(n.call(payment.CallAsk)).Payment
}

// authorised is such a payment that is to be captured.
func (n *network) authorised(wallet, payer string, amount money.Amount) payment.Payment {
	n.t.Helper()
	ask := n.scan(wallet, n.code(wallet, payer), amount)
	ask.CaptureLater = true
	n.must("nets", ask)
	return n.yes(n.call(payment.CallAsk)).Payment
}

// shown opens an order at the till of Nets.
func (n *network) shown(amount money.Amount) payment.Order {
	n.t.Helper()
	return n.must("nets", n.wish(amount)).Order
}

func (n *network) wish(amount money.Amount) hub.MakeOrder {
	n.draws++
	return hub.MakeOrder{Amount: amount, Store: cafe, Terminal: netsTill, OrderReference: fmt.Sprintf("table-%d", n.draws)}
}

// quoted resolves an order for a wallet, and is what it then accepts.
func (n *network) quoted(wallet, payer string, order payment.Order) hub.Accept {
	n.t.Helper()
	return accept(payer, n.must(wallet, hub.Resolve{Scanned: hub.Scanned{Order: order.ID}}))
}

// typed is what a payer accepts who typed an amount at the sticker of Nets.
func (n *network) typed(wallet, payer string, amount money.Amount) hub.Accept {
	n.t.Helper()
	return accept(payer, n.must(wallet, hub.AskQuote{Scanned: hub.Scanned{StoreCode: netsSticker}, Amount: amount}))
}

func accept(payer string, priced hub.Result) hub.Accept {
	return hub.Accept{
		Quote: priced.Quote.ID, Payer: payer, Order: priced.Quote.Terms.Order, Debit: priced.Quote.Terms.Debit, Payee: priced.Quote.Store,
	}
}

// announce is flow C: a payer of Alipay has scanned an order.
func announce(payer string, order payment.Order) hub.Announce {
	return hub.Announce{Scanned: hub.Scanned{Order: order.ID}, Payer: payer}
}
