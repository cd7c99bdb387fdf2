package party_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/client"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/outbound"
	"github.com/hansa-network/hansa/qr"
	"github.com/hansa-network/hansa/sim"
	"github.com/hansa-network/hansa/sim/party"
)

// send calls the sandbox and reads what it answers.
func send[T any](t *testing.T, home *town, method, path string, body any) (answer T, status int) {
	t.Helper()
	var text []byte
	if body != nil {
		text = api.Encode(body)
	}
	request, err := http.NewRequestWithContext(t.Context(), method, home.sandbox.URL+"/sandbox"+path, bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	return answer, response.StatusCode
}

type object map[string]any

// plenty is what a payer has whose balance nobody names.
const plenty int64 = 1_000_000_000_00

func newPayer(t *testing.T, home *town, wallet string, accepts sim.Acceptance) string {
	t.Helper()
	payer, status := send[sim.Payer](t, home, http.MethodPost, "/wallets/"+wallet+"/payers", object{"accepts": accepts})
	if status != http.StatusOK {
		t.Fatalf("status %d", status)
	}
	return "/wallets/" + wallet + "/payers/" + payer.ID
}

func showCode(t *testing.T, home *town, payer string) string {
	t.Helper()
	code, _ := send[api.PaymentCode](t, home, http.MethodPost, payer+"/codes", nil)
	return code.Code
}

func sell(t *testing.T, home *town, code string, value int64) party.Sale {
	t.Helper()
	sale, status := send[party.Sale](t, home, http.MethodPost, "/tills/bergen-cafe/sales", object{"code": code, "amount": money.New(value, "NOK")})
	if status != http.StatusOK {
		t.Fatalf("status %d: %+v", status, sale)
	}
	return sale
}

func TestATillScansAPayersCode(t *testing.T) {
	t.Parallel()
	s := newSwitch(t)
	home := s.settle(t, t.TempDir())
	for _, row := range []struct {
		name, wallet string
		accepts      sim.Acceptance
		value        int64
		status       string
		reason       string
	}{
		{"without a prompt", "bluecode", sim.AcceptsAlways, 100_00, "approved", ""},
		{"with a prompt", "vipps", sim.AcceptsAlways, 100_00, "approved", ""},
		{"refused", "vipps", sim.AcceptsNever, 100_00, "declined", "declined_by_payer"},
		{"over the limit", "bluecode", sim.AcceptsAlways, 400_01, "declined", "wallet_limit"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			payer := newPayer(t, home, row.wallet, row.accepts)
			sale := sell(t, home, showCode(t, home, payer), row.value)
			if sale.Status != row.status || sale.Reason != row.reason || (sale.Receipt != nil) != (row.status == "approved") {
				t.Errorf("%+v", sale)
			}
			app, _ := send[party.App](t, home, http.MethodGet, payer, nil)
			var taken int64
			for _, p := range app.Payments {
				taken += p.Debited - p.Returned
			}
			if want := map[bool]int64{true: row.value}[row.status == "approved"]; taken != want {
				t.Errorf("%d were taken, not %d", taken, want)
			}
			if len(app.Payments) != 1 || app.Payments[0].Outcome != row.status {
				t.Errorf("the app shows %+v", app.Payments)
			}
		})
	}
}

