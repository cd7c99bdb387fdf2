package bluecode_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/api/apitest"
	"github.com/hansa-network/hansa/dialect/bluecode"
	"github.com/hansa-network/hansa/money"
)

func till() bluecode.Till { return bluecode.Till{AccessID: "acc-id", Secret: "secret"} }

// tells lets a till make a call, and returns what it understands of the answer.
func (c *counter) tells(t *testing.T, call api.TillCall) (api.TillAnswer, error) {
	t.Helper()
	sent := till().Ask(call, noon)
	request := httptest.NewRequest(sent.Method, "https://pay.example"+sent.URL, bytes.NewReader(sent.Body))
	maps.Copy(request.Header, sent.Header)
	return till().Heard(call, sent, c.answer(request, sent.Body))
}

func sale(kind, id string) api.TillCall {
	return api.TillCall{Kind: kind, OrderReference: id, Code: "98802222100100123456", Amount: money.New(12_50, "EUR"), Store: "store-oslo-1", Terminal: "T1"}
}

// TestATillWritesAsTheRecordedOneDid to the member, but for a slip number that is its own.
func TestATillWritesAsTheRecordedOneDid(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 21, 22, 40, 59, 0, time.UTC)
	for file, call := range map[string]api.TillCall{
		"01-POST_v4_payment": sale(api.TillSell, "tx-hansa-1"), "02-POST_v4_status": sale(api.TillInquire, "tx-hansa-1"),
	} {
		recorded, err := os.ReadFile("testdata/recorded/bluecode-pos-client-" + file + ".http")
		if err != nil {
			t.Fatal(err)
		}
		was, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(recorded)))
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(was.Body)
		if err != nil {
			t.Fatal(err)
		}
		sent := till().Ask(call, at)
		if sent.Method != was.Method || sent.URL != was.URL.Path || sent.Header.Get("Authorization") != was.Header.Get("Authorization") {
			t.Errorf("%s: %s %s %v", file, sent.Method, sent.URL, sent.Header)
		}
		var want, got map[string]any
		if err := errors.Join(json.Unmarshal(body, &want), json.Unmarshal(sent.Body, &got)); err != nil {
			t.Fatal(err)
		}
		delete(want, "slip")
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-recorded +sent):\n%s", file, diff)
		}
	}
}

// TestATillUnderstands what it is answered, whatever has become of a sale.
func TestATillUnderstands(t *testing.T) {
	t.Parallel()
	for status, want := range map[string]string{
		"pending": api.TillWaits, "approved": api.TillPaid, "declined": api.TillOver, "expired": api.TillOver, "cancelled": api.TillOver,
	} {
		c := newCounter()
		c.Outcome.Status = status
		sold, err := c.tells(t, sale(api.TillSell, "tx-1"))
		if err != nil || sold.Standing != want {
			t.Errorf("%s: sold %+v, %v", status, sold, err)
		}
		asked, err := c.tells(t, sale(api.TillInquire, "tx-1"))
		if err != nil || asked.Standing != want {
			t.Errorf("%s: asked %+v, %v", status, asked, err)
		}
		_, err = c.tells(t, sale(api.TillSell, "tx-1"))
		if reason, _ := hansa.ReasonOf(err); reason != hansa.OrderReferenceTaken {
			t.Errorf("%s: sold twice: %v", status, err)
		}
		again := sale(api.TillSell, "tx-1")
		again.Again = true
		if repeated, err := c.tells(t, again); err != nil || repeated.Standing != want {
			t.Errorf("%s: repeated: %+v, %v", status, repeated, err)
		}
	}
}

// TestWhatATillUnderstandsOfARefusal prints it for every reason of the network.
func TestWhatATillUnderstandsOfARefusal(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	fmt.Fprintf(&text, "%-22s %-22s %s\n", "reason", "sale", "refund")
	for _, row := range api.Problems() {
		c := newCounter()
		sold, err := c.tells(t, sale(api.TillSell, "tx-1"))
		if err != nil {
			t.Fatal(err)
		}
		c.Refusals[""] = apitest.Refusal(row)
		_, first := c.tells(t, sale(api.TillSell, "tx-2"))
		refund := sale(api.TillRefund, "tx-1")
		refund.Network = sold.Network
		_, second := c.tells(t, refund)
		fmt.Fprintf(&text, "%-22s %-22s %s\n", row.Reason, apitest.Understood(first), apitest.Understood(second))
	}
	apitest.Golden(t, "till_reasons.txt", text.String())
}
