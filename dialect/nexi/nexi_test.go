package nexi_test

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/api/apitest"
	"github.com/hansa-network/hansa/dialect/nexi"
)

// recordedPayment is the id in the paths of the recorded requests.
const recordedPayment = "0254000061c7"

// TestRecordedRequests replays what the official SDK sent, byte for byte.
func TestRecordedRequests(t *testing.T) {
	t.Parallel()
	states := []struct {
		name string
		set  func(counter)
	}{
		{"unpaid", func(counter) {}},
		{"reserved", func(c counter) { c.Pay(recordedPayment, "approved") }},
	}
	files, err := filepath.Glob("testdata/recorded/*.http")
	if err != nil || len(files) != 5 {
		t.Fatalf("%d recordings, %v", len(files), err)
	}
	var text strings.Builder
	for _, state := range states {
		for _, file := range files {
			c := newCounter()
			c.adopt(t)
			state.set(c)
			recorded, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&text, "== %s, payment is %s\n%s\n", filepath.Base(file), state.name, c.ask(t, string(recorded)))
		}
	}
	apitest.Golden(t, "recorded.txt", text.String())
}

// adopt makes the payment that was recorded and gives it the id of the recordings.
func (c counter) adopt(t *testing.T) {
	t.Helper()
	recorded, err := os.ReadFile("testdata/recorded/nexi-php-sdk-01-POST_v1_payments.http")
	if err != nil {
		t.Fatal(err)
	}
	c.ask(t, string(recorded))
	made := slices.Collect(maps.Keys(c.Sales))[0]
	if len(made) != 32 {
		t.Fatalf("payment id %q", made)
	}
	c.Sales[recordedPayment] = c.Sales[made]
	delete(c.Sales, made)
}

// TestLifeOfAPayment tells a payment through all that a shop can do with it.
func TestLifeOfAPayment(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	tell := func(c counter, what string) { fmt.Fprintf(&text, "-- %s\n%s", what, c.ask(t, what)) }
	for _, charge := range []bool{false, true} {
		fmt.Fprintf(&text, "== charge: %t\n", charge)
		c := newCounter()
		id := c.sell(t, charge)
		path := "/v1/payments/" + id
		tell(c, request(http.MethodGet, path, ""))
		tell(c, request(http.MethodPut, path+"/referenceinformation", `{"checkoutUrl":"https://shop.example/c","reference":"43"}`))
		tell(c, request(http.MethodPut, path+"/myreference", `{"myReference":"mine"}`))
		tell(c, request(http.MethodPut, path+"/orderitems", `{"amount":5500,"items":[{"name":"Boot","grossTotalAmount":5500}],"shipping":{},"paymentMethods":[]}`))
		c.Pay(id, "approved")
		tell(c, request(http.MethodGet, path, ""))
		tell(c, request(http.MethodPost, path+"/charges", `{"amount":2000}`, "Idempotency-Key: first"))
		tell(c, request(http.MethodPost, path+"/charges", `{"amount":2000}`, "Idempotency-Key: first"))
		tell(c, request(http.MethodPost, path+"/charges", `{"amount":2001}`, "Idempotency-Key: first"))
		tell(c, request(http.MethodGet, path, ""))
		tell(c, request(http.MethodPost, path+"/refunds", `{"amount":500}`, "Idempotency-Key: second"))
		tell(c, request(http.MethodPost, path+"/refunds", `{"amount":501}`, "Idempotency-Key: second"))
		last := len(c.Sales[id].Movements) - 1
		c.Sales[id].Movements[last].Status = "succeeded"
		tell(c, request(http.MethodGet, path, ""))
		tell(c, request(http.MethodPost, path+"/cancels", `{"amount":5500}`))
		tell(c, request(http.MethodPut, path+"/terminate", ""))
		tell(c, request(http.MethodGet, "/v1/paymentmethods?currency=SEK", ""))
	}
	apitest.Golden(t, "life.txt", text.String())
}

