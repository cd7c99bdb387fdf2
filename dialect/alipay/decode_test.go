package alipay_test

import (
	"strings"
	"testing"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/api/apitest"
	"github.com/hansa-network/hansa/money"
)

// decodeCall asks the party, as the acquirer that it is, what a private code asks.
func (w *wallet) decodeCall() api.DecodeCall {
	return api.DecodeCall{
		Ask: api.DecodeCode{Code: "https://qr.nets.example/28100804/7", Wallet: "alipay"}, Acquirer: w.client(), Endpoint: endpoint,
	}
}

func (w *wallet) asksToDecode(call api.DecodeCall) (api.Message, api.Question) {
	w.t.Helper()
	m, err := w.n.dialect.Decode(call, api.Question{Now: w.n.now, Chance: hansa.Chance{2}})
	if err != nil {
		w.t.Fatal(err)
	}
	return m, api.Question{Request: requestOf(endpoint, m), Body: m.Body, Now: w.n.now}
}

// TestAnAcquirerIsAskedWhatItsCodeAsks sends the question and the answer both ways.
func TestAnAcquirerIsAskedWhatItsCodeAsks(t *testing.T) {
	t.Parallel()
	w := newWallet(t)
	m, q := w.asksToDecode(w.decodeCall())
	apitest.Golden(t, "calls/userInitiatedPay.txt", string(m.Body)+"\n")
	asked, err := w.n.party.AskedToDecode(q)
	if err != nil {
		t.Fatal(err)
	}
	want(t, "asked", w.decodeCall().Ask, asked)
	amount, until := money.New(1000, "EUR"), noon.Add(5*time.Minute)
	bill := api.Decoded{
		Kind: api.DecodedOrder, RequestID: "bill-7", Store: "kafe-bergen", Terminal: "till-2", OrderReference: "table-7",
		Amount: &amount, ExpiresAt: &until, CaptureLater: true,
	}
	answer := w.n.party.Decodes(q, bill, "https://nets.example/notify")
	apitest.Golden(t, "calls/userInitiatedPay.answer.txt", string(answer.Body)+"\n")
	decoded, err := w.n.dialect.Decoded(w.decodeCall(), m, answer)
	if err != nil {
		t.Fatal(err)
	}
	bill.Memo = []byte(`{"request":"bill-7","notify":"https://nets.example/notify","plus":true}`)
	want(t, "decoded", bill, decoded)

	decoded, err = w.n.dialect.Decoded(w.decodeCall(), m, w.n.party.Decodes(q, api.Decoded{Kind: api.DecodedStore, Store: "kafe-bergen"}, ""))
	if err != nil {
		t.Fatal(err)
	}
	want(t, "a store", api.Decoded{Kind: api.DecodedStore, Store: "kafe-bergen"}, decoded)
}

// TestWhatAnAcquirerDoesNotNameIsItsClients takes store and terminal from the client, and the
// reference of the order from its id.
func TestWhatAnAcquirerDoesNotNameIsItsClients(t *testing.T) {
	t.Parallel()
	w := newWallet(t)
	m, q := w.asksToDecode(w.decodeCall())
	decoded, err := w.n.dialect.Decoded(w.decodeCall(), m, w.says(q,
		`{"result":{"resultStatus":"S","resultCode":"SUCCESS"},"codeType":"ORDER_CODE","paymentRequestId":"bill-7","paymentAmount":{"currency":"EUR","value":1000}}`))
	if err != nil {
		t.Fatal(err)
	}
	amount := money.New(1000, "EUR")
	want(t, "decoded", api.Decoded{
		Kind: api.DecodedOrder, RequestID: "bill-7", Store: "kafe-oslo", Terminal: "kafe-oslo-1", OrderReference: "bill-7", Amount: &amount,
		Memo: []byte(`{"request":"bill-7","plus":true}`),
	}, decoded)
}

