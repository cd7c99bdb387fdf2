package web_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
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
	"github.com/hansa-network/hansa/merchant"
	"github.com/hansa-network/hansa/sim"
	"github.com/hansa-network/hansa/web"
)

// recordedAt is a time in the middle of all recordings.
var recordedAt = time.Date(2026, 11, 21, 22, 39, 0, 0, time.UTC)

// A recording is the story of one client: who it is here, and what it sent, in order. A
// request is sent as it was recorded, to the byte; where an id in its path was drawn by the
// server that recorded it, it is then sent once more with ours.
type recording struct {
	client func(t *testing.T) hub.Enrol
	files  string // in ../dialect
	sent   []string
	ours   map[string]string // what stands in a path instead of what was recorded, found in the answers
}

// recordings tell all stories. Each recorded file stands in one.
var recordings = map[string]recording{
	"alipay-go": {recordedMerchant, "alipay/testdata/recorded", []string{
		"alipay-go-sdk-1.3.5-01-POST_ams_api_v1_payments_pay.http",
		"alipay-go-sdk-1.3.5-02-POST_ams_api_v1_payments_pay.http",
		"alipay-go-sdk-1.3.5-03-POST_ams_api_v1_payments_inquiryPayment.http",
		"alipay-go-sdk-1.3.5-04-POST_ams_api_v1_payments_cancel.http",
		"alipay-go-sdk-1.3.5-05-POST_ams_api_v1_payments_refund.http",
	}, nil},
	"alipay-sandbox": {recordedMerchant, "alipay/testdata/recorded", []string{
		"alipay-go-sdk-1.3.5-SANDBOX-06-POST_ams_sandbox_api_v1_payments_pay.http",
		"alipay-go-sdk-1.3.5-SANDBOX-07-POST_ams_sandbox_api_v1_payments_pay.http",
	}, nil},
	"alipay-php": {recordedMerchant, "alipay/testdata/recorded", []string{
		"alipay-php-sdk-01-POST_ams_api_v1_payments_pay.http",
	}, nil},
	"alipay-python": {recordedMerchant, "alipay/testdata/recorded", []string{
		"alipay-python-sdk-01-POST_ams_api_v1_payments_pay.http",
	}, nil},
	"bluecode": {recordedTill, "bluecode/testdata/recorded", []string{
		"bluecode-pos-client-01-POST_v4_payment.http",
		"bluecode-pos-client-02-POST_v4_status.http",
		"bluecode-pos-client-03-POST_v4_register.http",
		"bluecode-pos-client-06-POST_v4_heartbeat.http",
	}, nil},
	"nexi": {recordedShop, "nexi/testdata/recorded", []string{
		"nexi-php-sdk-01-POST_v1_payments.http",
		"nexi-php-sdk-02-GET_v1_payments_0254000061c7.http",
		"nexi-php-sdk-07-PUT_v1_payments_0254000061c7_terminate.http",
		"nexi-php-sdk-03-POST_v1_payments_0254000061c7_charges.http",
		"nexi-php-sdk-05-POST_v1_charges_01ee0000_refunds.http",
	}, map[string]string{"0254000061c7": `"paymentId":"`}},
	"vipps": {recordedUnit, "vipps/testdata", []string{
		"vipps-sdk-2.4.2-01-POST_accesstoken_get.http",
		"vipps-sdk-2.4.2-02-POST_epayment_v1_payments.http",
		"vipps-sdk-2.4.2-03-POST_epayment_v1_payments.http",
		"vipps-sdk-2.4.2-09-POST_epayment_v1_test_payments_acme_shop_123_order1_approve.http",
		"vipps-sdk-2.4.2-04-GET_epayment_v1_payments_acme_shop_123_order1.http",
		"vipps-sdk-2.4.2-06-POST_epayment_v1_payments_acme_shop_123_order1_capture.http",
		"vipps-sdk-2.4.2-07-POST_epayment_v1_payments_acme_shop_123_order1_refund.http",
		"vipps-sdk-2.4.2-08-POST_epayment_v1_payments_acme_shop_123_order1_cancel.http",
		"vipps-sdk-2.4.2-05-GET_epayment_v1_payments_acme_shop_123_order1_events.http",
		"vipps-sdk-2.4.2-10-POST_webhooks_v1_webhooks.http",
		"vipps-sdk-2.4.2-11-GET_webhooks_v1_webhooks.http",
		"vipps-sdk-2.4.2-12-DELETE_webhooks_v1_webhooks_497f6eca.http",
	}, map[string]string{"497f6eca": `"id":"`}},
}

