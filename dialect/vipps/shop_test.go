package vipps_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/api/apitest"
	"github.com/hansa-network/hansa/dialect/vipps"
)

const origin = "https://pay.example"

// noon is when every story begins.
var noon = time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)

// A shop is a sales unit whose system speaks with the dialect, and the network behind.
type shop struct {
	t       *testing.T
	dialect *vipps.Dialect
	client  api.Client
	counter *apitest.Counter
	others  map[string]api.Client
	now     time.Time
	counted map[string]int // of requests, by what they count for
	asked   int
	told    []string // what was sent at once
}

// newShop opens the sales unit 123456 with the credentials of the recordings.
func newShop(t *testing.T) *shop {
	t.Helper()
	s := &shop{t: t, dialect: vipps.New([32]byte{1}), now: noon, others: make(map[string]api.Client), counted: make(map[string]int)}
	s.client = api.Client{
		Dialect: vipps.Name, ID: "123456", Participant: "vipps", Merchant: "bryggen", Store: "bergen-cafe", Terminal: "bergen-cafe-vipps",
		Secrets: map[string]string{
			"client_id": sumOf("fb492b5e-7907-4d83-bc20-c7fb60ca35de"), "client_secret": sumOf("Y8Kteew6GE3ZmeycEt6egg=="),
			"Ocp-Apim-Subscription-Key": sumOf("0f14ebcab0ec4b29ae0cb90d91b4a84a"), "access_token": sumOf("eyJtoken"),
		},
	}
	s.counter = apitest.NewCounter(&s.client, func() time.Time { return s.now })
	return s
}

func sumOf(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// ask lets the dialect answer a request.
func (s *shop) ask(r *http.Request, body string) api.Answer {
	s.t.Helper()
	if !s.dialect.Owns(r) {
		s.t.Fatalf("the dialect does not own %s", r.URL.Path)
	}
	s.asked++
	return s.dialect.Answer(api.Question{
		Request: r, Body: []byte(body), Now: s.now, Chance: hansa.Chance(sha256.Sum256(fmt.Append(nil, s.asked))), Origin: origin,
		Clients: func(dialect, id string) (api.Client, bool) {
			if other, ok := s.others[id]; ok {
				return other, true
			}
			return s.client, dialect == vipps.Name && id == s.client.ID && !s.client.Withdrawn
		},
		Serve: func(api.Client) api.Counter { return s.counter },
		Allow: func(client api.Client, counted string, aMinute int) bool {
			s.counted[client.ID+" "+counted]++
			return s.counted[client.ID+" "+counted] <= aMinute
		},
		Tell: func(message api.Message) (api.Answer, error) {
			s.told = append(s.told, string(message.Body))
			return api.Answer{Status: http.StatusNoContent}, nil
		},
		Draw: func(text string, pixels int) ([]byte, error) {
			return fmt.Appendf(nil, "%d pixels of %s", pixels, text), nil
		},
	})
}

// newRequest is a request as the merchant's system makes it.
func newRequest(method, target, key string) *http.Request {
	r := httptest.NewRequest(method, target, http.NoBody)
	r.Header.Set("Authorization", "Bearer eyJtoken")
	r.Header.Set("Ocp-Apim-Subscription-Key", "0f14ebcab0ec4b29ae0cb90d91b4a84a")
	r.Header.Set("Merchant-Serial-Number", "123456")
	if key != "" {
		r.Header.Set("Idempotency-Key", key)
	}
	return r
}

func (s *shop) send(method, target, key, body string) api.Answer {
	s.t.Helper()
	return s.ask(newRequest(method, target, key), body)
}

// create makes a payment that has to be paid by whoever scans its code.
func (s *shop) create(reference string) {
	s.t.Helper()
	answer := s.send(http.MethodPost, "/epayment/v1/payments", "create "+reference, wishFor(reference, ""))
	if answer.Status != http.StatusCreated {
		s.t.Fatalf("create: %d %s", answer.Status, answer.Body)
	}
}

// wishFor is a create request, with some members more.
func wishFor(reference, more string) string {
	return `{"amount":{"currency":"NOK","value":1000},"paymentMethod":{"type":"WALLET"},"reference":"` + reference + `"` +
		orElse(more, `,"userFlow":"QR","qrFormat":{"format":"TEXT/TARGETURL"}`) + `}`
}

func orElse(text, other string) string {
	if text == "" {
		return other
	}
	return text
}

// shown is what GET says of a payment: its state, and what went where.
func (s *shop) shown(reference string) string {
	s.t.Helper()
	answer := s.send(http.MethodGet, "/epayment/v1/payments/"+reference, "", "")
	var body struct {
		State     string
		Aggregate map[string]struct{ Value int64 }
	}
	decode(s.t, answer, &body)
	a := body.Aggregate
	return fmt.Sprintf("%s authorized %d captured %d cancelled %d refunded %d", body.State,
		a["authorizedAmount"].Value, a["capturedAmount"].Value, a["cancelledAmount"].Value, a["refundedAmount"].Value)
}

func decode(t *testing.T, answer api.Answer, into any) {
	t.Helper()
	if err := json.Unmarshal(answer.Body, into); err != nil {
		t.Fatalf("%d %s: %v", answer.Status, answer.Body, err)
	}
}

// codeOf is the status of an answer with the code of its domain error, or with what is
// wrong with the request.
func codeOf(t *testing.T, answer api.Answer) string {
	t.Helper()
	var body struct {
		Extra   []struct{ Name, Reason string } `json:"extraDetails"`
		Invalid []struct{ Name, Reason string } `json:"invalidParams"`
		Error   string                          `json:"error"`
	}
	text := fmt.Sprint(answer.Status)
	if answer.Status < 300 || len(answer.Body) == 0 {
		return text
	}
	decode(t, answer, &body)
	for _, extra := range append(body.Extra, body.Invalid...) {
		if extra.Name == "ErrorCode" {
			text += " " + extra.Reason
		} else {
			text += " " + extra.Name
		}
	}
	return strings.TrimSpace(text + " " + body.Error)
}
