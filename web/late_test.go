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
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/dialect/alipay"
	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/outbound"
	"github.com/hansa-network/hansa/payment"
)

// A plusWallet is the wallet Alipay, which debits first and tells afterwards, in the words
// of MPP both ways, beside a till that speaks AMS.
type plusWallet struct {
	merchantSystem

	wallet  *alipay.Party
	dialect *alipay.Dialect
	client  api.Client
	heard   []string                                                 // what it was asked, as Alipay+ calls it
	answers func(asked api.WalletCall) (_ api.WalletAnswer, ok bool) // nil or not ok: it is silent
}

func newPlusWallet(t *testing.T) *plusWallet {
	t.Helper()
	m := newMerchantSystem(t)
	own, theirs := rsaKey(t, "network"), rsaKey(t, "party")
	client := member.Client{Dialect: alipay.Name, ID: "PLUS", Participant: "alipay", PublicKey: publicPEM(t, theirs)}
	enrol := hub.Enrol{}
	enrol.Listing.Clients = []member.Client{client}
	if _, err := m.do(t.Context(), hub.Request{Operation: enrol}); err != nil {
		t.Fatal(err)
	}
	w := &plusWallet{
		merchantSystem: m, dialect: alipay.New(alipay.Config{Key: own}),
		wallet: alipay.NewParty(alipay.PartyConfig{ID: "PLUS", Key: theirs, NetworkKey: publicPEM(t, own), Network: origin}),
		client: api.Client{Dialect: client.Dialect, ID: client.ID, Participant: client.Participant, PublicKey: client.PublicKey},
	}
	m.answered(w.call)
	return w
}

// call carries a call over to the wallet and its answer back, in the words of MPP.
func (w *plusWallet) call(call hub.Call) (payment.Event, bool) {
	const endpoint = "https://wallet.example/plus"
	said := outbound.CallOf(call.Payment, call.Movement, call.Call, call.Payer)
	said.Wallet, said.Endpoint = w.client, endpoint
	sent, err := w.dialect.Call(said, api.Question{Now: w.now, Origin: origin})
	if err != nil {
		w.t.Fatal(err)
	}
	w.heard = append(w.heard, sent.URL[strings.LastIndexByte(sent.URL, '/')+1:])
	request := httptest.NewRequest(sent.Method, endpoint+sent.URL, bytes.NewReader(sent.Body))
	maps.Copy(request.Header, sent.Header)
	question := api.Question{Request: request, Body: sent.Body, Now: w.now}
	asked, err := w.wallet.Asked(question)
	if err != nil {
		w.t.Fatal(err)
	}
	if w.answers == nil {
		return payment.Silent{}, true
	}
	answer, speaks := w.answers(asked)
	if !speaks {
		return payment.Silent{}, true
	}
	return outbound.Heard(w.dialect.Heard(said, sent, w.wallet.Answered(question, asked, answer), w.client)), true
}

// acknowledges gives back whatever it is told to, and knows of nothing else.
func acknowledges(asked api.WalletCall) (api.WalletAnswer, bool) {
	return api.WalletAnswer{Reference: asked.Ask.Reference, Status: api.AnswerCancelled}, asked.Kind == api.CallCancel
}

// carry sends a message of the wallet's to the network.
func (w *plusWallet) carry(sent api.Message) api.Answer {
	w.t.Helper()
	request := httptest.NewRequest(sent.Method, origin+sent.URL, bytes.NewReader(sent.Body))
	maps.Copy(request.Header, sent.Header)
	recorder := httptest.NewRecorder()
	w.handler.ServeHTTP(recorder, request)
	return api.Answer{Status: recorder.Code, Header: recorder.Header(), Body: recorder.Body.Bytes()}
}

// shows lets the till show an order for a hundred kroner, and returns its code.
func (w *plusWallet) shows(id string) string {
	w.t.Helper()
	var form struct {
		CodeForm struct {
			Details []struct {
				Value string `json:"codeValue"`
			} `json:"codeDetails"`
		} `json:"orderCodeForm"`
	}
	sent := w.party.Send(amsPath+"pay", fmt.Appendf(nil, `{"productCode":"IN_STORE_PAYMENT","paymentRequestId":%q,
		"paymentAmount":{"currency":"NOK","value":"10000"},"paymentFactor":{"inStorePaymentScenario":"OrderCode"}}`, id), w.time())
	if err := api.DecodeAnswer(w.carry(sent).Body, &form); err != nil || len(form.CodeForm.Details) != 1 {
		w.t.Fatalf("no order: %v", err)
	}
	return form.CodeForm.Details[0].Value
}

