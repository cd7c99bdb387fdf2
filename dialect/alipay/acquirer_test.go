package alipay_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/api/apitest"
	"github.com/hansa-network/hansa/money"
)

// TestAnAcquirerIsToldInItsOwnWords pays, inquires and gives back by ACQP.
func TestAnAcquirerIsToldInItsOwnWords(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	for _, step := range []struct{ name, path, body string }{
		{"pay", "/aps/api/v1/payments/pay", payBy("1", `,"paymentNotifyUrl":"https://nets.example/n?x=1"`)},
		{"refund", "/aps/api/v1/payments/refund", `{"refundRequestId":"R1","paymentRequestId":"1","refundAmount":{"currency":"EUR","value":"40"}}`},
		{"inquiry", "/aps/api/v1/payments/inquiryPayment", named("1")},
		{"cancel", "/aps/api/v1/payments/cancelPayment", named("unknown")},
		{"order", "/aps/api/v1/payments/pay", orderBy("2", "OrderCode", "")},
		{"cashier", "/aps/api/v1/payments/pay", strings.Replace(orderBy("3", "", ""), `"inStorePaymentScenario":""`, `"isCashierPayment":"true"`, 1)},
		{"consult", "/aps/api/v1/payments/consultPayment", `{"paymentAmount":{"currency":"EUR","value":"1"}}`},
	} {
		m, answer := n.send(step.path, step.body)
		n.verify(m, answer)
		apitest.Golden(t, "acquirer/"+step.name+".txt", shown(answer))
	}
	n.counter.pays = ending("pending", "")
	n.do("/aps/api/v1/payments/pay", payBy("4", ""))
	said := n.do("/aps/api/v1/payments/inquiryPayment", named("4"))
	want(t, "the call", "SUCCESS S", result(said, "result"))
	want(t, "the payment", "PAYMENT_IN_PROCESS U", result(said, "paymentResult"))
}

// notice is the end of a sale that began with a pay.
func notice(n *network, kind, memo string) api.Notice {
	p := approved(api.AskPayment{RequestID: "1", Amount: money.New(100, "EUR")})
	return api.Notice{
		ID: "evt_1", Client: n.clients["PARTY"], Kind: kind, At: noon, Now: noon, Origin: origin,
		Sale: api.Sale{RequestID: "1", Payment: &p, Memo: []byte(memo)},
	}
}

// TestAMerchantIsToldOfTheEnd signs a notice with the path of the merchant's own address, and
// takes only a result of S for an acknowledgement.
func TestAMerchantIsToldOfTheEnd(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	for name, c := range map[string]struct{ memo, address string }{
		"merchant": {`{"request":"1","notify":"https://shop.example/alipay/n?shop=7"}`, "https://shop.example/alipay/n?shop=7"},
		"acquirer": {`{"request":"1","notify":"https://nets.example","plus":true}`, "https://nets.example"},
	} {
		messages, err := n.dialect.Notices(notice(n, "payment.approved", c.memo))
		if err != nil || len(messages) != 1 {
			t.Fatalf("%s: %d messages, %v", name, len(messages), err)
		}
		m := messages[0]
		want(t, name, c.address, m.URL)
		apitest.Golden(t, "notices/"+name+".txt", string(m.Body)+"\n")
		address, bare := m.URL, m
		bare.URL = ""
		r := requestOf(address, bare)
		if r.URL.Path == "" {
			r.URL.Path = "/"
		}
		answer := n.party.Acknowledged(api.Question{Request: r, Body: m.Body, Now: noon})
		if !n.dialect.Acknowledged(m, answer) {
			t.Errorf("%s: not acknowledged: %s", name, answer.Body)
		}
		for spoiled, spoil := range map[string]func(a *api.Answer, m *api.Message){
			"another body": func(a *api.Answer, _ *api.Message) { a.Body = append([]byte(" "), a.Body...) },
			"another key":  func(_ *api.Answer, m *api.Message) { m.PublicKey = publicPEM(t, privateKey(t, "network.pem").Public()) },
			"another id":   func(a *api.Answer, _ *api.Message) { a.Header["client-id"] = []string{"OTHER"} },
			"another time": func(a *api.Answer, _ *api.Message) { a.Header["response-time"] = []string{"2026-11-22T11:00:00+00:00"} },
			"another path": func(_ *api.Answer, m *api.Message) { m.URL = "https://shop.example/elsewhere" },
		} {
			told, to := n.party.Acknowledged(api.Question{Request: r, Body: m.Body, Now: noon}), m
			spoil(&told, &to)
			want(t, name+", signed wrongly: "+spoiled, false, n.dialect.Acknowledged(to, told))
		}
		m.Body[5] ^= 1
		if answer = n.party.Acknowledged(api.Question{Request: r, Body: m.Body, Now: noon}); n.dialect.Acknowledged(m, answer) {
			t.Errorf("%s: what was changed is acknowledged", name)
		}
	}
	for body, wanted := range map[string]bool{
		`{"result":{"resultCode":"SUCCESS","resultStatus":"S","resultMessage":"success"}}`: true,
		`{"result":{"resultCode":"SUCCESS","resultStatus":"U"}}`:                           false,
		`success`: false, ``: false, `{}`: false,
	} {
		want(t, body, wanted, n.dialect.Acknowledged(api.Message{}, api.Answer{Status: http.StatusOK, Body: []byte(body)}))
		want(t, body, false, n.dialect.Acknowledged(api.Message{}, api.Answer{Status: http.StatusAccepted, Body: []byte(body)}))
	}
}

