package bluecode_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
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

var (
	merchant = bluecode.NewMerchant(map[string]string{"hansa": "wallet-secret"})
	wallet   = api.Client{Dialect: bluecode.Name, ID: "hansa", Participant: "bluecode"}
	purse    = bluecode.NewParty("hansa", "wallet-secret")
	asked    = api.Ask{
		Reference: "pay_06h06852000013apzgqah56xm4rgp", Code: "98801222100100123456",
		Payee:       api.Payee{Store: "bergen-cafe", Name: "Bryggen Kafe", City: "Bergen", Country: "NO", Category: "5812"},
		OrderAmount: money.New(10000, "NOK"), DebitAmount: money.New(874, "EUR"), PayerUntil: noon.Add(time.Minute),
	}
)

// walletCalls are one of each kind.
func walletCalls() []api.WalletCall {
	call := func(kind, movement string) api.WalletCall {
		c := api.WalletCall{Kind: kind, Ask: asked, Begun: noon, Wallet: wallet}
		switch kind {
		case api.CallCancel:
			c.Stop = api.Stop{Reference: asked.Reference}
		case api.CallCarry:
			c.Carry = api.Carry{
				Movement: "mov_06h0685200000h6dycy7rz81j6sxc", Payment: asked.Reference, Kind: movement,
				OrderAmount: money.New(5000, "NOK"), DebitAmount: money.New(437, "EUR"),
			}
			c.Known = "BC06h06852000013apzgqah56xm4rgp"
		}
		return c
	}
	return []api.WalletCall{
		call(api.CallAsk, ""), call(api.CallInquire, ""), call(api.CallCancel, ""),
		call(api.CallCarry, "refund"), call(api.CallCarry, "release"), call(api.CallCarry, "cancel"), call(api.CallCarry, "capture"),
	}
}

func titleOf(call api.WalletCall) string { return strings.TrimSpace(call.Kind + " " + call.Carry.Kind) }