// scans lets a payer scan a code: the wallet may debit from now on.
func (w *plusWallet) scans(code string) api.Announced {
	w.t.Helper()
	sent := w.wallet.Announce(api.Announce{Code: code, Payer: "li"}, w.time())
	announced, err := w.wallet.Announced(sent, w.carry(sent))
	if err != nil {
		w.t.Fatal(err)
	}
	return announced
}

// tells lets the wallet tell an outcome, and returns how the network has taken it.
func (w *plusWallet) tells(reference string, told api.TellOutcome) error {
	sent := w.wallet.TellOutcome(reference, "li", told, w.time())
	return w.wallet.OutcomeHeard(sent, w.carry(sent))
}

// yesTo is what a wallet says that has debited what it was asked for.
func yesTo(p api.Payment) api.TellOutcome {
	return api.TellOutcome{Status: api.AnswerPaid, OrderAmount: p.OrderAmount, DebitAmount: p.DebitAmount}
}

// till is what the till hears of its order.
func (w *plusWallet) till(id string) string {
	w.t.Helper()
	return w.asks(amsPath+"inquiryPayment", fmt.Sprintf(`{"paymentRequestId":%q}`, id)).PaymentStatus
}

// isUndone fails unless the payment was given back at the wallet, moved nothing in the
// books and was never heard of by its acquirer.
func (w *plusWallet) isUndone(reference string) payment.Payment {
	w.t.Helper()
	p, err := w.hub.Read().Payment(w.t.Context(), reference)
	if err != nil {
		w.t.Fatal(err)
	}
	if p.State != payment.Reversed && p.State != payment.Declined || p.Task.Call != payment.NoCall || p.Held != 0 || p.Captured != 0 || p.Outcome == payment.WasApproved {
		w.t.Errorf("the payment is %s, %s, and holds %d", p.State, p.Outcome, p.Held)
	}
	for posted, err := range w.hub.Read().EachPosting(w.t.Context()) {
		if err != nil {
			w.t.Fatal(err)
		}
		if strings.Contains(fmt.Sprintf("%+v", posted), reference) {
			w.t.Errorf("booked: %+v", posted)
		}
	}
	events, answer := read[api.Page[api.Event]](w.network, "nets", "/v1/events?limit=200")
	w.wantStatus(http.StatusOK, answer)
	if text := string(api.Encode(events)); strings.Contains(text, reference) {
		w.t.Errorf("its acquirer has heard of it: %s", text)
	}
	return p
}

// paidBy lets a payer of another wallet pay what a code asks, by accepting a quote.
func (w *plusWallet) paidBy(wallet, code string) {
	w.t.Helper()
	found, answer := post[api.Resolution](w.network, wallet, "/v1/resolve", api.Resolve{RequestID: w.nonce(), Code: code})
	w.wantStatus(http.StatusOK, answer)
	accepted, answer := w.accepted(wallet, *found.Quote)
	w.wantStatus(http.StatusCreated, answer)
	_, answer = post[api.OutcomeHeard](w.network, wallet, "/v1/payments/"+accepted.Payment.Reference+"/outcome", told(accepted.Payment))
	w.wantStatus(http.StatusOK, answer)
}

