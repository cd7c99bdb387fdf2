package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/money"
)

// sticker is the text of a printed code of a store.
func (n *network) sticker(acquirer, store string) api.StoreCode {
	n.t.Helper()
	codes, answer := read[api.Page[api.StoreCode]](n, acquirer, "/v1/store-codes?store="+store)
	n.wantStatus(http.StatusOK, answer)
	return codes.Items[0]
}

// shown makes an order at the Nets till in Bergen.
func (n *network) shown() api.Order {
	n.t.Helper()
	order, answer := post[api.Order](n, "nets", "/v1/orders", n.order())
	n.wantStatus(http.StatusCreated, answer)
	return order
}

// accepted lets a payer of wallet accept what it is quoted.
func (n *network) accepted(wallet string, quote api.Quote) (api.Accepted, api.Answer) {
	n.t.Helper()
	return post[api.Accepted](n, wallet, "/v1/accepts", api.Accept{
		RequestID: n.nonce(), Quote: quote.Quote, Payer: "anna", OrderAmount: quote.OrderAmount,
		DebitAmount: quote.DebitAmount, Payee: quote.Payee.Store,
	})
}

// told is the wallet's yes.
func told(p api.Payment) api.TellOutcome {
	return api.TellOutcome{Status: api.AnswerPaid, OrderAmount: p.OrderAmount, DebitAmount: p.DebitAmount, Payee: p.Store}
}

// TestAnOrderIsScanned: flow B at a till's order code.
func TestAnOrderIsScanned(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	order := n.shown()
	found, answer := post[api.Resolution](n, "epassi", "/v1/resolve", api.Resolve{RequestID: "r-1", Code: order.Code})
	n.wantStatus(http.StatusOK, answer)
	if found.Kind != "order" || found.Payee.Name != "Bryggen Kafe" || found.Quote.OrderAmount != nok(100_00) || found.Quote.MarkupBasisPoints == nil {
		t.Errorf("resolved %+v", found)
	}
	again, answer := post[api.Resolution](n, "epassi", "/v1/resolve", api.Resolve{RequestID: "r-1", Code: order.Code})
	n.wantStatus(http.StatusOK, answer)
	if again.Quote.Quote != found.Quote.Quote || answer.Header.Get("Idempotency-Replayed") != "true" {
		t.Errorf("resolved again %+v", again)
	}
	wrong := *found.Quote
	wrong.DebitAmount.Value--
	_, answer = n.accepted("epassi", wrong)
	n.wantReason(hansa.ConsentMismatch, answer)
	_, answer = n.accepted("pivo", *found.Quote)
	n.wantReason(hansa.NotFound, answer)
	accepted, answer := n.accepted("epassi", *found.Quote)
	n.wantStatus(http.StatusCreated, answer)
	if accepted.Payment.Status != "pending" || !accepted.DebitBefore.Equal(bigBang.Add(15*time.Second)) {
		t.Errorf("accepted %+v", accepted)
	}
	_, answer = n.accepted("epassi", *found.Quote)
	n.wantReason(hansa.QuoteUsed, answer)
	held, _ := read[api.Order](n, "nets", "/v1/orders/"+order.Order)
	if held.Status != "held" || held.Payment != accepted.Payment.Reference || held.Code != order.Code {
		t.Errorf("order %+v", held)
	}
	heard, answer := post[api.OutcomeHeard](n, "epassi", "/v1/payments/"+accepted.Payment.Reference+"/outcome", told(accepted.Payment))
	n.wantStatus(http.StatusOK, answer)
	if !heard.Received || heard.Status != "approved" {
		t.Errorf("heard %+v", heard)
	}
	paid, _ := read[api.Order](n, "nets", "/v1/orders/"+order.Order)
	if paid.Status != "paid" {
		t.Errorf("order %+v", paid)
	}
	_, answer = post[api.Order](n, "nets", "/v1/orders/"+order.Order+"/cancel", api.Change{RequestID: n.nonce()})
	n.wantReason(hansa.OrderPaid, answer)
	_, answer = post[api.Resolution](n, "pivo", "/v1/resolve", api.Resolve{RequestID: n.nonce(), Code: order.Code})
	n.wantReason(hansa.OrderPaid, answer)
}

