package vipps_test

import (
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/hansa-network/hansa"
)

// TestRefusedWishes shows what no payment is made of, by what it adds to a good request
// or changes of it.
func TestRefusedWishes(t *testing.T) {
	t.Parallel()
	const qr = `,"userFlow":"QR"`
	replace := func(from, to string) string {
		good := wishFor("reference-1", qr)
		if !strings.Contains(good, from) {
			t.Fatalf("%s has no %s", good, from)
		}
		return strings.Replace(good, from, to, 1)
	}
	with := func(more string) string { return wishFor("reference-1", more) }
	long := func(n int) string { return strings.Repeat("å", n) }

	for body, want := range map[string]string{
		"":                                      "400 body",
		"[]":                                    "400 body",
		"{}":                                    "400 amount.value amount.currency paymentMethod.type reference userFlow",
		"{" + with(qr):                          "400 body",
		replace("1000", "-1"):                   "400 amount.value",
		replace("1000", "65000001"):             "400 amount.value",
		replace("1000", "10.5"):                 "400 body",
		replace("1000", `"1000"`):               "400 body",
		replace("1000", "99999999999999999999"): "400 body",
		replace("1000", "99"):                   "400 6010",
		replace(`"value":1000`, `"x":1`):        "400 6010",
		replace("NOK", "SEK"):                   "400 amount.currency",
		replace("NOK", "nok"):                   "400 amount.currency",
		replace("WALLET", "CASH"):               "400 paymentMethod.type",
		replace("WALLET", "CARD"):               "400 5070",
		replace("reference-1", "short-1"):       "400 reference",
		replace("reference-1", "reference_1"):   "400 reference",
		replace("reference-1", strings.Repeat("r", 65)):                                                 "400 reference",
		with(`,"userFlow":"SMS"`):                                                                       "400 userFlow",
		with(qr + `,"customerInteraction":"ABSENT"`):                                                    "400 customerInteraction",
		with(qr + `,"paymentDescription":"ab"`):                                                         "400 paymentDescription",
		with(qr + `,"paymentDescription":"` + long(101) + `"`):                                          "400 paymentDescription",
		with(qr + `,"qrFormat":{"format":"IMAGE/GIF"}`):                                                 "400 qrFormat.format",
		with(qr + `,"qrFormat":{"format":"IMAGE/PNG","size":99}`):                                       "400 qrFormat.size",
		with(qr + `,"qrFormat":{"format":"IMAGE/PNG","size":2001}`):                                     "400 qrFormat.size",
		with(`,"userFlow":"WEB_REDIRECT"`):                                                              "400 4140 returnUrl",
		with(`,"userFlow":"WEB_REDIRECT","returnUrl":"http://example.com"`):                             "400 4090",
		with(`,"userFlow":"WEB_REDIRECT","returnUrl":"javascript:alert(1)"`):                            "400 4090",
		with(`,"userFlow":"WEB_REDIRECT","returnUrl":"https://a@example.com"`):                          "400 4090",
		with(`,"userFlow":"WEB_REDIRECT","returnUrl":"/r"`):                                             "400 4090",
		with(`,"userFlow":"WEB_REDIRECT","returnUrl":"https://example.com/\u0000"`):                     "400 4090",
		with(qr + `,"receiptUrl":"ftp://example.com"`):                                                  "400 4090",
		with(`,"userFlow":"PUSH_MESSAGE"`):                                                              "400 4140 customer",
		with(`,"userFlow":"PUSH_MESSAGE","customer":{}`):                                                "400 4140 customer",
		with(`,"userFlow":"PUSH_MESSAGE","customer":{"phoneNumber":"+4791234567"}`):                     "400 4070",
		with(`,"userFlow":"PUSH_MESSAGE","customer":{"phoneNumber":"479123456"}`):                       "400 4070",
		with(`,"userFlow":"PUSH_MESSAGE","customer":{"personalQr":"abcd"}`):                             "400 4060",
		with(`,"userFlow":"PUSH_MESSAGE","customer":{"personalQr":"` + long(256) + `"}`):                "400 4060",
		with(`,"userFlow":"PUSH_MESSAGE","customer":{"customerToken":"` + long(256) + `"}`):             "400 4050",
		with(`,"userFlow":"PUSH_MESSAGE","customer":{"phoneNumber":"4791234567","personalQr":"abcde"}`): "400 customer",
		with(qr + `,"metadata":{"1":"","2":"","3":"","4":"","5":"","6":""}`):                            "400 4100",
		with(qr + `,"metadata":{"` + long(101) + `":""}`):                                               "400 4120",
		with(qr + `,"metadata":{"a":"` + long(501) + `"}`):                                              "400 4130",
		with(qr + `,"metadata":{"a":1}`):                                                                "400 body",
		with(qr + `,"metadata":{"a":"` + strings.Repeat("\U0001F600", 500) + `","b":"` + strings.Repeat("\U0001F600", 500) + `","c":"` +
			strings.Repeat("\U0001F600", 500) + `"}`): "400 4100",
		with(qr + `,"expiresAt":"tomorrow"`):                                                                    "400 body",
		with(qr + `,"expiresAt":"2026-07-01T12:09:59Z"`):                                                        "400 6120",
		with(qr + `,"expiresAt":"2026-07-02T12:00:01Z"`):                                                        "400 6110",
		with(qr + `,"expiresAt":"2026-07-01T13:00:00Z"`):                                                        "400 6130",
		with(`,"userFlow":"PUSH_MESSAGE","customer":{"personalQr":"abcde"},"expiresAt":"2026-07-01T13:00:00Z"`): "400 5050",
		with(qr + `,"minimumUserAge":18`):                                                                       "400 5070",
		with(qr + `,"shipping":{"fixedOptions":[]}`):                                                            "400 5020",
		with(qr + `,"blockedSources":["CREDIT_CARD"]`):                                                          "400 5010",
		with(qr + "}" + strings.Repeat(" ", 10) + "{"):                                                          "400 body",
		strings.Repeat(`{"a":`, 100) + strings.Repeat("}", 100):                                                 "400 body",
	} {
		s := newShop(t)
		got := s.send(http.MethodPost, payments, "k", body)
		if code := codeOf(t, got); code != want {
			t.Errorf("%.200s: want %s, got %s %s", body, want, code, got.Body)
		}
		if len(s.counter.Sales) > 0 {
			t.Errorf("%.200s: a payment was made", body)
		}
	}
}

