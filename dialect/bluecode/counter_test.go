package bluecode_test

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
	"github.com/hansa-network/hansa/dialect/bluecode"
)

var (
	noon    = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	dialect = bluecode.New([32]byte{1})
)

// Authorization fields of the one client that there is.
const (
	live    = "Basic YWNjLWlkOnNlY3JldA==" // acc-id:secret, as recorded
	sandbox = "Basic YWNjLWlkOnNhbmRib3g=" // acc-id:sandbox
)

// A counter is a small network: as much of one as the tests of a translation need.
type counter struct {
	api.Counter

	now       time.Time
	drawn     byte
	sales     map[string]*api.Sale // by request id
	forbidden map[string]bool
	documents map[string]api.Document
	outcome   api.Payment // of payments: status, reasons and wallet
	refuse    error       // instead of what would change something
	secrets   map[string]string
	refunds   int
}

func newCounter() *counter {
	return &counter{
		now: noon, sales: map[string]*api.Sale{}, forbidden: map[string]bool{}, documents: map[string]api.Document{},
		outcome: api.Payment{Status: "approved", Wallet: "alipay"},
		secrets: map[string]string{bluecode.Secret: sum("secret"), bluecode.SandboxSecret: sum("sandbox")},
	}
}

func sum(secret string) string {
	digest := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(digest[:])
}

func (c *counter) id(prefix string) string {
	c.drawn++
	return hansa.NewID(prefix, c.now, 0, hansa.Chance{c.drawn})
}

func (c *counter) AskPayment(ask api.AskPayment, memo []byte) (api.Payment, error) {
	if c.refuse != nil {
		return api.Payment{}, c.refuse
	}
	if c.forbidden[ask.RequestID] {
		return api.Payment{}, hansa.Refuse(hansa.OrderNotOpen, "this was cancelled before it came")
	}
	p := c.outcome
	p.Reference, p.OrderAmount, p.OrderReference, p.Store, p.Terminal = c.id("pay"), ask.Amount, ask.OrderReference, ask.Store, ask.Terminal
	c.sales[ask.RequestID] = &api.Sale{RequestID: ask.RequestID, Memo: memo, Payment: &p}
	return p, nil
}

func (c *counter) MakeOrder(o api.MakeOrder, memo []byte) (api.Order, error) {
	if c.refuse != nil {
		return api.Order{}, c.refuse
	}
	order := api.Order{Order: c.id("ord"), Status: "open", Code: "00020101021226", Amount: o.Amount, Store: o.Store, OrderReference: o.OrderReference}
	c.sales[o.RequestID] = &api.Sale{RequestID: o.RequestID, Memo: memo, Order: &order}
	return order, nil
}

func (c *counter) Sale(requestID string) (api.Sale, error) {
	if sale, known := c.sales[requestID]; known {
		return *sale, nil
	}
	return api.Sale{}, hansa.Refuse(hansa.NotFound, "no such request")
}

func (c *counter) SaleOf(reference string) (api.Sale, error) {
	for _, sale := range c.sales {
		if sale.Payment != nil && sale.Payment.Reference == reference || sale.Order != nil && sale.Order.Order == reference {
			return *sale, nil
		}
	}
	return api.Sale{}, hansa.Refuse(hansa.NotFound, "no such reference")
}

func (c *counter) Forbid(requestID string) error {
	if c.refuse != nil {
		return c.refuse
	}
	c.forbidden[requestID] = true
	return nil
}

func (c *counter) Cancel(reference string, _ api.Change) (api.Cancelled, error) {
	if c.refuse != nil {
		return api.Cancelled{}, c.refuse
	}
	for _, sale := range c.sales {
		if sale.Payment == nil || sale.Payment.Reference != reference {
			continue
		}
		if sale.Payment.Status == "approved" {
			m := api.Movement{Movement: c.id("mov"), Kind: "cancel", Status: "pending", OrderAmount: sale.Payment.OrderAmount, CreatedAt: c.now}
			sale.Movements = append(sale.Movements, m)
			return api.Cancelled{Payment: *sale.Payment, Movement: &m}, nil
		}
		sale.Payment.Status = "cancelled"
		return api.Cancelled{Payment: *sale.Payment}, nil
	}
	return api.Cancelled{}, hansa.Refuse(hansa.NotFound, "no such payment")
}

func (c *counter) CancelOrder(order string, _ api.Change) (api.Order, error) {
	for _, sale := range c.sales {
		if sale.Order != nil && sale.Order.Order == order {
			sale.Order.Status = "closed"
			return *sale.Order, nil
		}
	}
	return api.Order{}, hansa.Refuse(hansa.NotFound, "no such order")
}

func (c *counter) Refund(reference string, move api.MoveMoney) (api.Movement, error) {
	if c.refuse != nil {
		return api.Movement{}, c.refuse
	}
	for _, sale := range c.sales {
		if sale.Payment == nil || sale.Payment.Reference != reference {
			continue
		}
		left := sale.Payment.OrderAmount.Value
		for _, m := range sale.Movements {
			left -= m.OrderAmount.Value
		}
		if move.Amount.Value > left {
			return api.Movement{}, hansa.Refuse(hansa.RefundTooLarge, "%d are left", left)
		}
		m := api.Movement{Movement: c.id("mov"), Kind: "refund", Status: "pending", OrderAmount: move.Amount, CreatedAt: c.now}
		sale.Movements = append(sale.Movements, m)
		c.refunds++
		return m, nil
	}
	return api.Movement{}, hansa.Refuse(hansa.NotFound, "no such payment")
}

func (c *counter) Store(id string) (api.Store, error) {
	if id != "store-oslo-1" {
		return api.Store{}, hansa.Refuse(hansa.NotFound, "no such store")
	}
	return api.Store{Store: id}, nil
}

func (c *counter) PutDocument(kind string, document api.Document) error {
	c.documents[kind+"/"+document.ID] = document
	return nil
}

func (c *counter) Document(kind, id string) (api.Document, error) {
	if document, known := c.documents[kind+"/"+id]; known {
		return document, nil
	}
	return api.Document{}, hansa.Refuse(hansa.NotFound, "no such document")
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
	client := api.Client{Dialect: bluecode.Name, ID: "acc-id", Participant: "nets", Store: "store-oslo-1", Secrets: c.secrets}
	return dialect.Answer(api.Question{
		Request: request, Body: body, Now: c.now, Chance: hansa.Chance{c.drawn}, Origin: "https://pay.example",
		Clients: func(dialect, id string) (api.Client, bool) {
			return client, dialect == bluecode.Name && id == client.ID
		},
		Serve: func(api.Client) api.Counter { return c },
	})
}

// post writes a request as tills do.
func post(endpoint, authorization, body string) string {
	return request(http.MethodPost, "/v4/"+endpoint, authorization, "application/json", body)
}

func request(method, path, authorization, media, body string) string {
	return fmt.Sprintf("%s %s HTTP/1.1\nHost: pay.example\nAuthorization: %s\nContent-Type: %s\nContent-Length: %d\n\n%s",
		method, path, authorization, media, len(body), body)
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

// bodyOf is the last line of an answer.
func bodyOf(answer string) string {
	lines := strings.Split(strings.TrimRight(answer, "\n"), "\n")
	return lines[len(lines)-1]
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