func TestAPersonAnswersAPrompt(t *testing.T) {
	t.Parallel()
	s := newSwitch(t)
	home := s.settle(t, t.TempDir())
	payer := newPayer(t, home, "pivo", sim.AcceptsAsked)
	code := showCode(t, home, payer)
	sold := make(chan party.Sale)
	go func() {
		// Sells in the meantime; the test fails below if it does not.
		body := bytes.NewReader(api.Encode(object{"code": code, "amount": money.New(1, "NOK")}))
		response, err := http.Post(home.sandbox.URL+"/sandbox/tills/bergen-cafe/sales", api.MediaJSON, body)
		var sale party.Sale
		if err == nil {
			_ = json.NewDecoder(response.Body).Decode(&sale)
			_ = response.Body.Close()
		}
		sold <- sale
	}()
	var app party.App
	for len(app.Prompts) == 0 {
		app, _ = send[party.App](t, home, http.MethodGet, payer, nil)
	}
	reference := app.Prompts[0].Reference
	stranger := newPayer(t, home, "pivo", sim.AcceptsAsked)
	if _, status := send[api.Problem](t, home, http.MethodPost, stranger+"/prompts/"+reference, object{"accept": true}); status != http.StatusNotFound {
		t.Errorf("a stranger's answer: status %d", status)
	}
	answered, status := send[sim.WalletPayment](t, home, http.MethodPost, payer+"/prompts/"+reference, object{"accept": true, "pin": sim.UsualPIN})
	if status != http.StatusOK || answered.State != sim.StatePaid {
		t.Errorf("status %d: %+v", status, answered)
	}
	if sale := <-sold; sale.Status != "approved" {
		t.Errorf("%+v", sale)
	}
}

func TestAnAppScansACode(t *testing.T) {
	t.Parallel()
	s := newSwitch(t)
	home := s.settle(t, t.TempDir())
	shops, _ := send[api.Page[party.Shop]](t, home, http.MethodGet, "/stores", nil)
	if len(shops.Items) != len(sim.World().Registry.Stores) || len(shops.Items[0].Tills) != 2 || len(shops.Items[0].Tills[0].Codes) != 1 {
		t.Fatalf("%+v", shops.Items)
	}
	printed := shops.Items[0].Tills[0].Codes[0].Text
	for _, wallet := range []string{"vipps", "alipay"} {
		payer := newPayer(t, home, wallet, sim.AcceptsAlways)
		order, status := send[api.Order](t, home, http.MethodPost, "/tills/bergen-cafe/orders", object{"amount": money.New(50_00, "NOK")})
		if status != http.StatusOK {
			t.Fatalf("status %d", status)
		}
		scan, _ := send[party.Scan](t, home, http.MethodPost, payer+"/scan", object{"text": printed})
		if scan.Kind != "store" || scan.Quote != nil || scan.Payee.Store != "bergen-cafe" {
			t.Errorf("%s scans %+v", wallet, scan)
		}
		scan, _ = send[party.Scan](t, home, http.MethodPost, payer+"/scan", object{"text": printed, "amount": money.New(1, "NOK")})
		if scan.Quote == nil || (scan.Announced != nil) != (wallet == "alipay") {
			t.Errorf("%s scans %+v", wallet, scan)
		}
		for name, code := range map[string]object{
			"static":  {"text": printed, "amount": money.New(60_00, "NOK")},
			"dynamic": {"text": order.Code},
		} {
			paid, status := send[party.Paid](t, home, http.MethodPost, payer+"/pay", code)
			if status != http.StatusOK || paid.Status != "approved" || paid.Reference == "" {
				t.Errorf("%s pays %s: status %d, %+v", wallet, name, status, paid)
			}
		}
		app, _ := send[party.App](t, home, http.MethodGet, payer, nil)
		if taken := plenty - app.Balance.Value; taken != 110_00 {
			t.Errorf("%s took %d", wallet, taken)
		}
	}
}

// TestAnAppSaysWhoKeepsTheMoney, where that is a partner of the wallet.
func TestAnAppSaysWhoKeepsTheMoney(t *testing.T) {
	t.Parallel()
	home := newSwitch(t).settle(t, t.TempDir())
	for wallet, want := range map[string]string{"pagaqui": "Banco do Tejo", "momo": ""} {
		app, _ := send[party.App](t, home, http.MethodGet, newPayer(t, home, wallet, sim.AcceptsAlways), nil)
		if app.IssuedBy != want || app.Payer.Funding != "prepaid" {
			t.Errorf("%s: %+v", wallet, app)
		}
	}
}

