package main

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/dialect/alipay"
)

// A shop is a merchant's system that speaks AMS, and hears what became of its sales. It
// acknowledges only what comes after it was wrong for so many times.
type shop struct {
	t     *testing.T
	party *alipay.Party
	now   func() time.Time

	mutex sync.Mutex
	wrong []func(http.ResponseWriter) // what it answers first, in turn
	heard []string                    // results, as often as they came
}

func (s *shop) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		s.t.Error(err)
	}
	var said struct {
		NotifyType       string
		PaymentRequestID string
		Result           struct{ ResultCode string }
	}
	if err := json.Unmarshal(body, &said); err != nil {
		s.t.Error(err)
	}
	question := api.Question{Request: r, Body: body, Now: s.now()}
	if err := s.party.Believes(question); err != nil {
		s.t.Errorf("a notice is not believed: %v", err)
	}
	s.heard = append(s.heard, said.NotifyType+" "+said.PaymentRequestID+" "+said.Result.ResultCode)
	if len(s.wrong) > 0 {
		var answer func(http.ResponseWriter)
		answer, s.wrong = s.wrong[0], s.wrong[1:]
		answer(w)
		return
	}
	acknowledged := s.party.Acknowledged(question)
	maps.Copy(w.Header(), acknowledged.Header)
	_, _ = w.Write(acknowledged.Body)
}

func (s *shop) hears() []string {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return slices.Clone(s.heard)
}

// TestAShopHearsOfItsSales makes an order in the words of AMS and lets a visitor pay it.
// The shop's endpoint fails at first, and then answers without a result: it is told again
// until it has acknowledged, and then no more.
func TestAShopHearsOfItsSales(t *testing.T) {
	t.Parallel()
	n := openNetwork(t)
	own, err := readCredentials(filepath.Join(n.folder, credentialsFile))
	if err != nil {
		t.Fatal(err)
	}
	key, err := openRSA(alipayKeyFile(n.folder, "merchant"))
	if err != nil {
		t.Fatal(err)
	}
	s := &shop{t: t, now: n.clock.now, wrong: []func(http.ResponseWriter){
		func(w http.ResponseWriter) { w.WriteHeader(http.StatusInternalServerError) },
		func(w http.ResponseWriter) { _, _ = w.Write([]byte(`{}`)) },
	}}
	s.party = alipay.NewParty(alipay.PartyConfig{
		ID: own.Alipay["merchant"].ClientID, Key: key, NetworkKey: pemOfPublic(n.node.secrets.others.rsa), Network: n.url,
	})
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	sent := s.party.Send("/ams/api/v1/payments/pay", []byte(`{"productCode":"IN_STORE_PAYMENT","paymentRequestId":"PR1",
		"order":{"referenceOrderId":"O1","orderDescription":"Two coffees","orderAmount":{"currency":"NOK","value":"10000"}},
		"paymentAmount":{"currency":"NOK","value":"10000"},"paymentFactor":{"inStorePaymentScenario":"OrderCode"},
		"paymentNotifyUrl":"`+server.URL+`/notify"}`), n.clock.now())
	var order struct {
		OrderCodeForm struct{ CodeDetails []struct{ CodeValue string } }
	}
	n.sends(t, sent, &order)
	if err := n.box.approve(t.Context(), api.Order{Code: order.OrderCodeForm.CodeDetails[0].CodeValue}, ""); err != nil {
		t.Fatal(err)
	}
	until := time.Now().Add(patience)
	for len(s.hears()) < 3 {
		if time.Now().After(until) {
			t.Fatalf("the shop has heard %v", s.hears())
		}
		pause(t.Context(), hookEvery)
		n.clock.pass(time.Second) // What was not taken waits, and longer each time.
	}
	want := "PAYMENT_RESULT PR1 SUCCESS"
	if heard := s.hears(); slices.ContainsFunc(heard, func(one string) bool { return one != want }) {
		t.Errorf("the shop has heard %v", heard)
	}
}

// sends makes one call in another protocol.
func (n *network) sends(t *testing.T, message api.Message, into any) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), message.Method, n.url+message.URL, bytes.NewReader(message.Body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header = message.Header
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(response.Body)
	wantNoError(t, response.Body.Close())
	if err != nil || response.StatusCode != http.StatusOK || json.Unmarshal(answer, into) != nil {
		t.Fatalf("%s: %s, %v\n%s", message.URL, response.Status, err, answer)
	}
}
