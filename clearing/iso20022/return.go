package iso20022

import (
	"github.com/hansa-network/hansa/clearing"
	"github.com/hansa-network/hansa/money"
)

// A Return (pacs.004) gives back money that a CreditTransfer brought.
type Return struct {
	Header
	ValueDate clearing.Date
	From, To  string // BICs
	Original  Original
	Payments  []Returned
}

// A Returned is a payment that is given back, wholly or in part.
type Returned struct {
	ID       string // of the return, up to 35 characters
	Original string // the id of the payment
	UETR     string // the payment's; UETROf(Original) if it is empty
	Amount   money.Amount
	Reason   string // ISO 20022 external code, such as CUST for the payer's wish
	Words    string // up to 105 characters; may be empty
}

// XML writes the return. It refuses Malformed, also for amounts in two currencies.
func (r Return) XML() ([]byte, error) { return encode(&returned{Return: &r}) }

// ReadReturn reads a return.
func ReadReturn(data []byte) (Return, error) {
	var r Return
	err := decode(data, &returned{Return: &r})
	return r, err
}

type returned struct {
	*Return

	totals totals
}

func (r *returned) name() string { return "pacs.004.001.09" }

func (r *returned) root() node {
	r.totals.items = func() []money.Amount { return amountsOf(r.Payments, func(p Returned) money.Amount { return p.Amount }) }
	header := group("GrpHdr", in(r.Header.nodes(), r.totals.nodes(),
		interbank("CLRG", &r.ValueDate, &r.From, &r.To))...)
	return group("PmtRtr", header, group("OrgnlGrpInf", r.Original.nodes()...),
		list("TxInf", &r.Payments, func(p *Returned) []node {
			return []node{
				text("RtrId", &p.ID, longestID), text("OrgnlEndToEndId", &p.Original, longestID), uetrOf("OrgnlUETR", &p.Original, &p.UETR),
				amount("RtrdIntrBkSttlmAmt", &p.Amount), reason("RtrRsnInf", &p.Reason, &p.Words),
			}
		}))
}

func (r *returned) judge() error { return r.totals.judge(nil) }
