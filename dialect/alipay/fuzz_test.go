package alipay_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/dialect/alipay"
)

// FuzzEnvelope sends fields as strange as they come. What is not signed is refused.
func FuzzEnvelope(f *testing.F) {
	network := newNetwork(f)
	m := network.party.Send(inquirePath, []byte(`{"paymentRequestId":"1"}`), noon)
	f.Add(inquirePath, "PARTY", m.Header.Get("Request-Time"), m.Header.Get("Signature"), "application/json", m.Body)
	f.Add("//ams/api//v1/payments/pay", "PARTY.1", "1795348800123", "algorithm=RSA256, keyVersion=1, signature=QUJD", "text/plain", []byte("{"))
	f.Add("/aps/%0a/x", "", "20261122200000+0800", "signature=%", "", []byte(nil))
	signed := string(m.Body) + m.Header.Get("Request-Time") + "PARTY" + inquirePath
	f.Fuzz(func(t *testing.T, path, client, at, signature, media string, body []byte) {
		r, err := http.NewRequest(http.MethodPost, origin, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.URL.Path = path
		r.Header = http.Header{"Client-Id": {client}, "Request-Time": {at}, "Signature": {signature}, "Content-Type": {media}}
		network.dialect.Owns(r)
		if known, err := alipay.Open(network.question(r, body)); err == nil && string(body)+at+known.ID+path != signed {
			t.Errorf("believed without a signature: %+v", known)
		}
	})
}

// FuzzBody reads any body for every operation: there is a message with a result.
func FuzzBody(f *testing.F) {
	names := alipay.Operations()
	for i, body := range []string{
		payBy("1", ""), named("1"), orderBy("1", "OrderCode", `,"paymentExpiryTime":"2026-11-22T12:20:00Z"`),
		`{"refundRequestId":"R1","paymentId":"pay_1","refundAmount":{"currency":"EUR","value":50}}`,
		`{"customerId":"u","codeQuantity":"2"}`, `{"paymentResult":{"resultStatus":"S"},"paymentRequestId":"1"}`, `{"sellCurrency":"CNY","buyCurrency":"EUR"}`,
	} {
		for which := range names {
			f.Add(byte(which+i), []byte(body))
		}
	}
	network := newNetwork(f)
	r, err := http.NewRequest(http.MethodPost, origin, nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, which byte, body []byte) {
		n := *network
		n.t, n.counter = t, newCounter()
		message, refused := alipay.Serve(names[int(which)%len(names)], n.question(r, body), n.clients["PARTY"])
		if message == nil && refused.Code == "" {
			t.Error("neither a message nor a result")
		}
		if text := api.Encode(message); message != nil && !strings.Contains(string(text), `"resultStatus":"`) {
			t.Errorf("no result: %s", text)
		}
	})
}

// FuzzReadQuote reads a quote, and nothing that is none.
func FuzzReadQuote(f *testing.F) {
	f.Add([]byte(`{"guaranteed":false,"quoteCurrencyPair":"446/156","quotePrice":0.88156063}`))
	f.Add([]byte(`{"quoteCurrencyPair":"EUR/CNY","quotePrice":"7.8"}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		rate, err := alipay.ReadQuote(raw)
		if (err == nil) == rate.IsZero() {
			t.Errorf("%q: %v, %v", raw, rate, err)
		}
	})
}

// FuzzWalletAnswer lets a wallet say anything: nothing panics, and a yes is about the payment
// that was asked.
func FuzzWalletAnswer(f *testing.F) {
	f.Add(byte(0), []byte(`{"result":{"resultStatus":"S","resultCode":"SUCCESS"},"payToAmount":{"currency":"CNY","value":"7813"}}`))
	f.Add(byte(1), []byte(`{"result":{"resultStatus":"S"},"paymentResult":{"resultStatus":"F","resultCode":"ORDER_IS_CLOSED"}}`))
	f.Fuzz(func(t *testing.T, which byte, body []byte) {
		call := api.WalletCall{Kind: []string{api.CallAsk, api.CallInquire, api.CallCancel}[which%3], Ask: ask(), Begun: noon}
		heard, err := alipay.Meant(call, body)
		if err == nil && (heard.Reference != "pay_1" || heard.Status == "") {
			t.Errorf("heard %+v", heard)
		}
		if heard.Status == api.AnswerPaid && !json.Valid(body) {
			t.Errorf("a yes of %q", body)
		}
	})
}
