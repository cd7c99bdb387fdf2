package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/dialect/alipay"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/payment"
)

// An amsTill is a till that speaks AMS, as the demo's credentials are for it.
type amsTill struct {
	*network

	party *alipay.Party
	hook  *httptest.Server
	told  chan string
}

func newAMSTill(t *testing.T) *amsTill {
	t.Helper()
	till := &amsTill{network: openNetwork(t), told: make(chan string, 16)}
	text, err := os.ReadFile(filepath.Join(till.folder, credentialsFile))
	if err != nil {
		t.Fatal(err)
	}
	var all credentials
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	mine := all.Alipay["merchant"]
	key, err := openRSA(mine.MerchantKeyFile)
	if err != nil {
		t.Fatal(err)
	}
	till.party = alipay.NewParty(alipay.PartyConfig{
		ID: mine.ClientID, Key: key, Network: till.url,
		NetworkKey: "-----BEGIN PUBLIC KEY-----\n" + mine.NetworkPublicKey + "\n-----END PUBLIC KEY-----\n",
	})
	till.hook = httptest.NewServer(http.HandlerFunc(till.hear))
	t.Cleanup(till.hook.Close)
	return till
}

// hear acknowledges a notice of the network.
func (till *amsTill) hear(w http.ResponseWriter, r *http.Request) {
	body, err := api.ReadBody(r.Body, api.BodyMax)
	if err != nil {
		till.t.Error(err)
	}
	question := api.Question{Request: r, Body: body, Now: till.clock.now()}
	if err := till.party.Believes(question); err != nil {
		till.t.Errorf("a notice is not believed: %v", err)
	}
	till.told <- string(body)
	answer := till.party.Acknowledged(question)
	_, _ = w.Write(answer.Body)
}

// send makes a request, and returns what was answered once it was believed.
func (till *amsTill) send(operation, body string) map[string]any {
	till.t.Helper()
	sent := till.party.Send("/ams/sandbox/api/v1/payments/"+operation, []byte(body), till.clock.now())
	whole := sent
	whole.URL = till.url + sent.URL
	answer, err := till.transport.Send(till.t.Context(), whole, patience)
	if err != nil {
		till.t.Fatal(err)
	}
	if err := till.party.OutcomeHeard(sent, answer); err != nil && strings.Contains(err.Error(), "answer of the network") {
		till.t.Fatal(err)
	}
	var said map[string]any
	if err := json.Unmarshal(answer.Body, &said); err != nil {
		till.t.Fatal(err)
	}
	return said
}

// status is how a request was answered.
func status(said map[string]any) string {
	result, _ := said["result"].(map[string]any)
	return fmt.Sprint(result["resultStatus"], " ", result["resultCode"])
}

// payBody is the request of a till for ten kroner by a scanned code.
func (till *amsTill) payBody(id, code string) string {
	return fmt.Sprintf(`{"productCode":"IN_STORE_PAYMENT","paymentRequestId":%q,"order":{"referenceOrderId":"bill-%s"},`+
		`"paymentAmount":{"currency":"NOK","value":"1000"},"paymentMethod":{"paymentMethodType":"CONNECT_WALLET","paymentMethodId":%q},`+
		`"paymentFactor":{"inStorePaymentScenario":"PaymentCode"},"paymentNotifyUrl":%q}`, id, id, code, till.hook.URL+"/paid?shop=1")
}

// code opens a payer of a wallet and returns a code of his.
func (till *amsTill) code(wallet string) string {
	till.t.Helper()
	var payer struct {
		ID string `json:"payer"`
	}
	if err := till.box.post(till.t.Context(), "/wallets/"+wallet+"/payers", map[string]any{}, &payer); err != nil {
		till.t.Fatal(err)
	}
	var shown api.PaymentCode
	if err := till.box.post(till.t.Context(), "/wallets/"+wallet+"/payers/"+payer.ID+"/codes", map[string]any{}, &shown); err != nil {
		till.t.Fatal(err)
	}
	return shown.Code
}

