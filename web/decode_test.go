package web_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/qr/routing"
	"github.com/hansa-network/hansa/web"
)

// privateCode is one that Nets alone understands.
const privateCode = "https://qr.nets.example/28100804/bill-7"

// An acquirer says what its private codes ask.
type acquirer struct {
	*network

	asked []api.DecodeCode
	says  func(api.DecodeCode) (api.Decoded, error)
}

// newAcquirer is a network in which Nets has codes of its own.
func newAcquirer(t *testing.T) *acquirer {
	t.Helper()
	a := &acquirer{network: newNetwork(t)}
	nets, err := a.directory.Participant("nets")
	if err != nil {
		t.Fatal(err)
	}
	nets.Acquirer.Links = []member.Link{{Host: "qr.nets.example", Path: "/28100804"}}
	enrol := hub.Enrol{}
	enrol.Listing.Participants = []member.Participant{nets}
	if _, err := a.do(t.Context(), hub.Request{Operation: enrol}); err != nil {
		t.Fatal(err)
	}
	config := a.config()
	config.Decode = func(_ context.Context, asked member.Participant, ask api.DecodeCode) (api.Decoded, error) {
		if asked.ID != "nets" {
			t.Errorf("%s is asked", asked.ID)
		}
		a.asked = append(a.asked, ask)
		return a.says(ask)
	}
	a.handler = web.New(config)
	a.says = func(api.DecodeCode) (api.Decoded, error) { return a.bill(), nil }
	return a
}

// bill is the order that the private code stands for.
func (a *acquirer) bill() api.Decoded {
	amount, until := nok(100_00), bigBang.Add(5*time.Minute)
	return api.Decoded{
		Kind: api.DecodedOrder, RequestID: "bill-7", Store: "bergen-cafe", Terminal: "bergen-cafe-nets", OrderReference: "table-7",
		Amount: &amount, ExpiresAt: &until,
	}
}

func (a *acquirer) scan(wallet, code string) (api.Resolution, api.Answer) {
	a.t.Helper()
	return post[api.Resolution](a.network, wallet, "/v1/resolve", api.Resolve{RequestID: a.nonce(), Code: code})
}

// height is how many blocks the journal has.
func (a *acquirer) height() int64 {
	a.t.Helper()
	head, err := a.hub.Read().Head(a.t.Context())
	if err != nil {
		a.t.Fatal(err)
	}
	return head.Height
}

// TestAPrivateCodeIsDecodedByItsAcquirer: the same code is the same order for whoever scans
// it, and it is paid once.
func TestAPrivateCodeIsDecodedByItsAcquirer(t *testing.T) {
	t.Parallel()
	a := newAcquirer(t)
	first, answer := a.scan("epassi", privateCode)
	a.wantStatus(http.StatusOK, answer)
	if first.Kind != "order" || first.Payee.Store != "bergen-cafe" || first.Quote.OrderAmount != nok(100_00) {
		t.Errorf("resolved %+v", first)
	}
	a.pass(time.Second)
	other, answer := a.scan("pivo", strings.Replace(privateCode, "https://qr.nets", "HTTPS://QR.Nets", 1))
	a.wantStatus(http.StatusOK, answer)
	want := []api.DecodeCode{{Code: privateCode, Wallet: "epassi"}, {Code: "HTTPS://QR.Nets.example/28100804/bill-7", Wallet: "pivo"}}
	if diff := cmp.Diff(want, a.asked); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
	accepted, answer := a.accepted("epassi", *first.Quote)
	a.wantStatus(http.StatusCreated, answer)
	_, answer = a.accepted("pivo", *other.Quote)
	a.wantReason(hansa.OrderNotOpen, answer)
	if accepted.Payment.OrderReference != "table-7" || accepted.Payment.Acquirer != "nets" {
		t.Errorf("accepted %+v", accepted)
	}
	_, answer = post[api.OutcomeHeard](a.network, "epassi", "/v1/payments/"+accepted.Payment.Reference+"/outcome", told(accepted.Payment))
	a.wantStatus(http.StatusOK, answer)
	order, answer := read[api.Order](a.network, "nets", "/v1/orders/"+accepted.Payment.Order)
	a.wantStatus(http.StatusOK, answer)
	if order.Status != "paid" || order.Terminal != "bergen-cafe-nets" || !order.ExpiresAt.Equal(bigBang.Add(5*time.Minute)) {
		t.Errorf("order %+v", order)
	}
	_, answer = a.scan("pivo", privateCode)
	a.wantReason(hansa.OrderPaid, answer)
}