func sentTo(t *testing.T, call api.WalletCall) (api.Message, api.Question) {
	t.Helper()
	sent, err := merchant.Call(call, api.Question{Now: noon})
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequest(sent.Method, "https://wallet.example/momo"+sent.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header = sent.Header
	return sent, api.Question{Request: r, Body: sent.Body, Now: noon}
}

// TestCallsToAWallet shows each message as it is sent.
func TestCallsToAWallet(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	for _, call := range walletCalls() {
		sent, _ := sentTo(t, call)
		fmt.Fprintf(&text, "== %s\n%s %s\nAuthorization: %s\nContent-Type: %s\n%s\n", titleOf(call),
			sent.Method, sent.URL, sent.Header.Get("Authorization"), sent.Header.Get("Content-Type"), sent.Body)
	}
	apitest.Golden(t, "wallet_calls.txt", text.String())
	stranger := walletCalls()[0]
	stranger.Wallet.ID = "unheard of"
	_, err := merchant.Call(stranger, api.Question{})
	wantReasonOf(t, hansa.UnknownKey, err)
}

func wantReasonOf(t *testing.T, want hansa.Reason, err error) {
	t.Helper()
	if got, _ := hansa.ReasonOf(err); got != want {
		t.Errorf("want %s, got %v", want, err)
	}
}

// TestAWalletUnderstandsItsMerchant: what one side says the other hears.
func TestAWalletUnderstandsItsMerchant(t *testing.T) {
	t.Parallel()
	paid := api.WalletAnswer{
		Reference: asked.Reference, Status: api.AnswerPaid, OrderAmount: asked.OrderAmount, DebitAmount: asked.DebitAmount, Payee: "bergen-cafe",
	}
	saying := func(status, reason string) api.WalletAnswer {
		answer := api.WalletAnswer{Reference: asked.Reference, Status: status, Reason: reason}
		if status == api.AnswerAwaitingPayer {
			answer.Until = &asked.PayerUntil
		}
		return answer
	}
	for _, call := range walletCalls() {
		sent, question := sentTo(t, call)
		heard, err := purse.Asked(question)
		if err != nil {
			t.Fatal(titleOf(call), err)
		}
		if call.Kind == api.CallCarry {
			continue
		}
		if heard.Kind != call.Kind || heard.Ask.Reference != asked.Reference {
			t.Errorf("%s: the wallet hears %+v", titleOf(call), heard)
		}
		answers := []api.WalletAnswer{
			paid, saying(api.AnswerAwaitingPayer, ""), saying(api.AnswerDeclined, string(hansa.InsufficientFunds)),
			saying(api.AnswerDeclined, string(hansa.WalletLimit)), saying(api.AnswerCancelled, ""),
		}
		if call.Kind == api.CallInquire {
			answers = append(answers, saying(api.AnswerNotFound, ""))
		}
		if call.Kind == api.CallCancel {
			answers = answers[4:]
		}
		for _, want := range answers {
			got, err := merchant.Heard(call, sent, purse.Answered(question, heard, want), wallet)
			if diff := cmp.Diff(want, got); diff != "" || err != nil {
				t.Errorf("%s: %v (-want +got):\n%s", titleOf(call), err, diff)
			}
		}
	}
}

// TestARefundNamesThePaymentAsTheWalletDoes: the merchant inquires before, and is told.
func TestARefundNamesThePaymentAsTheWalletDoes(t *testing.T) {
	t.Parallel()
	refund, inquiry := walletCalls()[3], walletCalls()[1]
	if merchant.Unnamed(refund) || merchant.Unnamed(inquiry) || merchant.Unnamed(walletCalls()[5]) {
		t.Error("a call is named that needs no name, or has one")
	}
	refund.Known = ""
	if !merchant.Unnamed(refund) {
		t.Error("a refund without a name")
	}
	_, question := sentTo(t, inquiry)
	heard, err := purse.Asked(question)
	if err != nil {
		t.Fatal(err)
	}
	paid := api.WalletAnswer{Reference: asked.Reference, Status: api.AnswerPaid, DebitAmount: asked.DebitAmount}
	if refund.Known, err = merchant.Named(inquiry, purse.Answered(question, heard, paid)); err != nil {
		t.Fatal(err)
	}
	sent, question := sentTo(t, refund)
	if heard, err = purse.Asked(question); err != nil {
		t.Fatal(err)
	}
	want := refund.Carry
	want.OrderAmount = money.Amount{} // The protocol does not carry it.
	if diff := cmp.Diff(want, heard.Carry); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, want := range []api.Carried{
		{Movement: refund.Carry.Movement, Status: api.AnswerDone},
		{Movement: refund.Carry.Movement, Status: api.AnswerRefused, Reason: string(hansa.RefundTooLarge)},
		{Movement: refund.Carry.Movement, Status: api.AnswerRefused, Reason: string(hansa.PayerBlocked)},
	} {
		got, err := merchant.Carried(refund, sent, purse.CarriedOut(question, heard, want), wallet)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
	}
	if _, err := merchant.Named(inquiry, api.Answer{Status: http.StatusOK, Body: []byte(`{"result":"PROCESSING"}`)}); err == nil {
		t.Error("a payment without a name has one")
	}
}

// walletSays is what a wallet may answer.
func walletSays() []string {
	about := `"merchant_tx_id":"` + asked.Reference + `","acquirer_tx_id":"X","currency":"EUR","total_amount":874,"requested_amount":874`
	var all []string
	for _, state := range []string{"APPROVED", "DECLINED", "CANCELED", "CANCELLED", "REFUNDED", "REGISTERED", "PROCESSING", "FAILURE", "ERROR", "NEW"} {
		all = append(all, `{"result":"OK","payment":{"state":"`+state+`",`+about+`}}`)
	}
	all = append(all, `{"result":"OK","payment":{"state":"APPROVED",`+strings.Replace(about, "total_amount\":874", "total_amount\":875", 1)+`}}`,
		`{"result":"OK","payment":{"state":"DECLINED","code":"INSUFFICIENT_FUNDS",`+about+`}}`,
		`{"result":"PROCESSING","status":{"merchant_tx_id":"`+asked.Reference+`","check_status_in":1000,"ttl":60000}}`,
		`{"result":"ERROR","error_code":"MERCHANT_TX_ID_NOT_UNIQUE","payment":{"state":"APPROVED",`+about+`}}`)
	for _, code := range []string{
		"SYSTEM_FAILURE", "SERVICE_UNAVAILABLE", "ISSUER_NOT_SUPPORTED", "INVALID_BARCODE", "BRANCH_NOT_FOUND", "ERROR_INVALID_PARAMETER",
		"FRAUD_DETECTED", "INSUFFICIENT_FUNDS", "INVALID_STATE", "LIMIT_EXCEEDED", "CANCELLED_BY_USER", "TRANSACTION_NOT_FOUND",
		"AMOUNT_TOO_HIGH", "UNAUTHORIZED", "MERCHANT_TX_ID_NOT_UNIQUE", "LOYALTY_NOT_CONFIGURED", "", "SOMETHING_NEW",
	} {
		all = append(all, `{"result":"ERROR","error_code":"`+code+`"}`)
	}
	return all
}

// walletHeard tells what the network understands of an answer.
func walletHeard(t *testing.T, call api.WalletCall, answer api.Answer) string {
	t.Helper()
	sent, _ := sentTo(t, call)
	var said any
	var err error
	if call.Kind == api.CallCarry {
		said, err = merchant.Carried(call, sent, answer, wallet)
	} else {
		said, err = merchant.Heard(call, sent, answer, wallet)
	}
	if err != nil {
		return "silence: " + err.Error()
	}
	text, err := json.Marshal(said)
	return string(text) + errText(err)
}

func errText(err error) string {
	if err != nil {
		return err.Error()
	}
	return ""
}

// TestWhatAWalletAnswers tells what each answer to each call means.
func TestWhatAWalletAnswers(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	for _, call := range walletCalls() {
		fmt.Fprintf(&text, "== %s\n", titleOf(call))
		for _, body := range walletSays() {
			short := strings.NewReplacer(`"merchant_tx_id":"`+asked.Reference+`","acquirer_tx_id":"X","currency":"EUR",`, "…").Replace(body)
			fmt.Fprintf(&text, "%s\n    %s\n", short, walletHeard(t, call, api.Answer{Status: http.StatusOK, Body: []byte(body)}))
		}
	}
	apitest.Golden(t, "wallet_answers.txt", text.String())
}

// TestBadAnswers are silence, whatever was asked.
func TestBadAnswers(t *testing.T) {
	t.Parallel()
	good := walletSays()[0]
	for name, answer := range map[string]api.Answer{
		"status 500":       {Status: http.StatusInternalServerError, Body: []byte(good)},
		"status 503":       {Status: http.StatusServiceUnavailable, Body: []byte(good)},
		"status 401":       {Status: http.StatusUnauthorized, Body: []byte(good)},
		"nothing":          {Status: http.StatusOK},
		"half of it":       {Status: http.StatusOK, Body: []byte(good[:len(good)/2])},
		"more after it":    {Status: http.StatusOK, Body: []byte(good + good)},
		"XML":              {Status: http.StatusOK, Body: []byte("<xml></xml>")},
		"a list":           {Status: http.StatusOK, Body: []byte("[" + good + "]")},
		"another kind":     {Status: http.StatusOK, Body: []byte(strings.Replace(good, "874", `"874"`, 1))},
		"another payment":  {Status: http.StatusOK, Body: []byte(strings.Replace(good, "pay_", "pay_1", 1))},
		"no payment":       {Status: http.StatusOK, Body: []byte(`{"result":"OK"}`)},
		"another question": {Status: http.StatusOK, Body: []byte(`{"result":"PROCESSING","status":{"merchant_tx_id":"pay_1"}}`)},
	} {
		for _, call := range walletCalls() {
			if got := walletHeard(t, call, answer); !strings.HasPrefix(got, "silence: ") {
				t.Errorf("%s, %s: %s", name, titleOf(call), got)
			}
		}
	}
}

// TestAWalletBelievesItsMerchantAlone.
func TestAWalletBelievesItsMerchantAlone(t *testing.T) {
	t.Parallel()
	changed := func(edit func(q *api.Question)) api.Question {
		_, question := sentTo(t, walletCalls()[0])
		edit(&question)
		return question
	}
	for name, tt := range map[string]struct {
		question api.Question
		want     hansa.Reason
		status   int
	}{
		"nobody":            {changed(func(q *api.Question) { q.Request.Header.Del("Authorization") }), hansa.UnknownKey, http.StatusUnauthorized},
		"another secret":    {changed(func(q *api.Question) { q.Request.SetBasicAuth("hansa", "wallet-secrets") }), hansa.UnknownKey, http.StatusUnauthorized},
		"another id":        {changed(func(q *api.Question) { q.Request.SetBasicAuth("hans", "a\nwallet-secret") }), hansa.UnknownKey, http.StatusUnauthorized},
		"another operation": {changed(func(q *api.Question) { q.Request.URL.Path = "/v4/rewards" }), hansa.NotFound, http.StatusBadRequest},
		"no message":        {changed(func(q *api.Question) { q.Body = []byte("[]") }), hansa.Malformed, http.StatusBadRequest},
		"no id":             {changed(func(q *api.Question) { q.Body = []byte("{}") }), hansa.Malformed, http.StatusBadRequest},
		"no refund":         {changed(func(q *api.Question) { q.Request.URL.Path = "/v4/refund" }), hansa.Malformed, http.StatusBadRequest},
	} {
		_, err := purse.Asked(tt.question)
		wantReasonOf(t, tt.want, err)
		if answer := purse.Refused(tt.question, errors.Join(err)); answer.Status != tt.status {
			t.Errorf("%s: status %d, %s", name, answer.Status, answer.Body)
		}
	}
}

// TestBarcodes have their digits in front, and each is another.
func TestBarcodes(t *testing.T) {
	t.Parallel()
	seen := make(map[string]bool)
	for i := range 100 {
		code := bluecode.Barcode("06", hansa.Chance{byte(i)})
		if len(code) != 20 || !strings.HasPrefix(code, "98806") || strings.Trim(code, "0123456789") != "" || seen[code] {
			t.Errorf("%q", code)
		}
		seen[code] = true
	}
}
