package alipay

import (
	"encoding/json"
	"regexp"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/money"
)

// An inquiry names what is asked about. An id of ours wins over one of the client's.
type inquiry struct {
	ID              scalar `json:"paymentId"`
	RequestID       scalar `json:"paymentRequestId"`
	RefundID        scalar `json:"refundId"`
	RefundRequestID scalar `json:"refundRequestId"`
}

// inquirePayment answers POST …/payments/inquiryPayment. The result is that of the
// inquiry; that of the payment stands beside it.
func (x exchange) inquirePayment() (any, error) {
	r, err := read[inquiry](x.Body)
	if err != nil {
		return nil, err
	}
	sale, err := x.find(r.ID, r.RequestID)
	if err != nil {
		return nil, err
	}
	t := x.tell(sale)
	t.Result, t.Transactions = done(), transactionsOf(sale)
	at, reason := standingOf(sale)
	of := at.result(reason)
	if x.plus {
		t.PaymentResult = &of
		return t, nil
	}
	t.Status, t.ResultCode, t.ResultMessage = at, of.Code, of.Message
	return t, nil
}

// inquireRefund answers POST /ams/api/v1/payments/inquiryRefund.
func (x exchange) inquireRefund() (any, error) {
	r, err := read[inquiry](x.Body)
	if err != nil {
		return nil, err
	}
	m, err := x.findRefund(r)
	if err != nil {
		return nil, err
	}
	sale, err := x.counter.SaleOf(m.Payment)
	if err != nil {
		return nil, err
	}
	at, _ := movementStanding(m)
	return struct {
		Result    Result   `json:"result"`
		RequestID string   `json:"refundRequestId,omitempty"`
		ID        string   `json:"refundId"`
		Amount    *amount  `json:"refundAmount"`
		Status    standing `json:"refundStatus"`
		Time      string   `json:"refundTime,omitempty"`
		settled
	}{done(), string(r.RefundRequestID), m.Movement, wire(m.OrderAmount), at, refundTime(m), settledBack(m, sale, x.plus)}, nil
}

// findRefund returns the refund that a request names: by refundId, or else by its
// request id.
func (x exchange) findRefund(r inquiry) (api.Movement, error) {
	switch {
	case r.RefundID != "":
		sale, err := x.counter.SaleOf(string(r.RefundID))
		if err != nil {
			return api.Movement{}, err
		}
		for _, m := range sale.Movements {
			if m.Movement == string(r.RefundID) {
				return m, nil
			}
		}
		return api.Movement{}, hansa.Refuse(hansa.NotFound, "no such refund")
	case r.RefundRequestID != "":
		return x.counter.Movement(string(r.RefundRequestID))
	}
	return api.Movement{}, reject(paramIllegal, "refundRequestId or refundId is missing")
}

// movementStanding tells where a movement stands, and what came of it.
func movementStanding(m api.Movement) (standing, Result) {
	switch m.Status {
	case "succeeded":
		return succeeded, done()
	case "failed":
		return failed, declined(m.Reason)
	}
	return pending, processing()
}

func refundTime(m api.Movement) string {
	if m.Status != "succeeded" {
		return ""
	}
	return written(m.ChangedAt)
}

// consult answers POST …/payments/consult and consultPayment: all wallets of the network
// are one way to pay.
func (x exchange) consult() (any, error) {
	r, err := read[payRequest](x.Body)
	if err != nil {
		return nil, err
	}
	if r.PaymentAmount != nil {
		if _, err := r.PaymentAmount.read(); err != nil {
			return nil, err
		}
	}
	type option struct {
		Type     string `json:"paymentMethodType"`
		Category string `json:"paymentMethodCategory"`
		Enabled  bool   `json:"enabled"`
	}
	return struct {
		Result  Result   `json:"result"`
		Options []option `json:"paymentOptions"`
	}{done(), []option{{"CONNECT_WALLET", "WALLET", true}}}, nil
}