// TestSubordinateIDs finds charges and refunds by the ids that were answered.
func TestSubordinateIDs(t *testing.T) {
	t.Parallel()
	c := newCounter()
	id := c.sell(t, true)
	c.Pay(id, "approved")
	charge := "01" + id[2:]
	var text strings.Builder
	for _, what := range []string{
		request(http.MethodGet, "/v1/charges/"+charge, ""),
		request(http.MethodPost, "/v1/charges/"+charge+"/refunds", `{"amount":5501}`),
		request(http.MethodPost, "/v1/charges/"+charge+"/refunds", `{"amount":5500,"orderItems":[{"grossTotalAmount":5499}]}`),
		request(http.MethodPost, "/v1/charges/"+charge+"/refunds", `{"amount":500}`),
	} {
		fmt.Fprintf(&text, "-- %s\n%s", what, c.ask(t, what))
	}
	refund := strings.Split(c.ask(t, request(http.MethodPost, "/v1/charges/"+charge+"/refunds", `{"amount":5000}`, "Idempotency-Key: k")), `"`)[3]
	for _, what := range []string{
		request(http.MethodGet, "/v1/refunds/"+refund, ""),
		request(http.MethodPost, "/v1/pending-refunds/"+refund+"/cancel", ""),
	} {
		fmt.Fprintf(&text, "-- %s\n%s", what, c.ask(t, what))
	}
	apitest.Golden(t, "subordinate.txt", text.String())
}

// TestCancelAndTerminate shows the other ends: a reservation released, an order closed.
func TestCancelAndTerminate(t *testing.T) {
	t.Parallel()
	c := newCounter()
	id := c.sell(t, false)
	path := "/v1/payments/" + id
	var text strings.Builder
	tell := func(what string) { fmt.Fprintf(&text, "-- %s\n%s", what, c.ask(t, what)) }
	tell(request(http.MethodPost, path+"/cancels", `{"amount":5500}`))
	c.Pay(id, "approved")
	tell(request(http.MethodPost, path+"/cancels", `{"amount":5499}`))
	tell(request(http.MethodPost, path+"/cancels", `{"amount":5500}`))
	tell(request(http.MethodPost, path+"/cancels", `{"amount":5500}`))
	tell(request(http.MethodGet, path, ""))
	c = newCounter()
	path = "/v1/payments/" + c.sell(t, false)
	tell(request(http.MethodPut, path+"/terminate", ""))
	tell(request(http.MethodPut, path+"/terminate", ""))
	tell(request(http.MethodGet, path, ""))
	apitest.Golden(t, "ends.txt", text.String())
}

// TestReasonsInTheirWords tells every reason of the network, and a fault, at a charge.
func TestReasonsInTheirWords(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	for _, row := range api.Problems() {
		err := hansa.Refuse(row.Reason, "detail")
		if row.Reason == api.Internal {
			err = errors.New("the disk is full")
		}
		c := newCounter()
		id := c.sell(t, false)
		c.Pay(id, "approved")
		c.Refusals[""] = err
		answer := c.ask(t, request(http.MethodPost, "/v1/payments/"+id+"/charges", `{"amount":1}`))
		status, rest, _ := strings.Cut(answer, "\n")
		lines := strings.Split(strings.TrimSpace(rest), "\n")
		fmt.Fprintf(&text, "%-22s %-25s %s\n", row.Reason, status, lines[len(lines)-1])
	}
	apitest.Golden(t, "reasons.txt", text.String())
}