func TestAPayerLeaves(t *testing.T) {
	t.Parallel()
	s := newSwitch(t)
	home := s.settle(t, t.TempDir())
	order, _ := send[api.Order](t, home, http.MethodPost, "/tills/bergen-cafe/orders", object{"amount": money.New(50_00, "NOK")})
	for _, wallet := range []string{"vipps", "alipay"} {
		payer := newPayer(t, home, wallet, sim.AcceptsNever)
		paid, status := send[party.Paid](t, home, http.MethodPost, payer+"/pay", object{"text": order.Code})
		if status != http.StatusOK || paid.Status != "declined" || paid.Reason != "declined_by_payer" || (paid.Reference != "") != (wallet == "alipay") {
			t.Errorf("%s: status %d, %+v", wallet, status, paid)
		}
	}
}

func TestAnAppBelievesNoForgedCode(t *testing.T) {
	t.Parallel()
	s := newSwitch(t)
	home := s.settle(t, t.TempDir())
	payer := newPayer(t, home, "vipps", sim.AcceptsAlways)
	order, _ := send[api.Order](t, home, http.MethodPost, "/tills/bergen-cafe/orders", object{"amount": money.New(50_00, "NOK")})
	over, err := qr.SignOrder(qr.OrderCode{
		Order: "ord_over", Amount: money.New(50_00, "NOK"), ExpiresAt: time.Now().Add(-time.Second),
		Payee: qr.Payee{Name: "Bryggen Kafe", City: "Bergen", Country: "NO", Category: "5812"},
	}, "hansa-1", s.key)
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]hansa.Reason{
		strings.Replace(order.Code, "50.00", "05.00", 1): hansa.CodeInvalid,
		over:                       hansa.OrderExpired,
		"https://example.org/":     hansa.CodeUnknown,
		"700001100000000000000000": hansa.CodeInvalid,
	} {
		problem, status := send[api.Problem](t, home, http.MethodPost, payer+"/pay", object{"text": text})
		if status < 400 || problem.Reason != want {
			t.Errorf("%s: status %d, %s", text, status, problem.Reason)
		}
	}
}

func TestBothLedgersMove(t *testing.T) {
	t.Parallel()
	s := newSwitch(t)
	home := s.settle(t, t.TempDir())
	sale := sell(t, home, showCode(t, home, newPayer(t, home, "bluecode", sim.AcceptsAlways)), 100_00)
	refund := "/tills/bergen-cafe/payments/" + sale.Reference + "/refunds"
	if moved, status := send[api.Movement](t, home, http.MethodPost, refund, object{"amount": money.New(30_00, "NOK")}); status != http.StatusOK {
		t.Fatalf("status %d: %+v", status, moved)
	}
	wallet, _ := send[party.WalletBook](t, home, http.MethodGet, "/wallets/bluecode/book", nil)
	if wallet.Debited != money.New(100_00, "EUR") || wallet.Returned != money.New(30_00, "EUR") || wallet.Count != 2 {
		t.Errorf("%+v", wallet)
	}
	acquirer, _ := send[party.AcquirerBook](t, home, http.MethodGet, "/acquirers/nets/book", nil)
	want := []sim.Payable{{Store: "bergen-cafe", Amount: money.New(70_00, "NOK"), Payments: 1, Returns: 1}}
	if diff := cmp.Diff(want, acquirer.Payables); diff != "" || acquirer.Count != 2 {
		t.Errorf("%d entries (-want +got):\n%s", acquirer.Count, diff)
	}
}

