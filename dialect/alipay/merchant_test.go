package alipay_test

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/api/apitest"
)

const (
	payPath     = "/ams/api/v1/payments/pay"
	cancelPath  = "/ams/api/v1/payments/cancel"
	refundPath  = "/ams/api/v1/payments/refund"
	capturePath = "/ams/api/v1/payments/capture"
)

// payBy is a pay of one euro by the payer's code, with more members behind.
func payBy(id, more string) string {
	return fmt.Sprintf(`{"productCode":"IN_STORE_PAYMENT","paymentRequestId":%q,"order":{"referenceOrderId":"O-%s"},`+
		`"paymentAmount":{"currency":"EUR","value":"100"},"paymentMethod":{"paymentMethodType":"CONNECT_WALLET","paymentMethodId":"288888888888888888"},`+
		`"paymentFactor":{"inStorePaymentScenario":"PaymentCode"}%s}`, id, id, more)
}

// orderBy is a pay that wants a code to show, or a page.
func orderBy(id, scenario, more string) string {
	return fmt.Sprintf(`{"productCode":"IN_STORE_PAYMENT","paymentRequestId":%q,"paymentAmount":{"currency":"EUR","value":"100"},`+
		`"paymentMethod":{"paymentMethodType":"CONNECT_WALLET"},"paymentFactor":{"inStorePaymentScenario":%q}%s}`, id, scenario, more)
}

func named(id string) string { return fmt.Sprintf(`{"paymentRequestId":%q}`, id) }

// TestAPaymentIsToldByItsState keeps the result of the call apart from that of the payment,
// and never tells what may still be paid as a failure.
func TestAPaymentIsToldByItsState(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		pays                       func(api.AskPayment) api.Payment
		paid, standing, resultCode string
	}{
		"approved":                {approved, "SUCCESS S", "SUCCESS", "SUCCESS"},
		"waiting for the wallet":  {ending("pending", ""), "PAYMENT_IN_PROCESS U", "PROCESSING", "PAYMENT_IN_PROCESS"},
		"declined":                {ending("declined", hansa.PaymentDeclined), "PROCESS_FAIL F", "FAIL", "PROCESS_FAIL"},
		"the payer said no":       {ending("declined", hansa.DeclinedByPayer), "USER_PAYMENT_VERIFICATION_FAILED F", "FAIL", "USER_PAYMENT_VERIFICATION_FAILED"},
		"too little money":        {ending("declined", hansa.InsufficientFunds), "USER_BALANCE_NOT_ENOUGH F", "FAIL", "USER_BALANCE_NOT_ENOUGH"},
		"an end without a reason": {ending("declined", ""), "PROCESS_FAIL F", "FAIL", "PROCESS_FAIL"},
		"a reason that tells nothing for good": {
			ending("declined", hansa.Unavailable), "PROCESS_FAIL F", "FAIL", "PROCESS_FAIL",
		},
		"expired":   {ending("expired", hansa.PaymentExpired), "ORDER_IS_CLOSED F", "FAIL", "ORDER_IS_CLOSED"},
		"cancelled": {ending("cancelled", hansa.PaymentCanceled), "ORDER_IS_CLOSED F", "CANCELLED", "ORDER_IS_CLOSED"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := newNetwork(t)
			n.counter.pays = c.pays
			want(t, "pay", c.paid, result(n.do(payPath, payBy("1", "")), "result"))
			want(t, "pay again", c.paid, result(n.do(payPath, payBy("1", "")), "result"))
			for _, of := range []string{named("1"), `{"paymentId":"pay_1"}`, `{"paymentId":"pay_1","paymentRequestId":"other"}`} {
				said := n.do(inquirePath, of)
				want(t, "inquiry", "SUCCESS S", result(said, "result"))
				want(t, "paymentStatus", any(c.standing), said["paymentStatus"])
				want(t, "paymentResultCode", any(c.resultCode), said["paymentResultCode"])
				if _, always := said["pspCustomerInfo"].(map[string]any); !always {
					t.Error("no pspCustomerInfo, which a client takes for granted")
				}
			}
		})
	}
}

