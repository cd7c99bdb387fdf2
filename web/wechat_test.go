package web_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/dialect/wechat"
	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/outbound"
	"github.com/hansa-network/hansa/payment"
	"github.com/hansa-network/hansa/sim"
)

// A weChat is a make-believe WeChat Pay, and how the network speaks with it.
type weChat struct {
	t       *testing.T
	dialect *wechat.Dialect
	party   *wechat.Party
	client  api.Client
	answers []string // to one call after the other; the last stays
	asked   []api.WalletCall
}

// joinWeChat enters WeChat Pay as a wallet of Norway that draws its codes itself.
func (n *network) joinWeChat() *weChat {
	n.t.Helper()
	contract := wechat.Config{AppID: "wx1", Key: "192006250b4c09247ec02edce69f6a2d"}
	client := member.Client{Dialect: wechat.Name, ID: "10000100", Participant: "wechat"}
	agreement := member.Agreement{ID: "agreement-wechat", Version: 1, Parties: []string{sim.Operator, "wechat"}, From: sim.Since()}
	listing := hub.Enrol{}
	listing.Listing.Participants = []member.Participant{{
		ID: "wechat", Name: "WeChat Pay", Country: "CN", Endpoint: "https://api.mch.example", Roles: []member.Holding{{Role: member.Wallet}},
		Wallet: member.WalletSide{
			Issuers: []string{"barcode/wechat-cpm"}, OwnCodes: true, Debits: "CNY", Settles: "EUR", Cap: 1_000_000_00, Client: client.Name(),
		},
	}}
	listing.Listing.Clients = []member.Client{client}
	listing.Listing.Agreements = []member.Agreement{agreement}
	listing.Listing.Corridors = []member.Corridor{{
		ID: "wechat-NO", Wallet: "wechat", Market: "NO", Modes: []member.Mode{member.ConsumerPresented},
		Agreement: agreement.ID, AgreementVersion: 1, From: sim.Since(), Provider: sim.Provider, Spread: 50,
	}}
	if result, err := n.do(n.t.Context(), hub.Request{Operation: listing}); err != nil || result.Refusal != nil {
		n.t.Fatal(err, result.Refusal)
	}
	w := &weChat{
		t: n.t, dialect: wechat.New(contract), party: wechat.NewParty(contract, client.ID),
		client: api.Client{Dialect: client.Dialect, ID: client.ID},
	}
	n.answered(w.call)
	return w
}

// call carries a call over to WeChat Pay and its answer back, in the words of its
// protocol.
func (w *weChat) call(call hub.Call) (payment.Event, bool) {
	said := outbound.CallOf(call.Payment, call.Movement, call.Call, call.Payer)
	said.Wallet = w.client
	sent, err := w.dialect.Call(said, api.Question{})
	if err != nil {
		w.t.Fatal(err)
	}
	r, err := http.NewRequest(sent.Method, call.Wallet.Endpoint+sent.URL, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	question := api.Question{Request: r, Body: sent.Body}
	heard, err := w.party.Asked(question)
	if err != nil {
		w.t.Fatal(err)
	}
	w.asked = append(w.asked, heard)
	if heard.Kind == api.CallCarry {
		answer := w.party.CarriedOut(question, heard, api.Carried{Status: api.AnswerDone})
		carried, err := w.dialect.Carried(said, sent, answer, w.client)
		return outbound.CarriedOut(call.Movement.ID, carried, err), true
	}
	status := w.answers[0]
	if len(w.answers) > 1 {
		w.answers = w.answers[1:]
	}
	if heard.Kind == api.CallCancel {
		status = api.AnswerCancelled
	}
	answer := w.party.Answered(question, heard, api.WalletAnswer{
		Status: status, Reason: string(hansa.InsufficientFunds), OrderAmount: call.Payment.Terms.Order,
		DebitAmount: call.Payment.Terms.Debit, Payee: call.Payment.Payee.Store,
	})
	return outbound.Heard(w.dialect.Heard(said, sent, answer, w.client)), true
}

const weChatCode = "134567890123456789"

// TestAWeChatCodePaysAtTheSameTill: what the till sends differs from any other payment in
// the scanned code alone.
func TestAWeChatCodePaysAtTheSameTill(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	w := n.joinWeChat()
	w.answers = []string{api.AnswerPaid}
	p, answer := post[api.Payment](n, "nets", "/v1/payments", n.ask("13 4567 8901 2345 6789"))
	n.wantStatus(http.StatusCreated, answer)
	if p.Status != "approved" || p.Wallet != "wechat" || p.DebitAmount.Currency != "CNY" {
		t.Fatalf("the till hears %+v", p)
	}
	asked := w.asked[0].Ask
	if asked.Code != weChatCode || asked.DebitAmount != p.DebitAmount || asked.OrderAmount != nok(100_00) || asked.Payee.Store != "bergen-cafe" {
		t.Errorf("WeChat Pay hears %+v", asked)
	}
	// A code pays once, whoever drew it.
	_, answer = post[api.Payment](n, "nets", "/v1/payments", n.ask(weChatCode))
	n.wantReason(hansa.CodeUsed, answer)
	refund := api.MoveMoney{RequestID: n.nonce(), Amount: nok(25_00)}
	_, answer = post[api.Movement](n, "nets", "/v1/payments/"+p.Reference+"/refunds", refund)
	n.wantStatus(http.StatusCreated, answer)
	last := w.asked[len(w.asked)-1]
	if last.Kind != api.CallCarry || last.Carry.Payment != p.Reference || last.Carry.DebitAmount.Value*4 < p.DebitAmount.Value-4 {
		t.Errorf("WeChat Pay hears %+v", last)
	}
}

// TestAWeChatPayerWhoIsAsked pays, declines, or is not heard of any more.
func TestAWeChatPayerWhoIsAsked(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		answers []string
		want    string
	}{
		"is asked and pays":     {[]string{api.AnswerAwaitingPayer, api.AnswerPaid}, "approved"},
		"is asked and declines": {[]string{api.AnswerAwaitingPayer, api.AnswerDeclined}, "declined"},
		"has no money":          {[]string{api.AnswerDeclined}, "declined"},
		"pays unheard":          {[]string{"", api.AnswerPaid}, "approved"},
		"is not heard of":       {[]string{api.AnswerAwaitingPayer, ""}, "expired"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := newNetwork(t)
			n.joinWeChat().answers = tt.answers
			ask := request{method: http.MethodPost, path: "/v1/payments?wait=0", body: api.Encode(n.ask(weChatCode))}
			p, answer := exchanged[api.Payment](n, "nets", ask)
			n.wantStatus(http.StatusCreated, answer)
			for range 100 {
				n.pass(time.Second)
			}
			if p, _ = read[api.Payment](n, "nets", "/v1/payments/"+p.Reference); p.Status != tt.want {
				t.Errorf("the till hears %s, want %s", p.Status, tt.want)
			}
		})
	}
}

// TestNumbersOfNoMember are unknown, also where their kind is known.
func TestNumbersOfNoMember(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	n.joinWeChat().answers = []string{api.AnswerPaid}
	for _, code := range []string{"98802222100100123456", "28763443825664394", "13456789012345678", "163456789012345678"} {
		_, answer := post[api.Payment](n, "nets", "/v1/payments", n.ask(code))
		n.wantReason(hansa.CodeUnknown, answer)
	}
}
