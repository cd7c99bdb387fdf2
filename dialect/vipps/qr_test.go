package vipps_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa/api"
)

// accepting sends a request that wants a picture in some form.
func (s *shop) accepting(accept, method, path, body string) api.Answer {
	s.t.Helper()
	r := newRequest(method, path, "")
	r.Header.Set("Accept", accept)
	return s.ask(r, body)
}

// TestOneTimeCodes makes codes of the pages of payments.
func TestOneTimeCodes(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.create("reference-1")
	const page = origin + "/checkout/ord_06fhv37200000ppn7syxw138er8y8"
	for accept, want := range map[string]string{
		"image/*": page + ".svg", "image/png": page + ".png?size=1024", "image/svg+xml": page + ".svg", "text/targetUrl": page,
	} {
		got := s.accepting(accept, http.MethodPost, "/qr/v1", `{"url":" `+page+` "}`)
		if want := fmt.Sprintf(`{"url":"%s","expiresIn":600}`, want); got.Status != http.StatusOK || string(got.Body) != want {
			t.Errorf("%s: want %s, got %d %s", accept, want, got.Status, got.Body)
		}
	}
	for body, want := range map[string]string{
		`{"url":"` + page + `"}`: "Order timeout", `{"url":"https://api.vipps.no/dwo-api-application/v1"}`: "Validation error",
		`{"url":"` + origin + `/checkout/ord_2"}`: "Validation error", "{}": "Validation error",
	} {
		s.now = noon.Add(10 * time.Minute)
		if got := s.accepting("image/*", http.MethodPost, "/qr/v1", body); got.Status != http.StatusBadRequest || !strings.Contains(string(got.Body), want) {
			t.Errorf("%s: want %s, got %d %s", body, want, got.Status, got.Body)
		}
	}
	if got := s.accepting("application/pdf", http.MethodPost, "/qr/v1", `{"url":"`+page+`"}`); got.Status != http.StatusUnsupportedMediaType {
		t.Errorf("got %d %s", got.Status, got.Body)
	}
}

// TestRedirectCodes makes a code that stays, changes where it leads, and lets it lead.
func TestRedirectCodes(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	const all = "/qr/v1/merchant-redirect"
	const text = origin + "/qr/to/123456/redirect/billboard_1"
	wish := func(id, target, more string) string {
		return `{"id":"` + id + `","redirectUrl":"` + target + `"` + more + `}`
	}
	shown := func(target, picture string, left int) string {
		return fmt.Sprintf(`{"id":"billboard_1","url":"%s","redirectUrl":"%s","expiresIn":%d}`, picture, target, left)
	}
	for _, step := range []struct {
		accept, method, path, body string
		want                       string
	}{
		{"image/png", http.MethodPost, all, wish("billboard_1", "https://example.com/a", ""), shown("https://example.com/a", text+".png?size=1024", -1)},
		{"image/*", http.MethodPost, all, wish("billboard_1", "https://example.com/b", ""), `{"id":"billboard_1"}`},
		{"image/*", http.MethodPut, all + "/billboard_1", `{"redirectUrl":"https://example.com/b"}`, shown("https://example.com/b", text+".svg", -1)},
		{"text/targetUrl", http.MethodGet, all + "/billboard_1", "", shown("https://example.com/b", text, -1)},
		{"text/targetUrl", http.MethodGet, all, "", "[" + shown("https://example.com/b", text, -1) + "]"},
		{"", http.MethodDelete, all + "/billboard_1", "", ""},
		{"text/targetUrl", http.MethodGet, all, "", "[]"},
		{"text/targetUrl", http.MethodPost, all, wish("billboard_1", "https://example.com/c", `,"ttl":600`), shown("https://example.com/c", text, 600)},
	} {
		got := s.accepting(step.accept, step.method, step.path, step.body)
		if diff := cmp.Diff(step.want, string(got.Body)); diff != "" {
			t.Errorf("%s %s: %d (-want +got):\n%s", step.method, step.path, got.Status, diff)
		}
	}
	if got := s.scan(text); got.Status != http.StatusFound || got.Header.Get("Location") != "https://example.com/c" {
		t.Errorf("scan: %d %s", got.Status, got.Header)
	}
	if got, want := s.scan(text+".svg"), "0 pixels of "+text; string(got.Body) != want || got.Header.Get("Content-Type") != "image/svg+xml" {
		t.Errorf("want %s, got %d %s", want, got.Status, got.Body)
	}
	if got, want := s.scan(text+".png?size=200"), "200 pixels of "+text; string(got.Body) != want || got.Header.Get("Content-Type") != "image/png" {
		t.Errorf("want %s, got %d %s", want, got.Status, got.Body)
	}
	s.now = noon.Add(10 * time.Minute)
	for _, address := range []string{text, text + ".svg", text + ".gif", origin + "/qr/to/999999/redirect/billboard_1", origin + "/qr/to/123456/undo/billboard_1"} {
		if got := s.scan(address); got.Status != http.StatusNotFound {
			t.Errorf("%s: want 404, got %d %s", address, got.Status, got.Body)
		}
	}
	if got := s.accepting("image/*", http.MethodPost, all, wish("billboard_1", "https://example.com/d", "")); got.Status != http.StatusOK {
		t.Errorf("an id whose code has ended: %d %s", got.Status, got.Body)
	}
}