func TestTheTillCancels(t *testing.T) {
	t.Parallel()
	s := newSwitch(t)
	home := s.settle(t, t.TempDir())
	order, _ := send[api.Order](t, home, http.MethodPost, "/tills/bergen-cafe/orders", object{"amount": money.New(50_00, "NOK")})
	path := "/tills/bergen-cafe/orders/" + order.Order
	if closed, _ := send[api.Order](t, home, http.MethodPost, path+"/cancel", nil); closed.Status != "closed" {
		t.Errorf("%+v", closed)
	}
	if closed, _ := send[api.Order](t, home, http.MethodGet, path, nil); closed.Status != "closed" {
		t.Errorf("%+v", closed)
	}
	p := s.begin("vipps", "nets", "bergen-cafe", money.New(1, "NOK"), "")
	path = "/tills/bergen-cafe/payments/" + p.Reference
	if cancelled, _ := send[api.Cancelled](t, home, http.MethodPost, path+"/cancel", nil); cancelled.Payment.Status != "cancelled" {
		t.Errorf("%+v", cancelled)
	}
	if shown, _ := send[api.Payment](t, home, http.MethodGet, path, nil); shown.Status != "cancelled" {
		t.Errorf("%+v", shown)
	}
}

func TestASandboxSaysNo(t *testing.T) {
	t.Parallel()
	s := newSwitch(t)
	home := s.settle(t, t.TempDir())
	for _, row := range []struct {
		method, path string
		body         any
		want         hansa.Reason
	}{
		{http.MethodPost, "/wallets/paypal/payers", nil, hansa.NotFound},
		{http.MethodPost, "/wallets/nets/payers", nil, hansa.NotFound},
		{http.MethodGet, "/wallets/vipps/payers/nobody", nil, hansa.NotFound},
		{http.MethodPost, "/wallets/vipps/payers", object{"balance": money.New(1, "EUR")}, hansa.CurrencyMismatch},
		{http.MethodPost, "/wallets/vipps/payers", object{"age": 7}, hansa.UnknownField},
		{http.MethodPost, "/wallets/vipps/behaviour", object{"misbehaviour": "rude"}, hansa.Malformed},
		{http.MethodPost, "/tills/atlantis/sales", object{"code": "1", "amount": money.New(1, "NOK")}, hansa.NotFound},
		{http.MethodPost, "/tills/bergen-cafe/sales", object{"code": "1", "amount": money.New(1, "NOK"), "acquirer": "momo"}, hansa.NotFound},
		{http.MethodPost, "/tills/bergen-cafe/sales", object{"code": "1", "amount": money.New(1, "NOK")}, hansa.CodeUnknown},
		{http.MethodGet, "/acquirers/alipay/book", nil, hansa.NotFound},
		{http.MethodGet, "/nowhere", nil, hansa.NotFound},
	} {
		if problem, status := send[api.Problem](t, home, row.method, row.path, row.body); problem.Reason != row.want || problem.Status != status {
			t.Errorf("%s %s: status %d, %s", row.method, row.path, status, problem.Reason)
		}
	}
}

func TestTheSandboxIsForThisMachine(t *testing.T) {
	t.Parallel()
	home := newSwitch(t).settle(t, t.TempDir())
	for name, row := range map[string]struct {
		from, origin string
		want         int
	}{
		"here":          {"127.0.0.1:1", "", http.StatusOK},
		"here, IPv6":    {"[::1]:1", "", http.StatusOK},
		"elsewhere":     {"192.0.2.1:1", "", http.StatusNotFound},
		"another page":  {"127.0.0.1:1", "https://example.org", http.StatusForbidden},
		"no one at all": {"", "", http.StatusNotFound},
	} {
		request := httptest.NewRequest(http.MethodPost, "/sandbox/wallets/vipps/payers", nil)
		request.RemoteAddr = row.from
		if row.origin != "" {
			request.Header.Set("Origin", row.origin)
		}
		answer := httptest.NewRecorder()
		home.parties.Sandbox().ServeHTTP(answer, request)
		if answer.Code != row.want {
			t.Errorf("%s: status %d, not %d", name, answer.Code, row.want)
		}
	}
}