// TestAStickerIsScanned: flow B at a printed code, where the payer types.
func TestAStickerIsScanned(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	sticker := n.sticker("vipps", "bergen-cafe")
	found, answer := post[api.Resolution](n, "vipps", "/v1/resolve", api.Resolve{RequestID: n.nonce(), Code: sticker.Text})
	n.wantStatus(http.StatusOK, answer)
	if found.Kind != "store" || found.Quote != nil || found.Currency != "NOK" {
		t.Errorf("resolved %+v", found)
	}
	ask := api.AskQuote{RequestID: n.nonce(), Code: sticker.Text, Amount: nok(75_00)}
	quote, answer := post[api.Quote](n, "vipps", "/v1/quotes", ask)
	n.wantStatus(http.StatusCreated, answer)
	if quote.Rate != nil || quote.DebitAmount != nok(75_00) || quote.Fee != nok(0) {
		t.Errorf("on us: %+v", quote)
	}
	again, _ := post[api.Quote](n, "vipps", "/v1/quotes", ask)
	if string(api.Encode(again)) != string(api.Encode(quote)) {
		t.Errorf("quoted again: %+v", again)
	}
	accepted, answer := n.accepted("vipps", quote)
	n.wantStatus(http.StatusCreated, answer)
	declined := api.TellOutcome{Status: api.AnswerDeclined, Reason: string(hansa.DeclinedByPayer), OrderAmount: nok(75_00), DebitAmount: nok(75_00), Payee: "bergen-cafe"}
	heard, answer := post[api.OutcomeHeard](n, "vipps", "/v1/payments/"+accepted.Payment.Reference+"/outcome", declined)
	n.wantStatus(http.StatusOK, answer)
	if heard.Status != "declined" {
		t.Errorf("heard %+v", heard)
	}
	// The order that a payer made at a printed code is nobody's to read.
	_, answer = read[api.Order](n, "vipps", "/v1/orders/"+quote.Order)
	n.wantReason(hansa.NotFound, answer)
	_, answer = post[api.Quote](n, "vipps", "/v1/quotes", api.AskQuote{RequestID: n.nonce(), Code: sticker.Text, Amount: money.New(75_00, "EUR")})
	n.wantReason(hansa.CurrencyMismatch, answer)
	_, answer = post[api.Quote](n, "vipps", "/v1/quotes", api.AskQuote{RequestID: n.nonce(), Code: n.shown().Code, Amount: nok(75_00)})
	n.wantReason(hansa.Malformed, answer)
	_, answer = post[api.Quote](n, "alipay", "/v1/quotes", api.AskQuote{RequestID: n.nonce(), Code: sticker.Text, Amount: nok(1000_00)})
	n.wantReason(hansa.UseTillCode, answer)
}

// TestAWalletThatDebitsFirst: flow C, of which the acquirer hears when it is
// approved and not before.
func TestAWalletThatDebitsFirst(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	order := n.shown()
	announce := api.Announce{RequestID: "r-1", Code: order.Code, Payer: "wang"}
	announced, answer := post[api.Announced](n, "alipay", "/v1/announcements", announce)
	n.wantStatus(http.StatusCreated, answer)
	p := announced.Payment
	if p.Status != "pending" || announced.Quote.Order != order.Order || !announced.ExpiresAt.Equal(bigBang.Add(time.Minute)) {
		t.Errorf("announced %+v", announced)
	}
	again, _ := post[api.Announced](n, "alipay", "/v1/announcements", announce)
	if string(api.Encode(again)) != string(api.Encode(announced)) {
		t.Errorf("announced again %+v", again)
	}
	announce.RequestID = "r-2"
	repeated, answer := post[api.Announced](n, "alipay", "/v1/announcements", announce)
	n.wantStatus(http.StatusCreated, answer)
	if repeated.Payment.Reference != p.Reference {
		t.Errorf("scanned again %+v", repeated)
	}
	announce.RequestID, announce.Payer = "r-3", "li"
	_, answer = post[api.Announced](n, "alipay", "/v1/announcements", announce)
	n.wantReason(hansa.CustomerInconsistent, answer)

	_, answer = read[api.Payment](n, "nets", "/v1/payments/"+p.Reference)
	n.wantReason(hansa.NotFound, answer)
	page, _ := read[api.Page[api.Payment]](n, "nets", "/v1/payments")
	events, _ := read[api.Page[api.Event]](n, "nets", "/v1/events")
	if len(page.Items) != 0 || strings.Contains(string(api.Encode(events)), p.Reference) {
		t.Errorf("the acquirer sees %+v and hears %+v", page.Items, events.Items)
	}
	_, answer = post[api.OutcomeHeard](n, "alipay", "/v1/payments/"+p.Reference+"/outcome", told(p))
	n.wantStatus(http.StatusOK, answer)
	seen, answer := read[api.Payment](n, "nets", "/v1/payments/"+p.Reference)
	n.wantStatus(http.StatusOK, answer)
	if seen.Status != "approved" || seen.Payer == "" {
		t.Errorf("the acquirer sees %+v", seen)
	}
}

