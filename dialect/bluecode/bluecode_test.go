package bluecode_test

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/api/apitest"
)

// TestRecordedRequests replays what the client of tills sent, byte for byte: with live
// credentials to the network, with sandbox credentials to the protocol's sandbox.
func TestRecordedRequests(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/recorded/*.http")
	if err != nil || len(files) != 4 {
		t.Fatalf("%d recordings, %v", len(files), err)
	}
	var text strings.Builder
	for _, mode := range []string{"live", "sandbox"} {
		c := newCounter()
		if mode == "sandbox" { // The recorded credentials are then those of the sandbox.
			c.secrets = map[string]string{"sandbox_secret": sum("secret")}
		}
		for _, file := range files {
			recorded, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&text, "== %s, %s\n%s", filepath.Base(file), mode, c.ask(t, string(recorded)))
		}
		if asked := len(c.Sales); mode == "sandbox" && asked != 1 {
			t.Errorf("want only the registered payment at the network, got %d", asked)
		}
	}
	apitest.Golden(t, "recorded.txt", text.String())
}

const payment = `{"scheme":"AUTO","currency":"EUR","merchant_tx_id":"tx-1","slip_date_time":"2026-11-21T22:40:59Z",` +
	`"branch_ext_id":"store-oslo-1","barcode":"98802222100100123456","requested_amount":1250,"terminal":"T1"}`

// TestLifeOfAPayment asks, polls, cancels and refunds as a till does.
func TestLifeOfAPayment(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	c := newCounter()
	tell := func(endpoint, body string) {
		fmt.Fprintf(&text, "%s %s\n  %s\n", endpoint, body, bodyOf(c.ask(t, post(endpoint, live, body))))
	}
	c.Outcome = api.Payment{Status: "pending", PendingReason: "asking_wallet", Wallet: "alipay"}
	tell("payment", payment)
	tell("payment", payment)
	c.Sales["tx-1"].Payment.PendingReason = "awaiting_payer"
	tell("status", `{"merchant_tx_id":"tx-1"}`)
	c.Sales["tx-1"].Payment.Status = "approved"
	tell("status", `{"merchant_tx_id":"tx-1"}`)
	tell("payment", payment)
	reference := c.Sales["tx-1"].Payment.Reference
	tell("receipt", `{"branch_ext_id":"store-oslo-1","acquirer_tx_id":"`+reference+`","receipt":{"items":[]}}`)
	tell("refund", `{"acquirer_tx_id":"`+reference+`","amount":500,"reason":"returned"}`)
	tell("status", `{"merchant_tx_id":"tx-1"}`)
	tell("refund", `{"acquirer_tx_id":"`+reference+`","amount":1000,"reason":"returned"}`)
	tell("refund", `{"acquirer_tx_id":"`+reference+`"}`)
	tell("refund", `{"acquirer_tx_id":"`+reference+`"}`)
	tell("status", `{"merchant_tx_id":"tx-1"}`)
	c.now = c.now.Add(time.Minute)
	tell("refund", `{"acquirer_tx_id":"`+reference+`"}`)
	apitest.Golden(t, "life.txt", text.String())
}

// TestStates tells each state of the network, of a payment and of a registered one.
func TestStates(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	for _, status := range []string{"pending", "approved", "declined", "expired", "cancelled"} {
		c := newCounter()
		c.Outcome = api.Payment{Status: status, Wallet: "bluecode", Reason: map[string]string{"declined": "insufficient_funds"}[status]}
		fmt.Fprintf(&text, "payment %-10s %s\n", status, bodyOf(c.ask(t, post("payment", live, payment))))
		fmt.Fprintf(&text, "  cancelled %8s %s\n", "", bodyOf(c.ask(t, post("cancel", live, `{"merchant_tx_id":"tx-1"}`))))
	}
	for _, status := range []string{"open", "held", "paid", "closed", "expired"} {
		c := newCounter()
		c.ask(t, post("register", live, payment))
		c.Sales["tx-1"].Order.Status = status
		if status == "paid" {
			c.Sales["tx-1"].Payment = &api.Payment{Reference: "pay_1", Status: "approved", Wallet: "vipps", OrderAmount: c.Sales["tx-1"].Order.Amount}
		}
		fmt.Fprintf(&text, "order %-12s %s\n", status, bodyOf(c.ask(t, post("status", live, `{"merchant_tx_id":"tx-1"}`))))
		fmt.Fprintf(&text, "  cancelled %8s %s\n", "", bodyOf(c.ask(t, post("cancel", live, `{"merchant_tx_id":"tx-1"}`))))
	}
	apitest.Golden(t, "states.txt", text.String())
}

// TestCancelOfWhatNeverCame succeeds, and what then comes is refused.
func TestCancelOfWhatNeverCame(t *testing.T) {
	t.Parallel()
	c := newCounter()
	want := `{"result":"OK","payment":{"state":"CANCELED","merchant_tx_id":"tx-1","total_amount":0,"requested_amount":0,"consumer_tip_amount":0}}`
	if got := bodyOf(c.ask(t, post("cancel", live, `{"merchant_tx_id":"tx-1"}`))); got != want {
		t.Errorf("want %s, got %s", want, got)
	}
	want = `{"result":"ERROR","error_code":"MERCHANT_TX_ID_NOT_UNIQUE","payment":{"state":"CANCELED","merchant_tx_id":"tx-1","total_amount":0,"requested_amount":0,"consumer_tip_amount":0}}`
	if got := bodyOf(c.ask(t, post("payment", live, payment))); got != want {
		t.Errorf("want %s, got %s", want, got)
	}
	for _, endpoint := range []string{"status", "cancel"} {
		want = `{"result":"OK","payment":{"state":"CANCELED","merchant_tx_id":"tx-1","total_amount":0,"requested_amount":0,"consumer_tip_amount":0}}`
		if got := bodyOf(c.ask(t, post(endpoint, live, `{"merchant_tx_id":"tx-1"}`))); got != want {
			t.Errorf("%s: want %s, got %s", endpoint, want, got)
		}
	}
}

// TestRepeatedRefundIsOne gives back once what the client repeats by itself, and twice
// what is asked for later.
func TestRepeatedRefundIsOne(t *testing.T) {
	t.Parallel()
	c := newCounter()
	c.ask(t, post("payment", live, payment))
	refund := post("refund", live, `{"acquirer_tx_id":"`+c.Sales["tx-1"].Payment.Reference+`","amount":500}`)
	for _, step := range []struct {
		after time.Duration
		want  int
	}{{0, 1}, {12 * time.Second, 1}, {12 * time.Second, 1}, {time.Minute, 2}} {
		c.now = c.now.Add(step.after)
		if answer := c.ask(t, refund); !strings.HasPrefix(answer, "200") || len(c.Sales["tx-1"].Movements) != step.want {
			t.Errorf("after %s: want %d refunds, got %d, %s", step.after, step.want, len(c.Sales["tx-1"].Movements), answer)
		}
	}
}

// TestForms takes the bodies that tills, browsers and shops send.
func TestForms(t *testing.T) {
	t.Parallel()
	form := "merchant_tx_id=123&scheme=blue_code&currency=EUR&requested_amount=1250&branch_ext_id=store-oslo-1&terminal=https%3A%2F%2Fshop.example" +
		"&slip=Caf%C3%A9&merchant_callback_url=https%3A%2F%2Fshop.example%2Fn&return_url_success=https%3A%2F%2Fshop.example%2Fs&source=ecommerce"
	var text strings.Builder
	for _, tt := range []struct{ name, media, endpoint, body string }{
		{"JSON", "application/json", "payment", payment},
		{"JSON as text", "text/plain;charset=UTF-8", "payment", payment},
		{"amount as text", "application/json", "payment", strings.Replace(payment, "1250", `"1250"`, 1)},
		{"amount with a zero", "application/json", "payment", strings.Replace(payment, "1250", "1250.0", 1)},
		{"form", "application/x-www-form-urlencoded", "register", form},
		{"form, charset", "application/x-www-form-urlencoded; charset=UTF-8", "register", form},
		{"id with strange characters", "application/json", "payment", strings.Replace(payment, "tx-1", "tx 1/é", 1)},
	} {
		c := newCounter()
		answer := c.ask(t, request(http.MethodPost, "/v4/"+tt.endpoint, live, tt.media, tt.body))
		fmt.Fprintf(&text, "%-28s %s\n", tt.name, bodyOf(answer))
	}
	apitest.Golden(t, "forms.txt", text.String())
}

// TestReasonsInTheirWords tells every reason of the network, and a fault, as each kind of
// call hears it.
func TestReasonsInTheirWords(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	fmt.Fprintf(&text, "%-22s %-32s %s\n", "reason", "payment", "cancel")
	for _, row := range api.Problems() {
		err := hansa.Refuse(row.Reason, "detail")
		if row.Reason == api.Internal {
			err = errors.New("the disk is full")
		}
		fmt.Fprintf(&text, "%-22s", row.Reason)
		for _, call := range []string{post("payment", live, payment), post("cancel", live, `{"merchant_tx_id":"tx-1"}`)} {
			c := newCounter()
			c.Refusals[""] = err
			answer := c.ask(t, call)
			_, code, _ := strings.Cut(bodyOf(answer), `"error_code":"`)
			fmt.Fprintf(&text, " %s %-28s", answer[:3], strings.TrimSuffix(code, `"}`))
		}
		text.WriteString("\n")
	}
	apitest.Golden(t, "reasons.txt", strings.ReplaceAll(text.String(), " \n", "\n"))
}

// TestSandboxBarcodes plays each barcode of the protocol's sandbox to its end, second by
// second, and shows that no payment is begun.
func TestSandboxBarcodes(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	for _, barcode := range []string{
		"98802222100100123456", "98802222999900301000", "98802222999900315000", "98888888888888888888",
		"98804444000000402006", "98804444000000402007", "98802222999900500500",
	} {
		c := newCounter()
		tell := func(endpoint, body string) string {
			answer := bodyOf(c.ask(t, post(endpoint, sandbox, body)))
			fmt.Fprintf(&text, "%s +%-4s %-8s %s\n", barcode, c.now.Sub(noon), endpoint, answer)
			return answer
		}
		answer := tell("payment", strings.Replace(payment, "98802222100100123456", barcode, 1))
		for range 2 {
			c.now = c.now.Add(4 * time.Second)
			tell("status", `{"merchant_tx_id":"tx-1"}`)
		}
		if strings.Contains(answer, `"APPROVED"`) {
			_, id, _ := strings.Cut(answer, `"acquirer_tx_id":"`)
			id, _, _ = strings.Cut(id, `"`)
			tell("receipt", `{"acquirer_tx_id":"`+id+`"}`)
			tell("refund", `{"acquirer_tx_id":"`+id+`","amount":250}`)
			tell("refund", `{"acquirer_tx_id":"`+id+`","amount":1001}`)
			tell("refund", `{"acquirer_tx_id":"`+id+`"}`)
		}
		tell("cancel", `{"merchant_tx_id":"tx-1"}`)
		tell("status", `{"merchant_tx_id":"tx-1"}`)
		if sale := c.Sales["tx-1"]; sale != nil && sale.Refused == nil {
			t.Errorf("%s reached the network", barcode)
		}
	}
	apitest.Golden(t, "sandbox.txt", text.String())
}

// TestSandboxBarcodesAreOrdinaryOtherwise sends them to the network where live
// credentials were shown.
func TestSandboxBarcodesAreOrdinaryOtherwise(t *testing.T) {
	t.Parallel()
	c := newCounter()
	c.Refusals[""] = hansa.Refuse(hansa.CodeUnknown, "no scheme of ours")
	if got := bodyOf(c.ask(t, post("payment", live, payment))); got != `{"result":"ERROR","error_code":"INVALID_BARCODE"}` {
		t.Errorf("got %s", got)
	}
}

// TestTokens gets an access token, uses it, refreshes it, and loses it with the secret.
func TestTokens(t *testing.T) {
	t.Parallel()
	c := newCounter()
	get := func(body string) string {
		return c.ask(t, request(http.MethodPost, "/oauth2/token", "", "application/x-www-form-urlencoded", body))
	}
	credentials := "client_id=acc-id&client_secret=secret"
	granted := bodyOf(get("grant_type=client_credentials&" + credentials))
	access, refresh := member(granted, "access_token"), member(granted, "refresh_token")
	bearer := post("heartbeat", "Bearer "+access, `{"event":"startup"}`)
	if answer := c.ask(t, bearer); answer[:3] != "200" {
		t.Errorf("with a token: %s", answer)
	}
	c.now = c.now.Add(25 * time.Hour)
	if answer := c.ask(t, bearer); answer[:3] != "401" {
		t.Errorf("with an old token: %s", answer)
	}
	again := bodyOf(get("grant_type=refresh_token&refresh_token=" + refresh + "&" + credentials))
	bearer = post("heartbeat", "Bearer "+member(again, "access_token"), `{"event":"periodic"}`)
	if answer := c.ask(t, bearer); answer[:3] != "200" {
		t.Errorf("with a refreshed token: %s", answer)
	}
	for _, refused := range []string{
		"grant_type=client_credentials&client_id=acc-id&client_secret=wrong", "grant_type=client_credentials&client_id=nobody&client_secret=secret",
		"grant_type=authorization_code&code=1&" + credentials, "grant_type=refresh_token&refresh_token=" + access + "&" + credentials,
		"grant_type=refresh_token&refresh_token=" + refresh + "&client_id=acc-id&client_secret=sandbox", "%zz", "",
	} {
		if answer := get(refused); answer[0] != '4' {
			t.Errorf("%s: %s", refused, answer)
		}
	}
	c.secrets = map[string]string{"secret": sum("another")}
	if answer := c.ask(t, bearer); answer[:3] != "401" {
		t.Errorf("with the token of a secret that was replaced: %s", answer)
	}
}

func member(body, name string) string {
	_, value, _ := strings.Cut(body, `"`+name+`":"`)
	value, _, _ = strings.Cut(value, `"`)
	return value
}

// TestNotices tells a shop what became of what it registered.
func TestNotices(t *testing.T) {
	t.Parallel()
	c := newCounter()
	form := "merchant_tx_id=123&requested_amount=1250&branch_ext_id=store-oslo-1&merchant_callback_url=https%3A%2F%2Fshop.example%2Fn&source=ecommerce"
	c.ask(t, request(http.MethodPost, "/v4/register", live, "application/x-www-form-urlencoded", form))
	var text strings.Builder
	tell := func(kind string) {
		messages, err := dialect.Notices(api.Notice{ID: "evt_1", Sale: *c.Sales["123"], Kind: kind, Origin: "https://pay.example"})
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&text, "== %s\n", kind)
		for _, m := range messages {
			fmt.Fprintf(&text, "%s %s\n%s\n", m.Method, m.URL, m.Body)
		}
	}
	tell("order.open")
	tell("payment.pending")
	tell("payment.declined")
	sale := c.Sales["123"]
	sale.Order.Status = "paid"
	sale.Payment = &api.Payment{Reference: "pay_1", Status: "approved", Wallet: "vipps", OrderAmount: sale.Order.Amount}
	tell("payment.approved")
	sale.Movements = []api.Movement{{Kind: "refund", Status: "succeeded", OrderAmount: sale.Order.Amount}}
	tell("refund.succeeded")
	sale.Order.Status, sale.Payment, sale.Movements = "closed", nil, nil
	tell("order.closed")
	apitest.Golden(t, "notices.txt", text.String())
	for status, want := range map[int]bool{200: true, 204: true, 302: false, 404: false, 500: false} {
		if got := dialect.Acknowledged(api.Message{}, api.Answer{Status: status}); got != want {
			t.Errorf("%d: want %t, got %t", status, want, got)
		}
	}
}
