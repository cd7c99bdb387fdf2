package alipay_test

import (
	"fmt"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/money"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// A counter is a small make-believe network, for one client. What a test does not need
// panics.
type counter struct {
	api.Counter

	now     time.Time
	said    []string // what it was asked, in our own words
	pays    func(api.AskPayment) api.Payment
	refuses map[string]error // by the name of a method

	asks      map[string]any // the message by its request id
	sales     map[string]*api.Sale
	movements map[string]api.Movement
	moves     string // status of a new movement
	links     []api.PrivateLink
}

func newCounter() *counter {
	return &counter{
		now: noon, pays: approved, refuses: make(map[string]error), asks: make(map[string]any),
		sales: make(map[string]*api.Sale), movements: make(map[string]api.Movement), moves: "succeeded",
	}
}

// cnyPerEUR is what a payer from China pays.
var cnyPerEUR = mustRate("EUR", "CNY", "7.8125")

func mustRate(base, quote money.Currency, decimal string) *money.Rate {
	rate, err := money.NewRate(base, quote, decimal)
	if err != nil {
		panic(err)
	}
	return &rate
}

// approved is a yes of a wallet that debits yuan.
func approved(ask api.AskPayment) api.Payment {
	p := paymentOf(ask)
	p.Status = "approved"
	return p
}

func paymentOf(ask api.AskPayment) api.Payment {
	debit, err := cnyPerEUR.Convert(ask.Amount, money.HalfUp)
	if err != nil {
		debit = ask.Amount
	}
	at := noon.Add(2 * time.Second)
	return api.Payment{
		Reference: "pay_" + ask.RequestID, Status: "pending", Mode: "cpm", Wallet: "alipay", Acquirer: "nets", Branch: "nets-no",
		Store: ask.Store, Terminal: ask.Terminal, OrderReference: ask.OrderReference, OrderAmount: ask.Amount, DebitAmount: debit,
		Rate: cnyPerEUR, Payer: "payer_7f3a", CreatedAt: noon, OutcomeAt: &at, Settlement: settlementOf(ask.Amount),
	}
}

// nokPerEUR is what the acquirer gets.
var nokPerEUR = mustRate("EUR", "NOK", "11.5")

func settlementOf(due money.Amount) *api.Settlement {
	amount, err := nokPerEUR.Convert(due, money.HalfUp)
	if err != nil {
		return &api.Settlement{Amount: due}
	}
	return &api.Settlement{Amount: amount, Rate: nokPerEUR}
}

// ending returns a wallet that ends every payment so.
func ending(status string, reason hansa.Reason) func(api.AskPayment) api.Payment {
	return func(ask api.AskPayment) api.Payment {
		p := paymentOf(ask)
		p.Status, p.Reason = status, string(reason)
		return p
	}
}

// asked writes down a question, and refuses it if it is told to.
func (c *counter) asked(method string, messages ...any) error {
	line := method
	for _, m := range messages {
		switch m := m.(type) {
		case string:
			line += " " + m
		case []byte:
			line += " memo " + string(m)
		default:
			line += " " + string(api.Encode(m))
		}
	}
	c.said = append(c.said, line)
	return c.refuses[method]
}

// again reports whether a request id was used before, and refuses it for another message.
func (c *counter) again(id string, message any) (*api.Sale, error) {
	before, used := c.asks[id]
	if !used {
		c.asks[id] = message
		return nil, nil
	}
	if before != message {
		return nil, hansa.Refuse(hansa.RequestIDReused, "another body")
	}
	return c.sales[id], nil
}

func (c *counter) AskPayment(ask api.AskPayment, memo []byte) (api.Payment, error) {
	if err := c.asked("AskPayment", ask, memo); err != nil {
		return api.Payment{}, err
	}
	if sale, err := c.again(ask.RequestID, ask); sale != nil || err != nil {
		if err != nil {
			return api.Payment{}, err
		}
		return *sale.Payment, nil
	}
	p := c.pays(ask)
	c.sales[ask.RequestID] = &api.Sale{RequestID: ask.RequestID, Memo: memo, Payment: &p}
	return p, nil
}

func (c *counter) MakeOrder(order api.MakeOrder, memo []byte) (api.Order, error) {
	if err := c.asked("MakeOrder", order, memo); err != nil {
		return api.Order{}, err
	}
	if sale, err := c.again(order.RequestID, order); sale != nil || err != nil {
		if err != nil {
			return api.Order{}, err
		}
		return *sale.Order, nil
	}
	lasts := 10 * time.Minute
	if order.ExpiresIn > 0 {
		lasts = time.Duration(order.ExpiresIn) * time.Second
	}
	o := api.Order{
		Order: "ord_" + order.RequestID, Status: "open", Code: "000201010212" + order.RequestID, Amount: order.Amount,
		Store: order.Store, Terminal: order.Terminal, OrderReference: order.OrderReference,
		CreatedAt: c.now, ExpiresAt: c.now.Add(lasts),
	}
	c.sales[order.RequestID] = &api.Sale{RequestID: order.RequestID, Memo: memo, Order: &o}
	return o, nil
}

func (c *counter) Sale(requestID string) (api.Sale, error) {
	if err := c.asked("Sale", requestID); err != nil {
		return api.Sale{}, err
	}
	if sale := c.sales[requestID]; sale != nil {
		return *sale, nil
	}
	return api.Sale{}, hansa.Refuse(hansa.NotFound, "no such sale")
}

func (c *counter) SaleOf(reference string) (api.Sale, error) {
	if err := c.asked("SaleOf", reference); err != nil {
		return api.Sale{}, err
	}
	if sale := c.saleOf(reference); sale != nil {
		return *sale, nil
	}
	return api.Sale{}, hansa.Refuse(hansa.NotFound, "no such sale")
}

func (c *counter) saleOf(reference string) *api.Sale {
	for _, sale := range c.sales {
		if sale.Payment != nil && sale.Payment.Reference == reference || sale.Order != nil && sale.Order.Order == reference {
			return sale
		}
		for _, m := range sale.Movements {
			if m.Movement == reference {
				return sale
			}
		}
	}
	return nil
}

func (c *counter) Remember(requestID string, memo []byte) error {
	err := c.asked("Remember", requestID, memo)
	c.sales[requestID].Memo = memo
	return err
}

// Forbid is remembered as the network does: as a refusal under the request id.
func (c *counter) Forbid(requestID string) error {
	if err := c.asked("Forbid", requestID); err != nil {
		return err
	}
	if c.asks[requestID] != nil {
		return hansa.Refuse(hansa.AlreadyExists, "begun")
	}
	c.asks[requestID] = "forbidden"
	c.sales[requestID] = &api.Sale{RequestID: requestID, Refused: &hansa.Refusal{Reason: hansa.OrderNotOpen}}
	return nil
}

func (c *counter) Cancel(reference string, change api.Change) (api.Cancelled, error) {
	if err := c.asked("Cancel", reference, change); err != nil {
		return api.Cancelled{}, err
	}
	sale := c.saleOf(reference)
	if sale.Payment.Status == "pending" {
		sale.Payment.Status, sale.Payment.Reason = "cancelled", string(hansa.PaymentCanceled)
	}
	if sale.Payment.Status != "approved" {
		return api.Cancelled{Payment: *sale.Payment}, nil
	}
	m := c.move(sale, "cancel", change.RequestID, sale.Payment.OrderAmount)
	return api.Cancelled{Payment: *sale.Payment, Movement: &m}, nil
}

func (c *counter) CancelOrder(order string, change api.Change) (api.Order, error) {
	if err := c.asked("CancelOrder", order, change); err != nil {
		return api.Order{}, err
	}
	sale := c.saleOf(order)
	if sale.Order.Status == "paid" {
		return api.Order{}, hansa.Refuse(hansa.OrderPaid, "paid")
	}
	sale.Order.Status = "closed"
	return *sale.Order, nil
}

// move makes a movement once for each request id.
func (c *counter) move(sale *api.Sale, kind, requestID string, due money.Amount) api.Movement {
	if m, made := c.movements[requestID]; made {
		return m
	}
	m := api.Movement{
		Movement: fmt.Sprintf("mov_%d", len(c.movements)+1), Payment: sale.Payment.Reference, Kind: kind, Status: c.moves,
		OrderAmount: due, CreatedAt: c.now, ChangedAt: c.now, Settlement: &api.Settlement{Amount: settlementOf(due).Amount},
	}
	if m.Status == "failed" {
		m.Reason = string(hansa.PayerBlocked)
	}
	c.movements[requestID] = m
	sale.Movements = append(sale.Movements, m)
	return m
}

func (c *counter) Refund(reference string, move api.MoveMoney) (api.Movement, error) {
	if err := c.asked("Refund", reference, move); err != nil {
		return api.Movement{}, err
	}
	return c.move(c.saleOf(reference), "refund", move.RequestID, move.Amount), nil
}

func (c *counter) Capture(reference string, move api.MoveMoney) (api.Movement, error) {
	if err := c.asked("Capture", reference, move); err != nil {
		return api.Movement{}, err
	}
	return c.move(c.saleOf(reference), "capture", move.RequestID, move.Amount), nil
}

func (c *counter) Release(reference string, change api.Change) (api.Movement, error) {
	if err := c.asked("Release", reference, change); err != nil {
		return api.Movement{}, err
	}
	return c.move(c.saleOf(reference), "release", change.RequestID, money.New(1, "EUR")), nil
}

func (c *counter) Movement(requestID string) (api.Movement, error) {
	if err := c.asked("Movement", requestID); err != nil {
		return api.Movement{}, err
	}
	if m, made := c.movements[requestID]; made {
		return m, nil
	}
	return api.Movement{}, hansa.Refuse(hansa.NotFound, "no such movement")
}

func (c *counter) Store(id string) (api.Store, error) {
	if err := c.asked("Store", id); err != nil {
		return api.Store{}, err
	}
	if id != "kafe-bergen" {
		return api.Store{}, hansa.Refuse(hansa.NotFound, "no such store")
	}
	return api.Store{Store: id}, nil
}

func (c *counter) PrivateLinks() []api.PrivateLink { return c.links }

func (c *counter) Rates() ([]api.StandingRate, error) {
	err := c.asked("Rates")
	return []api.StandingRate{
		{Rate: *cnyPerEUR, Spread: 50, PublishedAt: noon.Add(-time.Hour), NextPublication: noon.Add(23 * time.Hour)},
		{Rate: *mustRate("EUR", "NOK", "11.5"), PublishedAt: noon.Add(-time.Hour), NextPublication: noon.Add(23 * time.Hour)},
	}, err
}

func (c *counter) FetchCodes(fetch api.FetchCodes) (api.PaymentCodes, error) {
	err := c.asked("FetchCodes", fetch)
	var codes api.PaymentCodes
	for i := range fetch.Count {
		codes.Codes = append(codes.Codes, api.PaymentCode{Code: fmt.Sprintf("70010010000000000000000%d", i), ExpiresAt: noon.Add(time.Minute)})
	}
	return codes, err
}

func (c *counter) Announce(announce api.Announce) (api.Announced, error) {
	if err := c.asked("Announce", announce); err != nil {
		return api.Announced{}, err
	}
	ask := api.AskPayment{RequestID: "scan", Amount: money.New(1000, "EUR"), Store: "kafe-oslo", OrderReference: "O1"}
	if announce.Amount != nil {
		ask.Amount = *announce.Amount
	}
	p := paymentOf(ask)
	p.Payer, p.OutcomeAt = "", nil
	return api.Announced{Payment: p, ExpiresAt: noon.Add(time.Minute), Quote: api.Quote{
		Quote: "quo_1", Payee: payee, OrderAmount: p.OrderAmount, DebitAmount: p.DebitAmount, Rate: p.Rate, ExpiresAt: noon.Add(2 * time.Minute),
	}}, nil
}

func (c *counter) TellOutcome(reference string, told api.TellOutcome) (api.OutcomeHeard, error) {
	err := c.asked("TellOutcome", reference, told)
	return api.OutcomeHeard{Reference: reference, Received: true, Status: "declined"}, err
}

var payee = api.Payee{Store: "kafe-oslo", Name: "Kafé Åse", City: "Oslo", Country: "NO", Category: "5812"}