func TestAWalletHearsOnlyTheSwitch(t *testing.T) {
	t.Parallel()
	s := newSwitch(t)
	home := s.settle(t, t.TempDir())
	payer := newPayer(t, home, "bluecode", sim.AcceptsAlways)
	wallet := client.Peer{Participant: "bluecode", URL: s.participant("bluecode").Endpoint}
	ask := api.Ask{
		Reference: "pay_forged", Payer: strings.TrimPrefix(payer, "/wallets/bluecode/payers/"), Payee: payeeOf("bergen-cafe"),
		OrderAmount: money.New(1, "NOK"), DebitAmount: money.New(1, "EUR"), Fee: money.New(0, "EUR"), PayerUntil: time.Now(),
	}
	forger := *s.client
	forger.KeyID = "nets#1"
	if _, err := (outbound.Wallets{Client: &forger}).Ask(t.Context(), wallet, ask); err == nil {
		t.Error("a forged question was answered")
	}
	hooks := *s.hooks
	hooks.Signing.Keys = nil
	hooks.Signing.Secrets = [][]byte{[]byte("guessed")}
	event := api.Event{Cursor: "cur_1", Type: "payment.approved", Payment: &api.Payment{
		Reference: "pay_forged", Status: "approved", Acquirer: "nets", Store: "bergen-cafe", OrderAmount: money.New(1, "NOK"),
	}}
	status, err := hooks.Post(t.Context(), s.participant("nets").Webhook, "evt_1", api.Encode(event))
	if err != nil || status != http.StatusUnauthorized {
		t.Errorf("a forged webhook: status %d, %v", status, err)
	}
	app, _ := send[party.App](t, home, http.MethodGet, payer, nil)
	book, _ := send[party.AcquirerBook](t, home, http.MethodGet, "/acquirers/nets/book", nil)
	if len(app.Payments) != 0 || book.Count != 0 {
		t.Errorf("forgers moved %v and %v", app.Payments, book.Entries)
	}
}

// TestMisbehaviourOverHTTP hears what becomes of each manner on the wire.
func TestMisbehaviourOverHTTP(t *testing.T) {
	t.Parallel()
	s := newSwitch(t)
	home := s.settle(t, t.TempDir())
	payer := newPayer(t, home, "alipay", sim.AcceptsAlways)
	wallet := client.Peer{Participant: "alipay", URL: s.participant("alipay").Endpoint}
	for _, behaviour := range []sim.Misbehaviour{sim.Silence, sim.Garbage} {
		set, status := send[party.Behaviour](t, home, http.MethodPost, "/wallets/alipay/behaviour", party.Behaviour{Misbehaviour: behaviour})
		if status != http.StatusOK || set.Misbehaviour != behaviour {
			t.Fatalf("status %d: %v", status, set)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		if answer, err := (outbound.Wallets{Client: s.client}).Inquire(ctx, wallet, "pay_1"); err == nil {
			t.Errorf("%s: heard %v", behaviour, answer)
		}
		cancel()
	}
	send[party.Behaviour](t, home, http.MethodPost, "/wallets/alipay/behaviour", party.Behaviour{})
	if sale := sell(t, home, showCode(t, home, payer), 1); sale.Status != "approved" {
		t.Errorf("%+v", sale)
	}
}

func TestARestartForgetsNothing(t *testing.T) {
	t.Parallel()
	s := newSwitch(t)
	folder := t.TempDir()
	home := s.settle(t, folder)
	payer := newPayer(t, home, "bluecode", sim.AcceptsAlways)
	sale := sell(t, home, showCode(t, home, payer), 100_00)
	before, _ := send[party.App](t, home, http.MethodGet, payer, nil)
	key := s.participant("bluecode").Keys[0].Public
	home.stop()

	home = s.settle(t, folder)
	after, _ := send[party.App](t, home, http.MethodGet, payer, nil)
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("the app (-before +after):\n%s", diff)
	}
	if !key.Equal(s.participant("bluecode").Keys[0].Public) {
		t.Error("another key")
	}
	book, _ := send[party.AcquirerBook](t, home, http.MethodGet, "/acquirers/nets/book", nil)
	if book.Count != 1 || book.Entries[0].Reference != sale.Reference {
		t.Errorf("%+v", book)
	}
	if seen, err := os.Stat(filepath.Join(folder, "bluecode", "key")); err != nil || seen.Mode().Perm() != 0o600 {
		t.Errorf("the key file: %v, %v", seen.Mode(), err)
	}
}