// scan asks for an address without credentials, as a telephone does.
func (s *shop) scan(address string) api.Answer {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, address, http.NoBody)
	if err != nil {
		s.t.Fatal(err)
	}
	return s.ask(r, "")
}

// TestRefusedCodes shows what no code is made of.
func TestRefusedCodes(t *testing.T) {
	t.Parallel()
	const all = "/qr/v1/merchant-redirect"
	for body, want := range map[string]string{
		`{"redirectUrl":"https://example.com/"}`:                           "400 Id",
		`{"id":"a.svg","redirectUrl":"https://example.com/"}`:              "400 Id",
		`{"id":"a","redirectUrl":"http://example.com/"}`:                   "400 RedirectUrl",
		`{"id":"a","redirectUrl":"https://user@example.com/"}`:             "400 RedirectUrl",
		`{"id":"a","redirectUrl":"https://example.com/","ttl":299}`:        "400 Ttl",
		`{"id":"a","redirectUrl":"https://example.com/","ttl":3e9}`:        "400 body",
		`{"id":"a","redirectUrl":"https://example.com/","ttl":2147483648}`: "400 Ttl",
	} {
		s := newShop(t)
		if got := codeOf(t, s.accepting("image/*", http.MethodPost, all, body)); got != want {
			t.Errorf("%s: want %s, got %s", body, want, got)
		}
	}
	s := newShop(t)
	r := newRequest(http.MethodGet, all, "")
	r.Header.Set("Accept", "image/png")
	r.Header.Set("Size", "99")
	if got, want := codeOf(t, s.ask(r, "")), "400 Size"; got != want {
		t.Errorf("want %s, got %s", want, got)
	}
	for _, method := range []string{http.MethodGet, http.MethodPut, http.MethodDelete} {
		if got := s.accepting("image/*", method, all+"/nothing", `{"redirectUrl":"https://example.com/"}`); got.Status != http.StatusNotFound {
			t.Errorf("%s: want 404, got %d", method, got.Status)
		}
	}
}

