package bluecode_test

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/api/apitest"
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

// A counter is a make-believe network with this dialect at its door.
type counter struct {
	*apitest.Counter

	now     time.Time
	secrets map[string]string
}

func newCounter() *counter {
	c := &counter{now: noon, secrets: map[string]string{bluecode.Secret: sum("secret"), bluecode.SandboxSecret: sum("sandbox")}}
	c.Counter = apitest.NewCounter(nil, func() time.Time { return c.now })
	c.Outcome, c.Stores = api.Payment{Status: "approved", Wallet: "alipay"}, []string{"store-oslo-1"}
	c.Statuses["refund"], c.Statuses["cancel"] = "pending", "pending"
	return c
}

func sum(secret string) string {
	digest := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(digest[:])
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
	return apitest.Written(c.answer(request, body))
}

func (c *counter) answer(request *http.Request, body []byte) api.Answer {
	client := api.Client{Dialect: bluecode.Name, ID: "acc-id", Participant: "nets", Store: "store-oslo-1", Secrets: c.secrets}
	return dialect.Answer(api.Question{
		Request: request, Body: body, Now: c.now, Chance: c.Drawn(), Origin: "https://pay.example",
		Clients: func(dialect, id string) (api.Client, bool) {
			return client, dialect == bluecode.Name && id == client.ID
		},
		Serve: func(api.Client) api.Counter { return c.Counter },
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

// bodyOf is the last line of an answer.
func bodyOf(answer string) string {
	lines := strings.Split(strings.TrimRight(answer, "\n"), "\n")
	return lines[len(lines)-1]
}
