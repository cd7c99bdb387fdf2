package vipps_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
)

const payments = "/epayment/v1/payments"

// modification is the body of a capture or refund.
func modification(value int64) string {
	return fmt.Sprintf(`{"modificationAmount":{"currency":"NOK","value":%d}}`, value)
}

// TestStatesAndAggregates walks through what may become of a payment. No capture, cancel
// or refund changes the state of one that was authorized.
func TestStatesAndAggregates(t *testing.T) {
	t.Parallel()
	type step struct{ do, want string }
	for name, steps := range map[string][]step{
		"captured in parts and refunded in parts": {
			{"", "CREATED authorized 0 captured 0 cancelled 0 refunded 0"},
			{"approved", "AUTHORIZED authorized 1000 captured 0 cancelled 0 refunded 0"},
			{"capture 250", "AUTHORIZED authorized 1000 captured 250 cancelled 0 refunded 0"},
			{"capture 750", "AUTHORIZED authorized 1000 captured 1000 cancelled 0 refunded 0"},
			{"refund 600", "AUTHORIZED authorized 1000 captured 1000 cancelled 0 refunded 600"},
			{"refund 400", "AUTHORIZED authorized 1000 captured 1000 cancelled 0 refunded 1000"},
		},
		"cancelled before anybody paid": {
			{"cancel", "TERMINATED authorized 0 captured 0 cancelled 1000 refunded 0"},
		},
		"cancelled, if only the transaction, before anybody paid": {
			{"cancel only", "TERMINATED authorized 0 captured 0 cancelled 1000 refunded 0"},
		},
		"cancelled after authorization": {
			{"approved", "AUTHORIZED authorized 1000 captured 0 cancelled 0 refunded 0"},
			{"cancel", "AUTHORIZED authorized 1000 captured 0 cancelled 1000 refunded 0"},
		},
		"the rest cancelled after a part was captured": {
			{"approved", "AUTHORIZED authorized 1000 captured 0 cancelled 0 refunded 0"},
			{"capture 250", "AUTHORIZED authorized 1000 captured 250 cancelled 0 refunded 0"},
			{"cancel", "AUTHORIZED authorized 1000 captured 250 cancelled 750 refunded 0"},
			{"refund 250", "AUTHORIZED authorized 1000 captured 250 cancelled 750 refunded 250"},
		},
		"nobody came": {
			{"expired", "EXPIRED authorized 0 captured 0 cancelled 0 refunded 0"},
		},
		"one payer said no, and the order waits for another": {
			{"declined", "CREATED authorized 0 captured 0 cancelled 0 refunded 0"},
			{"approved", "AUTHORIZED authorized 1000 captured 0 cancelled 0 refunded 0"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newShop(t)
			s.create("reference-1")
			for i, step := range steps {
				s.do("reference-1", step.do, fmt.Sprint("key ", i))
				if got := s.shown("reference-1"); got != step.want {
					t.Errorf("after %q: want %s, got %s", step.do, step.want, got)
				}
			}
		})
	}
}

// do is a step of a story: a request that succeeds, or what a payer or the clock does.
func (s *shop) do(reference, what, key string) {
	s.t.Helper()
	verb, argument, _ := strings.Cut(what, " ")
	var value int64
	_, _ = fmt.Sscan(argument, &value) // A step without a number has none.
	answer := api.Answer{Status: http.StatusOK}
	switch verb {
	case "capture", "refund":
		answer = s.send(http.MethodPost, payments+"/"+reference+"/"+verb, key, modification(value))
	case "cancel":
		body := ""
		if argument == "only" {
			body = `{"cancelTransactionOnly":true}`
		}
		answer = s.send(http.MethodPost, payments+"/"+reference+"/cancel", key, body)
	case "expired":
		s.counter.Sales[reference].Order.Status = "expired"
	case "approved", "declined":
		s.counter.Pay(reference, verb)
	}
	if answer.Status != http.StatusOK {
		s.t.Fatalf("%s: %d %s", what, answer.Status, answer.Body)
	}
}

