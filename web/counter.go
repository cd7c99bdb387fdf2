package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/payment"
)

// clientWaits is how long a client waits for the outcome of what it asks: some give a
// connection up after five seconds.
const clientWaits = 4 * time.Second

// A counter serves one client by the handlers of our own API, so that no rule of it is
// said twice. It is not safe for concurrent use.
type counter struct {
	exchange  *exchange
	directory *member.Directory
	ctx       context.Context //nolint:containedctx // A dialect is pure: it knows of no context.
	client    api.Client
	drawn     int
}

// handler is that of a route.
type handler func(*server, context.Context, *call) (reply, error)

// wish is a message for a handler.
type wish struct {
	path    string // of our API, with at most one part in braces
	part    string // the name in these; empty: there is none
	value   string // of that part
	message any
	memo    []byte
	query   url.Values
}

// call is a request of the client as our API has it.
func (c *counter) call(w wish) *call {
	c.drawn++
	path := strings.Replace(w.path, "{"+w.part+"}", w.value, 1)
	r := &http.Request{Method: http.MethodPost, URL: &url.URL{Path: path}, Header: make(http.Header)}
	r.SetPathValue(w.part, w.value)
	body := []byte(nil)
	if w.message != nil {
		body = api.Encode(w.message)
	}
	return &call{
		exchange: c.exchange, r: r, participant: c.client.Participant, keyID: keyOf(c.client), client: nameOf(c.client), provider: c.client.Provider, memo: w.memo,
		body: body, query: w.query, directory: c.directory,
		chance: hansa.Chance(c.exchange.call.chance.Draw(fmt.Sprintf("call %d of a counter", c.drawn))),
	}
}

// keyOf names who asked in the record of a request: the client, and the service
// provider that holds its credentials.
func keyOf(client api.Client) string {
	if client.Provider == "" {
		return nameOf(client)
	}
	return nameOf(client) + "@" + client.Provider
}

// answered lets a handler answer a wish, and returns its document.
func answered[M any](c *counter, handle handler, w wish) (M, error) {
	var document M
	answer, err := handle(c.exchange.server, c.ctx, c.call(w))
	if err != nil {
		return document, err
	}
	document, ok := answer.document.(M)
	if !ok {
		panic(fmt.Sprintf("%s is answered with a %T", w.path, answer.document))
	}
	return document, nil
}

// mayStart refuses what is new where the client's service provider may not act for its
// participant, as far as this node knows, and stores of others than the client's merchant.
// The hub knows for sure.
func (c *counter) mayStart(shop string) error {
	if err := c.directory.MayActFor(c.client.Provider, c.client.Participant, c.exchange.started); err != nil {
		return err
	}
	if c.client.Merchant == "" || shop == "" || shop == c.client.Store {
		return nil
	}
	s, err := c.exchange.server.Hub.Read().Store(c.ctx, shop)
	if err == nil && s.Merchant != c.client.Merchant {
		return hansa.Refuse(hansa.NotFound, "no such store")
	}
	return err
}

func (c *counter) AskPayment(ask api.AskPayment, memo []byte) (api.Payment, error) {
	return c.pay(ask, memo, url.Values{})
}

func (c *counter) BeginPayment(ask api.AskPayment, memo []byte) (api.Payment, error) {
	return c.pay(ask, memo, url.Values{"wait": {"0"}})
}

func (c *counter) pay(ask api.AskPayment, memo []byte, query url.Values) (api.Payment, error) {
	if err := c.mayStart(ask.Store); err != nil {
		return api.Payment{}, err
	}
	return answered[api.Payment](c, (*server).askPayment, wish{path: "/v1/payments", message: ask, memo: kept(memo), query: query})
}

func (c *counter) MakeOrder(order api.MakeOrder, memo []byte) (api.Order, error) {
	if err := c.mayStart(order.Store); err != nil {
		return api.Order{}, err
	}
	return answered[api.Order](c, (*server).makeOrder, wish{path: "/v1/orders", message: order, memo: kept(memo)})
}

// kept is a memo that is there, even if it says nothing.
func kept(memo []byte) []byte {
	if memo == nil {
		return []byte{}
	}
	return memo
}

func (c *counter) Cancel(reference string, change api.Change) (api.Cancelled, error) {
	if _, err := c.own(reference); err != nil {
		return api.Cancelled{}, err
	}
	cancelled, err := answered[api.Cancelled](c, (*server).cancelPayment, c.about("/v1/payments/{reference}/cancel", reference, change))
	if err != nil || cancelled.Movement == nil {
		return cancelled, err
	}
	movement, err := c.carried(*cancelled.Movement)
	cancelled.Movement = &movement
	return cancelled, err
}

func (c *counter) Stop(reference string, change api.Change) (api.Payment, error) {
	if _, err := c.own(reference); err != nil {
		return api.Payment{}, err
	}
	return answered[api.Payment](c, (*server).stopPayment, c.about("/v1/payments/{reference}/stop", reference, change))
}

