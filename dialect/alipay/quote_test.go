package alipay_test

import (
	"strings"
	"testing"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/dialect/alipay"
	"github.com/hansa-network/hansa/money"
)

// TestQuotesConvertAsTheProtocolsDo recalculates amounts that Alipay publishes: one unit of
// the first currency of the pair costs the price in the second. Where the amount is in the
// second one, it is divided.
func TestQuotesConvertAsTheProtocolsDo(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		quote    string
		from, to money.Amount
	}{
		"a payer's quote":       {`{"guaranteed":false,"quoteCurrencyPair":"446/156","quotePrice":0.88156063}`, money.New(100, "MOP"), money.New(88, "CNY")},
		"a settlement, divided": {`{"guaranteed":false,"quoteCurrencyPair":"344/446","quotePrice":1.02487562}`, money.New(100, "MOP"), money.New(98, "HKD")},
		"yen have no cents":     {`{"guaranteed":false,"quoteCurrencyPair":"392/156","quotePrice":0.064622}`, money.New(200, "JPY"), money.New(1292, "CNY")},
		"lira":                  {`{"guaranteed":false,"quoteCurrencyPair":"949/156","quotePrice":1.05980252}`, money.New(134, "TRY"), money.New(142, "CNY")},
		"letters and texts":     {`{"guaranteed":"true","quoteCurrencyPair":"MOP/CNY","quotePrice":"0.88156063"}`, money.New(100, "MOP"), money.New(88, "CNY")},
	} {
		rate, err := alipay.ReadQuote([]byte(c.quote))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got, err := rate.Convert(c.from, money.HalfUp)
		if err != nil || got != c.to {
			t.Errorf("%s: want %s, got %s, %v", name, c.to, got, err)
		}
	}
}

// TestQuotesThatAreNone are refused.
func TestQuotesThatAreNone(t *testing.T) {
	t.Parallel()
	for quote, want := range map[string]hansa.Reason{
		`[]`: hansa.Malformed,
		`{"quoteCurrencyPair":"EUR","quotePrice":1}`:          hansa.UnknownCurrency,
		`{"quoteCurrencyPair":"EUR/EUR","quotePrice":1}`:      hansa.CurrencyMismatch,
		`{"quoteCurrencyPair":"EUR/CNY","quotePrice":1e3}`:    hansa.Malformed,
		`{"quoteCurrencyPair":"EUR/CNY","quotePrice":0}`:      hansa.OutOfRange,
		`{"quoteCurrencyPair":"EUR/CNY","quotePrice":"-1"}`:   hansa.Malformed,
		`{"quoteCurrencyPair":"EUR/CNY","quotePrice":[1]}`:    hansa.Malformed,
		`{"quoteCurrencyPair":"EUR/CNY"}`:                     hansa.Malformed,
		`{"quoteCurrencyPair":{"a":"b"},"quotePrice":"7.81"}`: hansa.Malformed,
	} {
		_, err := alipay.ReadQuote([]byte(quote))
		if reason, _ := hansa.ReasonOf(err); reason != want {
			t.Errorf("%s: want %s, got %v", quote, want, err)
		}
	}
}

// TestASettlementIsToldAsItsProtocolTellsIt: of a hundred patacas a merchant gets 98 cents of
// Hong Kong, by a quote that is divided; of what is not converted there is no quote; and an
// acquirer is told of its own settlement, and not of what the payer was debited.
func TestASettlementIsToldAsItsProtocolTellsIt(t *testing.T) {
	t.Parallel()
	hkd := &api.Settlement{Amount: money.New(98, "HKD"), Rate: mustRate("HKD", "MOP", "1.02487562")}
	for name, c := range map[string]struct {
		path, id   string
		settlement *api.Settlement
		want       map[string]any
	}{
		"a merchant": {"/ams/api/v1/payments/pay", "1", hkd, map[string]any{
			"grossSettlementAmount": map[string]any{"currency": "HKD", "value": "98"},
			"settlementQuote":       map[string]any{"quoteCurrencyPair": "HKD/MOP", "quotePrice": 1.02487562, "guaranteed": true},
			"actualPaymentAmount":   map[string]any{"currency": "CNY", "value": "88"},
			"paymentQuote":          map[string]any{"quoteCurrencyPair": "MOP/CNY", "quotePrice": 0.88156063, "guaranteed": true},
		}},
		"an acquirer": {"/aps/api/v1/payments/pay", "2", hkd, map[string]any{
			"settlementAmount": map[string]any{"currency": "HKD", "value": "98"},
			"settlementQuote":  map[string]any{"quoteCurrencyPair": "HKD/MOP", "quotePrice": 1.02487562, "guaranteed": true},
		}},
		"nothing is converted": {"/aps/api/v1/payments/pay", "3", &api.Settlement{Amount: money.New(100, "MOP")}, map[string]any{
			"settlementAmount": map[string]any{"currency": "MOP", "value": "100"},
		}},
	} {
		n := newNetwork(t)
		n.counter.pays = func(ask api.AskPayment) api.Payment {
			p := approved(ask)
			p.DebitAmount, p.Rate, p.Settlement = money.New(88, "CNY"), mustRate("MOP", "CNY", "0.88156063"), c.settlement
			return p
		}
		said := n.do(c.path, strings.Replace(payBy(c.id, ""), "EUR", "MOP", 1))
		got := make(map[string]any)
		for _, member := range []string{"grossSettlementAmount", "settlementAmount", "settlementQuote", "actualPaymentAmount", "paymentQuote"} {
			if value, told := said[member]; told {
				got[member] = value
			}
		}
		want(t, name, c.want, got)
	}
}
