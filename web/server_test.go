package web_test

import (
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/payment"
	"github.com/hansa-network/hansa/web"
)

// serving answers on a port of this machine, and gives who sends a request no
// more than a moment.
func (n *network) serving() (address string) {
	n.t.Helper()
	config := n.config()
	config.Origin = ""
	server := web.NewServer(web.New(config))
	server.ReadTimeout = 100 * time.Millisecond
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		n.t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	n.t.Cleanup(func() {
		if err := errors.Join(server.Close(), <-ended); !errors.Is(err, http.ErrServerClosed) {
			n.t.Error(err)
		}
	})
	return "http://" + listener.Addr().String()
}

// called makes a signed request over a connection.
func (n *network) called(method, address string, body string) api.Answer {
	n.t.Helper()
	r, err := http.NewRequestWithContext(n.t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		n.t.Fatal(err)
	}
	if body != "" {
		r.Header.Set("Content-Type", api.MediaJSON)
	}
	if err := api.SignRequest(r, []byte(body), api.Signing{KeyID: "nets#1", Key: private("nets#1"), Now: n.time(), Nonce: n.nonce()}); err != nil {
		n.t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		n.t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		n.t.Fatal(err)
	}
	answer := api.Answer{Status: response.StatusCode, Header: response.Header, Body: text}
	n.checkAnswer(r, answer)
	return answer
}

// TestWhoWaitsIsNotCutOff: the time in which a request must have arrived is not
// the time in which its answer must have gone. The origin is what was called.
func TestWhoWaitsIsNotCutOff(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	p := n.pending()
	address := n.serving()
	held := make(chan struct{})
	time.AfterFunc(500*time.Millisecond, func() { n.answered(yes); close(held) })
	answer := n.called(http.MethodGet, address+"/v1/payments/"+p.Reference+"?wait=20", "")
	<-held
	var seen api.Payment
	if err := api.Decode(answer.Body, &seen); err != nil || seen.Status != "approved" {
		t.Errorf("answer %d: %s", answer.Status, answer.Body)
	}
	stream := n.called(http.MethodGet, address+"/v1/payments/"+p.Reference+"/events", "")
	if events := servedIn(stream.Body); len(events) != 1 || stream.Header.Get("Content-Type") != "text/event-stream" {
		t.Errorf("stream %s", stream.Body)
	}
	answer = n.called(http.MethodPost, address+"/v1/orders", strings.Repeat("x", api.BodyMax+1))
	n.wantReason(hansa.TooLarge, answer)
}

// TestAcquirersLearnNothingOfThePayer but the token: not from any answer, and
// not from any event, of all three ways to pay.
func TestAcquirersLearnNothingOfThePayer(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	const payer = "wallets-own-name-of-its-user"
	var asked []hub.Call
	n.answered(func(call hub.Call) (payment.Event, bool) {
		asked = append(asked, call)
		return yes(call)
	})
	code := n.code("alipay", payer)
	scanned, answer := post[api.Payment](n, "nets", "/v1/payments", n.ask(code))
	n.wantStatus(http.StatusCreated, answer)
	heard := string(answer.Body)
	if len(asked) != 1 || asked[0].Payer != payer {
		t.Fatalf("the wallet is asked %+v", asked)
	}
	announced, _ := post[api.Announced](n, "alipay", "/v1/announcements", api.Announce{RequestID: n.nonce(), Code: n.shown().Code, Payer: payer})
	_, answer = post[api.OutcomeHeard](n, "alipay", "/v1/payments/"+announced.Payment.Reference+"/outcome", told(announced.Payment))
	n.wantStatus(http.StatusOK, answer)
	found, _ := post[api.Resolution](n, "epassi", "/v1/resolve", api.Resolve{RequestID: n.nonce(), Code: n.shown().Code})
	accepted, _ := n.accepted("epassi", *found.Quote)
	_, answer = post[api.OutcomeHeard](n, "epassi", "/v1/payments/"+accepted.Payment.Reference+"/outcome", told(accepted.Payment))
	n.wantStatus(http.StatusOK, answer)
	refund, answer := post[api.Movement](n, "nets", "/v1/payments/"+scanned.Reference+"/refunds", api.MoveMoney{RequestID: n.nonce(), Amount: nok(1_00)})
	n.wantStatus(http.StatusCreated, answer)
	for _, path := range []string{
		"/v1/payments", "/v1/events", "/v1/webhook", "/v1/stores/bergen-cafe", "/v1/payments/" + scanned.Reference,
		"/v1/payments/" + announced.Payment.Reference, "/v1/payments/" + scanned.Reference + "/receipt",
		"/v1/payments/" + scanned.Reference + "/movements", "/v1/movements/" + refund.Movement + "/receipt",
	} {
		answer := n.send("nets", request{method: http.MethodGet, path: path})
		n.wantStatus(http.StatusOK, answer)
		heard += string(answer.Body)
	}
	for what, secret := range map[string]string{"name": payer, "code": code, "reference": asked[0].Payment.Payer} {
		if secret == "" || strings.Contains(heard, secret) {
			t.Errorf("the acquirer hears the %s %q", what, secret)
		}
	}
	if !strings.Contains(heard, scanned.Payer) || scanned.Payer == "" {
		t.Errorf("the acquirer knows the payer as %q", scanned.Payer)
	}
}