// TestASilentAcquirerIsACleanNo: nothing is debited and nothing is kept, and the payer who
// scans again once the acquirer is back pays.
func TestASilentAcquirerIsACleanNo(t *testing.T) {
	t.Parallel()
	a := newAcquirer(t)
	a.says = func(api.DecodeCode) (api.Decoded, error) { return api.Decoded{}, errors.New("nobody answers") }
	before := a.height()
	_, answer := a.scan("epassi", privateCode)
	a.wantReason(hansa.AcquirerSilent, answer)
	a.wantStatus(http.StatusServiceUnavailable, answer)
	announce := api.Announce{RequestID: "scan-1", Code: privateCode, Payer: "li"}
	_, answer = post[api.Announced](a.network, "alipay", "/v1/announcements", announce)
	a.wantReason(hansa.AcquirerSilent, answer)
	if a.height() != before {
		t.Errorf("height %d after %d", a.height(), before)
	}
	all, err := a.hub.Read().Payments(t.Context(), hub.Filter{Limit: 1})
	if err != nil || len(all) != 0 {
		t.Errorf("%d payments, %v", len(all), err)
	}
	a.says = func(api.DecodeCode) (api.Decoded, error) { return a.bill(), nil }
	announced, answer := post[api.Announced](a.network, "alipay", "/v1/announcements", announce)
	a.wantStatus(http.StatusCreated, answer)
	again, answer := post[api.Announced](a.network, "alipay", "/v1/announcements", announce)
	a.wantStatus(http.StatusCreated, answer)
	if again.Payment.Reference != announced.Payment.Reference || announced.Payment.OrderAmount != nok(100_00) {
		t.Errorf("announced %+v, then %+v", announced, again)
	}
}

// TestALookAtAPrivateStickerLeavesNothing: a private code of a store makes an order only
// once its payer has typed an amount.
func TestALookAtAPrivateStickerLeavesNothing(t *testing.T) {
	t.Parallel()
	a := newAcquirer(t)
	a.says = func(api.DecodeCode) (api.Decoded, error) {
		return api.Decoded{Kind: api.DecodedStore, Store: "bergen-cafe"}, nil
	}
	before := a.height()
	found, answer := a.scan("epassi", privateCode)
	a.wantStatus(http.StatusOK, answer)
	if found.Kind != "store" || found.Quote != nil || found.Currency != "NOK" || a.height() != before {
		t.Errorf("resolved %+v, height %d after %d", found, a.height(), before)
	}
	quote, answer := post[api.Quote](a.network, "epassi", "/v1/quotes", api.AskQuote{RequestID: "q-1", Code: privateCode, Amount: nok(75_00)})
	a.wantStatus(http.StatusCreated, answer)
	accepted, answer := a.accepted("epassi", quote)
	a.wantStatus(http.StatusCreated, answer)
	if accepted.Payment.Acquirer != "nets" || accepted.Payment.Mode != "static" {
		t.Errorf("accepted %+v", accepted)
	}
	typed := nok(50_00)
	_, answer = post[api.Announced](a.network, "alipay", "/v1/announcements", api.Announce{RequestID: "s-1", Code: privateCode, Payer: "li", Amount: &typed})
	a.wantStatus(http.StatusCreated, answer)
}