func (c *counter) CancelOrder(order string, change api.Change) (api.Order, error) {
	if _, err := c.own(order); err != nil {
		return api.Order{}, err
	}
	return answered[api.Order](c, (*server).cancelOrder, wish{
		path: "/v1/orders/{order}/cancel", part: "order", value: order, message: change,
	})
}

func (c *counter) Capture(reference string, move api.MoveMoney) (api.Movement, error) {
	return c.move((*server).capture, "/v1/payments/{reference}/captures", reference, move)
}

func (c *counter) Release(reference string, change api.Change) (api.Movement, error) {
	return c.move((*server).release, "/v1/payments/{reference}/release", reference, change)
}

func (c *counter) Refund(reference string, move api.MoveMoney) (api.Movement, error) {
	return c.move((*server).refund, "/v1/payments/{reference}/refunds", reference, move)
}

func (c *counter) move(handle handler, path, reference string, message any) (api.Movement, error) {
	if _, err := c.own(reference); err != nil {
		return api.Movement{}, err
	}
	made, err := answered[api.Movement](c, handle, c.about(path, reference, message))
	if err != nil {
		return made, err
	}
	return c.carried(made)
}

// carried waits a while for the wallet to carry out a movement: these protocols have no
// good word for one that was only begun.
func (c *counter) carried(made api.Movement) (api.Movement, error) {
	return until(c.ctx, c.call(wish{path: "/v1/movements"}), waited[api.Movement]{
		subject: made.Movement,
		read: func(ctx context.Context) (api.Movement, error) {
			m, err := c.exchange.server.Hub.Read().Movement(ctx, made.Movement)
			return movementOf(m), err
		},
		ended: func(m api.Movement) bool { return m.Status != string(payment.Pending) },
	}, clientWaits)
}

func (c *counter) about(path, reference string, message any) wish {
	return wish{path: path, part: "reference", value: reference, message: message}
}

func (c *counter) FetchCodes(fetch api.FetchCodes) (api.PaymentCodes, error) {
	return started[api.PaymentCodes](c, (*server).fetchCodes, wish{path: "/v1/payment-codes", message: fetch})
}

func (c *counter) Resolve(resolve api.Resolve) (api.Resolution, error) {
	return started[api.Resolution](c, (*server).resolve, wish{path: "/v1/resolve", message: resolve})
}

func (c *counter) AskQuote(ask api.AskQuote) (api.Quote, error) {
	return started[api.Quote](c, (*server).askQuote, wish{path: "/v1/quotes", message: ask})
}

func (c *counter) Accept(accept api.Accept) (api.Accepted, error) {
	return started[api.Accepted](c, (*server).accept, wish{path: "/v1/accepts", message: accept})
}

func (c *counter) Announce(announce api.Announce) (api.Announced, error) {
	return started[api.Announced](c, (*server).announce, wish{path: "/v1/announcements", message: announce})
}

// started is answered, where the client may start something as a wallet.
func started[M any](c *counter, handle handler, w wish) (M, error) {
	err := c.asWallet()
	if err == nil {
		err = c.mayStart("")
	}
	if err != nil {
		var none M
		return none, err
	}
	return answered[M](c, handle, w)
}

// asWallet refuses what a wallet does to the systems of merchants: a participant may be
// wallet and acquirer, and what its merchants hold must not speak for its payers.
func (c *counter) asWallet() error {
	if c.client.Merchant != "" {
		return hansa.Refuse(hansa.RoleMissing, "a merchant's system is no wallet")
	}
	return nil
}

func (c *counter) TellOutcome(reference string, told api.TellOutcome) (api.OutcomeHeard, error) {
	if err := c.asWallet(); err != nil {
		return api.OutcomeHeard{}, err
	}
	if p, err := c.exchange.server.committed(c.ctx, reference); told.Payee == "" && err == nil {
		told.Payee = p.Payee.Store // Whose payment it is, the handler finds out.
	}
	return answered[api.OutcomeHeard](c, (*server).tellOutcome, c.about("/v1/payments/{reference}/outcome", reference, told))
}

func (c *counter) Store(id string) (api.Store, error) {
	if err := c.mayStart(id); err != nil {
		return api.Store{}, err
	}
	return answered[api.Store](c, (*server).readStore, wish{path: "/v1/stores/{store}", part: "store", value: id})
}

func (c *counter) Rates() ([]api.StandingRate, error) {
	standing, err := c.exchange.server.Hub.Read().StandingRates(c.ctx)
	if err != nil {
		return nil, err
	}
	var rates []api.StandingRate
	for _, rate := range standing {
		rates = append(rates, api.StandingRate{
			Rate: rate.Rate, Spread: rate.Spread, ClosedSpread: rate.ClosedSpread,
			PublishedAt: rate.PublishedAt, NextPublication: rate.NextPublication,
		})
	}
	return rates, nil
}

func (c *counter) PrivateLinks() []api.PrivateLink {
	var links []api.PrivateLink
	for _, link := range c.directory.PrivateLinks() {
		links = append(links, api.PrivateLink{Acquirer: link.Acquirer, Host: link.Host, Path: link.Path})
	}
	return links
}

