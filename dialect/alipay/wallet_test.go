package alipay_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/api/apitest"
	"github.com/hansa-network/hansa/dialect/alipay"
	"github.com/hansa-network/hansa/money"
)

// endpoint is where the wallet of these tests is called. Its path is signed too.
const endpoint = "https://wallet.example/plus"

// A wallet is the party as the network calls it.
type wallet struct {
	t *testing.T
	n *network
}

func newWallet(t *testing.T) *wallet {
	t.Helper()
	return &wallet{t: t, n: newNetwork(t)}
}

func (w *wallet) client() api.Client { return w.n.clients["PARTY"] }

func ask() api.Ask {
	return api.Ask{
		Reference: "pay_1", Code: "288888888888888888", Payer: "u-4711", Payee: payee,
		OrderAmount: money.New(1000, "EUR"), DebitAmount: money.New(7813, "CNY"), Rate: cnyPerEUR,
		Fee: money.New(0, "CNY"), PayerUntil: noon.Add(time.Minute),
	}
}

func (w *wallet) call(kind string) api.WalletCall {
	return api.WalletCall{
		Kind: kind, Ask: ask(), Stop: api.Stop{Reference: "pay_1"}, Begun: noon, Wallet: w.client(), Endpoint: endpoint,
		Carry: api.Carry{
			Movement: "mov_1", Payment: "pay_1", Kind: "refund", OrderAmount: money.New(500, "EUR"), DebitAmount: money.New(3906, "CNY"),
		},
	}
}

// sent makes the message of a call, and the wallet's question of it.
func (w *wallet) sent(call api.WalletCall) (api.Message, api.Question) {
	w.t.Helper()
	m, err := w.n.dialect.Call(call, api.Question{Now: w.n.now, Chance: hansa.Chance{2}, Origin: origin})
	if err != nil {
		w.t.Fatal(err)
	}
	return m, api.Question{Request: requestOf(endpoint, m), Body: m.Body, Now: w.n.now}
}

// TestACallIsReadAsItWasMeant sends each call to a wallet of our own tongue and back.
func TestACallIsReadAsItWasMeant(t *testing.T) {
	t.Parallel()
	w := newWallet(t)
	m, q := w.sent(w.call(api.CallAsk))
	apitest.Golden(t, "calls/pay.txt", string(m.Body)+"\n")
	read, err := w.n.party.Asked(q)
	if err != nil {
		t.Fatal(err)
	}
	want(t, "kind", api.CallAsk, read.Kind)
	if got := read.Ask; got.Rate == nil || *got.Rate != *ask().Rate {
		t.Errorf("rate %v", got.Rate)
	}
	read.Ask.Rate, read.Ask.PayerUntil = nil, read.Ask.PayerUntil.UTC()
	meant := ask()
	meant.Rate = nil
	want(t, "ask", meant, read.Ask)

	for kind, path := range map[string]string{api.CallInquire: "/inquiryPayment", api.CallCancel: "/cancelPayment"} {
		m, q := w.sent(w.call(kind))
		read, err := w.n.party.Asked(q)
		if err != nil || read.Kind != kind || read.Ask.Reference != "pay_1" || !strings.HasSuffix(m.URL, path) {
			t.Errorf("%s: %+v, %v", m.URL, read, err)
		}
		apitest.Golden(t, "calls"+path+".txt", string(m.Body)+"\n")
	}
	m, q = w.sent(w.call(api.CallCarry))
	apitest.Golden(t, "calls/refund.txt", string(m.Body)+"\n")
	if read, err = w.n.party.Asked(q); err != nil {
		t.Fatal(err)
	}
	want(t, "carry", w.call("").Carry, read.Carry)
}

// TestARateIsToldSoThatItMultiplies turns a rate that is told the other way.
func TestARateIsToldSoThatItMultiplies(t *testing.T) {
	t.Parallel()
	w := newWallet(t)
	call := w.call(api.CallAsk)
	call.Ask.Rate = mustRate("CNY", "EUR", "0.13")
	call.Ask.DebitAmount = money.New(7692, "CNY") // 10.00 / 0.13
	m, q := w.sent(call)
	if !strings.Contains(string(m.Body), `"quoteCurrencyPair":"EUR/CNY","quotePrice":7.69230769230769231,`) {
		t.Errorf("the quote is not turned: %s", m.Body)
	}
	read, err := w.n.party.Asked(q)
	if err != nil {
		t.Fatal(err)
	}
	pay, err := read.Ask.Rate.Convert(call.Ask.OrderAmount, money.HalfUp)
	if err != nil || pay != call.Ask.DebitAmount {
		t.Errorf("at the quote %s is %s, %v", call.Ask.OrderAmount, pay, err)
	}
	call.Ask.Rate, call.Ask.DebitAmount = nil, call.Ask.OrderAmount
	if m, _ = w.sent(call); strings.Contains(string(m.Body), "paymentQuote") {
		t.Errorf("a quote where nothing is converted: %s", m.Body)
	}
}