// TestWhatTheNetworkRefusesIsToldByItsCode lets the counter refuse, and break.
func TestWhatTheNetworkRefusesIsToldByItsCode(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		err  error
		want string
	}{
		"a code that was used": {hansa.Refuse(hansa.CodeUsed, "used"), "INVALID_CODE F"},
		"an unknown till":      {hansa.Refuse(hansa.NotFound, "no such terminal"), "MERCHANT_NOT_REGISTERED F"},
		"a busy switch":        {hansa.Refuse(hansa.Overloaded, "busy"), "REQUEST_TRAFFIC_EXCEED_LIMIT U"},
		"a broken switch":      {errors.New("disk"), "UNKNOWN_EXCEPTION U"},
		"a wrapped refusal":    {fmt.Errorf("ask: %w", hansa.Refuse(hansa.Suspended, "")), "INVALID_CONTRACT F"},
	} {
		n := newNetwork(t)
		n.counter.refuses["AskPayment"] = c.err
		said := n.do(payPath, payBy("1", ""))
		want(t, name, c.want, result(said, "result"))
		if message := said["result"].(map[string]any)["resultMessage"].(string); strings.Contains(message, "disk") {
			t.Errorf("a fault is shown: %s", message)
		}
	}
}

// TestARequestIDIsForOneRequest is the protocol's idempotence.
func TestARequestIDIsForOneRequest(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	want(t, "first", "SUCCESS S", result(n.do(payPath, payBy("1", "")), "result"))
	other := strings.Replace(payBy("1", ""), `"100"`, `"101"`, 1)
	want(t, "another amount", "REPEAT_REQ_INCONSISTENT F", result(n.do(payPath, other), "result"))
	until := `,"paymentExpiryTime":"2026-11-22T12:20:00Z"`
	want(t, "an order", "SUCCESS S", result(n.do(payPath, orderBy("2", "OrderCode", until)), "result"))
	n.now = noon.Add(90 * time.Second) // It lasts shorter now, and is the same all the same.
	want(t, "the order again", "SUCCESS S", result(n.do(payPath, orderBy("2", "OrderCode", until)), "result"))
	later := `,"paymentExpiryTime":"2026-11-22T12:21:00Z"`
	want(t, "another end", "REPEAT_REQ_INCONSISTENT F", result(n.do(payPath, orderBy("2", "OrderCode", later)), "result"))
	n.now = noon.Add(30 * time.Minute)
	want(t, "after its end", "SUCCESS S", result(n.do(payPath, orderBy("2", "OrderCode", until)), "result"))
	want(t, "too late from the start", "PARAM_ILLEGAL F", result(n.do(payPath, orderBy("3", "OrderCode", until)), "result"))
}