// TestCodesFollowTheState chooses between the codes of the protocol by what has happened.
func TestCodesFollowTheState(t *testing.T) {
	t.Parallel()
	captured := func(c counter, id string, amount int64) {
		if _, err := c.Capture(c.Sales[id].Payment.Reference, api.MoveMoney{RequestID: fmt.Sprint(amount), Amount: sek(amount)}); err != nil {
			panic(err)
		}
	}
	refunded := func(c counter, id string) {
		m, err := c.Refund(c.Sales[id].Payment.Reference, api.MoveMoney{RequestID: "all", Amount: sek(5500)})
		if err != nil {
			panic(err)
		}
		c.Sales[id].Movements[len(c.Sales[id].Movements)-1].Status = "succeeded"
		_ = m
	}
	cases := []struct {
		name   string
		path   string
		body   string
		set    func(counter, string)
		reason hansa.Reason
		want   string
	}{
		{"charge nothing", "charges", `{"amount":0}`, func(counter, string) {}, "", "402 1002"},
		{"charge what is not reserved", "charges", `{"amount":1}`, func(counter, string) {}, "", "402 1003"},
		{"charge too much", "charges", `{"amount":5000}`, func(c counter, id string) { c.Pay(id, "approved"); captured(c, id, 1000) }, hansa.CaptureTooLarge, "402 1001"},
		{"charge again", "charges", `{"amount":1}`, func(c counter, id string) { c.Pay(id, "approved"); captured(c, id, 5500) }, hansa.CaptureTooLarge, "402 1008"},
		{"charge what was charged at once", "charges", `{"amount":1}`, func(c counter, id string) { c.Pay(id, "approved"); captured(c, id, 5500) }, hansa.NotAllowedNow, "402 1008"},
		{"charge after cancel", "charges", `{"amount":1}`, func(c counter, id string) {
			c.Pay(id, "approved")
			c.ask(t, request(http.MethodPost, "/v1/payments/"+id+"/cancels", `{"amount":5500}`))
		}, hansa.NotAllowedNow, "402 1019"},
		{"charge after expiry", "charges", `{"amount":1}`, func(c counter, id string) { c.Pay(id, "approved"); captured(c, id, 1000) }, hansa.NotAllowedNow, "402 1010"},
		{"lines of another sum", "charges", `{"amount":1,"orderItems":[{"grossTotalAmount":2}]}`, func(c counter, id string) { c.Pay(id, "approved") }, "", "402 1005"},
		{"refund nothing", "refunds", `{"amount":0}`, func(c counter, id string) { c.Pay(id, "approved"); captured(c, id, 1000) }, "", "402 1009"},
		{"refund what was not charged", "refunds", `{"amount":1}`, func(c counter, id string) { c.Pay(id, "approved") }, "", "402 1011"},
		{"refund too much", "refunds", `{"amount":2000}`, func(c counter, id string) { c.Pay(id, "approved"); captured(c, id, 1000) }, hansa.RefundTooLarge, "402 1009"},
		{"refund again", "refunds", `{"amount":1}`, func(c counter, id string) { c.Pay(id, "approved"); captured(c, id, 5500); refunded(c, id) }, hansa.RefundTooLarge, "402 1023"},
		{"cancel what was charged", "cancels", `{"amount":5500}`, func(c counter, id string) { c.Pay(id, "approved"); captured(c, id, 1000) }, "", "402 1008"},
		{"cancel a part", "cancels", `{"amount":1}`, func(c counter, id string) { c.Pay(id, "approved") }, "", "402 1007"},
	}
	for _, tt := range cases {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := newCounter()
			id := c.sell(t, false)
			tt.set(c, id)
			if tt.reason != "" {
				c.Refusals[""] = hansa.Refuse(tt.reason, "detail")
			}
			answer := c.ask(t, request(http.MethodPost, "/v1/payments/"+id+"/"+tt.path, tt.body))
			status, code, _ := strings.Cut(tt.want, " ")
			if !strings.HasPrefix(answer, status) || !strings.Contains(answer, `"code":"`+code+`"`) {
				t.Errorf("want %s, got %s", tt.want, answer)
			}
		})
	}
}

// TestOwns tells requests of this protocol from those of our own API on the same paths.
func TestOwns(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name   string
		path   string
		header http.Header
		want   bool
	}{
		{"a secret key", "/v1/payments", http.Header{"Authorization": {"key"}}, true},
		{"a charge", "/v1/charges/1/refunds", http.Header{"Authorization": {"key"}}, true},
		{"our signature", "/v1/payments", http.Header{"Signature-Input": {"s=()"}}, false},
		{"both", "/v1/payments", http.Header{"Authorization": {"key"}, "Signature-Input": {"s=()"}}, false},
		{"a scheme", "/v1/payments", http.Header{"Authorization": {"Bearer key"}}, false},
		{"nothing", "/v1/payments", http.Header{}, false},
		{"another path", "/v1/orders", http.Header{"Authorization": {"key"}}, false},
		{"another version", "/v4/payments", http.Header{"Authorization": {"key"}}, false},
		{"no version", "payments", http.Header{"Authorization": {"key"}}, false},
	}
	for _, tt := range cases {
		r := &http.Request{Header: tt.header}
		r.URL = mustParse(t, tt.path)
		if got := (nexi.Dialect{}).Owns(r); got != tt.want {
			t.Errorf("%s: want %t, got %t", tt.name, tt.want, got)
		}
	}
}