// TestEveryRecordingIsExpected: a file that is put beside the others without a word on what
// its answer is fails.
func TestEveryRecordingIsExpected(t *testing.T) {
	t.Parallel()
	var told, found []string
	for _, story := range recordings {
		for _, file := range story.sent {
			told = append(told, filepath.Join("../dialect", story.files, file))
		}
	}
	for _, pattern := range []string{"../dialect/*/testdata/*.http", "../dialect/*/testdata/*/*.http"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, files...)
	}
	slices.Sort(told)
	slices.Sort(found)
	if !slices.Equal(told, found) || len(found) < 30 {
		t.Errorf("recorded are\n%s\nand expected\n%s", strings.Join(found, "\n"), strings.Join(told, "\n"))
	}
}

// TestEveryRecordingIsAnswered by the network as it is mounted, with a clock of the time of
// the recordings, keys and secrets that were theirs, and wallets that say yes.
func TestEveryRecordingIsAnswered(t *testing.T) {
	t.Parallel()
	for name, story := range recordings {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := newNetworkAt(t, recordedAt)
			if result, err := n.do(t.Context(), hub.Request{Operation: story.client(t)}); err != nil || result.Refusal != nil {
				t.Fatal(err, result.Refusal)
			}
			config := n.config()
			config.Dialects = spoken(t)
			config.Approve = func(_ context.Context, order api.Order, _ string) error { n.paidBy("epassi", order.Code); return nil }
			n.handler = web.New(config)
			n.answered(yes)
			var told strings.Builder
			ours := make(map[string]string)
			for _, file := range story.sent {
				n.replayed(&told, filepath.Join("../dialect", story.files, file), story.ours, ours)
				n.pass(time.Second)
			}
			apitest.Golden(t, filepath.Join("recorded", name+".txt"), told.String())
		})
	}
}

// replayed sends a file, and tells what is answered. What an answer says of ids of ours is
// kept, for the paths of those that follow.
func (n *network) replayed(told *strings.Builder, file string, marks, ours map[string]string) {
	n.t.Helper()
	fmt.Fprintf(told, "== %s\n", filepath.Base(file))
	r, body := recordedRequest(n.t, file)
	body = n.tells(told, r, body, marks, ours)
	for theirs, own := range ours {
		if strings.Contains(r.URL.Path, theirs) {
			again, _ := recordedRequest(n.t, file)
			again.URL.Path = strings.Replace(r.URL.Path, theirs, own, 1)
			fmt.Fprintf(told, "-- with our id in its path\n")
			n.tells(told, again, body, marks, ours)
		}
	}
}

// recordedRequest reads what was recorded, without the notes of the recorder.
func recordedRequest(t *testing.T, file string) (*http.Request, []byte) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(text)))
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	r.RequestURI = ""
	return r, body
}

func (n *network) tells(told *strings.Builder, r *http.Request, body []byte, marks, ours map[string]string) []byte {
	n.t.Helper()
	r.Body = io.NopCloser(bytes.NewReader(body))
	w := httptest.NewRecorder()
	n.handler.ServeHTTP(w, r)
	answer := api.Answer{Status: w.Code, Header: w.Header(), Body: w.Body.Bytes()}
	told.WriteString(apitest.Written(answer))
	for theirs, mark := range marks {
		if _, after, found := strings.Cut(string(answer.Body), mark); found && ours[theirs] == "" && answer.Status < 300 {
			ours[theirs], _, _ = strings.Cut(after, `"`)
		}
	}
	if r.Header.Get("Client-Id") != "" {
		n.signedFor(r, body, answer)
	}
	return body
}