// TestWhatIsMissingIsIllegal names what a request lacks.
func TestWhatIsMissingIsIllegal(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	for body, wanted := range map[string]string{
		`{`:                                "PARAM_ILLEGAL F",
		`[]`:                               "PARAM_ILLEGAL F",
		``:                                 "PARAM_ILLEGAL F",
		`{}`:                               "PARAM_ILLEGAL F",
		`{"paymentRequestId":["1"]}`:       "PARAM_ILLEGAL F",
		`{"paymentRequestId":{"a":1}}`:     "PARAM_ILLEGAL F",
		`{"paymentRequestId":"1"}`:         "PARAM_ILLEGAL F",
		orderBy("1", "SomethingElse", ""):  "PARAM_ILLEGAL F",
		orderBy("1", "PaymentCode", ""):    "PARAM_ILLEGAL F",
		strings.Repeat(" ", api.BodyMax+1): "PARAM_ILLEGAL F",
		strings.Replace(payBy("1", ""), `"100"`, `12.5`, 1):                                                            "PARAM_ILLEGAL F",
		strings.Replace(payBy("1", ""), `"100"`, `"-5"`, 1):                                                            "PARAM_ILLEGAL F",
		strings.Replace(payBy("1", ""), `"100"`, `99999999999999999999`, 1):                                            "PARAM_ILLEGAL F",
		strings.Replace(payBy("1", ""), `"EUR"`, `"XYZ"`, 1):                                                           "CURRENCY_NOT_SUPPORT F",
		strings.Replace(payBy("1", ""), `"paymentAmount":{"currency":"EUR","value":"100"}`, `"paymentAmount":null`, 1): "PARAM_ILLEGAL F",
	} {
		want(t, body[:min(len(body), 60)], wanted, result(n.do(payPath, body), "result"))
	}
	for _, address := range []string{"shop.example/n", "ftp://shop.example/n", "https://", "https://me:you@shop.example/", "::", "https://a/" + strings.Repeat("n", 1024)} {
		want(t, address[:min(len(address), 20)], "PARAM_ILLEGAL F", result(n.do(payPath, payBy("1", `,"paymentNotifyUrl":"`+address+`"`)), "result"))
	}
	for path, body := range map[string]string{
		cancelPath: `{}`, inquirePath: `{}`, refundPath: `{"paymentId":"pay_1"}`, capturePath: `{"paymentId":"pay_1"}`,
		"/ams/api/v1/payments/inquiryRefund": `{}`,
	} {
		want(t, path, "PARAM_ILLEGAL F", result(n.do(path, body), "result"))
	}
}

// TestAnOrderIsShownAsItsScenarioWants makes orders for codes and pages.
func TestAnOrderIsShownAsItsScenarioWants(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"order code": orderBy("1", "OrderCode", ""), "entry code": orderBy("1", "EntryCode", ""),
		"cashier": strings.Replace(orderBy("1", "", ""), "IN_STORE_PAYMENT", "CASHIER_PAYMENT", 1),
	} {
		n := newNetwork(t)
		m, answer := n.send(payPath, body)
		n.verify(m, answer)
		apitest.Golden(t, "orders/"+strings.ReplaceAll(name, " ", "_")+".txt", shown(answer))
	}
	n := newNetwork(t)
	m, answer := n.send("/ams/api/v1/payments/createPaymentSession", orderBy("1", "", ""))
	n.verify(m, answer)
	apitest.Golden(t, "orders/session.txt", shown(answer))
}

// TestThePageLeadsBackToTheShop keeps where, and nothing that no page can lead to.
func TestThePageLeadsBackToTheShop(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	for id, c := range map[string]struct{ path, address, want string }{
		"pay":     {payPath, "https://shop.example/back?order=1&paid", "https://shop.example/back?order=1&paid"},
		"session": {"/ams/api/v1/payments/createPaymentSession", "https://shop.example/back", "https://shop.example/back"},
		"nowhere": {payPath, "", ""},
		"long":    {payPath, "https://shop.example/" + strings.Repeat("a", 1024), ""},
	} {
		body := orderBy(id, "EntryCode", fmt.Sprintf(`,"paymentRedirectUrl":%q`, c.address))
		want(t, id, "SUCCESS S", result(n.do(c.path, body), "result"))
		want(t, id, c.want, n.dialect.ReturnURL(*n.counter.sales[id]))
	}
}

// TestAnOrderStandsWhereItsCodeStands passes over payers who tried and failed.
func TestAnOrderStandsWhereItsCodeStands(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	n.do(payPath, orderBy("1", "OrderCode", ""))
	sale := n.counter.sales["1"]
	for _, c := range []struct{ order, payment, want string }{
		{"open", "", "PROCESSING"},
		{"held", "pending", "PROCESSING"},
		{"open", "declined", "PROCESSING"},
		{"paid", "approved", "SUCCESS"},
		{"closed", "cancelled", "CANCELLED"},
		{"expired", "expired", "FAIL"},
	} {
		sale.Order.Status, sale.Payment = c.order, nil
		if c.payment != "" {
			p := approved(api.AskPayment{RequestID: "2", Amount: sale.Order.Amount})
			p.Status = c.payment
			sale.Payment = &p
		}
		said := n.do(inquirePath, named("1"))
		want(t, c.order+" "+c.payment, any(c.want), said["paymentStatus"])
		want(t, "paymentId", any("ord_1"), said["paymentId"])
	}
}