// TestCallbackCodes makes codes at which payers check in.
func TestCallbackCodes(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	const all = "/qr/v1/merchant-callback"
	const text = origin + "/qr/to/123456/callback/till-1"
	put := func(id, body string) api.Answer { return s.send(http.MethodPut, all+"/"+id, "", body) }
	for _, location := range []string{"Kasse 2", "Kasse 1"} {
		if got := put("till-1", `{"locationDescription":"`+location+`"}`); got.Status != http.StatusOK {
			t.Errorf("got %d %s", got.Status, got.Body)
		}
	}
	shown := func(picture string) string {
		return `{"merchantSerialNumber":"123456","merchantQrId":"till-1","locationDescription":"Kasse 1","qrImageUrl":"` + picture + `","qrContent":"` + text + `"}`
	}
	for path, want := range map[string]string{
		all + "/till-1":                                   shown(text + ".svg"),
		all + "?QrImageFormat=PNG":                        "[" + shown(text+".png?size=1024") + "]",
		all + "/till-1?QrImageFormat=SVG":                 shown(text + ".svg"),
		all + "/till-1?QrImageFormat=PNG&QrImageSize=200": shown(text + ".png?size=200"),
	} {
		if got := s.send(http.MethodGet, path, "", ""); string(got.Body) != want {
			t.Errorf("%s: want %s, got %d %s", path, want, got.Status, got.Body)
		}
	}
	if got, want := s.scan(text+".svg"), "0 pixels of "+text; string(got.Body) != want {
		t.Errorf("want %s, got %d %s", want, got.Status, got.Body)
	}
	for name, c := range map[string]struct {
		got  api.Answer
		want string
	}{
		"no location":     {put("till-1", "{}"), "400 LocationDescription"},
		"a long location": {put("till-1", `{"locationDescription":"`+strings.Repeat("å", 37)+`"}`), "400 LocationDescription"},
		"a strange id":    {put("till.svg", `{"locationDescription":"a"}`), "400 MerchantQrId"},
		"a wrong format":  {s.send(http.MethodGet, all+"?QrImageFormat=GIF", "", ""), "400 QrImageFormat"},
		"a wrong size":    {s.send(http.MethodGet, all+"?QrImageFormat=PNG&QrImageSize=1", "", ""), "400 QrImageSize"},
		"MobilePay's own": {put("mobilepay/12345", `{"locationDescription":"a"}`), "403"},
		"deleted":         {s.send(http.MethodDelete, all+"/till-1", "", ""), "200"},
		"nothing":         {s.send(http.MethodGet, all+"/till-2", "", ""), "404"},
	} {
		if got := codeOf(t, c.got); got != c.want {
			t.Errorf("%s: want %s, got %s", name, c.want, got)
		}
	}
}

// TestExchanges shows that the network tells nobody's number: only one that a code says
// by itself is read.
func TestExchanges(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	for _, c := range []struct{ path, body, want string }{
		{"", `{"qrCode":"https://qr.vipps.no/28/2/01/031/4791234567?v=1"}`, `{"msisdn":"4791234567","version":"1.0"}`},
		{"", `{"qrCode":"https://qr.vipps.no/28/2/01/031/4791234567?v=1","requestedData":["MSISDN"]}`, `{"msisdn":"4791234567","version":"1.0"}`},
		{"", `{"qrCode":"https://qr.vipps.no/28/2/01/031/4791234567?v=1","requestedData":["NAME"]}`, "400 requestedData"},
		{"", `{"qrCode":"https://qr.vipps.no/p/abc"}`, "400 qrCode"},
		{"", `{"qrCode":"28012345678901234567"}`, "400 qrCode"},
		{"", `{}`, "400 qrCode"},
		{"/customer", `{"customer":{"customerToken":"t"},"requestedData":["MSISDN"]}`, "400 customer"},
		{"/customer", `{"requestedData":["MSISDN"]}`, "400 customer"},
		{"/customer", `{"customer":{"customerToken":"t"},"requestedData":["NAME"]}`, "400 requestedData"},
	} {
		answer := s.send(http.MethodPost, "/qr/v1/exchange"+c.path, "", c.body)
		got := codeOf(t, answer)
		if answer.Status == http.StatusOK {
			got = string(answer.Body)
		}
		if got != c.want {
			t.Errorf("%s %s: want %s, got %s", c.path, c.body, c.want, got)
		}
	}
}
