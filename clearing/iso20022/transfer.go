package iso20022

import (
	"github.com/hansa-network/hansa/clearing"
	"github.com/hansa-network/hansa/money"
)

// A CreditTransfer (pacs.008) tells another scheme what payers pay to payees there.
type CreditTransfer struct {
	Header
	ValueDate clearing.Date
	From, To  string // BICs of the institutions that send and receive the message
	Payments  []Payment
}

// A Payment is from one party to another.
type Payment struct {
	ID       string // up to 35 characters
	UETR     string // UETROf(ID) if it is empty
	Amount   money.Amount
	Debtor   Party
	Creditor Party
	About    string // up to 140 characters; may be empty
}

// XML writes the transfer. It refuses Malformed, also for amounts in two currencies.
func (c CreditTransfer) XML() ([]byte, error) { return encode(&creditTransfer{CreditTransfer: &c}) }

// ReadCreditTransfer reads a transfer.
func ReadCreditTransfer(data []byte) (CreditTransfer, error) {
	var c CreditTransfer
	err := decode(data, &creditTransfer{CreditTransfer: &c})
	return c, err
}

type creditTransfer struct {
	*CreditTransfer

	totals totals
}

func (c *creditTransfer) name() string { return "pacs.008.001.08" }

func (c *creditTransfer) root() node {
	c.totals.items = func() []money.Amount { return amountsOf(c.Payments, func(p Payment) money.Amount { return p.Amount }) }
	header := group("GrpHdr", in(c.Header.nodes(), c.totals.nodes(),
		interbank("CLRG", &c.ValueDate, &c.From, &c.To))...)
	return group("FIToFICstmrCdtTrf", header, list("CdtTrfTxInf", &c.Payments, (*Payment).nodes))
}

func (p *Payment) nodes() []node {
	return []node{
		paymentID(&p.ID, &p.UETR), amount("IntrBkSttlmAmt", &p.Amount), fixed("ChrgBr", "SLEV"),
		named("Dbtr", &p.Debtor.Name), p.Debtor.Account.node("DbtrAcct"), bankNode("DbtrAgt", &p.Debtor.Bank),
		bankNode("CdtrAgt", &p.Creditor.Bank), named("Cdtr", &p.Creditor.Name), p.Creditor.Account.node("CdtrAcct"),
		about(&p.About),
	}
}

func (c *creditTransfer) judge() error {
	accounts := make([]Account, 0, 2*len(c.Payments))
	for _, p := range c.Payments {
		accounts = append(accounts, p.Debtor.Account, p.Creditor.Account)
	}
	return c.totals.judge(accounts)
}