// TestACancelSucceedsWhateverWasBegun cancels what is unknown, open, asked, paid and ended.
func TestACancelSucceedsWhateverWasBegun(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		begin                    func(n *network)
		moves                    string
		want, standing, payAgain string
	}{
		"nothing": {func(*network) {}, "", "SUCCESS S", "CANCELLED", "ORDER_IS_CLOSED F"},
		"a payment that waits": {func(n *network) {
			n.counter.pays = ending("pending", "")
			n.do(payPath, payBy("1", ""))
		}, "", "SUCCESS S", "CANCELLED", "ORDER_IS_CLOSED F"},
		"a payment that was paid": {func(n *network) { n.do(payPath, payBy("1", "")) }, "succeeded", "SUCCESS S", "CANCELLED", "ORDER_IS_CLOSED F"},
		"a wallet that is silent": {func(n *network) { n.do(payPath, payBy("1", "")) }, "pending", "PAYMENT_IN_PROCESS U", "SUCCESS", "SUCCESS S"},
		"a wallet that gives not": {func(n *network) { n.do(payPath, payBy("1", "")) }, "failed", "USER_STATUS_ABNORMAL F", "SUCCESS", "SUCCESS S"},
		"a payment that has failed": {func(n *network) {
			n.counter.pays = ending("declined", hansa.PaymentDeclined)
			n.do(payPath, payBy("1", ""))
		}, "", "SUCCESS S", "FAIL", "PROCESS_FAIL F"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := newNetwork(t)
			n.counter.moves = c.moves
			c.begin(n)
			for range 3 { // A client repeats it.
				want(t, "cancel", c.want, result(n.do(cancelPath, named("1")), "result"))
			}
			want(t, "paymentStatus", any(c.standing), n.do(inquirePath, named("1"))["paymentStatus"])
			again := n.do(payPath, payBy("1", ""))
			want(t, "pay", c.payAgain, result(again, "result"))
			if again["paymentTime"] != nil && c.payAgain != "SUCCESS S" {
				t.Errorf("pay tells a payment that was given back: %v", again)
			}
			if len(n.counter.movements) > 1 {
				t.Errorf("given back %d times", len(n.counter.movements))
			}
		})
	}
}

// TestAnOrderIsCancelled closes one that is open, and gives back what was paid while it
// was being closed.
func TestAnOrderIsCancelled(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	n.do(payPath, orderBy("1", "OrderCode", ""))
	want(t, "open", "SUCCESS S", result(n.do(cancelPath, `{"paymentId":"ord_1"}`), "result"))
	want(t, "closed", any("CANCELLED"), n.do(inquirePath, named("1"))["paymentStatus"])
	want(t, "closed and sent again", "ORDER_IS_CLOSED F", result(n.do(payPath, orderBy("1", "OrderCode", "")), "result"))

	n.do(payPath, orderBy("2", "OrderCode", ""))
	sale := n.counter.sales["2"]
	p := approved(api.AskPayment{RequestID: "by-code", Amount: sale.Order.Amount})
	sale.Payment, sale.Order.Status = &p, "paid"
	want(t, "paid", "SUCCESS S", result(n.do(cancelPath, named("2")), "result"))
	want(t, "given back", any("CANCELLED"), n.do(inquirePath, named("2"))["paymentStatus"])
	want(t, "given back and sent again", "ORDER_IS_CLOSED F", result(n.do(payPath, orderBy("2", "OrderCode", "")), "result"))

	want(t, "unknown by our id", "ORDER_NOT_EXIST F", result(n.do(cancelPath, `{"paymentId":"pay_9"}`), "result"))
	n.do(payPath, payBy("3", ""))
	n.counter.refuses["Cancel"] = hansa.Refuse(hansa.CancelTooLate, "a day")
	want(t, "too late", "CANCEL_WINDOW_EXCEED F", result(n.do(cancelPath, named("3")), "result"))
}

