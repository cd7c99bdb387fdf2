package iso20022

import (
	"github.com/hansa-network/hansa/clearing"
	"github.com/hansa-network/hansa/money"
)

// A SettlementOrder (pacs.009) orders the settlement bank to move money between the
// accounts of participants on one day.
type SettlementOrder struct {
	Header
	ValueDate clearing.Date
	Orderer   string // BIC of who orders
	Bank      string // BIC of the settlement bank, in whose books the money moves
	Transfers []Transfer
}

// A Transfer moves money from the debtor's account to the creditor's.
type Transfer struct {
	ID       string // up to 35 characters
	UETR     string // UETROf(ID) if it is empty
	Amount   money.Amount
	Debtor   Holder
	Creditor Holder
	About    string // up to 140 characters; may be empty
}

// A Holder is an institution with an account.
type Holder struct {
	BIC     string // ISO 9362
	Account Account
}

// XML writes the order. It refuses Malformed, also for amounts in two currencies.
func (o SettlementOrder) XML() ([]byte, error) { return encode(&settlementOrder{SettlementOrder: &o}) }

// ReadSettlementOrder reads an order.
func ReadSettlementOrder(data []byte) (SettlementOrder, error) {
	var o SettlementOrder
	err := decode(data, &settlementOrder{SettlementOrder: &o})
	return o, err
}

type settlementOrder struct {
	*SettlementOrder

	totals totals
}

func (o *settlementOrder) name() string { return "pacs.009.001.08" }

func (o *settlementOrder) root() node {
	o.totals.items = func() []money.Amount {
		return amountsOf(o.Transfers, func(t Transfer) money.Amount { return t.Amount })
	}
	header := group("GrpHdr", in(o.Header.nodes(), o.totals.nodes(),
		interbank("INDA", &o.ValueDate, &o.Orderer, &o.Bank))...)
	return group("FICdtTrf", header, list("CdtTrfTxInf", &o.Transfers, (*Transfer).nodes))
}

func (t *Transfer) nodes() []node {
	return []node{
		paymentID(&t.ID, &t.UETR), amount("IntrBkSttlmAmt", &t.Amount),
		bankNode("Dbtr", &t.Debtor.BIC), t.Debtor.Account.node("DbtrAcct"),
		bankNode("Cdtr", &t.Creditor.BIC), t.Creditor.Account.node("CdtrAcct"), about(&t.About),
	}
}

func (o *settlementOrder) judge() error {
	accounts := make([]Account, 0, 2*len(o.Transfers))
	for _, t := range o.Transfers {
		accounts = append(accounts, t.Debtor.Account, t.Creditor.Account)
	}
	return o.totals.judge(accounts)
}

// interbank is when and where the money moves between banks, and who tells whom. The
// method is INDA in the books of who is instructed, CLRG in a clearing system.
func interbank(method string, day *clearing.Date, from, to *string) []node {
	return []node{
		date("IntrBkSttlmDt", day), group("SttlmInf", fixed("SttlmMtd", method)),
		bankNode("InstgAgt", from), bankNode("InstdAgt", to),
	}
}

// paymentID is the id of a transfer for both its sides, and the UETR that follows.
func paymentID(id, uetr *string) node {
	return group("PmtId", text("InstrId", id, longestID), text("EndToEndId", id, longestID), uetrOf("UETR", id, uetr))
}

// amountsOf are the amounts of items.
func amountsOf[T any](items []T, amount func(T) money.Amount) []money.Amount {
	amounts := make([]money.Amount, len(items))
	for i, item := range items {
		amounts[i] = amount(item)
	}
	return amounts
}