func TestAWalletThatDebitsFirstAtASticker(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	sticker := n.sticker("nets", "bergen-cafe")
	amount := nok(50_00)
	_, answer := post[api.Announced](n, "alipay", "/v1/announcements", api.Announce{RequestID: n.nonce(), Code: sticker.Text, Payer: "wang"})
	n.wantReason(hansa.InvalidAmount, answer)
	_, answer = post[api.Announced](n, "vipps", "/v1/announcements", api.Announce{RequestID: n.nonce(), Code: sticker.Text, Payer: "ola", Amount: &amount})
	n.wantReason(hansa.RoleMissing, answer)
	_, answer = post[api.Announced](n, "alipay", "/v1/announcements", api.Announce{RequestID: n.nonce(), Code: n.shown().Code, Payer: "wang", Amount: &amount})
	n.wantReason(hansa.Malformed, answer)
	announced, answer := post[api.Announced](n, "alipay", "/v1/announcements", api.Announce{RequestID: n.nonce(), Code: sticker.Text, Payer: "wang", Amount: &amount})
	n.wantStatus(http.StatusCreated, answer)
	if announced.Payment.OrderAmount != amount || announced.Payment.Mode != "static" {
		t.Errorf("announced %+v", announced)
	}
}

// TestCodesThatLeadNowhere: forged, revoked, unknown, of a payer, of no scheme.
func TestCodesThatLeadNowhere(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	order := n.shown()
	sticker := n.sticker("nets", "bergen-cafe")
	revoked, answer := post[api.StoreCode](n, "nets", "/v1/store-codes", api.IssueStoreCode{RequestID: n.nonce(), Store: "bergen-cafe"})
	n.wantStatus(http.StatusCreated, answer)
	withdrawn, answer := post[api.StoreCode](n, "nets", "/v1/store-codes/"+revoked.Code+"/revoke", api.Change{RequestID: n.nonce()})
	n.wantStatus(http.StatusOK, answer)
	if withdrawn.RevokedAt == nil || withdrawn.Text != revoked.Text || withdrawn.Code == sticker.Code {
		t.Errorf("revoked %+v", withdrawn)
	}
	for name, tt := range map[string]struct {
		code string
		want hansa.Reason
	}{
		"forged":    {strings.Replace(order.Code, "Bryggen", "Brygger", 1), hansa.CodeInvalid},
		"cut off":   {order.Code[:len(order.Code)-1], hansa.CodeInvalid},
		"revoked":   {revoked.Text, hansa.CodeRevoked},
		"a payer's": {n.code("vipps", "ola"), hansa.CodeUnknown},
		"a link":    {"https://example.org/pay", hansa.CodeUnknown},
		"empty":     {"", hansa.CodeInvalid},
		"long":      {strings.Repeat("0", 513), hansa.CodeInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, answer := post[api.Resolution](n, "vipps", "/v1/resolve", api.Resolve{RequestID: n.nonce(), Code: tt.code})
			n.wantReason(tt.want, answer)
		})
	}
}

func TestAnOrderExpires(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	order := n.shown()
	n.pass(11 * time.Minute)
	_, answer := post[api.Resolution](n, "vipps", "/v1/resolve", api.Resolve{RequestID: n.nonce(), Code: order.Code})
	n.wantReason(hansa.OrderExpired, answer)
	expired, _ := read[api.Order](n, "nets", "/v1/orders/"+order.Order)
	if expired.Status != "expired" {
		t.Errorf("order %+v", expired)
	}
}

func TestOrdersThatCannotBe(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	for name, tt := range map[string]struct {
		edit func(*api.MakeOrder)
		want hansa.Reason
	}{
		"nothing":            {func(m *api.MakeOrder) { m.Amount = nok(0) }, hansa.InvalidAmount},
		"more than a code":   {func(m *api.MakeOrder) { m.Amount = nok(1_000_000_000_000_000) }, hansa.InvalidAmount},
		"no such currency":   {func(m *api.MakeOrder) { m.Amount.Currency = "nok" }, hansa.UnknownCurrency},
		"another currency":   {func(m *api.MakeOrder) { m.Amount.Currency = "SEK" }, hansa.CurrencyMismatch},
		"two days":           {func(m *api.MakeOrder) { m.ExpiresIn = 86_401 }, hansa.Malformed},
		"the past":           {func(m *api.MakeOrder) { m.ExpiresIn = -1 }, hansa.Malformed},
		"another's terminal": {func(m *api.MakeOrder) { m.Terminal = "oslo-sport-nets" }, hansa.NotFound},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wish := n.order()
			tt.edit(&wish)
			_, answer := post[api.Order](n, "nets", "/v1/orders", wish)
			n.wantReason(tt.want, answer)
		})
	}
	wish := n.order()
	wish.ExpiresIn = 60
	order, answer := post[api.Order](n, "nets", "/v1/orders", wish)
	n.wantStatus(http.StatusCreated, answer)
	if !order.ExpiresAt.Equal(bigBang.Add(time.Minute)) {
		t.Errorf("expires at %s", order.ExpiresAt)
	}
	wish.RequestID = n.nonce()
	_, answer = post[api.Order](n, "nets", "/v1/orders", wish)
	n.wantReason(hansa.OrderReferenceTaken, answer)
	closed, answer := post[api.Order](n, "nets", "/v1/orders/"+order.Order+"/cancel", api.Change{RequestID: n.nonce()})
	n.wantStatus(http.StatusOK, answer)
	if closed.Status != "closed" {
		t.Errorf("order %+v", closed)
	}
	_, answer = post[api.Resolution](n, "vipps", "/v1/resolve", api.Resolve{RequestID: n.nonce(), Code: order.Code})
	n.wantReason(hansa.OrderNotOpen, answer)
}

