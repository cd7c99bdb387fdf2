package iso20022

import (
	"github.com/hansa-network/hansa/clearing"
	"github.com/hansa-network/hansa/money"
)

// A PayoutOrder (pain.001) orders the acquirer's bank to pay merchants from the
// acquirer's own account.
type PayoutOrder struct {
	Header
	Execute clearing.Date
	Debtor  Party // the acquirer
	Payouts []Payout
}

// A Payout is what one merchant gets.
type Payout struct {
	ID       string // up to 35 characters
	UETR     string // UETROf(ID) if it is empty
	Amount   money.Amount
	Creditor Party
	About    string // up to 140 characters; may be empty
}

// XML writes the order. It refuses Malformed, also for amounts in two currencies.
func (o PayoutOrder) XML() ([]byte, error) { return encode(&payoutOrder{PayoutOrder: &o}) }

// ReadPayoutOrder reads an order.
func ReadPayoutOrder(data []byte) (PayoutOrder, error) {
	var o PayoutOrder
	err := decode(data, &payoutOrder{PayoutOrder: &o})
	return o, err
}

type payoutOrder struct {
	*PayoutOrder

	totals, part totals
	id           string // of the only part, which is the message's
}

func (o *payoutOrder) name() string { return "pain.001.001.09" }

func (o *payoutOrder) root() node {
	items := func() []money.Amount { return amountsOf(o.Payouts, func(p Payout) money.Amount { return p.Amount }) }
	o.totals.items, o.part.items = items, items
	header := group("GrpHdr", in(o.Header.nodes(), o.totals.nodes(), one(named("InitgPty", &o.Debtor.Name)))...)
	return group("CstmrCdtTrfInitn", header, group("PmtInf", in(
		one(said("PmtInfId", &o.id, func() string { return o.ID }), fixed("PmtMtd", "TRF")), o.part.nodes(),
		one(group("ReqdExctnDt", date("Dt", &o.Execute)), named("Dbtr", &o.Debtor.Name),
			o.Debtor.Account.node("DbtrAcct"), bankNode("DbtrAgt", &o.Debtor.Bank),
			fixed("ChrgBr", "SLEV"), list("CdtTrfTxInf", &o.Payouts, (*Payout).nodes)))...))
}

func (p *Payout) nodes() []node {
	return []node{
		paymentID(&p.ID, &p.UETR), group("Amt", amount("InstdAmt", &p.Amount)), bankNode("CdtrAgt", &p.Creditor.Bank),
		named("Cdtr", &p.Creditor.Name), p.Creditor.Account.node("CdtrAcct"), about(&p.About),
	}
}

func (o *payoutOrder) judge() error {
	accounts := []Account{o.Debtor.Account}
	for _, p := range o.Payouts {
		accounts = append(accounts, p.Creditor.Account)
	}
	if err := o.totals.judge(accounts); err != nil {
		return err
	}
	return o.part.judge(nil)
}
