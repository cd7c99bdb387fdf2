package vipps_test

import (
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/hansa-network/hansa/api"
)

// TestAnswersFitTheirSchemas holds one answer of each kind to what the protocol's
// documents say of it.
func TestAnswersFitTheirSchemas(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/answers.yaml")
	if err != nil {
		t.Fatal(err)
	}
	document, err := openapi3.NewLoader().LoadFromData(text)
	if err != nil {
		t.Fatal(err)
	}
	if err := document.Validate(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, told := range answersOfEachKind(t) {
		schema := document.Components.Schemas[told.schema]
		if schema == nil {
			t.Fatalf("no schema %s", told.schema)
		}
		var body any
		decode(t, told.answer, &body)
		if err := schema.Value.VisitJSON(body); err != nil {
			t.Errorf("%s %d %s: %v", told.schema, told.answer.Status, told.answer.Body, err)
		}
		want := "application/json"
		if strings.HasPrefix(told.schema, "Problem") || strings.HasPrefix(told.schema, "QrExchangeError") {
			want = "application/problem+json"
		}
		if got := told.answer.Header.Get("Content-Type"); got != want+"; charset=utf-8" {
			t.Errorf("%s: want %s, got %s", told.schema, want, got)
		}
	}
}

// told is an answer and what it should be.
type told struct {
	schema string
	answer api.Answer
}

func answersOfEachKind(t *testing.T) []told {
	t.Helper()
	s := newShop(t)
	post, get, put := http.MethodPost, http.MethodGet, http.MethodPut
	full := `,"userFlow":"WEB_REDIRECT","returnUrl":"https://example.com","metadata":{"a":"b"},"profile":{"scope":"name"}`
	answers := []told{
		{"AuthorizationTokenResponse", s.token(nil)},
		{"CreatePaymentResponse", s.send(post, payments, "k1", wishFor("reference-1", full))},
		{"CreatePaymentResponse", s.push("reference-2", `"phoneNumber":"4791234567"`)},
		{"Problem", s.send(post, payments, "k1", wishFor("reference-1", ""))},
		{"Problem", s.send(post, payments, "k3", "{}")},
		{"Problem", s.send(post, payments, "", wishFor("reference-1", ""))},
		{"Problem", s.send(post, "/webhooks/v1/webhooks", "", "{}")},
		{"Problem", s.send(get, "/epayment/v2/payments", "", "")},
		{"GetPaymentResponse", s.send(get, payments+"/reference-1", "", "")},
	}
	s.counter.Pay("reference-1", "approved")
	return append(
		answers,
		told{"GetPaymentResponse", s.send(get, payments+"/reference-1", "", "")},
		told{"ModificationResponse", s.send(post, payments+"/reference-1/capture", "c", modification(400))},
		told{"ModificationResponse", s.send(post, payments+"/reference-1/refund", "r", modification(100))},
		told{"ModificationResponse", s.send(post, payments+"/reference-1/cancel", "x", "")},
		told{"ModificationResponse", s.send(post, payments+"/reference-2/cancel", "x", "")},
		told{"PaymentEvents", s.send(get, payments+"/reference-1/events", "", "")},
		told{"PaymentEvents", s.send(get, payments+"/reference-2/events", "", "")},
		told{"RegisterResponse", s.send(post, webhooks, "", `{"url":"https://example.com/","events":["user.checked-in.v1"]}`)},
		told{"QueryResponse", s.send(get, webhooks, "", "")},
		told{"MerchantRedirectQrResponse", s.send(post, "/qr/v1/merchant-redirect", "", `{"id":"Ås 1","redirectUrl":"https://example.com/a"}`)},
		told{"QrErrorResponse", s.send(post, "/qr/v1/merchant-redirect", "", "{}")},
		told{"QrErrorResponse", s.send(put, "/qr/v1/merchant-callback/till-1", "", "{}")},
		told{"QrExchangeErrorResponse", s.send(post, "/qr/v1/exchange", "", "{}")},
		told{"OneTimePaymentQrResponse", s.oneTime()},
		told{"MerchantCallbackQr", s.callback()},
	)
}

func (s *shop) oneTime() api.Answer {
	s.t.Helper()
	s.create("reference-3")
	page := api.CheckoutLink(origin, s.counter.Sales["reference-3"].Order.Order)
	return s.send(http.MethodPost, "/qr/v1", "", `{"url":"`+page+`"}`)
}

func (s *shop) callback() api.Answer {
	s.t.Helper()
	s.send(http.MethodPut, "/qr/v1/merchant-callback/till-1", "", `{"locationDescription":"Kasse 1"}`)
	return s.send(http.MethodGet, "/qr/v1/merchant-callback/till-1", "", "")
}
