package alipay_test

import (
	"bytes"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/dialect/alipay"
)

func readFile(t testing.TB, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func privateKey(t testing.TB, name string) *rsa.PrivateKey {
	t.Helper()
	block, _ := pem.Decode(readFile(t, name))
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return key.(*rsa.PrivateKey)
}

func publicPEM(t testing.TB, key any) string {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
}

// A network is the dialect with one counter and two clients: a merchant of the recorded
// requests, and a party that signs what a test sends.
type network struct {
	t       testing.TB
	dialect *alipay.Dialect
	counter *counter
	clients map[string]api.Client
	party   *alipay.Party
	now     time.Time
}

const origin = "https://pay.example"

func newNetwork(t testing.TB) *network {
	t.Helper()
	key, own := privateKey(t, "network.pem"), privateKey(t, "party.pem")
	n := &network{
		t: t, counter: newCounter(), now: noon,
		dialect: alipay.New(alipay.Config{Key: key}),
		party: alipay.NewParty(alipay.PartyConfig{
			ID: "PARTY", Key: own, NetworkKey: publicPEM(t, key.Public()), Network: origin,
		}),
		clients: map[string]api.Client{"PARTY": {
			Dialect: alipay.Name, ID: "PARTY", Participant: "nets", Store: "kafe-oslo", Terminal: "kafe-oslo-1", PublicKey: publicPEM(t, own.Public()),
		}},
	}
	for _, id := range []string{"5Y5XSR7C3046QJ05345", "SANDBOX_5Y5XSR7C3046QJ"} {
		n.clients[id] = api.Client{
			Dialect: alipay.Name, ID: id, Participant: "nets", Store: "kafe-oslo", Terminal: "kafe-oslo-1",
			PublicKey: string(readFile(t, "merchant_public_key.pem")),
		}
	}
	return n
}

func (n *network) question(r *http.Request, body []byte) api.Question {
	return api.Question{
		Request: r, Body: body, Now: n.now, Chance: hansa.Chance{1}, Origin: origin,
		Clients: func(dialect, id string) (api.Client, bool) {
			client, ok := n.clients[id]
			return client, ok && dialect == alipay.Name
		},
		Serve: func(api.Client) api.Counter { return n.counter },
	}
}

// requestOf is a message as a server gets it at an address.
func requestOf(address string, m api.Message) *http.Request {
	r := httptest.NewRequest(m.Method, address+m.URL, bytes.NewReader(m.Body))
	r.Header = m.Header.Clone()
	return r
}

// send lets the party send a body, and returns the message and its answer.
func (n *network) send(path, body string) (api.Message, api.Answer) {
	n.t.Helper()
	m := n.party.Send(path, []byte(body), n.now)
	r := requestOf(origin, m)
	if !n.dialect.Owns(r) {
		n.t.Errorf("%s is nobody's", path)
	}
	return m, n.dialect.Answer(n.question(r, m.Body))
}

// do is send, whose answer must be signed by the network.
func (n *network) do(path, body string) map[string]any {
	n.t.Helper()
	m, answer := n.send(path, body)
	n.verify(m, answer)
	return decoded(n.t, answer.Body)
}

// verify lets the party read the answer as one of the network's.
func (n *network) verify(m api.Message, answer api.Answer) {
	n.t.Helper()
	if err := n.party.OutcomeHeard(m, answer); err != nil && strings.Contains(err.Error(), "answer of the network") {
		n.t.Errorf("%s: the answer is not believed: %v", m.URL, err)
	}
}

func decoded(t testing.TB, body []byte) map[string]any {
	t.Helper()
	var message map[string]any
	if err := json.Unmarshal(body, &message); err != nil {
		t.Fatalf("%s: %v", body, err)
	}
	return message
}

// result returns code and status of a result in an answer, such as "SUCCESS S".
func result(message map[string]any, name string) string {
	of, ok := message[name].(map[string]any)
	if !ok {
		return "none"
	}
	return of["resultCode"].(string) + " " + of["resultStatus"].(string)
}

func want(t testing.TB, what string, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// shown is an answer as text, its fields sorted.
func shown(answer api.Answer) string {
	var text strings.Builder
	for _, name := range slices.Sorted(maps.Keys(answer.Header)) {
		for _, value := range answer.Header[name] {
			text.WriteString(name + ": " + value + "\n")
		}
	}
	var body bytes.Buffer
	if json.Indent(&body, answer.Body, "", "  ") != nil {
		body.Write(answer.Body)
	}
	return text.String() + "\n" + body.String() + "\n"
}