// inquireRates answers POST /ams/api/v1/payments/inquireExchangeRate: what the FX
// providers stand by, before their spreads.
func (x exchange) inquireRates() (any, error) {
	r, err := read[struct {
		Currency scalar `json:"paymentCurrency"`
	}](x.Body)
	if err != nil {
		return nil, err
	}
	rates, err := x.counter.Rates()
	if err != nil {
		return nil, err
	}
	quotes := []quote{}
	for _, standing := range rates {
		wanted := money.Currency(r.Currency)
		if wanted == "" || standing.Rate.Base() == wanted || standing.Rate.Quote() == wanted {
			quotes = append(quotes, standingQuote(standing, standing.Rate.Base()))
		}
	}
	return struct {
		Result Result  `json:"result"`
		Quotes []quote `json:"quotes"`
	}{done(), quotes}, nil
}

// inquireQuote answers POST /aps/v1/payments/inquiryForeignExchangeQuote: what one unit
// of the currency that is sold costs in the one that is bought, for reference.
func (x exchange) inquireQuote() (any, error) {
	r, err := read[struct {
		Sell scalar `json:"sellCurrency"`
		Buy  scalar `json:"buyCurrency"`
	}](x.Body)
	if err != nil {
		return nil, err
	}
	sell, err := money.ParseCurrency(string(r.Sell))
	if err != nil {
		return nil, err
	}
	buy, err := money.ParseCurrency(string(r.Buy))
	if err != nil {
		return nil, err
	}
	rates, err := x.counter.Rates()
	if err != nil {
		return nil, err
	}
	for _, standing := range rates {
		if standing.Rate.ConvertsBetween(sell, buy) {
			return struct {
				Result Result `json:"result"`
				Quote  quote  `json:"foreignExchangeQuote"`
			}{done(), standingQuote(standing, sell)}, nil
		}
	}
	return nil, hansa.Refuse(hansa.RateUnavailable, "%s to %s", sell, buy)
}

// standingQuote tells a standing rate as what one unit of a currency costs. It is for
// reference: each payment has a quote of its own.
func standingQuote(s api.StandingRate, from money.Currency) quote {
	q := *quoteOf(&s.Rate, from)
	q.Start, q.Expiry, q.Guaranteed = scalar(written(s.PublishedAt)), scalar(written(s.NextPublication)), false
	return q
}

// A codeRule is a regular expression: what matches it is a code of the network.
type codeRule struct {
	Type    scalar `json:"codeType"`
	Pattern string `json:"codeRegex"`
}

// codeRulesVersionMax is how long a version can be, in characters.
const codeRulesVersionMax = 16

// codeRules answers POST /aps/api/v1/codes/inquiryCodeRules with what a wallet scans and
// does not know as its own. The version changes whenever a rule does.
func (x exchange) codeRules() (any, error) {
	if len(x.Body) > 0 {
		if _, err := read[json.RawMessage](x.Body); err != nil {
			return nil, err
		}
	}
	rules := []codeRule{
		{orderCodeType, `^000201010212.*0009org\.hansa.*6304[0-9A-Fa-f]{4}$`},
		{orderCodeType, "^" + regexp.QuoteMeta(api.CheckoutLink(x.Origin, "")) + "ord_[0-9a-z]+$"},
		{storeCodeType, `^000201010211.*0009org\.hansa.*6304[0-9A-Fa-f]{4}$`},
	}
	for _, link := range x.counter.PrivateLinks() {
		rules = append(rules, codeRule{orderCodeType, "^https://" + regexp.QuoteMeta(link.Host+link.Path)})
	}
	return struct {
		Result  Result     `json:"result"`
		Rules   []codeRule `json:"codeRules"`
		Version string     `json:"version"`
	}{done(), rules, summed(string(api.Encode(rules)))[:codeRulesVersionMax]}, nil
}
