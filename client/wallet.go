package client

import (
	"context"

	"github.com/hansa-network/hansa/api"
)

// FetchCodes fetches payment codes for a payer to show.
func (c *Client) FetchCodes(ctx context.Context, fetch api.FetchCodes) (api.PaymentCodes, error) {
	return send[api.PaymentCodes](ctx, c, "/v1/payment-codes", fetch)
}

// Resolve asks what a scanned code leads to: a store, or an order with its quote.
func (c *Client) Resolve(ctx context.Context, resolve api.Resolve) (api.Resolution, error) {
	return send[api.Resolution](ctx, c, "/v1/resolve", resolve)
}

// AskQuote prices what the payer typed at a printed code.
func (c *Client) AskQuote(ctx context.Context, ask api.AskQuote) (api.Quote, error) {
	return send[api.Quote](ctx, c, "/v1/quotes", ask)
}

// Accept says that the payer has accepted a quote. Debit before the time that is said, and
// tell the outcome.
func (c *Client) Accept(ctx context.Context, accept api.Accept) (api.Accepted, error) {
	return send[api.Accepted](ctx, c, "/v1/accepts", accept)
}

// Announce says that a payer of a wallet that debits first has scanned a code.
func (c *Client) Announce(ctx context.Context, announce api.Announce) (api.Announced, error) {
	return send[api.Announced](ctx, c, "/v1/announcements", announce)
}

// TellOutcome says that the payer was debited, or declined. Tell it until it is heard:
// after an error that is no refusal, again. Show "paid" only if the status that is
// answered is approved.
func (c *Client) TellOutcome(ctx context.Context, reference string, outcome api.TellOutcome) (api.OutcomeHeard, error) {
	return send[api.OutcomeHeard](ctx, c, ofPayment(reference)+"/outcome", outcome)
}
