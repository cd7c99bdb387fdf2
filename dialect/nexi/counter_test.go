package nexi_test

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/dialect/nexi"
	"github.com/hansa-network/hansa/money"
)

const (
	secretKey = "test-secret-key-00000000000000000000000000000000"
	origin    = "https://pay.example"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// A counter is a small network: as much of one as the tests of a translation need.
type counter struct {
	api.Counter

	now    time.Time
	drawn  byte
	sales  map[string]*api.Sale // by request id
	asked  map[string]api.MoveMoney
	moved  map[string]api.Movement // by request id
	refuse error                   // instead of all answers
}

func newCounter() *counter {
	return &counter{now: noon, sales: map[string]*api.Sale{}, asked: map[string]api.MoveMoney{}, moved: map[string]api.Movement{}}
}

func (c *counter) id(prefix string) string {
	c.drawn++
	return hansa.NewID(prefix, c.now, 0, hansa.Chance{c.drawn})
}

func (c *counter) MakeOrder(o api.MakeOrder, memo []byte) (api.Order, error) {
	if c.refuse != nil {
		return api.Order{}, c.refuse
	}
	order := api.Order{
		Order: c.id("ord"), Status: "open", Code: "CODE", Amount: o.Amount, Store: o.Store, Terminal: o.Terminal,
		OrderReference: o.OrderReference, CreatedAt: c.now, ExpiresAt: c.now.Add(time.Duration(o.ExpiresIn) * time.Second),
	}
	c.sales[o.RequestID] = &api.Sale{RequestID: o.RequestID, Memo: memo, Order: &order}
	return order, nil
}

func (c *counter) Sale(requestID string) (api.Sale, error) {
	sale, known := c.sales[requestID]
	if !known {
		return api.Sale{}, hansa.Refuse(hansa.NotFound, "no such request")
	}
	return *sale, nil
}

func (c *counter) SaleOf(reference string) (api.Sale, error) {
	for _, id := range slices.Sorted(maps.Keys(c.sales)) {
		for _, m := range c.sales[id].Movements {
			if m.Movement == reference {
				return *c.sales[id], nil
			}
		}
	}
	return api.Sale{}, hansa.Refuse(hansa.NotFound, "no such reference")
}

func (c *counter) Remember(requestID string, memo []byte) error {
	c.sales[requestID].Memo = memo
	return nil
}

func (c *counter) Store(id string) (api.Store, error) {
	return api.Store{Store: id, Currency: "SEK"}, nil
}

func (c *counter) CancelOrder(order string, _ api.Change) (api.Order, error) {
	for _, sale := range c.sales {
		if sale.Order.Order == order {
			sale.Order.Status = "closed"
			return *sale.Order, nil
		}
	}
	return api.Order{}, hansa.Refuse(hansa.NotFound, "no such order")
}

// approve lets a wallet pay a sale.
func (c *counter) approve(requestID string) {
	sale, at := c.sales[requestID], c.now
	sale.Order.Status = "paid"
	sale.Payment = &api.Payment{
		Reference: c.id("pay"), Status: "approved", Wallet: "alipay", OrderAmount: sale.Order.Amount, CreatedAt: at, OutcomeAt: &at,
	}
}

func (c *counter) Capture(reference string, move api.MoveMoney) (api.Movement, error) {
	return c.move("capture", "succeeded", reference, move)
}

func (c *counter) Refund(reference string, move api.MoveMoney) (api.Movement, error) {
	return c.move("refund", "pending", reference, move)
}

func (c *counter) Release(reference string, change api.Change) (api.Movement, error) {
	sale := c.paid(reference)
	return c.move("release", "succeeded", reference, api.MoveMoney{RequestID: change.RequestID, Amount: sale.Order.Amount})
}

func (c *counter) paid(reference string) *api.Sale {
	for _, sale := range c.sales {
		if sale.Payment != nil && sale.Payment.Reference == reference {
			return sale
		}
	}
	return nil
}

func (c *counter) move(kind, status, reference string, move api.MoveMoney) (api.Movement, error) {
	if c.refuse != nil {
		return api.Movement{}, c.refuse
	}
	key := kind + move.RequestID
	if earlier, known := c.moved[key]; known {
		if c.asked[key] != move {
			return api.Movement{}, hansa.Refuse(hansa.RequestIDReused, "another amount")
		}
		return earlier, nil
	}
	m := api.Movement{
		Movement: c.id("mov"), Payment: reference, Kind: kind, Status: status, OrderAmount: move.Amount, CreatedAt: c.now, ChangedAt: c.now,
	}
	sale := c.paid(reference)
	sale.Movements = append(sale.Movements, m)
	c.asked[key], c.moved[key] = move, m
	return m, nil
}

// ask sends a request in the form of HTTP/1.1 text and returns the answer likewise.
func (c *counter) ask(t *testing.T, text string) string {
	t.Helper()
	request, err := http.ReadRequest(bufio.NewReader(strings.NewReader(text)))
	if err != nil {
		t.Fatalf("%v in %q", err, text)
	}
	body, err := io.ReadAll(request.Body)
	if err != nil {
		t.Fatal(err)
	}
	return written(c.answer(request, body))
}

func (c *counter) answer(request *http.Request, body []byte) api.Answer {
	c.drawn++
	return nexi.Dialect{}.Answer(api.Question{
		Request: request, Body: body, Now: c.now, Chance: hansa.Chance{c.drawn}, Origin: origin,
		Clients: func(dialect, id string) (api.Client, bool) {
			return client(), dialect == nexi.Name && id == client().ID
		},
		Serve: func(api.Client) api.Counter { return c },
	})
}

func client() api.Client {
	sum := sha256.Sum256([]byte(secretKey))
	return api.Client{
		Dialect: nexi.Name, ID: nexi.ClientID(secretKey), Participant: "nets", Merchant: "sneaky", Store: "sneaky-web", Terminal: "sneaky-web-1",
		Secrets: map[string]string{nexi.SecretKey: hex.EncodeToString(sum[:])},
	}
}

// request writes a request as the official SDK does.
func request(method, path, body string, fields ...string) string {
	text := method + " " + path + " HTTP/1.1\nHost: pay.example\nAuthorization: " + secretKey + "\nContent-Type: application/json\n"
	for _, field := range fields {
		text += field + "\n"
	}
	return text + fmt.Sprintf("Content-Length: %d\n\n%s", len(body), body)
}

func written(answer api.Answer) string {
	var text strings.Builder
	fmt.Fprintf(&text, "%d %s\n", answer.Status, http.StatusText(answer.Status))
	for _, name := range slices.Sorted(maps.Keys(answer.Header)) {
		fmt.Fprintf(&text, "%s: %s\n", name, strings.Join(answer.Header[name], ", "))
	}
	fmt.Fprintf(&text, "%s\n", answer.Body)
	return text.String()
}

// golden compares with a file of testdata. UPDATE_GOLDEN=1 writes it anew.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if os.Getenv("UPDATE_GOLDEN") == "1" {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (UPDATE_GOLDEN=1 rewrites it; -want +got):\n%s", path, diff)
	}
}