// TestRefusedCustomers shows how the network's refusal of a code is told by what the
// merchant knows its customer by.
func TestRefusedCustomers(t *testing.T) {
	t.Parallel()
	for customer, want := range map[string]string{
		`"personalQr":"28012345678901234567"`: "400 4060",
		`"phoneNumber":"4791234567"`:          "400 7010",
		`"customerToken":"token"`:             "400 4050",
	} {
		for _, reason := range []hansa.Reason{hansa.CodeUnknown, hansa.CodeUsed, hansa.CodeExpired, hansa.CodeRevoked, hansa.CodeInvalid} {
			s := newShop(t)
			s.counter.Refusals["sale"] = hansa.Refuse(reason, "for a test")
			if got := codeOf(t, s.push("reference-1", customer)); got != want {
				t.Errorf("%s, %s: want %s, got %s", customer, reason, want, got)
			}
		}
	}
}

// TestRefusedChanges shows the errors of changes that come too early, too late or for too
// much.
func TestRefusedChanges(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		before []string
		path   string
		body   string
		want   string
	}{
		"capture before anybody paid":    {nil, "capture", modification(1), "400 6080"},
		"capture of what was terminated": {[]string{"cancel"}, "capture", modification(1), "400 6070"},
		"capture of what has expired":    {[]string{"expired"}, "capture", modification(1), "400 6200"},
		"capture of too much":            {[]string{"approved"}, "capture", modification(1001), "400 6090"},
		"capture of too much later":      {[]string{"approved", "capture 1"}, "capture", modification(1000), "400 6090"},
		"capture after a cancel":         {[]string{"approved", "cancel"}, "capture", modification(1), "400 6070"},
		"capture after all was captured": {[]string{"approved", "capture 1000"}, "capture", modification(1), "400 6090"},
		"refund before anybody paid":     {nil, "refund", modification(1), "400 6020"},
		"refund before a capture":        {[]string{"approved"}, "refund", modification(1), "400 6150"},
		"refund of too much":             {[]string{"approved", "capture 10"}, "refund", modification(11), "400 6150"},
		"cancel of what was captured":    {[]string{"approved", "capture 1000"}, "cancel", "", "400 6040"},
		"cancel of what was cancelled":   {[]string{"cancel"}, "cancel", "", "400 6190"},
		"cancel of what was released":    {[]string{"approved", "cancel"}, "cancel", "", "400 6190"},
		"cancel of what has expired":     {[]string{"expired"}, "cancel", "", "400 6190"},
		"cancel of only a transaction":   {[]string{"approved"}, "cancel", `{"cancelTransactionOnly":true}`, "400 6060"},
		"no amount":                      {[]string{"approved"}, "capture", "{}", "400 modificationAmount"},
		"no body":                        {[]string{"approved"}, "capture", "", "400 body"},
		"nothing":                        {[]string{"approved"}, "capture", modification(0), "400 4040"},
		"less than nothing":              {[]string{"approved"}, "refund", modification(-1), "400 4040"},
		"another currency": {
			[]string{"approved"}, "capture", `{"modificationAmount":{"currency":"EUR","value":1}}`, "400 5040",
		},
		"no currency": {[]string{"approved"}, "capture", `{"modificationAmount":{"value":1}}`, "400 5040"},
		"a fraction":  {[]string{"approved"}, "capture", `{"modificationAmount":{"currency":"NOK","value":1.5}}`, "400 body"},
		"not JSON":    {nil, "cancel", "cancel", "400 body"},
	} {
		s := newShop(t)
		s.create("reference-1")
		for i, do := range c.before {
			s.do("reference-1", do, string(rune('a'+i)))
		}
		got := s.send(http.MethodPost, payments+"/reference-1/"+c.path, "k", c.body)
		if code := codeOf(t, got); code != c.want {
			t.Errorf("%s: want %s, got %s %s", name, c.want, code, got.Body)
		}
	}
	s := newShop(t)
	for path, want := range map[string]string{"/short": "400 reference", "/reference-1": "404 5090", "/reference-1/events": "404 5090"} {
		if got := codeOf(t, s.send(http.MethodGet, payments+path, "", "")); got != want {
			t.Errorf("%s: want %s, got %s", path, want, got)
		}
	}
}