// signedFor verifies the answer to a request in Alipay's protocol as its sender would.
func (n *network) signedFor(r *http.Request, body []byte, answer api.Answer) {
	n.t.Helper()
	key := rsaKey(n.t, "network")
	sender := alipay.NewParty(alipay.PartyConfig{ID: r.Header.Get("Client-Id"), Key: key, NetworkKey: publicPEM(n.t, key), Network: origin})
	sent := api.Message{Method: r.Method, URL: r.URL.Path, Header: r.Header, Body: body}
	if err := sender.OutcomeHeard(sent, answer); err != nil && strings.Contains(err.Error(), "answer of the network") {
		n.t.Errorf("%s: the answer is not believed: %v", r.URL.Path, err)
	}
}

// recordedMerchant has the key of Alipay's recordings, and a stall in Helsinki. Its payer is
// one of AlipayCN, whose numbers the recordings have.
func recordedMerchant(t *testing.T) (entered hub.Enrol) {
	t.Helper()
	key, err := os.ReadFile("../dialect/alipay/testdata/merchant_public_key.pem")
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"5Y5XSR7C3046QJ05345", "SANDBOX_5Y5XSR7C3046QJ"} {
		entered.Listing.Clients = append(entered.Listing.Clients, member.Client{
			Dialect: alipay.Name, ID: id, Participant: "nets", Merchant: "kauppatori", Store: "helsinki-market",
			Terminal: sim.Terminal("helsinki-market", "nets"), PublicKey: string(key),
		})
	}
	entered.Listing.Participants = []member.Participant{drawing(t, "alipay", "barcode/alipay-cpm")}
	return entered
}

// drawing is a wallet of the world that draws numbers of a kind itself.
func drawing(t *testing.T, id, kind string) member.Participant {
	t.Helper()
	all := sim.World().Listing.Participants
	wallet := all[slices.IndexFunc(all, func(p member.Participant) bool { return p.ID == id })]
	wallet.Wallet.OwnCodes = true
	if !slices.Contains(wallet.Wallet.Issuers, kind) {
		wallet.Wallet.Issuers = append(slices.Clip(wallet.Wallet.Issuers), kind)
	}
	wallet.Keys = []member.Key{{ID: api.KeyID(id, 1), Public: public(api.KeyID(id, 1)), NotBefore: sim.Since()}}
	return wallet
}

// recordedTill is that of Bluecode's recordings, in the store that they name.
func recordedTill(t *testing.T) (entered hub.Enrol) {
	t.Helper()
	entered.Listing.Participants = []member.Participant{drawing(t, "bluecode", "barcode/bluecode")}
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
	return entered
}

// recordedShop has the key of Nexi's recordings.
func recordedShop(*testing.T) (entered hub.Enrol) {
	const key = "test-secret-key-00000000000000000000000000000000"
	entered.Listing.Clients = []member.Client{{
		Dialect: nexi.Name, ID: nexi.ClientID(key), Participant: "nets", Merchant: "gamla-stan", Store: "stockholm-books",
		Terminal: sim.Terminal("stockholm-books", "nets"), Secrets: map[string]string{nexi.SecretKey: sumOf(key)},
	}}
	return entered
}

// recordedUnit has the credentials of Vipps' recordings, and the token that its calls show.
func recordedUnit(*testing.T) (entered hub.Enrol) {
	entered.Listing.Clients = []member.Client{{
		Dialect: vipps.Name, ID: "123456", Participant: "vipps", Merchant: "bryggen", Store: "bergen-cafe", Terminal: sim.Terminal("bergen-cafe", "vipps"),
		Secrets: map[string]string{
			"client_id": sumOf("fb492b5e-7907-4d83-bc20-c7fb60ca35de"), "client_secret": sumOf("Y8Kteew6GE3ZmeycEt6egg=="),
			"Ocp-Apim-Subscription-Key": sumOf("0f14ebcab0ec4b29ae0cb90d91b4a84a"), "access_token": sumOf("eyJtoken"),
		},
	}}
	return entered
}
