package nexi_test

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/api/apitest"
	"github.com/hansa-network/hansa/dialect/nexi"
	"github.com/hansa-network/hansa/money"
)

const (
	secretKey = "test-secret-key-00000000000000000000000000000000"
	origin    = "https://pay.example"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// A counter is a make-believe network with this dialect at its door.
type counter struct{ *apitest.Counter }

func newCounter() counter {
	c := apitest.NewCounter(nil, func() time.Time { return noon })
	c.Currency, c.Statuses["refund"] = "SEK", "pending"
	return counter{c}
}

// ask sends a request in the form of HTTP/1.1 text and returns the answer likewise.
func (c counter) ask(t *testing.T, text string) string {
	t.Helper()
	request, err := http.ReadRequest(bufio.NewReader(strings.NewReader(text)))
	if err != nil {
		t.Fatalf("%v in %q", err, text)
	}
	body, err := io.ReadAll(request.Body)
	if err != nil {
		t.Fatal(err)
	}
	return apitest.Written(c.answer(request, body))
}

func (c counter) answer(request *http.Request, body []byte) api.Answer {
	return nexi.Dialect{}.Answer(api.Question{
		Request: request, Body: body, Now: c.Now(), Chance: c.Drawn(), Origin: origin,
		Clients: func(dialect, id string) (api.Client, bool) {
			return client(), dialect == nexi.Name && id == client().ID
		},
		Serve: func(api.Client) api.Counter { return c.Counter },
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

// sell makes a payment and returns its id.
func (c counter) sell(t *testing.T, charge bool) string {
	t.Helper()
	c.ask(t, request(http.MethodPost, "/v1/payments", fmt.Sprintf(`{"order":{"items":[{"reference":"1","name":"Shoe","quantity":2,"unit":"pcs",
		"unitPrice":2750,"grossTotalAmount":5500,"netTotalAmount":5500}],"amount":5500,"currency":"SEK","reference":"42"},
		"checkout":{"integrationType":"HostedPaymentPage","returnUrl":"https://shop.example/r","charge":%t},
		"notifications":{"webHooks":[%s]}}`, charge, hooks())))
	ids := slices.Sorted(maps.Keys(c.Sales))
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