// FuzzRequests throws bodies at whatever reads one: the answer is always one of the
// protocol, in UTF-8, and never a server error.
func FuzzRequests(f *testing.F) {
	targets := []struct{ method, path string }{
		{http.MethodPost, payments},
		{http.MethodPost, payments + "/reference-1/capture"},
		{http.MethodPost, payments + "/reference-1/refund"},
		{http.MethodPost, payments + "/reference-1/cancel"},
		{http.MethodPost, "/epayment/v1/test/payments/reference-1/approve"},
		{http.MethodPost, "/webhooks/v1/webhooks"},
		{http.MethodPost, "/qr/v1"},
		{http.MethodPost, "/qr/v1/merchant-redirect"},
		{http.MethodPut, "/qr/v1/merchant-callback/till-1"},
		{http.MethodPost, "/qr/v1/exchange"},
		{http.MethodPost, "/qr/v1/exchange/customer"},
		{http.MethodPost, "/miami/v1/token"},
	}
	for number := range targets {
		for _, body := range []string{
			"", "{}", "null", `{"amount":null}`, wishFor("reference-2", ""), modification(1), `{"cancelTransactionOnly":1}`,
			wishFor("reference-2", `,"userFlow":"PUSH_MESSAGE","customer":{"phoneNumber":"4791234567"}`),
			`{"url":"https://example.com/wh","events":["epayments.payment.captured.v1"]}`,
			`{"id":"a","redirectUrl":"https://example.com/","ttl":300}`, `{"locationDescription":"Kasse 1"}`, `{"qrCode":"https://qr.vipps.no/p/x"}`,
			`{"customer":{"customerToken":"x"},"requestedData":["MSISDN"]}`, "grant_type=%zz",
		} {
			f.Add(number, body, "key")
		}
	}
	f.Fuzz(func(t *testing.T, number int, body, key string) {
		if number < 0 || number >= len(targets) {
			return
		}
		s := newShop(t)
		s.create("reference-1")
		s.counter.Pay("reference-1", "approved")
		r := newRequest(targets[number].method, targets[number].path, "")
		r.Header["Idempotency-Key"] = []string{key}
		answer := s.ask(r, body)
		if answer.Status < 200 || answer.Status >= 500 || !utf8.Valid(answer.Body) {
			t.Errorf("%s %q: got %d %q", targets[number].path, body, answer.Status, answer.Body)
		}
		if strings.Contains(answer.Header.Get("Content-Type"), "json") {
			var anything any
			decode(t, answer, &anything)
		}
	})
}

// FuzzTokens looks for a token that is believed and that the dialect has not issued.
func FuzzTokens(f *testing.F) {
	f.Add("eyJtoken2")
	f.Add("a.b.c")
	f.Add("..")
	f.Fuzz(func(t *testing.T, token string) {
		s := newShop(t)
		if trimmed := strings.TrimSpace(token); trimmed == s.tokenText() || trimmed == "eyJtoken" {
			return
		}
		r := newRequest(http.MethodGet, payments+"/reference-1", "")
		r.Header["Authorization"] = []string{"Bearer " + token}
		if got := s.ask(r, ""); got.Status != http.StatusUnauthorized {
			t.Errorf("%q: got %d %s", token, got.Status, got.Body)
		}
	})
}