// sell makes a payment and returns its id.
func (c *counter) sell(t *testing.T, charge bool) string {
	t.Helper()
	c.ask(t, request(http.MethodPost, "/v1/payments", fmt.Sprintf(`{"order":{"items":[{"reference":"1","name":"Shoe","quantity":2,"unit":"pcs",
		"unitPrice":2750,"grossTotalAmount":5500,"netTotalAmount":5500}],"amount":5500,"currency":"SEK","reference":"42"},
		"checkout":{"integrationType":"HostedPaymentPage","returnUrl":"https://shop.example/r","charge":%t},
		"notifications":{"webHooks":[%s]}}`, charge, hooks())))
	ids := slices.Sorted(maps.Keys(c.sales))
	if len(ids) != 1 {
		t.Fatalf("%d payments", len(ids))
	}
	return ids[0]
}

// hooks subscribes to all events.
func hooks() string {
	var all []string
	for _, event := range []string{
		"payment.created", "payment.reservation.created", "payment.reservation.created.v2", "payment.reservation.failed",
		"payment.checkout.completed", "payment.charge.created.v2", "payment.charge.failed", "payment.refund.initiated.v2",
		"payment.refund.failed", "payment.refund.completed", "payment.cancel.created", "payment.cancel.failed",
	} {
		all = append(all, fmt.Sprintf(`{"eventName":%q,"url":"https://shop.example/wh","authorization":"auth123456"}`, event))
	}
	return strings.Join(all, ",")
}

func sek(value int64) money.Amount { return money.New(value, "SEK") }