// TestAnOutcomeIsToldUntilItIsHeard lets the wallet start again in between.
func TestAnOutcomeIsToldUntilItIsHeard(t *testing.T) {
	t.Parallel()
	s := newSwitch(t)
	folder := t.TempDir()
	home := s.settle(t, folder)
	payer := newPayer(t, home, "pagaqui", sim.AcceptsAsked)
	wallet := client.Peer{Participant: "pagaqui", URL: s.participant("pagaqui").Endpoint}
	p := s.begin("pagaqui", "nets", "bergen-cafe", money.New(1, "NOK"), "")
	answer, err := (outbound.Wallets{Client: s.client}).Ask(t.Context(), wallet, api.Ask{
		Reference: p.Reference, Payer: strings.TrimPrefix(payer, "/wallets/pagaqui/payers/"), Payee: payeeOf("bergen-cafe"),
		OrderAmount: p.OrderAmount, DebitAmount: p.DebitAmount, Fee: money.New(0, "EUR"), PayerUntil: time.Now().Add(time.Minute),
	})
	if err != nil || answer.Status != api.AnswerAwaitingPayer {
		t.Fatalf("%v, %v", answer, err)
	}
	s.deaf.Store(true)
	if _, status := send[sim.WalletPayment](t, home, http.MethodPost, payer+"/prompts/"+p.Reference, object{"accept": true}); status != http.StatusOK {
		t.Fatalf("status %d", status)
	}
	<-s.refused
	home.stop()
	s.deaf.Store(false)
	s.settle(t, folder)
	if reference := <-s.told; reference != p.Reference {
		t.Errorf("told of %s", reference)
	}
}

func TestABookWithATornEnd(t *testing.T) {
	t.Parallel()
	s := newSwitch(t)
	folder := t.TempDir()
	home := s.settle(t, folder)
	payer := newPayer(t, home, "momo", sim.AcceptsAlways)
	home.stop()
	name := filepath.Join(folder, "momo", "book.jsonl")
	whole, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for _, end := range []string{`{"wallet":{"payer"`, "\x00\x00\x00\x00", "\x00\x00\n{\"wallet\":{}}\n", "{}\n"} {
		if err := os.WriteFile(name, append(append([]byte(nil), whole...), end...), 0o600); err != nil {
			t.Fatal(err)
		}
		home := s.settle(t, folder)
		if _, status := send[party.App](t, home, http.MethodGet, payer, nil); status != http.StatusOK {
			t.Errorf("end %q: status %d", end, status)
		}
		home.stop()
		if left, err := os.ReadFile(name); err != nil || !bytes.Equal(left, whole) {
			t.Errorf("end %q: left %q, %v", end, left, err)
		}
	}
}

func TestABookBrokenInTheMiddleIsAFault(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	s := newSwitch(t)
	s.settle(t, folder).stop()
	text := append([]byte("?\n"), bytes.Repeat([]byte("{\"wallet\":{}}\n"), 1<<17)...)
	if err := os.WriteFile(filepath.Join(folder, "momo", "book.jsonl"), text, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := party.Open(party.Config{
		Folder: folder, World: sim.World(), Switch: s.asParties(), Now: time.Now, Chance: func() hansa.Chance { return hansa.Chance{} },
	})
	if err == nil {
		t.Error("opened")
	}
}