// TestPushedPayments shows the states of a payment whose payer was asked by a wallet.
func TestPushedPayments(t *testing.T) {
	t.Parallel()
	for status, want := range map[string]string{
		"pending":   "CREATED authorized 0 captured 0 cancelled 0 refunded 0",
		"approved":  "AUTHORIZED authorized 1000 captured 0 cancelled 0 refunded 0",
		"declined":  "ABORTED authorized 0 captured 0 cancelled 0 refunded 0",
		"expired":   "EXPIRED authorized 0 captured 0 cancelled 0 refunded 0",
		"cancelled": "TERMINATED authorized 0 captured 0 cancelled 1000 refunded 0",
	} {
		s := newShop(t)
		s.push("reference-1", `"personalQr":"28012345678901234567"`)
		s.counter.Pay("reference-1", status)
		if got := s.shown("reference-1"); got != want {
			t.Errorf("%s: want %s, got %s", status, want, got)
		}
	}
}

func (s *shop) push(reference, customer string) api.Answer {
	s.t.Helper()
	return s.send(http.MethodPost, payments, "push "+reference, wishFor(reference, `,"userFlow":"PUSH_MESSAGE","customer":{`+customer+`}`))
}

// TestCustomersAreCodes shows what the till of a merchant has scanned, by what it says
// of its customer. Nobody is sent anywhere.
func TestCustomersAreCodes(t *testing.T) {
	t.Parallel()
	for customer, want := range map[string]string{
		`"personalQr":"https://qr.vipps.no/p/abc"`: "https://qr.vipps.no/p/abc",
		`"phoneNumber":"4791234567"`:               "https://qr.vipps.no/28/2/01/031/4791234567?v=1",
		`"customerToken":"289010897274821897"`:     "289010897274821897",
	} {
		s := newShop(t)
		answer := s.push("reference-1", customer)
		if want := `{"reference":"reference-1"}`; answer.Status != http.StatusCreated || string(answer.Body) != want {
			t.Errorf("%s: want 201 %s, got %d %s", customer, want, answer.Status, answer.Body)
		}
		if diff := cmp.Diff([]string{want}, s.counter.Asked); diff != "" {
			t.Errorf("%s (-want +got):\n%s", customer, diff)
		}
	}
}

// TestWhereThePayerGoes shows the link of each flow: the page of the order, or a picture
// of its code.
func TestWhereThePayerGoes(t *testing.T) {
	t.Parallel()
	const page = origin + "/checkout/ord_06fhv37200000ppn7syxw138er8y8"
	for flow, want := range map[string]string{
		`,"userFlow":"WEB_REDIRECT","returnUrl":"https://example.com/r"`: page,
		`,"userFlow":"NATIVE_REDIRECT","returnUrl":"acme://back"`:        page,
		`,"userFlow":"QR"`: page + ".svg",
		`,"userFlow":"QR","qrFormat":{"format":"IMAGE/SVG+XML"}`:                                            page + ".svg",
		`,"userFlow":"QR","qrFormat":{"format":"IMAGE/PNG"}`:                                                page + ".png?size=1024",
		`,"userFlow":"QR","qrFormat":{"format":"IMAGE/PNG","size":200}`:                                     page + ".png?size=200",
		`,"userFlow":"QR","qrFormat":{"format":"TEXT/TARGETURL","size":null}`:                               page,
		`,"userFlow":"QR","expiresAt":"2026-07-01t13:00:00z","receipt":{"orderLines":[{}],"bottomLine":{}}`: page + ".svg",
	} {
		s := newShop(t)
		answer := s.send(http.MethodPost, payments, "k", wishFor("reference-1", flow))
		var body struct{ RedirectURL string }
		decode(t, answer, &body)
		if answer.Status != http.StatusCreated || body.RedirectURL != want {
			t.Errorf("%s: want %s, got %d %s", flow, want, answer.Status, answer.Body)
		}
	}
}

// TestReturnURL shows where the page of an order sends its payer back to.
func TestReturnURL(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.send(http.MethodPost, payments, "k", wishFor("reference-1", `,"userFlow":"WEB_REDIRECT","returnUrl":"https://example.com/r?a=b"`))
	sale, err := s.counter.Sale("reference-1")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := s.dialect.ReturnURL(sale), "https://example.com/r?a=b"; got != want {
		t.Errorf("want %s, got %s", want, got)
	}
}