// TestATillOfAlipayTakesEveryWallet lets a till that speaks AMS, and knows of nothing else,
// be paid by a local, a Nordic and a Chinese customer. What it sends differs in the code
// and the ids, and in nothing else.
func TestATillOfAlipayTakesEveryWallet(t *testing.T) {
	t.Parallel()
	till := newAMSTill(t)
	var bodies []string
	for i, wallet := range []string{"vipps", "epassi", "alipay"} {
		code := till.code(wallet)
		id := fmt.Sprintf("ams-%d", i)
		body := till.payBody(id, code)
		said := till.send("pay", body)
		for tries := 0; status(said) == "U PAYMENT_IN_PROCESS" && tries < 10; tries++ {
			said = till.send("inquiryPayment", fmt.Sprintf(`{"paymentRequestId":%q}`, id))
			if said["paymentStatus"] != "PROCESSING" {
				break
			}
		}
		if status(said) != "S SUCCESS" {
			t.Errorf("%s: %v", wallet, said)
			continue
		}
		customer, _ := said["pspCustomerInfo"].(map[string]any)
		if customer["pspName"] != wallet || !strings.HasPrefix(fmt.Sprint(customer["pspCustomerId"]), "payer_") {
			t.Errorf("%s: paid by %v", wallet, customer)
		}
		if notice := <-till.told; !strings.Contains(notice, `"paymentRequestId":"`+id+`"`) || !strings.Contains(notice, `"notifyType":"PAYMENT_RESULT"`) {
			t.Errorf("%s: told %s", wallet, notice)
		}
		plain := strings.NewReplacer(code, "CODE", id, "ID").Replace(body)
		bodies = append(bodies, plain)
		t.Logf("%s: %s", wallet, body)
		if !bytes.Equal([]byte(bodies[0]), []byte(plain)) {
			t.Errorf("%s differs: %s", wallet, plain)
		}
	}
}

// TestATillOfAlipayUndoesAndShowsCodes refunds, cancels and opens an order that another
// wallet pays.
func TestATillOfAlipayUndoesAndShowsCodes(t *testing.T) {
	t.Parallel()
	till := newAMSTill(t)
	said := till.send("pay", till.payBody("u-1", till.code("alipay")))
	if status(said) != "S SUCCESS" {
		t.Fatal(said)
	}
	refund := fmt.Sprintf(`{"refundRequestId":"r-1","paymentId":%q,"refundAmount":{"currency":"NOK","value":400}}`, said["paymentId"])
	till.untilDone("refund", refund)
	till.untilDone("cancel", `{"paymentRequestId":"never-begun"}`)
	if said := till.send("pay", till.payBody("never-begun", till.code("alipay"))); status(said) != "F ORDER_IS_CLOSED" {
		t.Errorf("a cancelled id is used: %v", said)
	}
	if said := till.send("pay", till.payBody("u-2", till.code("alipay"))); status(said) != "S SUCCESS" {
		t.Fatal(said)
	}
	till.untilDone("cancel", `{"paymentRequestId":"u-2"}`)
	if said := till.send("inquiryPayment", `{"paymentRequestId":"u-2"}`); said["paymentStatus"] != "CANCELLED" {
		t.Errorf("after the cancel: %v", said)
	}
	said = till.send("pay", `{"productCode":"IN_STORE_PAYMENT","paymentRequestId":"o-1","paymentAmount":{"currency":"NOK","value":"1000"},`+
		`"paymentMethod":{"paymentMethodType":"CONNECT_WALLET"},"paymentFactor":{"inStorePaymentScenario":"OrderCode"}}`)
	form, _ := said["orderCodeForm"].(map[string]any)
	details, _ := form["codeDetails"].([]any)
	if len(details) != 1 {
		t.Fatal(said)
	}
	var payer struct {
		ID string `json:"payer"`
	}
	if err := till.box.post(t.Context(), "/wallets/pivo/payers", map[string]any{}, &payer); err != nil {
		t.Fatal(err)
	}
	detail, _ := details[0].(map[string]any)
	var paid map[string]any
	if err := till.box.post(t.Context(), "/wallets/pivo/payers/"+payer.ID+"/pay", map[string]any{"text": detail["codeValue"]}, &paid); err != nil {
		t.Fatal(err)
	}
	if said := till.send("inquiryPayment", fmt.Sprintf(`{"paymentId":%q}`, said["paymentId"])); said["paymentStatus"] != "SUCCESS" {
		t.Errorf("the order: %v", said)
	}
}

