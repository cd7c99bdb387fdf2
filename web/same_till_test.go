package web_test

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/api/apitest"
	"github.com/hansa-network/hansa/dialect/alipay"
	"github.com/hansa-network/hansa/dialect/bluecode"
	"github.com/hansa-network/hansa/dialect/nexi"
	"github.com/hansa-network/hansa/dialect/vipps"
	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/sim"
	"github.com/hansa-network/hansa/web"
)

// A sameTill is a till, or a web shop, of a protocol and the customers who come to it.
type sameTill struct {
	protocol string
	till     interface {
		Ask(call api.TillCall, now time.Time) api.Message
		Heard(call api.TillCall, sent api.Message, answer api.Answer) (api.TillAnswer, error)
	}
	kind      string // of the call by which it begins a sale
	store     string
	acquirer  string
	price     money.Amount
	customers [3]string // wallets of a local, of a visitor from the north, and of one from China
}

// TestTheSameTillForEverybody sells to a local, to a Nordic and to a Chinese
// visitor, in each protocol that a till speaks. What the till sends differs, to the byte, in
// the scanned code, in its own ids and in the seal over them, and in nothing else:
// testdata/same_till.txt prints the difference.
func TestTheSameTillForEverybody(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	n.wallet = yes
	handler, tills := n.everyTill()
	var text strings.Builder
	for _, s := range tills {
		var sent [3]begun
		for i, wallet := range s.customers {
			sent[i] = n.sells(handler, s, wallet, fmt.Sprintf("sale-%d-of-%s", i+1, strings.ToLower(strings.Fields(s.protocol)[0])))
		}
		text.WriteString(differences(t, s, sent))
	}
	t.Log("\n" + text.String())
	apitest.Golden(t, "same_till.txt", text.String())
}

// everyTill enters a client of each protocol.
func (n *network) everyTill() (http.Handler, []sameTill) {
	n.t.Helper()
	const secret = "test-secret-key-00000000000000000000000000000000"
	own, theirs := rsaKey(n.t, "network"), rsaKey(n.t, "party")
	plus := alipay.PartyConfig{ID: "NETS", Key: theirs, NetworkKey: publicPEM(n.t, own), Network: origin}
	cafe := member.Client{Merchant: "bryggen", Store: "bergen-cafe"}
	as := func(base member.Client, dialect, id, participant string, secrets map[string]string) member.Client {
		base.Dialect, base.ID, base.Participant, base.Secrets = dialect, id, participant, secrets
		if base.Store != "" {
			base.Terminal = sim.Terminal(base.Store, participant)
		}
		return base
	}
	signed := as(member.Client{}, alipay.Name, "NETS", "nets", nil)
	signed.PublicKey = publicPEM(n.t, theirs)
	var entered hub.Enrol
	entered.Listing.Clients = []member.Client{
		signed,
		as(cafe, vipps.Name, "123456", "vipps", map[string]string{
			"client_id": sumOf("id"), "client_secret": sumOf("secret"), "Ocp-Apim-Subscription-Key": sumOf("key"),
		}),
		as(member.Client{}, bluecode.Name, "till", "bluecode", map[string]string{bluecode.Secret: sumOf("secret")}),
		as(cafe, nexi.Name, nexi.ClientID(secret), "nets", map[string]string{nexi.SecretKey: sumOf(secret)}),
	}
	if result, err := n.do(n.t.Context(), hub.Request{Operation: entered}); err != nil || result.Refusal != nil {
		n.t.Fatal(err, result.Refusal)
	}
	config := n.config()
	config.Dialects = []web.Spoken{
		{Name: alipay.Name, Dialect: alipay.New(alipay.Config{Key: own})},
		{Name: bluecode.Name, Dialect: bluecode.New([32]byte{1})},
		{Name: nexi.Name, Dialect: nexi.Dialect{}},
		{Name: vipps.Name, Dialect: vipps.New([32]byte{2})},
	}
	north, vienna := [3]string{"vipps", "epassi", "alipay"}, [3]string{"bluecode", "vipps", "alipay"}
	unit := vipps.Till{MerchantSerialNumber: "123456", ClientID: "id", ClientSecret: "secret", SubscriptionKey: "key"}
	return web.New(config), []sameTill{
		{"AMS of Alipay", merchantTill{alipay.NewTill(plus), alipay.NewParty(plus)}, api.TillSell, "bergen-cafe", "nets", nok(100_00), north},
		{"ACQP of Alipay+", alipay.NewTill(plus), api.TillSell, "bergen-cafe", "nets", nok(100_00), north},
		{"ePayment of Vipps", unit, api.TillSell, "bergen-cafe", "vipps", nok(100_00), north},
		{"v4 of Bluecode", bluecode.Till{AccessID: "till", Secret: "secret"}, api.TillSell, "vienna-coffee", "bluecode", money.New(10_00, "EUR"), vienna},
		{"Checkout of Nexi", nexi.Shop{SecretKey: secret, ReturnURL: "https://shop.example/"}, api.TillOrder, "bergen-cafe", "nets", nok(100_00), north},
	}
}

// A merchantTill is a till of AMS, whose answers are read as those of ACQP are.
type merchantTill struct {
	alipay.Till

	party *alipay.Party
}