// TestRefundsAndCaptures moves money in parts.
func TestRefundsAndCaptures(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	n.do(payPath, payBy("1", ""))
	back := `{"refundRequestId":"R1","paymentId":"pay_1","refundAmount":{"currency":"EUR","value":50},"refundNotifyUrl":"https://shop.example/r"}`
	want(t, "refund", "SUCCESS S", result(n.do(refundPath, back), "result"))
	want(t, "refund again", any("mov_1"), n.do(refundPath, back)["refundId"])
	for _, of := range []string{`{"refundRequestId":"R1"}`, `{"refundId":"mov_1"}`} {
		said := n.do("/ams/api/v1/payments/inquiryRefund", of)
		want(t, "inquiryRefund", "SUCCESS S", result(said, "result"))
		want(t, "refundStatus", any("SUCCESS"), said["refundStatus"])
	}
	n.counter.moves = "pending"
	want(t, "a wallet that is silent", "PAYMENT_IN_PROCESS U", result(n.do(refundPath, strings.Replace(back, "R1", "R2", 1)), "result"))
	want(t, "still", any("PROCESSING"), n.do("/ams/api/v1/payments/inquiryRefund", `{"refundRequestId":"R2"}`)["refundStatus"])
	want(t, "unknown", "ORDER_NOT_EXIST F", result(n.do("/ams/api/v1/payments/inquiryRefund", `{"refundId":"mov_9"}`), "result"))
	want(t, "an address that is none", "PARAM_ILLEGAL F", result(n.do(refundPath, strings.Replace(back, "https://", "ftp://", 1)), "result"))
	n.do(payPath, orderBy("2", "OrderCode", ""))
	want(t, "nobody has paid", "PROCESS_FAIL F", result(n.do(refundPath, strings.NewReplacer("R1", "R3", "pay_1", "ord_2").Replace(back)), "result"))

	n.counter.moves = "succeeded"
	n.counter.said = nil
	part := `{"captureRequestId":"C1","paymentId":"pay_1","captureAmount":{"currency":"EUR","value":"60"},"isLastCapture":true}`
	want(t, "capture", "SUCCESS S", result(n.do(capturePath, part), "result"))
	if last := n.counter.said[len(n.counter.said)-1]; !strings.HasPrefix(last, "Release pay_1") {
		t.Errorf("the rest was not released: %s", last)
	}
	n.counter.refuses["Release"] = hansa.Refuse(hansa.NotAllowedNow, "nothing is left")
	want(t, "nothing is left", "SUCCESS S", result(n.do(capturePath, part), "result"))
}