// TestWhatTheMerchantHearsAgain shows metadata, and the token by which it knows its payer
// again, which is told only if it was asked for and only once the payer has paid.
func TestWhatTheMerchantHearsAgain(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.send(http.MethodPost, payments, "k", wishFor("reference-1", `,"userFlow":"QR","profile":{"scope":"name"},"metadata":{"å":"1","b":"2"}`))
	for _, status := range []string{"pending", "approved"} {
		s.counter.Pay("reference-1", status)
		var body struct {
			Metadata map[string]string
			Profile  struct{ Sub string }
		}
		decode(t, s.send(http.MethodGet, payments+"/reference-1", "", ""), &body)
		want := map[string]string{"pending": "", "approved": "payer-of-this-acquirer"}[status]
		if body.Profile.Sub != want || !cmp.Equal(body.Metadata, map[string]string{"å": "1", "b": "2"}) {
			t.Errorf("%s: got %+v", status, body)
		}
	}
}

// TestRepeatedRequests shows that a request under the same key is answered with the same
// bytes whatever happened since, and that another request under the key is a conflict.
func TestRepeatedRequests(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.create("reference-1")
	s.counter.Pay("reference-1", "approved")
	first := s.send(http.MethodPost, payments+"/reference-1/capture", "c1", modification(300))
	s.now = s.now.Add(time.Hour)
	s.do("reference-1", "capture 200", "c2")
	s.do("reference-1", "refund 100", "r1")
	s.do("reference-1", "cancel", "x1")
	s.counter.Sales["reference-1"].Movements[2].Status = "failed"
	s.counter.Sales["reference-1"].Movements[2].ChangedAt = s.now.Add(time.Minute)

	again := s.send(http.MethodPost, payments+"/reference-1/capture", "c1", modification(300))
	if diff := cmp.Diff(written(first), written(again)); diff != "" {
		t.Errorf("the same request has another answer (-first +again):\n%s", diff)
	}
	released := s.send(http.MethodPost, payments+"/reference-1/cancel", "x1", "")
	if want := `"cancelledAmount":{"currency":"NOK","value":500}`; released.Status != http.StatusOK || !strings.Contains(string(released.Body), want) {
		t.Errorf("want %s, got %d %s", want, released.Status, released.Body)
	}
	if want := `"refundedAmount":{"currency":"NOK","value":100}`; !strings.Contains(string(released.Body), want) {
		t.Errorf("want %s as it was then, got %s", want, released.Body)
	}
	if got, want := s.shown("reference-1"), "AUTHORIZED authorized 1000 captured 500 cancelled 500 refunded 0"; got != want {
		t.Errorf("want %s, got %s", want, got)
	}

	for name, got := range map[string]api.Answer{
		"409 4020": s.send(http.MethodPost, payments+"/reference-1/capture", "c1", modification(301)),
		// The key of create, for another reference and for another wish.
		"409 4020 ":  s.send(http.MethodPost, payments, "create reference-1", wishFor("reference-2", "")),
		"409 4020  ": s.send(http.MethodPost, payments, "create reference-1", wishFor("reference-1", `,"userFlow":"QR"`)),
		// Another key for a reference that is taken.
		"409 4150": s.send(http.MethodPost, payments, "other", wishFor("reference-1", "")),
	} {
		if want := strings.TrimSpace(name); codeOf(t, got) != want {
			t.Errorf("want %s, got %s: %s", want, codeOf(t, got), got.Body)
		}
	}
}

// TestCancelAndPayerAtTheSameInstant shows that a payer who was faster than a cancel
// keeps a payment that the merchant would cancel only if nobody had paid.
func TestCancelAndPayerAtTheSameInstant(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ body, want, shown string }{
		"the transaction only": {`{"cancelTransactionOnly":true}`, "400 6060", "AUTHORIZED authorized 1000 captured 0 cancelled 0 refunded 0"},
		"all of it":            {"", "200", "AUTHORIZED authorized 1000 captured 0 cancelled 1000 refunded 0"},
	} {
		for _, pushed := range []bool{false, true} {
			s := newShop(t)
			if pushed {
				s.push("reference-1", `"personalQr":"28012345678901234567"`)
			} else {
				s.create("reference-1")
			}
			s.counter.Meanwhile = func() { s.counter.Pay("reference-1", "approved") }
			got := s.send(http.MethodPost, payments+"/reference-1/cancel", "k", c.body)
			if codeOf(t, got) != c.want || s.shown("reference-1") != c.shown {
				t.Errorf("%s, pushed %t: want %s %s, got %s %s", name, pushed, c.want, c.shown, codeOf(t, got), s.shown("reference-1"))
			}
		}
	}
}