func TestPaymentCodesAreFetched(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	fetch := api.FetchCodes{RequestID: "r-1", Payer: "ola", Count: 10}
	codes, answer := post[api.PaymentCodes](n, "vipps", "/v1/payment-codes", fetch)
	n.wantStatus(http.StatusCreated, answer)
	distinct := map[string]bool{}
	for _, code := range codes.Codes {
		distinct[code.Code] = true
		if !code.ExpiresAt.Equal(bigBang.Add(time.Minute)) {
			t.Errorf("code %+v", code)
		}
	}
	if len(distinct) != 10 {
		t.Errorf("%d codes", len(distinct))
	}
	_, again := post[api.PaymentCodes](n, "vipps", "/v1/payment-codes", fetch)
	if string(again.Body) != string(answer.Body) {
		t.Errorf("fetched again: %s", again.Body)
	}
	for name, tt := range map[string]struct {
		participant string
		fetch       api.FetchCodes
		want        hansa.Reason
	}{
		"none":        {"vipps", api.FetchCodes{RequestID: "r-2", Payer: "ola", Count: 0}, hansa.Malformed},
		"eleven":      {"vipps", api.FetchCodes{RequestID: "r-3", Payer: "ola", Count: 11}, hansa.Malformed},
		"nobody":      {"vipps", api.FetchCodes{RequestID: "r-4", Payer: "", Count: 1}, hansa.Malformed},
		"two lines":   {"vipps", api.FetchCodes{RequestID: "r-5", Payer: "o\nla", Count: 1}, hansa.Malformed},
		"an acquirer": {"nets", api.FetchCodes{RequestID: "r-6", Payer: "ola", Count: 1}, hansa.RoleMissing},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, answer := post[api.PaymentCodes](n, tt.participant, "/v1/payment-codes", tt.fetch)
			n.wantReason(tt.want, answer)
		})
	}
}

// TestThePageOfAnOrderIsACode: what a payer scans from a shop's screen may be the link to
// the hosted page, of which nothing but the order counts.
func TestThePageOfAnOrderIsACode(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	order := n.shown()
	page := origin + "/checkout/" + order.Order
	for name, text := range map[string]string{
		"the link": page, "in another language": page + "?lang=fi", "in capitals": "HTTPS://PAY.EXAMPLE/CHECKOUT/" + order.Order,
		"as a reader ends it": page + "\r\n",
	} {
		found, answer := post[api.Resolution](n, "epassi", "/v1/resolve", api.Resolve{RequestID: n.nonce(), Code: text})
		if answer.Status != http.StatusOK || found.Kind != "order" || found.Quote.OrderAmount != nok(100_00) || found.Payee.Name != "Bryggen Kafe" {
			t.Errorf("%s: %d %s", name, answer.Status, answer.Body)
		}
	}
	_, answer := post[api.Announced](n, "alipay", "/v1/announcements", api.Announce{RequestID: n.nonce(), Code: page, Payer: "wei"})
	n.wantStatus(http.StatusCreated, answer)
	for text, want := range map[string]hansa.Reason{
		"https://pay.example.org/checkout/" + order.Order:          hansa.CodeUnknown,
		"https://pay.example@evil.example/checkout/" + order.Order: hansa.CodeInvalid,
		"http://pay.example/checkout/" + order.Order:               hansa.CodeInvalid,
		origin + "/checkout/ord_0":                                 hansa.CodeUnknown,
		origin + "/checkout/pay_1":                                 hansa.CodeUnknown,
		origin + "/checkout/":                                      hansa.CodeUnknown,
		page + ".svg":                                              hansa.CodeUnknown,
		page + "/x":                                                hansa.CodeUnknown,
	} {
		_, answer := post[api.Resolution](n, "epassi", "/v1/resolve", api.Resolve{RequestID: n.nonce(), Code: text})
		n.wantReason(want, answer)
	}
	_, answer = post[api.Payment](n, "nets", "/v1/payments", n.ask(page))
	n.wantReason(hansa.CodeUnknown, answer)
}
