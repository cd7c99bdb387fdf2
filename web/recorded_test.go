package web_test

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/dialect/bluecode"
	"github.com/hansa-network/hansa/dialect/nexi"
	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/merchant"
	"github.com/hansa-network/hansa/sim"
	"github.com/hansa-network/hansa/web"
)

// A foreignTill is a system that was recorded, at the real hub.
type foreignTill struct {
	*network

	handler http.Handler
}

func (n *network) foreignTill(entered hub.Enrol) foreignTill {
	n.t.Helper()
	if result, err := n.do(n.t.Context(), hub.Request{Operation: entered}); err != nil || result.Refusal != nil {
		n.t.Fatal(err, result.Refusal)
	}
	config := n.config()
	config.Dialects = []web.Spoken{
		{Name: bluecode.Name, Dialect: bluecode.New([32]byte{1})},
		{Name: nexi.Name, Dialect: nexi.Dialect{}},
	}
	return foreignTill{n, web.New(config)}
}

// replay sends a recorded request, of which the path may be another, and returns status
// and body of the answer.
func (f foreignTill) replay(file, path string) (int, string) {
	f.t.Helper()
	recorded, err := os.ReadFile("../dialect/" + file)
	if err != nil {
		f.t.Fatal(err)
	}
	r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(recorded)))
	if err != nil {
		f.t.Fatal(err)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		f.t.Fatal(err)
	}
	if path == "" {
		path = r.URL.Path
	}
	sent := httptest.NewRequest(r.Method, path, bytes.NewReader(body))
	sent.Header = r.Header
	w := httptest.NewRecorder()
	f.handler.ServeHTTP(w, sent)
	return w.Code, w.Body.String()
}

func (f foreignTill) want(status int, part string) func(int, string) {
	return func(got int, body string) {
		f.t.Helper()
		if got != status || !strings.Contains(body, part) {
			f.t.Errorf("want %d with %s, got %d: %s", status, part, got, body)
		}
	}
}