// untilDone repeats a request, as the protocol says, until it is done.
func (till *amsTill) untilDone(operation, body string) {
	till.t.Helper()
	said := map[string]any{}
	until(till.t, operation, func() bool {
		said = till.send(operation, body)
		return !strings.HasPrefix(status(said), "U ")
	})
	if status(said) != "S SUCCESS" {
		till.t.Errorf("%s: %v", operation, said)
	}
}

// TestTheInStoreClientGivesUpOnASilentWallet keeps the schedule of Alipay's own client for
// tills, as it was recorded, towards a wallet that debits and does not say so. Once the till
// has heard that nothing was paid it never hears anything else, and the payer gets the
// money back.
func TestTheInStoreClientGivesUpOnASilentWallet(t *testing.T) {
	t.Parallel()
	till := newAMSTill(t)
	code := till.code("alipay")
	if err := till.box.post(t.Context(), "/wallets/alipay/behaviour", map[string]any{"misbehaviour": "late_yes"}, &map[string]any{}); err != nil {
		t.Fatal(err)
	}
	begun, final := till.clock.now(), ""
	for line := range strings.Lines(readText(t, "dialect/alipay/testdata/recorded/ams-java-sdk-retry-schedule.log")) {
		parts := strings.SplitN(strings.TrimSpace(line), " ", 3)
		after, err := time.ParseDuration(parts[0])
		if err != nil {
			t.Fatal(err)
		}
		till.clock.pass(max(0, begun.Add(after).Sub(till.clock.now())))
		operation := parts[1][strings.LastIndexByte(parts[1], '/')+1:]
		body := parts[2]
		if operation == "pay" { // Only its beginning was recorded.
			body = till.payBody("PRU1", code)
		}
		said := till.send(operation, body)
		if final == "" && after > payment.AskedFor {
			// The till knows it by now, unless this machine has not come to it yet.
			until(t, "the switch gives up", func() bool {
				said = till.send("inquiryPayment", `{"paymentRequestId":"PRU1"}`)
				return said["paymentStatus"] == "FAIL"
			})
			final, operation = "FAIL", "inquiryPayment"
		}
		t.Log(parts[0], operation, status(said), said["paymentStatus"])
		switch {
		case operation == "pay" && status(said) != "U PAYMENT_IN_PROCESS", operation == "cancel" && status(said) != "S SUCCESS":
			t.Errorf("%s at %s: %v", operation, parts[0], said)
		case final != "" && operation == "inquiryPayment" && said["paymentStatus"] != final:
			t.Errorf("it has flipped back: %v", said)
		}
	}
	if final != "FAIL" {
		t.Errorf("at the end the till knows %q", final)
	}
	book := ""
	until(t, "the money is given back", func() bool {
		till.clock.pass(time.Second)
		var all struct {
			Debited  money.Amount `json:"debited"`
			Returned money.Amount `json:"returned"`
		}
		if err := till.box.do(t.Context(), http.MethodGet, "/wallets/alipay/book", nil, &all); err != nil {
			t.Fatal(err)
		}
		book = all.Debited.String() + " and " + all.Returned.String()
		return all.Debited.IsPositive() && all.Debited == all.Returned
	})
	t.Log("debited and returned", book)
	if said := till.send("inquiryPayment", `{"paymentRequestId":"PRU1"}`); said["paymentStatus"] != final {
		t.Errorf("it has flipped back from %s: %v", final, said)
	}
}
