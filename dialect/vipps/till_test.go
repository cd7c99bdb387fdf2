package vipps_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/api/apitest"
	"github.com/hansa-network/hansa/dialect/vipps"
	"github.com/hansa-network/hansa/money"
)

// till is a till with the credentials of the recordings.
func till() vipps.Till {
	return vipps.Till{
		MerchantSerialNumber: "123456", ClientID: "fb492b5e-7907-4d83-bc20-c7fb60ca35de", ClientSecret: "Y8Kteew6GE3ZmeycEt6egg==",
		SubscriptionKey: "0f14ebcab0ec4b29ae0cb90d91b4a84a",
	}
}

// tells lets a till make a call, and returns what it understands of the answer.
func (s *shop) tells(call api.TillCall) (api.TillAnswer, error) {
	s.t.Helper()
	sent := till().Ask(call, s.now)
	r := httptest.NewRequest(sent.Method, origin+sent.URL, nil)
	maps.Copy(r.Header, sent.Header)
	return till().Heard(call, sent, s.ask(r, string(sent.Body)))
}

// call is about a sale, with the key of what is done to it.
func call(kind, reference string) api.TillCall {
	return api.TillCall{
		Kind: kind, Sale: "sale-" + reference, OrderReference: reference, Code: "https://qr.vipps.no/28/2/01/031/4791234567?v=1",
		Amount: money.New(10_00, "NOK"), Access: "eyJtoken", Change: map[string]string{api.TillRefund: "r1", api.TillCapture: "c1", api.TillCancel: "x1"}[kind],
	}
}

// TestATillWritesAsTheOfficialLibrary to the member, but for texts that a till leaves out.
func TestATillWritesAsTheOfficialLibrary(t *testing.T) {
	t.Parallel()
	for number, asked := range map[int]api.TillCall{
		1: call(api.TillEnter, "x"), 2: call(api.TillOrder, "acme-shop-123-order1"), 3: call(api.TillSell, "acme-shop-123-order1b"),
		4: call(api.TillInquire, "acme-shop-123-order1"), 6: call(api.TillCapture, "acme-shop-123-order1"),
		8: call(api.TillCancel, "acme-shop-123-order1"),
	} {
		was, body := recording(t, number)
		sent := till().Ask(asked, noon)
		if sent.Method != was.Method || sent.URL != was.URL.Path {
			t.Errorf("%d: %s %s", number, sent.Method, sent.URL)
		}
		for name := range sent.Header {
			mayDiffer := name == "Idempotency-Key" || name == "Vipps-System-Name" || number == 1 && name == "Authorization"
			if !mayDiffer && sent.Header.Get(name) != was.Header.Get(name) {
				t.Errorf("%d: %s is %q, was %q", number, name, sent.Header.Get(name), was.Header.Get(name))
			}
		}
		if body == "" && len(sent.Body) == 0 {
			continue
		}
		var want, got map[string]any
		if err := errors.Join(json.Unmarshal([]byte(body), &want), json.Unmarshal(sent.Body, &got)); err != nil {
			t.Fatal(number, err)
		}
		delete(want, "paymentDescription")
		delete(want, "returnUrl")
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%d (-recorded +sent):\n%s", number, diff)
		}
	}
}

// TestATillEntersAndCaptures what is authorised, and gives back by a refund what a cancel
// comes too late for.
func TestATillEntersAndCaptures(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	stranger := call(api.TillOrder, "order-0001")
	stranger.Access = ""
	_, err := s.tells(stranger)
	if reason, _ := hansa.ReasonOf(err); reason != hansa.Unsigned {
		t.Errorf("without a token: %v", err)
	}
	entered, err := s.tells(call(api.TillEnter, ""))
	if err != nil || entered.Access == "" {
		t.Fatalf("%+v, %v", entered, err)
	}
	step := func(kind string, want api.TillAnswer) {
		t.Helper()
		asked := call(kind, "order-0001")
		asked.Access = entered.Access
		got, err := s.tells(asked)
		if want.Network == "any" {
			want.Network = got.Network
		}
		if err != nil || got != want {
			t.Errorf("%s: want %+v, got %+v, %v", kind, want, got, err)
		}
	}
	step(api.TillOrder, api.TillAnswer{Standing: api.TillWaits, Network: "any", Capture: true})
	step(api.TillInquire, api.TillAnswer{Standing: api.TillWaits, Network: "any"})
	s.counter.Pay("order-0001", "approved")
	step(api.TillInquire, api.TillAnswer{Standing: api.TillPaid, Network: "any", Capture: true})
	step(api.TillCapture, api.TillAnswer{Standing: api.TillPaid, Network: "any"})
	step(api.TillInquire, api.TillAnswer{Standing: api.TillPaid, Network: "any"})
	step(api.TillCancel, api.TillAnswer{Standing: api.TillPaid})
	step(api.TillRefund, api.TillAnswer{Standing: api.TillPaid, Network: "any"})
}

// TestReferencesHaveAForm that the protocol takes, and two of them never become one.
func TestReferencesHaveAForm(t *testing.T) {
	t.Parallel()
	for text, begins := range map[string]string{"order-0001": "order-0001", "A 17": "A-17-", "Tisch/17": "Tisch-17-", "": "-"} {
		if got := vipps.ReferenceOf(text); !strings.HasPrefix(got, begins) || len(got) < 8 || len(got) > 64 {
			t.Errorf("%q becomes %q", text, got)
		}
	}
	if vipps.ReferenceOf("A 17") == vipps.ReferenceOf("A/17") || len(vipps.ReferenceOf(strings.Repeat("ø", 300))) != 64 {
		t.Error("a reference is lost")
	}
}

// TestWhatATillUnderstandsOfARefusal prints it for every reason of the network.
func TestWhatATillUnderstandsOfARefusal(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	fmt.Fprintf(&text, "%-22s %-22s %s\n", "reason", "sale", "order")
	for _, row := range api.Problems() {
		s := newShop(t)
		refusal := apitest.Refusal(row)
		s.counter.Refusals["sale"], s.counter.Refusals["order"] = refusal, refusal
		_, sold := s.tells(call(api.TillSell, "order-0001"))
		_, ordered := s.tells(call(api.TillOrder, "order-0002"))
		fmt.Fprintf(&text, "%-22s %-22s %s\n", row.Reason, apitest.Understood(sold), apitest.Understood(ordered))
	}
	apitest.Golden(t, "till_reasons.txt", text.String())
}