func sumOf(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// TestARecordedShopIsPaid: what the official Nexi library sent reserves, charges and
// refunds the payment of a wallet that Nexi does not know.
func TestARecordedShopIsPaid(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	const key = "test-secret-key-00000000000000000000000000000000"
	var entered hub.Enrol
	entered.Listing.Clients = []member.Client{{
		Dialect: nexi.Name, ID: nexi.ClientID(key), Participant: "nets", Merchant: "gamla-stan", Store: "stockholm-books",
		Terminal: sim.Terminal("stockholm-books", "nets"), Secrets: map[string]string{nexi.SecretKey: sumOf(key)},
	}}
	shop := n.foreignTill(entered)
	const recorded = "nexi/testdata/recorded/nexi-php-sdk-"
	status, body := shop.replay(recorded+"01-POST_v1_payments.http", "")
	var made struct{ PaymentID, HostedPaymentPageURL string }
	if err := json.Unmarshal([]byte(body), &made); err != nil || status != http.StatusCreated {
		t.Fatalf("%d %s, %v", status, body, err)
	}
	path := "/v1/payments/" + made.PaymentID
	shop.want(http.StatusPaymentRequired, `"1003"`)(shop.replay(recorded+"03-POST_v1_payments_0254000061c7_charges.http", path+"/charges"))

	n.scanAndPay("epassi", made.HostedPaymentPageURL[strings.LastIndex(made.HostedPaymentPageURL, "/")+1:])
	shop.want(http.StatusOK, `"reservedAmount":5500,"chargedAmount":0`)(shop.replay(recorded+"02-GET_v1_payments_0254000061c7.http", path))
	n.answered(yes)
	status, body = shop.replay(recorded+"03-POST_v1_payments_0254000061c7_charges.http", path+"/charges")
	shop.want(http.StatusCreated, `"chargeId"`)(status, body)
	charge := strings.Split(body, `"`)[3]
	shop.want(http.StatusCreated, charge)(shop.replay(recorded+"03-POST_v1_payments_0254000061c7_charges.http", path+"/charges"))
	shop.want(http.StatusCreated, `"refundId"`)(shop.replay(recorded+"05-POST_v1_charges_01ee0000_refunds.http", "/v1/charges/"+charge+"/refunds"))
	shop.want(http.StatusOK, `"chargedAmount":5500,"refundedAmount":5500`)(shop.replay(recorded+"02-GET_v1_payments_0254000061c7.http", path))
	shop.want(http.StatusPaymentRequired, `"1004"`)(shop.replay(recorded+"07-PUT_v1_payments_0254000061c7_terminate.http", path+"/terminate"))
}

// scanAndPay lets a payer of wallet pay an order of Nets.
func (n *network) scanAndPay(wallet, order string) {
	n.t.Helper()
	shown, answer := read[api.Order](n, "nets", "/v1/orders/"+order)
	n.wantStatus(http.StatusOK, answer)
	n.paidBy(wallet, shown.Code)
}

// paidBy lets a payer of wallet pay what a code asks.
func (n *network) paidBy(wallet, code string) {
	n.t.Helper()
	found, answer := post[api.Resolution](n, wallet, "/v1/resolve", api.Resolve{RequestID: n.nonce(), Code: code})
	n.wantStatus(http.StatusOK, answer)
	accepted, answer := n.accepted(wallet, *found.Quote)
	n.wantStatus(http.StatusCreated, answer)
	_, answer = post[api.OutcomeHeard](n, wallet, "/v1/payments/"+accepted.Payment.Reference+"/outcome", told(accepted.Payment))
	n.wantStatus(http.StatusOK, answer)
}

// TestARecordedTillIsPaid: what the client of Bluecode's tills sent is paid by Bluecode,
// whose number it had scanned, and in the register that it wrote down.
func TestARecordedTillIsPaid(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	var entered hub.Enrol
	wallet, err := n.config().Directory().Participant("bluecode")
	if err != nil {
		t.Fatal(err)
	}
	wallet.Wallet.OwnCodes = true
	wallet.Wallet.Issuers = append(wallet.Wallet.Issuers, "barcode/bluecode")
	entered.Listing.Participants = []member.Participant{wallet}
	entered.Listing.Clients = []member.Client{{
		Dialect: bluecode.Name, ID: "acc-id", Participant: "bluecode", Secrets: map[string]string{bluecode.Secret: sumOf("secret")},
		Store: "store-oslo-1", Terminal: "T1",
	}}
	entered.Registry.Merchants = []merchant.Merchant{{ID: "recorded", Name: "Recorded", Country: "AT"}}
	entered.Registry.Stores = []merchant.Store{{
		ID: "store-oslo-1", Merchant: "recorded", Name: "Recorded", City: "Wien", Country: "AT", Category: "5814", Currency: "EUR",
		Contracts: []merchant.Contract{{Acquirer: "bluecode", Branch: "bluecode.at", From: sim.Since()}},
	}}
	entered.Registry.Terminals = []merchant.Terminal{{ID: "T1", Store: "store-oslo-1", Acquirer: "bluecode"}}
	till := n.foreignTill(entered)
	n.answered(yes)
	const recorded = "bluecode/testdata/recorded/bluecode-pos-client-"
	till.want(http.StatusOK, `"state":"APPROVED"`)(till.replay(recorded+"01-POST_v4_payment.http", ""))
	till.want(http.StatusOK, `"scheme":"BLUE_CODE"`)(till.replay(recorded+"02-POST_v4_status.http", ""))
	till.want(http.StatusBadRequest, "MERCHANT_TX_ID_NOT_UNIQUE")(till.replay(recorded+"01-POST_v4_payment.http", ""))
	till.want(http.StatusOK, `"state":"REGISTERED"`)(till.replay(recorded+"03-POST_v4_register.http", ""))
	till.want(http.StatusOK, `"result":"OK"`)(till.replay(recorded+"06-POST_v4_heartbeat.http", ""))
	till.want(http.StatusOK, `"state":"CANCELED"`)(till.replay(recorded+"02-POST_v4_status.http", "/v4/cancel"))
	till.want(http.StatusOK, `"state":"CANCELED"`)(till.replay(recorded+"02-POST_v4_status.http", ""))
}