// TestWhatAnAcquirerSaysOfItsCode: its no is told as it is where it is about the code, and
// what is no order of its own is a broken code.
func TestWhatAnAcquirerSaysOfItsCode(t *testing.T) {
	t.Parallel()
	bill := func(spoil func(*api.Decoded)) func(a *acquirer) (api.Decoded, error) {
		return func(a *acquirer) (api.Decoded, error) {
			decoded := a.bill()
			spoil(&decoded)
			return decoded, nil
		}
	}
	no := func(reason hansa.Reason) func(a *acquirer) (api.Decoded, error) {
		return func(*acquirer) (api.Decoded, error) { return api.Decoded{}, hansa.Refuse(reason, "no") }
	}
	foreign, past := nok(100_00), bigBang.Add(-time.Second)
	foreign.Currency = "EUR"
	for name, c := range map[string]struct {
		says func(a *acquirer) (api.Decoded, error)
		want hansa.Reason
	}{
		"unknown":                {no(hansa.CodeUnknown), hansa.CodeUnknown},
		"not found":              {no(hansa.NotFound), hansa.CodeUnknown},
		"expired":                {no(hansa.CodeExpired), hansa.CodeExpired},
		"paid":                   {no(hansa.OrderPaid), hansa.OrderPaid},
		"too much to do":         {no(hansa.Overloaded), hansa.AcquirerSilent},
		"not about the code":     {no(hansa.InsufficientFunds), hansa.CodeInvalid},
		"neither order nor shop": {bill(func(d *api.Decoded) { d.Kind = "" }), hansa.CodeInvalid},
		"no amount":              {bill(func(d *api.Decoded) { d.Amount = nil }), hansa.CodeInvalid},
		"no request id":          {bill(func(d *api.Decoded) { d.RequestID = "" }), hansa.CodeInvalid},
		"no such store":          {bill(func(d *api.Decoded) { d.Store = "nowhere" }), hansa.CodeInvalid},
		"a till of another":      {bill(func(d *api.Decoded) { d.Terminal = "bergen-cafe-vipps" }), hansa.CodeInvalid},
		"a store of another":     {bill(func(d *api.Decoded) { d.Store, d.Terminal = "vienna-coffee", "vienna-coffee-bluecode" }), hansa.CodeInvalid},
		"another's sticker":      {bill(func(d *api.Decoded) { d.Kind, d.Store = api.DecodedStore, "vienna-coffee" }), hansa.CodeInvalid},
		"another currency":       {bill(func(d *api.Decoded) { d.Amount = &foreign }), hansa.CurrencyMismatch},
		"a time that is over":    {bill(func(d *api.Decoded) { d.ExpiresAt = &past }), hansa.OrderExpired},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newAcquirer(t)
			a.says = func(api.DecodeCode) (api.Decoded, error) { return c.says(a) }
			_, answer := a.scan("epassi", privateCode)
			a.wantReason(c.want, answer)
		})
	}
}

// TestAnAcquirerThatSaysSomethingElseIsNotBelieved: one request id is one order.
func TestAnAcquirerThatSaysSomethingElseIsNotBelieved(t *testing.T) {
	t.Parallel()
	a := newAcquirer(t)
	_, answer := a.scan("epassi", privateCode)
	a.wantStatus(http.StatusOK, answer)
	more := nok(200_00)
	a.says = func(api.DecodeCode) (api.Decoded, error) {
		bill := a.bill()
		bill.Amount = &more
		return bill, nil
	}
	_, answer = a.scan("epassi", privateCode)
	a.wantReason(hansa.CodeInvalid, answer)
}

// TestWhoMayNotStartAsksNobody: a suspended wallet scans in vain, and a suspended acquirer
// is not asked. What neither rule covers is a stranger's code.
func TestWhoMayNotStartAsksNobody(t *testing.T) {
	t.Parallel()
	a := newAcquirer(t)
	for _, suspended := range []string{"epassi", "nets"} {
		for _, on := range []bool{true, false} {
			_, err := a.do(t.Context(), hub.Request{Participant: "hansa", Operation: hub.Suspend{Participant: suspended, Suspended: on}})
			if err != nil {
				t.Fatal(err)
			}
			if !on {
				continue
			}
			_, answer := a.scan("epassi", privateCode)
			a.wantReason(hansa.Suspended, answer)
		}
	}
	for _, code := range []string{
		"https://qr.nets.example/28100805/bill-7", "https://qr.nets.example.evil/28100804/bill-7", "https://you@qr.nets.example/28100804/bill-7",
		"https://qr.nets.example:8443/28100804/bill-7", "http://qr.nets.example/28100804/bill-7", "https://evil/?https://qr.nets.example/28100804/bill-7",
	} {
		if _, answer := a.scan("epassi", code); answer.Status == http.StatusOK {
			t.Errorf("%s leads somewhere", code)
		}
	}
	if len(a.asked) != 0 {
		t.Errorf("asked %v", a.asked)
	}
}