// TestTheTillIsTheOneThatTheNetworkKnows maps stores and terminals.
func TestTheTillIsTheOneThatTheNetworkKnows(t *testing.T) {
	t.Parallel()
	at := func(store, terminal string) string {
		return strings.Replace(payBy("1", ""), `"referenceOrderId":"O-1"`, fmt.Sprintf(
			`"referenceOrderId":"O-1","merchant":{"store":{"referenceStoreId":%q}},"env":{"storeTerminalId":%q}`, store, terminal), 1)
	}
	for name, c := range map[string]struct {
		client     api.Client
		body, want string
	}{
		"none named":              {api.Client{Store: "kafe-oslo", Terminal: "t-1"}, payBy("1", ""), `"store":"kafe-oslo","terminal":"t-1"`},
		"names of their own":      {api.Client{Store: "kafe-oslo", Terminal: "t-1"}, at("S1", "T7"), `"store":"kafe-oslo","terminal":"t-1"`},
		"another store of theirs": {api.Client{Store: "kafe-oslo", Terminal: "t-1"}, at("kafe-bergen", "t-2"), `"store":"kafe-bergen","terminal":"t-2"`},
		"many tills":              {api.Client{Store: "kafe-oslo"}, at("kafe-oslo", "t-2"), `"store":"kafe-oslo","terminal":"t-2"`},
		"an acquirer":             {api.Client{}, at("kafe-bergen", "t-2"), `"store":"kafe-bergen","terminal":"t-2"`},
		"an unknown store":        {api.Client{}, at("S1", "T7"), "MERCHANT_NOT_REGISTERED F"},
		"an unknown till":         {api.Client{Store: "kafe-oslo"}, payBy("1", ""), "PARAM_ILLEGAL F"},
	} {
		n := newNetwork(t)
		c.client.PublicKey = n.clients["PARTY"].PublicKey
		n.clients["PARTY"] = c.client
		said := result(n.do(payPath, c.body), "result")
		if asked := strings.Join(n.counter.said, "\n"); !strings.Contains(asked, c.want) && said != c.want {
			t.Errorf("%s: want %s, got %s of %s", name, c.want, said, asked)
		}
	}
}

// TestAnUnpaidMerchantIsReversed replays the official in-store client against a wallet that
// never answers, by its own clock: it gives up, and what the wallet says later is nothing
// to it any more.
func TestTheInStoreClientGivesUpOnASilentWallet(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	n.counter.pays = ending("pending", "")
	var told []string
	lines := bufio.NewScanner(bytes.NewReader(readFile(t, "recorded/ams-java-sdk-retry-schedule.log")))
	for lines.Scan() {
		parts := strings.SplitN(lines.Text(), " ", 3)
		seconds, err := strconv.ParseFloat(strings.TrimSuffix(parts[0], "s"), 64)
		if err != nil {
			t.Fatal(err)
		}
		n.now = noon.Add(time.Duration(seconds * float64(time.Second)))
		body := parts[2]
		if parts[1] == payPath { // The log has only its beginning.
			body = payBy("PRU1", "")
		}
		said := n.do(parts[1], body)
		line := result(said, "result")
		if standing, ok := said["paymentStatus"].(string); ok {
			line = standing
		}
		told = append(told, line)
	}
	wanted := []string{"PAYMENT_IN_PROCESS U"}
	for range 10 {
		wanted = append(wanted, "PROCESSING")
	}
	want(t, "told", append(wanted, "SUCCESS S", "SUCCESS S", "SUCCESS S"), told)
	want(t, "afterwards", any("CANCELLED"), n.do(inquirePath, named("PRU1"))["paymentStatus"])
	want(t, "and if it pays again", "ORDER_IS_CLOSED F", result(n.do(payPath, payBy("PRU1", "")), "result"))
}

// TestOtherQuestions are answered from what the network knows.
func TestOtherQuestions(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	for name, c := range map[string][2]string{
		"consult":        {"/ams/api/v1/payments/consult", `{"productCode":"CASHIER_PAYMENT","paymentAmount":{"currency":"EUR","value":"100"}}`},
		"exchange_rates": {"/ams/api/v1/payments/inquireExchangeRate", `{"paymentCurrency":"CNY"}`},
		"quote":          {"/aps/v1/payments/inquiryForeignExchangeQuote", `{"sellCurrency":"CNY","buyCurrency":"EUR"}`},
		"code_rules":     {"/aps/api/v1/codes/inquiryCodeRules", ``},
	} {
		m, answer := n.send(c[0], c[1])
		n.verify(m, answer)
		apitest.Golden(t, "questions/"+name+".txt", shown(answer))
	}
	want(t, "no such rate", "CURRENCY_NOT_SUPPORT F", result(n.do("/aps/v1/payments/inquiryForeignExchangeQuote",
		`{"sellCurrency":"SEK","buyCurrency":"EUR"}`), "result"))
}