// TestWhatEndsNothingIsNotTold tells ends, once for each address, and nothing else.
func TestWhatEndsNothingIsNotTold(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	hooks := []api.Hook{
		{ID: "a", URL: "https://a.example/n"},
		{ID: "b", URL: "https://b.example/n", Events: []string{"PAYMENT_RESULT"}},
		{ID: "c", URL: "https://c.example/n", Events: []string{"REFUND_RESULT"}},
	}
	order := &api.Order{Order: "ord_1", Status: "open", Amount: money.New(100, "EUR")}
	for name, c := range map[string]struct {
		kind  string
		spoil func(notice *api.Notice)
		want  int
	}{
		"approved":              {"payment.approved", func(*api.Notice) {}, 2},
		"declined":              {"payment.declined", func(*api.Notice) {}, 2},
		"expired":               {"payment.expired", func(*api.Notice) {}, 2},
		"cancelled":             {"payment.cancelled", func(*api.Notice) {}, 0},
		"pending":               {"payment.pending", func(*api.Notice) {}, 0},
		"captured":              {"capture.made", func(*api.Notice) {}, 0},
		"an order's try failed": {"payment.declined", func(notice *api.Notice) { notice.Sale.Order = order }, 0},
		"an order is over":      {"order.expired", func(notice *api.Notice) { notice.Sale.Order = order }, 2},
		"no hooks":              {"payment.approved", func(notice *api.Notice) { notice.Client.Hooks = nil }, 0},
		"an address of its own": {"payment.approved", func(notice *api.Notice) { notice.Sale.Memo = []byte(`{"notify":"https://d.example/n"}`) }, 1},
		"a refund, not wanted":  {"refund.succeeded", func(notice *api.Notice) { notice.Movement = &api.Movement{Movement: "mov_1"} }, 0},
	} {
		told := notice(n, c.kind, "")
		told.Client.Hooks = hooks
		c.spoil(&told)
		messages, err := n.dialect.Notices(told)
		if err != nil || len(messages) != c.want {
			t.Errorf("%s: want %d messages, got %d, %v", name, c.want, len(messages), err)
		}
	}
	bad := notice(n, "payment.approved", `{"notify":"::"}`)
	if messages, err := n.dialect.Notices(bad); err == nil {
		t.Errorf("an address that is none: %v", messages)
	}
}

// TestARefundsEndIsToldWhereItWasWanted follows a refund from its request to its notice.
func TestARefundsEndIsToldWhereItWasWanted(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	n.counter.moves = "pending"
	n.do(payPath, payBy("1", ""))
	n.do(refundPath, `{"refundRequestId":"R1","paymentId":"pay_1","refundAmount":{"currency":"EUR","value":50},"refundNotifyUrl":"https://shop.example/r"}`)
	for kind, status := range map[string]string{"refund.succeeded": "succeeded", "refund.failed": "failed"} {
		told := notice(n, kind, "")
		told.Sale = *n.counter.sales["1"]
		m := told.Sale.Movements[0]
		m.Status = status
		told.Movement = &m
		messages, err := n.dialect.Notices(told)
		if err != nil || len(messages) != 1 || messages[0].URL != "https://shop.example/r" {
			t.Fatalf("%s: %v, %v", kind, messages, err)
		}
		apitest.Golden(t, "notices/"+kind+".txt", string(messages[0].Body)+"\n")
	}
}

// TestAPaidSaleThatWasCancelledIsToldAsPaid tells what the event was, not what came later.
func TestAPaidSaleThatWasCancelledIsToldAsPaid(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	told := notice(n, "payment.approved", `{"notify":"https://shop.example/n"}`)
	told.Sale.Movements = []api.Movement{{Movement: "mov_1", Kind: "cancel", Status: "succeeded"}}
	messages, err := n.dialect.Notices(told)
	if err != nil || len(messages) != 1 {
		t.Fatal(messages, err)
	}
	want(t, "result", "SUCCESS S", result(decoded(t, messages[0].Body), "result"))
	told = notice(n, "payment.declined", `{"notify":"https://shop.example/n"}`)
	told.Sale.Payment.Status, told.Sale.Payment.Reason = "declined", string(hansa.InsufficientFunds)
	if messages, err = n.dialect.Notices(told); err != nil {
		t.Fatal(err)
	}
	want(t, "result", "USER_BALANCE_NOT_ENOUGH F", result(decoded(t, messages[0].Body), "result"))
}