func (m merchantTill) Ask(call api.TillCall, now time.Time) api.Message {
	return m.party.Send(amsPath+"pay", []byte(strings.NewReplacer("ID", call.Sale, "CODE", call.Code).Replace(
		`{"productCode":"IN_STORE_PAYMENT","paymentRequestId":"ID","order":{"referenceOrderId":"order-ID","orderDescription":"Two coffees",`+
			`"orderAmount":{"currency":"NOK","value":"10000"},"merchant":{"store":{"referenceStoreId":"bergen-cafe"}},"env":{"storeTerminalId":"bergen-cafe-nets"}},`+
			`"paymentAmount":{"currency":"NOK","value":"10000"},"paymentMethod":{"paymentMethodType":"CONNECT_WALLET","paymentMethodId":"CODE"},`+
			`"paymentFactor":{"inStorePaymentScenario":"PaymentCode"}}`)), now)
}

// A begun sale is the request that began it, in lines, and what is its own in that.
type begun struct{ id, code, request string }

// plain is a line without what is the sale's own, and without the seal over all of it.
func (b begun) plain(line string) string {
	if sealed, ok := strings.CutPrefix(line, "Signature: "); ok {
		line, _, _ = strings.Cut(sealed, ",signature=")
	}
	line = strings.ReplaceAll(line, b.id, "")
	if b.code != "" {
		line = strings.ReplaceAll(line, b.code, "")
	}
	return line
}

// shown is a line as it is printed: codes and seals are others in each run.
func (b begun) shown(line string) string {
	if b.code != "" {
		line = strings.ReplaceAll(line, b.code, "‹the code that was scanned›")
	}
	head, _, sealed := strings.Cut(line, ",signature=")
	if sealed {
		return head + ",signature=‹over all of this›"
	}
	return line
}

// sells sells to a customer of the wallet, and returns how it has begun.
func (n *network) sells(handler http.Handler, s sameTill, wallet, id string) begun {
	n.t.Helper()
	call := api.TillCall{
		Kind: s.kind, Sale: id, OrderReference: "order-" + id, Amount: s.price, Store: s.store, Terminal: sim.Terminal(s.store, s.acquirer),
	}
	if s.kind == api.TillSell {
		call.Code = n.code(wallet, "payer of "+wallet)
	}
	if s.acquirer == vipps.Name {
		call.Access = n.hears(handler, s, api.TillCall{Kind: api.TillEnter}).Access
	}
	began := begun{id, call.Code, written(s.till.Ask(call, n.time()))}
	heard := n.hears(handler, s, call)
	if s.kind == api.TillOrder {
		n.scanAndPay(wallet, heard.Network)
	}
	if call.Kind = api.TillInquire; heard.Standing == api.TillWaits {
		if heard.Sale != "" {
			call.Sale = heard.Sale
		}
		heard = n.hears(handler, s, call)
	}
	if heard.Standing != api.TillPaid {
		n.t.Errorf("%s: a customer of %s does not pay: %+v", s.protocol, wallet, heard)
	}
	return began
}

// differences prints the lines in which the requests differ, and holds these to what may.
func differences(t *testing.T, s sameTill, sent [3]begun) string {
	t.Helper()
	var text strings.Builder
	var lines [3][]string
	for i, b := range sent {
		lines[i] = strings.Split(b.request, "\n")
	}
	same := 0
	for i, line := range lines[0] {
		if len(lines[1]) != len(lines[0]) || len(lines[2]) != len(lines[0]) {
			t.Fatalf("%s: requests of %d, %d and %d lines", s.protocol, len(lines[0]), len(lines[1]), len(lines[2]))
		}
		if lines[1][i] == line && lines[2][i] == line {
			same++
			continue
		}
		for customer, who := range []string{"a local", "a Nordic visitor", "a Chinese visitor"} {
			b := sent[customer]
			if b.plain(lines[customer][i]) != sent[0].plain(line) {
				t.Errorf("%s: %s is sold with another %s", s.protocol, who, lines[customer][i])
			}
			fmt.Fprintf(&text, "  %-18s %s\n", who+":", b.shown(lines[customer][i]))
		}
	}
	return fmt.Sprintf("%s: %d lines are the same, and these are not\n%s\n", s.protocol, same, text.String())
}

// hears makes a call and returns what the till understands of the answer.
func (n *network) hears(handler http.Handler, s sameTill, call api.TillCall) api.TillAnswer {
	n.t.Helper()
	sent := s.till.Ask(call, n.time())
	request := httptest.NewRequest(sent.Method, origin+sent.URL, bytes.NewReader(sent.Body))
	maps.Copy(request.Header, sent.Header)
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, request)
	heard, err := s.till.Heard(call, sent, api.Answer{Status: recorder.Code, Header: recorder.Header(), Body: recorder.Body.Bytes()})
	if err != nil {
		n.t.Fatalf("%s, %s: %v\n%s", s.protocol, call.Kind, err, recorder.Body)
	}
	return heard
}

// written is a request in lines: all of its bytes, and a line end after each comma of the
// body.
func written(m api.Message) string {
	var text strings.Builder
	text.WriteString(m.Method + " " + m.URL + "\n")
	for _, name := range slices.Sorted(maps.Keys(m.Header)) {
		text.WriteString(name + ": " + strings.Join(m.Header[name], ", ") + "\n")
	}
	return text.String() + "\n" + strings.ReplaceAll(string(m.Body), ",", ",\n")
}