// TestALateYesIsReceivedAndGivenBack: the four late yeses of a wallet that debits first. The
// acknowledgement says that the yes was received; the till hears nothing of it, nothing is
// booked, and the wallet is told to cancel until it has.
func TestALateYesIsReceivedAndGivenBack(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		ends func(w *plusWallet, code string, p api.Payment)
		till string
	}{
		"the till has closed its order": {func(w *plusWallet, _ string, _ api.Payment) {
			if answer := w.asks(amsPath+"cancel", `{"paymentRequestId":"O1"}`); answer.Result.Status != "S" {
				w.t.Errorf("cancel: %+v", answer)
			}
		}, "CANCELLED"},
		"its time was over": {func(w *plusWallet, _ string, _ api.Payment) {
			w.answers = acknowledges
			w.pass(20 * time.Minute)
			w.pass(time.Minute)
		}, "FAIL"},
		"it had failed before": {func(w *plusWallet, _ string, p api.Payment) {
			if err := w.tells(p.Reference, api.TellOutcome{Status: api.AnswerDeclined, Reason: string(hansa.InsufficientFunds)}); err != nil {
				w.t.Error(err)
			}
		}, "PROCESSING"},
		"another wallet has paid": {func(w *plusWallet, code string, _ api.Payment) { w.paidBy("epassi", code) }, "SUCCESS"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newPlusWallet(t)
			code := w.shows("O1")
			announced := w.scans(code)
			c.ends(w, code, announced.Payment)
			w.answers, w.heard = nil, nil
			for range 2 { // It is told until it was received, and may be told again.
				if err := w.tells(announced.Payment.Reference, yesTo(announced.Payment)); err != nil {
					t.Errorf("not received: %v", err)
				}
			}
			for range 3 {
				w.pass(time.Minute)
			}
			if cancels := len(w.heard); cancels < 2 || slices.ContainsFunc(w.heard, func(asked string) bool { return asked != "cancelPayment" }) {
				t.Errorf("while it is silent the wallet hears %v", w.heard)
			}
			w.answers = acknowledges
			w.pass(time.Minute)
			if p := w.isUndone(announced.Payment.Reference); !p.Late {
				t.Error("the late yes is not on record")
			}
			told := len(w.heard)
			w.pass(time.Hour)
			if got := w.till("O1"); len(w.heard) != told || got != c.till && (got != "FAIL" || c.till != "PROCESSING") {
				t.Errorf("afterwards the wallet hears %v, and the till %s instead of %s", w.heard[told:], got, c.till)
			}
		})
	}
}

// TestAWrongYesIsGivenBackAndLookedAt: of another amount or currency it pays nothing, and of
// a payment that nobody knows it is not even received.
func TestAWrongYesIsGivenBackAndLookedAt(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(told *api.TellOutcome){
		"another amount":      func(told *api.TellOutcome) { told.OrderAmount.Value++ },
		"another debit":       func(told *api.TellOutcome) { told.DebitAmount.Value-- },
		"another currency":    func(told *api.TellOutcome) { told.OrderAmount.Currency = "SEK" },
		"another debit's one": func(told *api.TellOutcome) { told.DebitAmount.Currency = "HKD" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newPlusWallet(t)
			announced := w.scans(w.shows("O1"))
			wrong := yesTo(announced.Payment)
			spoil(&wrong)
			if err := w.tells(announced.Payment.Reference, wrong); err != nil {
				t.Errorf("not received: %v", err)
			}
			w.answers = acknowledges
			w.pass(20 * time.Minute)
			w.pass(time.Minute)
			if p := w.isUndone(announced.Payment.Reference); !p.Quarantined {
				t.Error("nobody looks at it")
			}
			if got := w.till("O1"); got == "SUCCESS" {
				t.Errorf("the till hears %s", got)
			}
		})
	}
	w := newPlusWallet(t)
	announced := w.scans(w.shows("O1"))
	err := w.tells("pay_unknown", yesTo(announced.Payment))
	if reason, _ := hansa.ReasonOf(err); reason != hansa.NotFound { // ORDER_NOT_EXIST
		t.Errorf("a yes to nothing: %v", err)
	}
}

// TestASilentWalletThatDebitsFirst: at the end of its time it is asked what has become of the
// payment, and told to cancel where it does not know. Its yes in time pays, and the same yes
// after another till's customer has scanned the code changes nothing for either.
func TestASilentWalletThatDebitsFirst(t *testing.T) {
	t.Parallel()
	w := newPlusWallet(t)
	announced := w.scans(w.shows("O1"))
	w.pass(announced.ExpiresAt.Sub(w.time()) + time.Second)
	if !slices.Contains(w.heard, "inquiryPayment") || slices.Contains(w.heard, "pay") {
		t.Errorf("at the end of its time the wallet hears %v", w.heard)
	}
	for range 30 {
		w.pass(time.Minute)
	}
	if w.heard[len(w.heard)-1] != "cancelPayment" {
		t.Errorf("silent, it hears %v", w.heard)
	}
	w.answers = acknowledges
	w.pass(time.Minute)
	w.isUndone(announced.Payment.Reference)

	w = newPlusWallet(t)
	announced = w.scans(w.shows("O2"))
	if again := w.scans(w.shows("O2")); again.Payment.Reference != announced.Payment.Reference || again.ExpiresAt != announced.ExpiresAt {
		t.Errorf("scanned again: %+v", again)
	}
	for range 2 {
		if err := w.tells(announced.Payment.Reference, yesTo(announced.Payment)); err != nil {
			t.Error(err)
		}
	}
	if got := w.till("O2"); got != "SUCCESS" || len(w.heard) != 0 {
		t.Errorf("the till hears %s, the wallet %v", got, w.heard)
	}
}