func (c *counter) Forbid(requestID string) error {
	in := c.call(wish{path: "/v1/sales/forbidden"})
	if err := in.checkRequestID(requestID); err != nil {
		return err
	}
	_, err := in.do(c.ctx, requestID, hub.Forbid{})
	reason, _ := hansa.ReasonOf(err)
	if reason == hansa.OrderNotOpen {
		return nil
	}
	if reason == hansa.RequestIDReused {
		return hansa.Refuse(hansa.AlreadyExists, "a sale has begun under this id")
	}
	return err
}

func (c *counter) Hooks() ([]api.Hook, error) {
	client, err := c.exchange.server.Hub.Read().Client(c.ctx, nameOf(c.client))
	return ClientOf(client).Hooks, err
}

func (c *counter) AddHook(hook api.Hook) error { return c.change(hub.SetHook{Hook: member.Hook(hook)}) }

func (c *counter) RemoveHook(id string) error {
	return c.change(hub.SetHook{Hook: member.Hook{ID: id}})
}

func (c *counter) PutDocument(kind string, document api.Document) error {
	if len(document.Body) > api.MemoMax || len(document.ID) > 2*idMax {
		return hansa.Refuse(hansa.TooLarge, "a document has at most %d bytes", api.MemoMax)
	}
	return c.change(hub.Keep{Kind: kind, ID: document.ID, Body: kept(document.Body)})
}

func (c *counter) RemoveDocument(kind, id string) error {
	return c.change(hub.Keep{Kind: kind, ID: id})
}

// change lets the hub do what has no id of its own.
func (c *counter) change(operation hub.Operation) error {
	_, err := c.call(wish{path: "/v1/clients"}).do(c.ctx, "", operation)
	return err
}

func (c *counter) Document(kind, id string) (api.Document, error) {
	d, err := c.exchange.server.Hub.Read().ClientDocument(c.ctx, nameOf(c.client), kind, id)
	return api.Document{ID: d.ID, Body: d.Body}, err
}

func (c *counter) Documents(kind string) ([]api.Document, error) {
	all, err := c.exchange.server.Hub.Read().ClientDocuments(c.ctx, nameOf(c.client), kind, api.DocumentsMax)
	var documents []api.Document
	for _, d := range all {
		documents = append(documents, api.Document{ID: d.ID, Body: d.Body})
	}
	return documents, err
}

func (c *counter) Remember(requestID string, memo []byte) error {
	sale, err := c.Sale(requestID)
	if err != nil {
		return err
	}
	var subject string
	switch {
	case len(memo) > api.MemoMax:
		return hansa.Refuse(hansa.TooLarge, "a memo has at most %d bytes", api.MemoMax)
	case sale.Order != nil:
		subject = sale.Order.Order
	case sale.Payment != nil:
		subject = sale.Payment.Reference
	default:
		return hansa.Refuse(hansa.NotFound, "nothing was begun under this id")
	}
	_, err = c.call(wish{path: "/v1/sales/memo", memo: kept(memo)}).do(c.ctx, requestID, hub.Remember{Subject: subject})
	return err
}

func (c *counter) Approve(requestID, code string) error {
	approve := c.exchange.server.Approve
	if approve == nil {
		return hansa.Refuse(hansa.MethodNotAllowed, "only a sandbox has make-believe payers")
	}
	sale, err := c.Sale(requestID)
	if err != nil {
		return err
	}
	if sale.Order == nil {
		return hansa.Refuse(hansa.NotAllowedNow, "there is no order that waits")
	}
	return approve(c.ctx, *sale.Order, code)
}

func (c *counter) Movement(requestID string) (api.Movement, error) {
	reader := c.exchange.server.Hub.Read()
	for _, operation := range []hub.Operation{hub.Capture{}, hub.Refund{}, hub.Release{}, hub.Cancel{}} {
		known, err := reader.Request(c.ctx, hub.MoveKey(c.client.Participant, nameOf(c.client), operation, requestID))
		if isNotFound(err) {
			continue
		}
		if err != nil {
			return api.Movement{}, err
		}
		if known.Reason != "" {
			return api.Movement{}, &hansa.Refusal{Reason: known.Reason, Detail: known.Detail}
		}
		for id := range strings.FieldsSeq(known.Subject) {
			m, err := reader.Movement(c.ctx, id)
			if err == nil {
				return movementOf(m), nil
			}
			if !isNotFound(err) {
				return api.Movement{}, err
			}
		}
	}
	return api.Movement{}, hansa.Refuse(hansa.NotFound, "no such movement")
}

var _ api.Counter = (*counter)(nil)

// own returns what is kept with a payment or order that this client has begun. To others
// it does not exist.
func (c *counter) own(reference string) (hub.Memo, error) {
	memo, err := c.exchange.server.memoOf(c.ctx, reference)
	if isNotFound(err) || err == nil && memo.Client != nameOf(c.client) {
		return hub.Memo{}, hansa.Refuse(hansa.NotFound, "no such payment")
	}
	return memo, err
}