// TestAWalletsWordIsHeardAsItWasMeant lets the wallet answer each call with each word.
func TestAWalletsWordIsHeardAsItWasMeant(t *testing.T) {
	t.Parallel()
	until := noon.Add(time.Minute)
	paid := api.WalletAnswer{
		Reference: "pay_1", Status: api.AnswerPaid, OrderAmount: money.New(1000, "EUR"), DebitAmount: money.New(7813, "CNY"), Payee: "kafe-oslo",
	}
	misspoken := paid
	misspoken.DebitAmount = money.New(7814, "CNY")
	declined := func(reason hansa.Reason) api.WalletAnswer {
		return api.WalletAnswer{Reference: "pay_1", Status: api.AnswerDeclined, Reason: string(reason)}
	}
	awaiting := api.WalletAnswer{Reference: "pay_1", Status: api.AnswerAwaitingPayer, Until: &until}
	gone := api.WalletAnswer{Reference: "pay_1", Status: api.AnswerCancelled}
	missing := api.WalletAnswer{Reference: "pay_1", Status: api.AnswerNotFound}
	for name, c := range map[string]struct {
		kinds []string
		says  api.WalletAnswer
		want  *api.WalletAnswer // nil: silence
	}{
		"paid":               {[]string{api.CallAsk, api.CallInquire}, paid, &paid},
		"another amount":     {[]string{api.CallAsk, api.CallInquire}, misspoken, &misspoken},
		"the payer is asked": {[]string{api.CallAsk, api.CallInquire}, awaiting, &awaiting},
		"the payer said no":  {[]string{api.CallAsk, api.CallInquire}, declined(hansa.DeclinedByPayer), new(declined(hansa.DeclinedByPayer))},
		"too little money":   {[]string{api.CallAsk, api.CallInquire}, declined(hansa.InsufficientFunds), new(declined(hansa.InsufficientFunds))},
		"over a limit":       {[]string{api.CallAsk, api.CallInquire}, declined(hansa.WalletLimit), new(declined(hansa.WalletLimit))},
		"a blocked payer":    {[]string{api.CallAsk, api.CallInquire}, declined(hansa.PayerBlocked), new(declined(hansa.PayerBlocked))},
		"no reason":          {[]string{api.CallAsk, api.CallInquire}, declined(""), new(declined(hansa.PaymentDeclined))},
		"a tombstone, asked": {[]string{api.CallAsk}, gone, new(declined(hansa.PaymentDeclined))},
		"a tombstone":        {[]string{api.CallInquire, api.CallCancel}, gone, &gone},
		"unknown":            {[]string{api.CallInquire}, missing, &missing},
		"cancel, not done":   {[]string{api.CallCancel}, awaiting, nil},
		"cancel, unknown":    {[]string{api.CallCancel}, missing, nil},
	} {
		for _, kind := range c.kinds {
			w := newWallet(t)
			call := w.call(kind)
			m, q := w.sent(call)
			read, err := w.n.party.Asked(q)
			if err != nil {
				t.Fatal(err)
			}
			heard, err := w.n.dialect.Heard(call, m, w.n.party.Answered(q, read, c.says), w.client())
			if c.want == nil {
				if err == nil {
					t.Errorf("%s, %s: heard %+v", name, kind, heard)
				}
				continue
			}
			if err != nil {
				t.Errorf("%s, %s: %v", name, kind, err)
			}
			want(t, name+", "+kind, *c.want, heard)
		}
	}
}

// says is an answer of the wallet in its own words.
func (w *wallet) says(q api.Question, body string) api.Answer {
	// The party signs a body only within a message of its own, so it borrows one.
	m := alipay.NewParty(alipay.PartyConfig{ID: "PARTY", Key: privateKey(w.t, "party.pem"), Network: endpoint}).
		Send(strings.TrimPrefix(q.Request.URL.Path, "/plus"), []byte(body), w.n.now)
	return api.Answer{Status: http.StatusOK, Body: m.Body, Header: http.Header{
		"Client-Id": m.Header["Client-Id"], "Response-Time": m.Header["Request-Time"], "Signature": m.Header["Signature"],
	}}
}