// TestApprovals shows who is asked to approve by force, and where nobody can.
func TestApprovals(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	approve := func(reference, body string) string {
		s.create(reference)
		return codeOf(t, s.send(http.MethodPost, "/epayment/v1/test/payments/"+reference+"/approve", "", body))
	}
	for reference, body := range map[string]string{
		"anybody-1": "", "anybody-2": `{"customer":{},"token":"t"}`, "by-number": `{"customer":{"phoneNumber":"4791234567"}}`,
	} {
		if got := approve(reference, body); got != "200" {
			t.Errorf("%s: %s", reference, got)
		}
	}
	if got, want := len(s.counter.Approved), 3; got != want {
		t.Errorf("approved: %v", s.counter.Approved)
	}
	s.counter.Refusals["approve"] = hansa.Refuse(hansa.NotAllowedNow, "there is no order that waits")
	s.push("of-one-customer", `"personalQr":"abcde"`)
	if got, want := codeOf(t, s.send(http.MethodPost, "/epayment/v1/test/payments/of-one-customer/approve", "", "")), "400 10010"; got != want {
		t.Errorf("want %s, got %s", want, got)
	}
	s.counter.Refusals["approve"] = hansa.Refuse(hansa.MethodNotAllowed, "no sandbox")
	if got, want := approve("production", ""), "400 10020"; got != want {
		t.Errorf("want %s, got %s", want, got)
	}
	s.counter.Refusals["approve"] = hansa.Refuse(hansa.InsufficientFunds, "poor")
	if got, want := approve("without-money", ""), "400 10010"; got != want {
		t.Errorf("want %s, got %s", want, got)
	}
}

// TestRates shows that the sixth change of a reference in a minute and the 121st look at
// it are too many, and those of another reference are not.
func TestRates(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	for _, c := range []struct {
		method, path, body string
		allowed            int
	}{
		{http.MethodPost, payments, wishFor("reference-1", ""), 5},
		{http.MethodGet, payments + "/reference-1", "", 120},
		{http.MethodGet, payments + "/reference-1/events", "", 120},
		{http.MethodPost, payments + "/reference-1/capture", modification(1), 5},
		{http.MethodPost, payments + "/reference-1/refund", modification(1), 5},
		{http.MethodPost, payments + "/reference-1/cancel", "", 5},
	} {
		for i := range c.allowed {
			if got := s.send(c.method, c.path, "k", c.body); got.Status == http.StatusTooManyRequests {
				t.Fatalf("%s: refused after %d", c.path, i)
			}
		}
		got := s.send(c.method, c.path, "k", c.body)
		if got.Status != http.StatusTooManyRequests || got.Header.Get("Retry-After") != "60" {
			t.Errorf("%s: want 429, got %d %s", c.path, got.Status, got.Body)
		}
	}
	if got := s.send(http.MethodGet, payments+"/reference-2", "", ""); got.Status != http.StatusNotFound {
		t.Errorf("another reference: %d", got.Status)
	}
}

// TestNoBusinessOutcomeIsAServerError shows that the SDK, which repeats or throws at a
// 5xx, hears one of faults and of an absent database alone, whatever the reason.
func TestNoBusinessOutcomeIsAServerError(t *testing.T) {
	t.Parallel()
	for _, row := range api.Problems() {
		for method, send := range map[string]func(*shop) api.Answer{
			"sale": func(s *shop) api.Answer { return s.push("reference-2", `"phoneNumber":"4791234567"`) },
			"capture": func(s *shop) api.Answer {
				return s.send(http.MethodPost, payments+"/reference-1/capture", "k", modification(1))
			},
			"refund": func(s *shop) api.Answer {
				return s.send(http.MethodPost, payments+"/reference-1/refund", "k", modification(1))
			},
			"release":  func(s *shop) api.Answer { return s.send(http.MethodPost, payments+"/reference-1/cancel", "k", "") },
			"document": func(s *shop) api.Answer { return s.send(http.MethodPost, payments, "k", wishFor("reference-3", "")) },
		} {
			s := newShop(t)
			s.create("reference-1")
			s.counter.Pay("reference-1", "approved")
			s.counter.Refusals[method] = hansa.Refuse(row.Reason, "for a test")
			got := send(s)
			fault := row.Reason == hansa.Unavailable
			if got.Status < 400 || got.Status == http.StatusForbidden != (row.Reason == hansa.RoleMissing || row.Reason == hansa.AgreementMissing) ||
				got.Status >= 500 != fault {
				t.Errorf("%s of a %s: got %d %s", row.Reason, method, got.Status, got.Body)
			}
		}
	}
}
