package alipay

import (
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/money"
)

// A told payment is how a sale is told, to a merchant in the words of AMS or to an
// acquirer in those of Alipay+. What does not apply is left out.
type told struct {
	Result        Result  `json:"result,omitzero"`
	PaymentResult *Result `json:"paymentResult,omitempty"` // Alipay+
	NotifyType    string  `json:"notifyType,omitempty"`

	Status        standing `json:"paymentStatus,omitempty"`        // AMS
	ResultCode    string   `json:"paymentResultCode,omitempty"`    // AMS
	ResultMessage string   `json:"paymentResultMessage,omitempty"` // AMS

	RequestID  string  `json:"paymentRequestId,omitempty"`
	ID         string  `json:"paymentId,omitempty"`
	Amount     *amount `json:"paymentAmount,omitempty"`
	Actual     *amount `json:"actualPaymentAmount,omitempty"` // AMS
	Quote      *quote  `json:"paymentQuote,omitempty"`        // AMS
	CreateTime string  `json:"paymentCreateTime,omitempty"`
	Time       string  `json:"paymentTime,omitempty"`

	settled

	Customer     *customer     `json:"pspCustomerInfo,omitempty"`
	AcquirerID   string        `json:"acquirerId,omitempty"`
	PSP          string        `json:"pspId,omitempty"`
	CustomerID   string        `json:"customerId,omitempty"`
	Brand        string        `json:"walletBrandName,omitempty"`
	Transactions []transaction `json:"transactions,omitempty"`

	CodeForm   *codeForm     `json:"orderCodeForm,omitempty"`
	Redirect   *redirectForm `json:"redirectActionForm,omitempty"`
	PaymentURL string        `json:"paymentUrl,omitempty"` // Alipay+
	NormalURL  string        `json:"normalUrl,omitempty"`  // AMS
}

// A customer is the payer as the merchant may know him: the token that the acquirer has
// for him, and never what he is called at his wallet.
type customer struct {
	ID   string `json:"pspCustomerId,omitempty"`
	Name string `json:"pspName,omitempty"`
}

// A transaction is one movement of a payment's money.
type transaction struct {
	Result Result   `json:"transactionResult"`
	ID     string   `json:"transactionId"`
	Type   string   `json:"transactionType"`
	Status standing `json:"transactionStatus"`
	Amount *amount  `json:"transactionAmount"`
	Time   string   `json:"transactionTime"`
}

type codeForm struct {
	Details []codeDetail `json:"codeDetails"`
}

type codeDetail struct {
	Value   string `json:"codeValue"`
	Type    string `json:"codeValueType"`
	Display string `json:"displayType"`
}

type redirectForm struct {
	Method string `json:"method"`
	URL    string `json:"redirectUrl"`
}

// tell tells a sale without saying what came of the request.
func (x exchange) tell(s api.Sale) told {
	t := tellSale(s, x.plus)
	if s.RequestID != "" {
		t.RequestID = s.RequestID
	}
	return t
}

func tellSale(s api.Sale, plus bool) told {
	t := told{RequestID: s.RequestID, ID: idOf(s)}
	if amount, ok := amountOf(s); ok {
		t.Amount = wire(amount)
	}
	if at, ok := begunAt(s); ok {
		t.CreateTime = written(at)
	}
	if !plus {
		t.Customer = &customer{} // Always there: a client looks into it without looking whether it is.
	}
	at, _ := standingOf(s)
	if s.Payment == nil || at == failed {
		return t
	}
	t.tellPayer(*s.Payment, plus)
	if at == succeeded || at == cancelled {
		t.tellMoney(*s.Payment, plus)
	}
	return t
}

// tellPayer says who pays, once somebody does.
func (t *told) tellPayer(p api.Payment, plus bool) {
	if plus {
		t.AcquirerID, t.PSP, t.CustomerID, t.Brand = p.Acquirer, p.Wallet, p.Payer, p.Wallet
		return
	}
	t.Customer = &customer{p.Payer, p.Wallet}
}

// tellMoney says what was paid and what is settled, and at which rates. What the payer was
// debited is no business of an acquirer's protocol.
func (t *told) tellMoney(p api.Payment, plus bool) {
	if p.Status != "approved" {
		return
	}
	if p.OutcomeAt != nil {
		t.Time = written(*p.OutcomeAt)
	}
	if p.Settlement != nil {
		t.settled = settledOf(*p.Settlement, p.Settlement.Rate, plus)
	}
	if !plus {
		t.Actual, t.Quote = wire(p.DebitAmount), quoteOf(p.Rate, p.OrderAmount.Currency)
	}
}

// A settled amount is what is settled for a payment, or taken back for a refund. Its quote
// has the settlement currency first: the amount of the payment, divided by the price, is
// what is settled.
type settled struct {
	Gross           *amount `json:"grossSettlementAmount,omitempty"` // AMS
	Settlement      *amount `json:"settlementAmount,omitempty"`      // Alipay+
	SettlementQuote *quote  `json:"settlementQuote,omitempty"`
}

func settledOf(s api.Settlement, rate *money.Rate, plus bool) settled {
	told := settled{SettlementQuote: quoteOf(rate, s.Amount.Currency)}
	if plus {
		told.Settlement = wire(s.Amount)
	} else {
		told.Gross = wire(s.Amount)
	}
	return told
}

// settledBack is what is taken back for a movement of a sale.
func settledBack(m api.Movement, s api.Sale, plus bool) settled {
	if m.Settlement == nil || m.Status != "succeeded" {
		return settled{}
	}
	var rate *money.Rate
	if s.Payment != nil && s.Payment.Settlement != nil {
		rate = s.Payment.Settlement.Rate
	}
	return settledOf(*m.Settlement, rate, plus)
}

// transactionsOf tells the movements of a sale.
func transactionsOf(s api.Sale) []transaction {
	var all []transaction
	for _, m := range s.Movements {
		at, result := movementStanding(m)
		all = append(all, transaction{
			Result: result, ID: m.Movement, Type: transactionType(m.Kind), Status: at,
			Amount: wire(m.OrderAmount), Time: written(m.ChangedAt),
		})
	}
	return all
}

func transactionType(kind string) string {
	switch kind {
	case "capture":
		return "CAPTURE"
	case "release":
		return "VOID"
	case "cancel":
		return "CANCEL"
	}
	return "REFUND"
}