// TestThePrivateCodesArePublished: a wallet tells by the rules whose a code is.
func TestThePrivateCodesArePublished(t *testing.T) {
	t.Parallel()
	a := newAcquirer(t)
	without := routing.Rulebook{}
	for _, n := range []*network{newNetwork(t), a.network} {
		answer := n.send("", request{method: http.MethodGet, path: "/v1/code-rules", noSign: true})
		book, err := routing.ReadRulebook(answer.Body)
		if err != nil {
			t.Fatal(err)
		}
		if n != a.network {
			without = book
			continue
		}
		table, err := routing.NewTable(book.Rules)
		if err != nil {
			t.Fatal(err)
		}
		if match := table.Match(privateCode); book.Version == without.Version || len(match.Kinds) == 0 || match.Kinds[0] != "private/nets" {
			t.Errorf("version %s, %s is %v", book.Version, privateCode, match.Kinds)
		}
	}
}

// TestAnAcquirerOfAnotherProtocolKnowsItsOrder: what was decoded is a sale of the client as
// which the acquirer is asked, under the id that it has given it.
func TestAnAcquirerOfAnotherProtocolKnowsItsOrder(t *testing.T) {
	t.Parallel()
	m := newMerchantSystem(t)
	nets, err := m.directory.Participant("nets")
	if err != nil {
		t.Fatal(err)
	}
	nets.Acquirer = member.AcquirerSide{Links: []member.Link{{Host: "qr.nets.example", Path: "/28100804"}}, Client: "alipay/CAFE"}
	enrol := hub.Enrol{}
	enrol.Listing.Participants = []member.Participant{nets}
	if _, err := m.do(t.Context(), hub.Request{Operation: enrol}); err != nil {
		t.Fatal(err)
	}
	a := &acquirer{network: m.network}
	config := a.config()
	config.Decode = func(context.Context, member.Participant, api.DecodeCode) (api.Decoded, error) {
		bill := a.bill()
		bill.Memo = []byte(`{"request":"bill-7","plus":true}`)
		return bill, nil
	}
	a.handler = web.New(config)
	found, answer := a.scan("epassi", privateCode)
	a.wantStatus(http.StatusOK, answer)
	if said := m.asks(amsPath+"inquiryPayment", `{"paymentRequestId":"bill-7"}`); said.PaymentStatus != "PROCESSING" {
		t.Errorf("before it is paid: %+v", said)
	}
	accepted, answer := a.accepted("epassi", *found.Quote)
	a.wantStatus(http.StatusCreated, answer)
	_, answer = post[api.OutcomeHeard](a.network, "epassi", "/v1/payments/"+accepted.Payment.Reference+"/outcome", told(accepted.Payment))
	a.wantStatus(http.StatusOK, answer)
	if said := m.asks(amsPath+"inquiryPayment", `{"paymentRequestId":"bill-7"}`); said.PaymentStatus != "SUCCESS" || said.PaymentID != accepted.Payment.Order {
		t.Errorf("once it is paid: %+v", said)
	}
	// What was cancelled before anybody has scanned it is never paid.
	if said := m.asks(amsPath+"cancel", `{"paymentRequestId":"bill-8"}`); said.Result.Status != "S" {
		t.Errorf("cancelled: %+v", said)
	}
	config.Decode = func(context.Context, member.Participant, api.DecodeCode) (api.Decoded, error) {
		bill := a.bill()
		bill.RequestID, bill.OrderReference = "bill-8", "table-8"
		return bill, nil
	}
	a.handler = web.New(config)
	_, answer = a.scan("epassi", privateCode)
	a.wantReason(hansa.OrderNotOpen, answer)
}