// TestTheInStoreLibraryAndASilentWallet replays the schedule of Alipay's library for tills
// towards a wallet that hears everything, debits and says nothing. The till hears an end
// before the library cancels, and no other one afterwards; the wallet is told to cancel until
// it has, and its yes, which comes after all, is received and changes nothing.
func TestTheInStoreLibraryAndASilentWallet(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newPlusWallet(t)
		code := w.code("alipay", "li")
		begun := w.time()
		var heard []string
		for _, step := range []struct {
			seconds float64
			ask     string
		}{
			{0, "pay"},
			{0.1, "inquiryPayment"},
			{2.4, "inquiryPayment"},
			{5.7, "inquiryPayment"},
			{9.0, "inquiryPayment"},
			{14.1, "inquiryPayment"},
			{19.2, "inquiryPayment"},
			{24.3, "inquiryPayment"},
			{29.4, "inquiryPayment"},
			{34.5, "inquiryPayment"},
			{39.6, "inquiryPayment"},
			{41.7, "cancel"},
			{45.1, "cancel"},
			{48.4, "cancel"},
		} {
			for at := begun.Add(time.Duration(step.seconds * float64(time.Second))); w.time().Before(at); {
				w.pass(min(time.Second, at.Sub(w.time())))
			}
			body := `{"paymentRequestId":"PRU1"}`
			if step.ask == "pay" {
				body = fmt.Sprintf(`{"productCode":"IN_STORE_PAYMENT","paymentRequestId":"PRU1","paymentAmount":{"currency":"NOK","value":"10000"},
					"paymentMethod":{"paymentMethodType":"CONNECT_WALLET","paymentMethodId":%q},"paymentFactor":{"inStorePaymentScenario":"PaymentCode"}}`, code)
			}
			said := w.asks(amsPath+step.ask, body)
			heard = append(heard, strings.TrimSpace(said.Result.Status+" "+said.PaymentStatus))
		}
		want := slices.Concat([]string{"U"}, slices.Repeat([]string{"S PROCESSING"}, 4), slices.Repeat([]string{"S FAIL"}, 6), slices.Repeat([]string{"S"}, 3))
		if diff := cmp.Diff(want, heard); diff != "" {
			t.Errorf("the till hears (-want +got):\n%s", diff)
		}
		if w.heard[0] != "pay" || !slices.Contains(w.heard, "inquiryPayment") || w.heard[len(w.heard)-1] != "cancelPayment" {
			t.Errorf("the wallet hears %v", w.heard)
		}
		all, err := w.hub.Read().Payments(t.Context(), hub.Filter{Limit: 10})
		if err != nil || len(all) != 1 {
			t.Fatalf("%d payments, %v", len(all), err)
		}
		if err := w.tells(all[0].ID, api.TellOutcome{Status: api.AnswerPaid, OrderAmount: all[0].Terms.Order, DebitAmount: all[0].Terms.Debit}); err != nil {
			t.Errorf("the late yes is not received: %v", err)
		}
		w.answers = acknowledges
		w.pass(time.Minute)
		if p, err := w.hub.Read().Payment(t.Context(), all[0].ID); err != nil || p.State != payment.Reversed || !p.Late || p.Task.Call != payment.NoCall {
			t.Errorf("the payment is %s, late %t, %v", p.State, p.Late, err)
		}
		if got := w.till("PRU1"); got != "FAIL" {
			t.Errorf("it has flipped to %s", got)
		}
	})
}