// TestAnAcquirersNoIsANoAndAllElseIsSilence reads every answer that is no order.
func TestAnAcquirersNoIsANoAndAllElseIsSilence(t *testing.T) {
	t.Parallel()
	order := `"codeType":"ORDER_CODE","paymentRequestId":"1","result":{"resultStatus":"S","resultCode":"SUCCESS"}`
	for body, reason := range map[string]hansa.Reason{
		`{"result":{"resultStatus":"F","resultCode":"INVALID_CODE"}}`:       hansa.CodeUnknown,
		`{"result":{"resultStatus":"F","resultCode":"EXPIRED_CODE"}}`:       hansa.CodeExpired,
		`{"result":{"resultStatus":"F","resultCode":"ORDER_NOT_EXIST"}}`:    hansa.CodeUnknown,
		`{"result":{"resultStatus":"F","resultCode":"ORDER_IS_CLOSED"}}`:    hansa.OrderNotOpen,
		`{"result":{"resultStatus":"F","resultCode":"PROCESS_FAIL"}}`:       hansa.CodeInvalid,
		`{"result":{"resultStatus":"F","resultCode":"INVALID_SIGNATURE"}}`:  "",
		`{"result":{"resultStatus":"F","resultCode":"KEY_NOT_FOUND"}}`:      "",
		`{"result":{"resultStatus":"U","resultCode":"UNKNOWN_EXCEPTION"}}`:  "",
		`{"result":{"resultStatus":"X"}}`:                                   "",
		`{}`:                                                                "",
		`[]`:                                                                "",
		`<html>`:                                                            "",
		`{` + order + `}`:                                                   "",
		`{` + order + `,"paymentAmount":{"currency":"EUR","value":"-1.5"}}`: "",
		`{` + order + `,"paymentAmount":{"currency":"EUR","value":"1"},"paymentExpiryTime":"soon"}`: "",
		`{` + order + `,"paymentAmount":{"currency":"EUR","value":"1"},"paymentNotifyUrl":"nets"}`:  "",
	} {
		w := newWallet(t)
		m, q := w.asksToDecode(w.decodeCall())
		_, err := w.n.dialect.Decoded(w.decodeCall(), m, w.says(q, body))
		if got, _ := hansa.ReasonOf(err); err == nil || got != reason {
			t.Errorf("%s: want %q, got %v", body, reason, err)
		}
	}
}

// TestADecodeIsBelievedOnlyIfItIsSigned spoils the question and the answer.
func TestADecodeIsBelievedOnlyIfItIsSigned(t *testing.T) {
	t.Parallel()
	w := newWallet(t)
	call := w.decodeCall()
	m, q := w.asksToDecode(call)
	answer := w.n.party.Decodes(q, api.Decoded{Kind: api.DecodedStore, Store: "kafe-oslo"}, "")
	for name, spoil := range map[string]func(a *api.Answer, call *api.DecodeCall){
		"a byte": func(a *api.Answer, _ *api.DecodeCall) {
			a.Body = []byte(strings.Replace(string(a.Body), "kafe", "cafe", 1))
		},
		"no fields": func(a *api.Answer, _ *api.DecodeCall) { a.Header = nil },
		"another key": func(_ *api.Answer, c *api.DecodeCall) {
			c.Acquirer.PublicKey = string(readFile(t, "merchant_public_key.pem"))
		},
		"no key": func(_ *api.Answer, c *api.DecodeCall) { c.Acquirer.PublicKey = "" },
		"another id": func(a *api.Answer, _ *api.DecodeCall) {
			a.Header = a.Header.Clone()
			a.Header["client-id"] = []string{"OTHER"}
		},
		"a fault":    func(a *api.Answer, _ *api.DecodeCall) { a.Status = 500 },
		"no address": func(_ *api.Answer, c *api.DecodeCall) { c.Endpoint = "https://other.example" },
	} {
		told, asked := answer, call
		spoil(&told, &asked)
		_, err := w.n.dialect.Decoded(asked, m, told)
		if _, refused := hansa.ReasonOf(err); err == nil || refused {
			t.Errorf("%s: %v", name, err)
		}
	}
	q.Body = []byte(strings.Replace(string(q.Body), "alipay", "vipps", 1))
	if _, err := w.n.party.AskedToDecode(q); err == nil {
		t.Error("what was changed is believed")
	}
	_, q = w.sent(w.call(api.CallAsk))
	_, err := w.n.party.AskedToDecode(q)
	want(t, "another operation", "NO_INTERFACE_DEF F", result(decoded(t, w.n.party.Refused(q, err).Body), "result"))
}

// TestTheCodeRulesNamePrivateCodes publishes them as regular expressions, with a version
// that is another one as soon as a rule is.
func TestTheCodeRulesNamePrivateCodes(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	n.counter.links = []api.PrivateLink{{Acquirer: "nets", Host: "qr.nets.example", Path: "/28100804"}}
	_, answer := n.send("/aps/api/v1/codes/inquiryCodeRules", "")
	apitest.Golden(t, "questions/private_code_rules.txt", shown(answer))
	with := decoded(t, answer.Body)["version"]
	n.counter.links = nil
	without := n.do("/aps/api/v1/codes/inquiryCodeRules", "")["version"]
	if with == without || len(with.(string)) > 16 {
		t.Errorf("versions %v and %v", with, without)
	}
}
