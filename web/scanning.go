package web

import (
	"context"
	"fmt"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/merchant"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/payment"
	"github.com/hansa-network/hansa/qr"
)

// fetchCodes answers POST /v1/payment-codes.
func (s *server) fetchCodes(ctx context.Context, c *call) (reply, error) {
	fetch, err := decode(c, func(m *api.FetchCodes) string { return m.RequestID })
	if err != nil {
		return reply{}, err
	}
	if err := checkPayer(fetch.Payer); err != nil {
		return reply{}, err
	}
	if fetch.Count < 1 || fetch.Count > payment.CodesAtOnceMax {
		return reply{}, hansa.Refuse(hansa.Malformed, "count: 1 to %d", payment.CodesAtOnceMax)
	}
	drawn, err := c.drawCodes(fetch.Count)
	if err != nil {
		return reply{}, err
	}
	result, err := c.do(ctx, fetch.RequestID, hub.FetchCodes{Payer: fetch.Payer, Codes: drawn})
	if err != nil {
		return reply{}, err
	}
	codes := api.PaymentCodes{Codes: []api.PaymentCode{}}
	for _, code := range result.Codes {
		codes.Codes = append(codes.Codes, api.PaymentCode{Code: code.Code, ExpiresAt: code.ExpiresAt})
	}
	return created(codes)
}

// drawCodes draws payment codes under the prefix of the wallet that asks.
func (c *call) drawCodes(count int) ([]string, error) {
	asker, err := c.directory.Participant(c.participant)
	if err != nil {
		return nil, err
	}
	if len(asker.Wallet.Issuers) == 0 {
		return nil, hansa.Refuse(hansa.RoleMissing, "%s issues no payment codes", asker.ID)
	}
	codes := make([]string, count)
	for i := range codes {
		chance := hansa.Chance(c.chance.Draw(fmt.Sprintf("payment code %d of this request", i)))
		if codes[i], err = qr.NewPaymentCode(asker.Wallet.Issuers[0], qr.Issued, chance); err != nil {
			return nil, fmt.Errorf("draw a payment code for %s: %w", asker.ID, err)
		}
	}
	return codes, nil
}

func checkPayer(payer string) error {
	return checkTexts(hansa.Malformed, text{"payer", payer, payerMax})
}

// resolve answers POST /v1/resolve.
func (s *server) resolve(ctx context.Context, c *call) (reply, error) {
	ask, err := decode(c, func(m *api.Resolve) string { return m.RequestID })
	if err != nil {
		return reply{}, err
	}
	scanned, err := s.read(ctx, c, ask.Code)
	if err != nil {
		return reply{}, err
	}
	result, err := s.follow(ctx, c, ask.RequestID, scanned)
	if err != nil {
		return reply{}, err
	}
	payee := payment.PayeeOf(result.Store)
	resolution := api.Resolution{Kind: "store", Payee: payeeOf(payee), Currency: string(result.Store.Currency)}
	mode := member.Static
	if result.Order.ID != "" {
		resolution.Kind, mode = "order", member.Dynamic
		quote := quoteOf(result.Quote, payee)
		resolution.Quote = &quote
	}
	resolution.Smallest, resolution.Largest = c.limits(result.Store, mode)
	return ok(resolution)
}

// follow finds what a code leads to. An order is priced, which is kept; for any other code
// it is enough to look.
func (s *server) follow(ctx context.Context, c *call, requestID string, scanned hub.Scanned) (hub.Result, error) {
	if scanned.Order != "" || c.turned != nil {
		return c.do(ctx, requestID, hub.Resolve{Scanned: scanned})
	}
	store, err := s.Hub.Look(ctx, c.directory, c.started, c.participant, scanned)
	return hub.Result{Store: store}, err
}

// limits are what one payment at a store may come to, if that is bounded in the
// store's own currency.
func (c *call) limits(s merchant.Store, mode member.Mode) (smallest, largest *money.Amount) {
	corridor, err := c.directory.Corridor(c.participant, s.Country, mode, s.Category, c.started)
	if err != nil {
		return nil, nil
	}
	for _, limit := range corridor.Limits {
		if limit.Mode != mode || limit.Currency != s.Currency {
			continue
		}
		if limit.Smallest > 0 {
			amount := money.New(limit.Smallest, limit.Currency)
			smallest = &amount
		}
		if limit.Largest > 0 {
			amount := money.New(limit.Largest, limit.Currency)
			largest = &amount
		}
	}
	return smallest, largest
}

// askQuote answers POST /v1/quotes.
func (s *server) askQuote(ctx context.Context, c *call) (reply, error) {
	ask, err := decode(c, func(m *api.AskQuote) string { return m.RequestID })
	if err != nil {
		return reply{}, err
	}
	scanned, err := s.read(ctx, c, ask.Code)
	if err != nil {
		return reply{}, err
	}
	result, err := c.do(ctx, ask.RequestID, hub.AskQuote{Scanned: scanned, Amount: ask.Amount})
	if err != nil {
		return reply{}, err
	}
	return created(quoteOf(result.Quote, payment.PayeeOf(result.Store)))
}

// accept answers POST /v1/accepts.
func (s *server) accept(ctx context.Context, c *call) (reply, error) {
	accept, err := decode(c, func(m *api.Accept) string { return m.RequestID })
	if err != nil {
		return reply{}, err
	}
	if err := checkPayer(accept.Payer); err != nil {
		return reply{}, err
	}
	if err := checkTexts(hansa.Malformed, text{"quote", accept.Quote, idMax}); err != nil {
		return reply{}, err
	}
	result, err := c.do(ctx, accept.RequestID, hub.Accept{
		Quote: accept.Quote, Payer: accept.Payer, Order: accept.OrderAmount, Debit: accept.DebitAmount, Payee: accept.Payee,
	})
	if err != nil {
		return reply{}, err
	}
	return created(api.Accepted{Payment: paymentOf(c.participant, result.Payment), DebitBefore: result.Payment.PayerUntil, CaptureLater: result.Payment.CaptureLater})
}

// announce answers POST /v1/announcements.
func (s *server) announce(ctx context.Context, c *call) (reply, error) {
	announce, err := decode(c, func(m *api.Announce) string { return m.RequestID })
	if err != nil {
		return reply{}, err
	}
	if err := checkPayer(announce.Payer); err != nil {
		return reply{}, err
	}
	operation := hub.Announce{Payer: announce.Payer}
	if operation.Scanned, err = s.read(ctx, c, announce.Code); err != nil {
		return reply{}, err
	}
	switch {
	case operation.Scanned.Order == "" && announce.Amount == nil:
		return reply{}, hansa.Refuse(hansa.InvalidAmount, "amount: a printed code has none of its own")
	case operation.Scanned.Order != "" && announce.Amount != nil:
		return reply{}, hansa.Refuse(hansa.Malformed, "amount: an order has its own")
	case announce.Amount != nil:
		operation.Amount = *announce.Amount
	}
	result, err := c.do(ctx, announce.RequestID, operation)
	if err != nil {
		return reply{}, err
	}
	p := result.Payment
	return created(api.Announced{Payment: paymentOf(c.participant, p), Quote: quoteOf(result.Quote, p.Payee), ExpiresAt: p.PayerUntil, CaptureLater: p.CaptureLater})
}
