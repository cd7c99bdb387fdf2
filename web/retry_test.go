package web_test

import (
	"bytes"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hansa-network/hansa/dialect/alipay"
	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/payment"
	"github.com/hansa-network/hansa/web"
)

// rsaKey is a throw-away key of the tests.
func rsaKey(t *testing.T, name string) *rsa.PrivateKey {
	t.Helper()
	text, err := os.ReadFile("../dialect/alipay/testdata/" + name + ".pem")
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(text)
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	key, ok := parsed.(*rsa.PrivateKey)
	if !ok {
		t.Fatalf("%s is no RSA key", name)
	}
	return key
}

func publicPEM(t *testing.T, key *rsa.PrivateKey) string {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
}

// A merchantSystem speaks AMS with the network.
type merchantSystem struct {
	*network

	party   *alipay.Party
	handler http.Handler
}

// An amsAnswer is what these tests look at.
type amsAnswer struct {
	Result struct {
		Code   string `json:"resultCode"`
		Status string `json:"resultStatus"`
	} `json:"result"`
	PaymentStatus string `json:"paymentStatus"`
	PaymentID     string `json:"paymentId"`
}

func newMerchantSystem(t *testing.T) merchantSystem {
	t.Helper()
	n := newNetwork(t)
	own, theirs := rsaKey(t, "network"), rsaKey(t, "party")
	enrol := hub.Enrol{}
	enrol.Listing.Clients = []member.Client{{
		Dialect: alipay.Name, ID: "CAFE", Participant: "nets", Merchant: "bryggen", Store: "bergen-cafe", Terminal: "bergen-cafe-nets",
		PublicKey: publicPEM(t, theirs),
	}}
	if _, err := n.do(t.Context(), hub.Request{Operation: enrol}); err != nil {
		t.Fatal(err)
	}
	config := n.config()
	config.Dialects = []web.Spoken{{Name: alipay.Name, Dialect: alipay.New(alipay.Config{Key: own})}}
	return merchantSystem{n, alipay.NewParty(alipay.PartyConfig{ID: "CAFE", Key: theirs, NetworkKey: publicPEM(t, own), Network: origin}), web.New(config)}
}

// asks sends one request of the SDK.
func (m merchantSystem) asks(path, body string) amsAnswer {
	m.t.Helper()
	sent := m.party.Send(path, []byte(body), m.time())
	request := httptest.NewRequest(sent.Method, origin+sent.URL, bytes.NewReader(sent.Body))
	maps.Copy(request.Header, sent.Header)
	recorder := httptest.NewRecorder()
	m.handler.ServeHTTP(recorder, request)
	var answer amsAnswer
	if err := json.Unmarshal(recorder.Body.Bytes(), &answer); err != nil || recorder.Code != http.StatusOK {
		m.t.Fatalf("%s: status %d, %v\n%s", path, recorder.Code, err, recorder.Body)
	}
	return answer
}

const amsPath = "/ams/api/v1/payments/"

// TestTheInStoreLibraryGivesUp replays the schedule on which Alipay's own library for
// tills asks again and again, and then cancels, while a payer does not answer. The wallet
// gives back what it took after all, and nothing flips back.
func TestTheInStoreLibraryGivesUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := newMerchantSystem(t)
		m.wallet = func(call hub.Call) (payment.Event, bool) {
			return payment.PayerAsked{Until: m.now.Add(10 * time.Minute)}, call.Call == payment.CallAsk
		}
		m.givesUp()
		m.lateYes()
		if answer := m.asks(amsPath+"inquiryPayment", `{"paymentRequestId":"PRU1"}`); answer.PaymentStatus != "CANCELLED" {
			t.Errorf("after the late yes: %+v", answer)
		}
	})
}

// givesUp is what the library does, at its times.
func (m merchantSystem) givesUp() {
	t := m.t
	t.Helper()
	code := m.code("vipps", "ola")
	begun := m.time()
	until := func(seconds float64) {
		at := begun.Add(time.Duration(seconds * float64(time.Second)))
		for m.time().Add(time.Second).Before(at) {
			m.pass(time.Second)
		}
		m.pass(at.Sub(m.time()))
	}
	paid := m.asks(amsPath+"pay", `{"productCode":"IN_STORE_PAYMENT","paymentRequestId":"PRU1",
			"order":{"referenceOrderId":"O1","orderDescription":"Two coffees","orderAmount":{"currency":"NOK","value":"10000"}},
			"paymentAmount":{"currency":"NOK","value":"10000"},
			"paymentMethod":{"paymentMethodType":"CONNECT_WALLET","paymentMethodId":"`+code+`"},
			"paymentFactor":{"inStorePaymentScenario":"PaymentCode"}}`)
	if paid.Result.Status != "U" {
		t.Errorf("a payment that waits is told as %+v", paid)
	}
	named := `{"paymentRequestId":"PRU1"}`
	for _, seconds := range []float64{0.1, 2.4, 5.7, 9.0, 14.1, 19.2, 24.3, 29.4, 34.5, 39.6} {
		until(seconds)
		if answer := m.asks(amsPath+"inquiryPayment", named); answer.Result.Status != "S" || answer.PaymentStatus != "PROCESSING" {
			t.Errorf("after %.1f s: %+v", seconds, answer)
		}
	}
	for _, seconds := range []float64{41.7, 45.1, 48.4} {
		until(seconds)
		if answer := m.asks(amsPath+"cancel", named); answer.Result.Status != "S" {
			t.Errorf("cancel after %.1f s: %+v", seconds, answer)
		}
	}
}

// lateYes lets the wallet say that it has debited its payer after all: it is told to give
// that back, and the outcome stands.
func (m merchantSystem) lateYes() {
	t := m.t
	t.Helper()
	all, err := m.hub.Read().Payments(t.Context(), hub.Filter{Limit: 10})
	if err != nil || len(all) != 1 {
		t.Fatalf("%d payments, %v", len(all), err)
	}
	p := all[0]
	told := hub.TellOutcome{Payment: p.ID, Paid: true, Echo: p.Echo()}
	if _, err := m.do(t.Context(), hub.Request{Participant: "vipps", Operation: told}); err != nil {
		t.Fatal(err)
	}
	cancelled := false
	m.answered(func(call hub.Call) (payment.Event, bool) {
		cancelled = cancelled || call.Call == payment.CallCancel
		return payment.CancelAcknowledged{}, call.Call == payment.CallCancel
	})
	m.pass(time.Minute)
	p, err = m.hub.Read().Payment(t.Context(), p.ID)
	if err != nil {
		t.Fatal(err)
	}
	if !cancelled || p.State != payment.Reversed || p.Outcome != payment.WasCancelled {
		t.Errorf("cancelled at the wallet: %t; the payment is %s, %s", cancelled, p.State, p.Outcome)
	}
}
