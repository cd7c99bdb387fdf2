package web_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/web"
)

// TestAPushIsPaidByACodeOfAnyWallet: what a sales unit of Vipps has scanned from its customer,
// or was given at a check-in, may be a payment code of another wallet. A number is none.
func TestAPushIsPaidByACodeOfAnyWallet(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	if result, err := n.do(t.Context(), hub.Request{Operation: recordedUnit(t)}); err != nil || result.Refusal != nil {
		t.Fatal(err, result.Refusal)
	}
	n.answered(yes)
	paidOnce := n.code("pivo", "aino")
	config := n.config()
	config.Dialects = spoken(t)
	handler := web.New(config)
	ask := func(method, path, body string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, origin+"/epayment/v1/payments"+path, strings.NewReader(body))
		r.Header = http.Header{
			"Authorization": {"Bearer eyJtoken"}, "Ocp-Apim-Subscription-Key": {"0f14ebcab0ec4b29ae0cb90d91b4a84a"},
			"Merchant-Serial-Number": {"123456"}, "Idempotency-Key": {n.nonce()}, "Content-Type": {"application/json"},
		}
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		return w
	}
	for i, tt := range []struct{ customer, want string }{
		{`{"personalQr":"` + n.code("epassi", "ida") + `"}`, ""},
		{`{"customerToken":"` + paidOnce + `"}`, ""},
		{`{"customerToken":"` + paidOnce + `"}`, "4050"},
		{`{"personalQr":"https://qr.vipps.no/28/2/01/031/4791234567?v=1"}`, "4060"},
		{`{"personalQr":"https://qr.vipps.no/p/qwjhewqhueheuqwhuqwhe"}`, "4060"},
		{`{"phoneNumber":"4791234567"}`, "7010"},
	} {
		reference := "reference-" + string(rune('0'+i))
		made := ask(http.MethodPost, "", `{"amount":{"currency":"NOK","value":1000},"paymentMethod":{"type":"WALLET"},"reference":"`+reference+
			`","userFlow":"PUSH_MESSAGE","customer":`+tt.customer+`}`)
		if tt.want != "" {
			if made.Code != http.StatusBadRequest || !strings.Contains(made.Body.String(), `"`+tt.want+`"`) {
				t.Errorf("%s: want %s, got %d %s", tt.customer, tt.want, made.Code, made.Body)
			}
			continue
		}
		if made.Code != http.StatusCreated || strings.Contains(made.Body.String(), "redirectUrl") {
			t.Errorf("%s: %d %s", tt.customer, made.Code, made.Body)
		}
		if shown := ask(http.MethodGet, "/"+reference, ""); !strings.Contains(shown.Body.String(), `"state":"AUTHORIZED"`) {
			t.Errorf("%s: %d %s", tt.customer, shown.Code, shown.Body)
		}
	}
}