// TestWhatProvesNothingIsSilence gives answers of which nothing can be learned.
func TestWhatProvesNothingIsSilence(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ kind, body string }{
		"unknown":                 {api.CallAsk, `{"result":{"resultStatus":"U","resultCode":"UNKNOWN_EXCEPTION"}}`},
		"too much load":           {api.CallAsk, `{"result":{"resultStatus":"U","resultCode":"REQUEST_TRAFFIC_EXCEED_LIMIT"}}`},
		"our signature":           {api.CallAsk, `{"result":{"resultStatus":"F","resultCode":"INVALID_SIGNATURE"}}`},
		"the same id, otherwise":  {api.CallAsk, `{"result":{"resultStatus":"F","resultCode":"REPEAT_REQ_INCONSISTENT"}}`},
		"no result":               {api.CallAsk, `{}`},
		"another payment":         {api.CallAsk, `{"paymentRequestId":"pay_2","result":{"resultStatus":"S","resultCode":"SUCCESS"}}`},
		"no JSON":                 {api.CallAsk, `<html>`},
		"an amount that is none":  {api.CallAsk, `{"paymentAmount":{"currency":"EUR","value":"x"},"result":{"resultStatus":"S","resultCode":"SUCCESS"}}`},
		"inquiry without payment": {api.CallInquire, `{"result":{"resultStatus":"S","resultCode":"SUCCESS"}}`},
		"inquiry refused":         {api.CallInquire, `{"result":{"resultStatus":"F","resultCode":"PROCESS_FAIL"}}`},
		"cancel refused":          {api.CallCancel, `{"result":{"resultStatus":"F","resultCode":"CANCEL_WINDOW_EXCEED"}}`},
		"cancel unknown":          {api.CallCancel, `{"result":{"resultStatus":"U","resultCode":"UNKNOWN_EXCEPTION"}}`},
		"refund unknown":          {api.CallCarry, `{"result":{"resultStatus":"U","resultCode":"PAYMENT_IN_PROCESS"}}`},
	} {
		w := newWallet(t)
		call := w.call(c.kind)
		m, q := w.sent(call)
		answer := w.says(q, c.body)
		var err error
		if c.kind == api.CallCarry {
			_, err = w.n.dialect.Carried(call, m, answer, w.client())
		} else {
			_, err = w.n.dialect.Heard(call, m, answer, w.client())
		}
		if _, refused := hansa.ReasonOf(err); err == nil || refused {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestAnAnswerOfAWalletMustBeItsOwn spoils a yes.
func TestAnAnswerOfAWalletMustBeItsOwn(t *testing.T) {
	t.Parallel()
	w := newWallet(t)
	call := w.call(api.CallAsk)
	m, q := w.sent(call)
	yes := `{"result":{"resultStatus":"S","resultCode":"SUCCESS"}}`
	heard, err := w.n.dialect.Heard(call, m, w.says(q, yes), w.client())
	if err != nil || heard.Status != api.AnswerPaid || heard.DebitAmount != call.Ask.DebitAmount || heard.Payee != payee.Store {
		t.Fatalf("a bare yes: %+v, %v", heard, err)
	}
	for name, spoil := range map[string]func(m *api.Message, a *api.Answer, c *api.Client){
		"a byte":          func(_ *api.Message, a *api.Answer, _ *api.Client) { a.Body = append(a.Body, ' ') },
		"a failed status": func(_ *api.Message, a *api.Answer, _ *api.Client) { a.Status = http.StatusAccepted },
		"another call":    func(m *api.Message, _ *api.Answer, _ *api.Client) { m.URL = "/aps/api/v1/payments/refund" },
		"another name":    func(m *api.Message, _ *api.Answer, _ *api.Client) { m.Header.Set("Client-Id", "OTHER") },
		"another key": func(_ *api.Message, _ *api.Answer, c *api.Client) {
			c.PublicKey = string(readFile(t, "merchant_public_key.pem"))
		},
		"no key": func(_ *api.Message, _ *api.Answer, c *api.Client) { c.PublicKey = "" },
		"an old answer": func(m *api.Message, _ *api.Answer, _ *api.Client) {
			m.Header.Set("Request-Time", "2026-11-22T11:00:00Z")
		},
	} {
		m, q := w.sent(call)
		answer, client := w.says(q, yes), w.client()
		spoil(&m, &answer, &client)
		if _, err := w.n.dialect.Heard(call, m, answer, client); err == nil {
			t.Errorf("%s: believed", name)
		}
	}
}

// TestAWalletBelievesOnlyTheNetwork spoils a call.
func TestAWalletBelievesOnlyTheNetwork(t *testing.T) {
	t.Parallel()
	w := newWallet(t)
	_, q := w.sent(w.call(api.CallAsk))
	q.Body = append([]byte(nil), q.Body...)
	q.Body[20] ^= 1
	_, err := w.n.party.Asked(q)
	if err == nil {
		t.Fatal("believed")
	}
	want(t, "answer", "INVALID_SIGNATURE F", result(decoded(t, w.n.party.Refused(q, err).Body), "result"))
	_, q = w.sent(w.call(api.CallAsk))
	q.Request.URL.Path = "/plus/aps/api/v1/payments/undo"
	if _, err := w.n.party.Asked(q); err == nil {
		t.Error("another path is believed")
	}
}

// TestTheCancelWindowClosesInChina cancels what was begun at half past five in Oslo, and
// refunds it once a quarter of the next day of UTC+8 has passed.
func TestTheCancelWindowClosesInChina(t *testing.T) {
	t.Parallel()
	begun := time.Date(2026, 6, 1, 15, 30, 0, 0, time.UTC)   // 17:30 in Oslo, 23:30 in China
	closes := time.Date(2026, 6, 1, 16, 15, 0, 0, time.UTC)  // 00:15 of the next day in China
	after := time.Date(2026, 6, 1, 16, 30, 0, 0, time.UTC)   // begun on that day already
	closing := time.Date(2026, 6, 2, 16, 15, 0, 0, time.UTC) // and a day longer
	for name, c := range map[string]struct {
		begun, now time.Time
		want       string
	}{
		"at once":         {begun, begun, "/cancelPayment"},
		"before it ends":  {begun, closes.Add(-time.Second), "/cancelPayment"},
		"when it ends":    {begun, closes, "/refund"},
		"a day later":     {begun, closes.AddDate(0, 0, 1), "/refund"},
		"of the next day": {after, closing.Add(-time.Second), "/cancelPayment"},
		"and its end":     {after, closing, "/refund"},
	} {
		w := newWallet(t)
		w.n.now = c.now
		for _, kind := range []string{api.CallCancel, api.CallCarry} {
			call := w.call(kind)
			call.Begun, call.Carry.Kind = c.begun, "cancel"
			if m, _ := w.sent(call); !strings.HasSuffix(m.URL, c.want) {
				t.Errorf("%s, %s: want %s, got %s", name, kind, c.want, m.URL)
			}
		}
	}
}

// TestAMovementIsCarriedOut reads what a wallet answers to refunds, cancels and captures.
func TestAMovementIsCarriedOut(t *testing.T) {
	t.Parallel()
	done := api.Carried{Movement: "mov_1", Status: api.AnswerDone}
	refused := func(reason hansa.Reason) api.Carried {
		return api.Carried{Movement: "mov_1", Status: api.AnswerRefused, Reason: string(reason)}
	}
	paid := api.WalletAnswer{Status: api.AnswerPaid, OrderAmount: money.New(1, "EUR"), DebitAmount: money.New(1, "CNY")}
	for name, c := range map[string]struct {
		kind   string
		answer func(w *wallet, q api.Question, read api.WalletCall) api.Answer
		want   api.Carried
	}{
		"refunded": {"refund", carries(done), done},
		"refused":  {"refund", carries(refused(hansa.PayerBlocked)), refused(hansa.PayerBlocked)},
		"too much": {"refund", carries(refused(hansa.RefundTooLarge)), refused(hansa.RefundTooLarge)},
		"released": {"release", carries(done), done},
		"cancelled": {"cancel", func(w *wallet, q api.Question, read api.WalletCall) api.Answer {
			return w.n.party.Answered(q, read, api.WalletAnswer{Status: api.AnswerCancelled})
		}, done},
		"cancelled before": {"cancel", func(w *wallet, q api.Question, _ api.WalletCall) api.Answer {
			return w.says(q, `{"result":{"resultStatus":"F","resultCode":"ORDER_IS_CLOSED"}}`)
		}, done},
		"captured": {"capture", func(w *wallet, q api.Question, read api.WalletCall) api.Answer {
			return w.n.party.Answered(q, read, paid)
		}, done},
		"captured of nothing": {"capture", func(w *wallet, q api.Question, read api.WalletCall) api.Answer {
			return w.n.party.Answered(q, read, api.WalletAnswer{Status: api.AnswerCancelled})
		}, refused(hansa.PaymentDeclined)},
	} {
		w := newWallet(t)
		call := w.call(api.CallCarry)
		call.Carry.Kind = c.kind
		m, q := w.sent(call)
		read, err := w.n.party.Asked(q)
		if err != nil {
			t.Fatal(err)
		}
		got, err := w.n.dialect.Carried(call, m, c.answer(w, q, read), w.client())
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		want(t, name, c.want, got)
	}
}

func carries(carried api.Carried) func(w *wallet, q api.Question, read api.WalletCall) api.Answer {
	return func(w *wallet, q api.Question, read api.WalletCall) api.Answer {
		return w.n.party.CarriedOut(q, read, carried)
	}
}

// TestAnUndoAfterTheWindowIsARefund reads its answers: a payment that the wallet does not
// know is a day past its time.
func TestAnUndoAfterTheWindowIsARefund(t *testing.T) {
	t.Parallel()
	for code, heard := range map[string]bool{"SUCCESS S": true, "ORDER_NOT_EXIST F": true, "ORDER_IS_CLOSED F": true, "PROCESS_FAIL F": false} {
		w := newWallet(t)
		call := w.call(api.CallCancel)
		call.Begun = noon.AddDate(0, 0, -2)
		m, q := w.sent(call)
		said := strings.Fields(code)
		answer, err := w.n.dialect.Heard(call, m, w.says(q, `{"result":{"resultStatus":"`+said[1]+`","resultCode":"`+said[0]+`"}}`), w.client())
		if (err == nil && answer.Status == api.AnswerCancelled) != heard {
			t.Errorf("%s: %+v, %v", code, answer, err)
		}
		if !strings.Contains(string(m.Body), `"refundRequestId":"pay_1.undo"`) || !strings.Contains(string(m.Body), `"value":"7813"`) {
			t.Errorf("not all is given back: %s", m.Body)
		}
	}
}

// TestAWalletFetchesCodesAndScans speaks for the wallet and for the network.
func TestAWalletFetchesCodesAndScans(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	party := n.party
	answer := func(m api.Message) api.Answer { return n.dialect.Answer(n.question(requestOf(origin, m), m.Body)) }

	m := party.FetchCodes(api.FetchCodes{Payer: "u-4711", Count: 2}, noon)
	codes, err := party.CodesFetched(m, answer(m))
	if err != nil || len(codes.Codes) != 2 || !codes.Codes[1].ExpiresAt.Equal(noon.Add(time.Minute)) {
		t.Errorf("codes: %+v, %v", codes, err)
	}
	m = party.Announce(api.Announce{Code: "000201", Payer: "u-4711"}, noon)
	told := answer(m)
	apitest.Golden(t, "wallet/scanned.txt", shown(told))
	announced, err := party.Announced(m, told)
	if err != nil {
		t.Fatal(err)
	}
	want(t, "reference", "pay_scan", announced.Payment.Reference)
	want(t, "debit", money.New(7813, "CNY"), announced.Payment.DebitAmount)
	want(t, "payee", payee, announced.Quote.Payee)

	typed := money.New(500, "EUR")
	m = party.Announce(api.Announce{Code: "000201", Payer: "u-4711", Amount: &typed}, noon)
	announced, err = party.Announced(m, answer(m))
	if err != nil || announced.Payment.OrderAmount != typed {
		t.Errorf("typed: %+v, %v", announced.Payment, err)
	}
	n.counter.refuses["Announce"] = hansa.Refuse(hansa.CustomerInconsistent, "another customer")
	_, err = party.Announced(m, answer(m))
	if reason, _ := hansa.ReasonOf(err); reason != hansa.CustomerInconsistent { // It shares its code with others.
		t.Errorf("another customer: %v", err)
	}
	n.counter.refuses["Announce"] = errors.New("disk")
	if _, err = party.Announced(m, answer(m)); err == nil {
		t.Error("a fault is heard as a yes")
	} else if _, refused := hansa.ReasonOf(err); refused {
		t.Errorf("a fault is heard as a no: %v", err)
	}
	want(t, "too many", "PARAM_ILLEGAL F", result(n.do("/aps/api/v1/codes/getPaymentCode", `{"customerId":"u","codeQuantity":"many"}`), "result"))
}

// TestAWalletKnowsThePaymentByTheSameNames: what it is told when its payer scans is what it is
// asked about afterwards.
func TestAWalletKnowsThePaymentByTheSameNames(t *testing.T) {
	t.Parallel()
	w := newWallet(t)
	m := w.n.party.Announce(api.Announce{Code: "000201", Payer: "u-4711"}, noon)
	told := decoded(t, w.n.dialect.Answer(w.n.question(requestOf(origin, m), m.Body)).Body)
	call := w.call(api.CallCancel)
	call.Wallet.Participant, call.Ask.Reference = told["pspId"].(string), "pay_scan"
	asked, _ := w.sent(call)
	for name, value := range decoded(t, asked.Body) {
		want(t, name, told[name], value)
	}
}

// TestALateYesIsReceivedAndNoMore tells the four late yeses: to a payment that is closed, has
// expired, has failed before, or was paid by another wallet. The acknowledgement says that
// the yes was received; that the wallet will be cancelled is said by the cancel.
func TestALateYesIsReceivedAndNoMore(t *testing.T) {
	t.Parallel()
	for _, end := range []string{"cancelled", "expired", "declined", "paid by another wallet"} {
		n := newNetwork(t)
		yes := api.TellOutcome{Status: api.AnswerPaid, OrderAmount: money.New(1000, "EUR"), DebitAmount: money.New(7813, "CNY")}
		for range 2 { // It is repeated until it is acknowledged.
			m := n.party.TellOutcome("pay_scan", "u-4711", yes, noon)
			if err := n.party.OutcomeHeard(m, n.dialect.Answer(n.question(requestOf(origin, m), m.Body))); err != nil {
				t.Errorf("%s: %v", end, err)
			}
		}
		want(t, end, []string{
			`TellOutcome pay_scan {"status":"PAID","order_amount":{"value":1000,"currency":"EUR"},"debit_amount":{"value":7813,"currency":"CNY"},"payee":""}`,
		}, n.counter.said[1:])
	}
}

// TestAnOutcomeIsToldAsItIs reads notifyPayment in all its results.
func TestAnOutcomeIsToldAsItIs(t *testing.T) {
	t.Parallel()
	const path = "/aps/api/v1/payments/notifyPayment"
	amounts := `,"paymentAmount":{"currency":"EUR","value":"1000"},"payToAmount":{"currency":"CNY","value":"7813"}`
	for name, c := range map[string]struct {
		body, want, told string
	}{
		"paid":               {`"paymentRequestId":"pay_1","paymentResult":{"resultStatus":"S","resultCode":"SUCCESS"}` + amounts, "SUCCESS S", `"PAID"`},
		"declined":           {`"paymentRequestId":"pay_1","paymentResult":{"resultStatus":"F","resultCode":"USER_BALANCE_NOT_ENOUGH"}`, "SUCCESS S", `"reason":"insufficient_funds"`},
		"still unknown":      {`"paymentRequestId":"pay_1","paymentResult":{"resultStatus":"U","resultCode":"PAYMENT_IN_PROCESS"}`, "PARAM_ILLEGAL F", ""},
		"paid, how much":     {`"paymentRequestId":"pay_1","paymentResult":{"resultStatus":"S","resultCode":"SUCCESS"}`, "PARAM_ILLEGAL F", ""},
		"of what":            {`"paymentResult":{"resultStatus":"S","resultCode":"SUCCESS"}` + amounts, "PARAM_ILLEGAL F", ""},
		"without its result": {`"paymentRequestId":"pay_1"` + amounts, "PARAM_ILLEGAL F", ""},
	} {
		n := newNetwork(t)
		want(t, name, c.want, result(n.do(path, "{"+c.body+"}"), "result"))
		if asked := strings.Join(n.counter.said, ""); c.told == "" && asked != "" || !strings.Contains(asked, c.told) {
			t.Errorf("%s: told %s", name, asked)
		}
	}
	n := newNetwork(t)
	n.counter.refuses["TellOutcome"] = hansa.Refuse(hansa.NotFound, "no such payment")
	want(t, "an unknown id", "ORDER_NOT_EXIST F", result(n.do(path, `{"paymentRequestId":"pay_9","paymentResult":{"resultStatus":"F"}}`), "result"))
}
