package client

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/hansa-network/hansa/api"
)

// AskPayment asks to be paid by the payer whose code the till scanned, and waits for the
// outcome for whole seconds, at most 6. If the payment is still pending then, see
// AwaitPayment.
func (c *Client) AskPayment(ctx context.Context, ask api.AskPayment, wait time.Duration) (payment api.Payment, err error) {
	err = c.do(ctx, waiting(Call{Method: http.MethodPost, Path: "/v1/payments", Body: ask, Into: &payment}, wait))
	return payment, err
}

// CancelPayment stops a payment, or gives all of it back within 24 hours.
func (c *Client) CancelPayment(ctx context.Context, reference string, change api.Change) (api.Cancelled, error) {
	return send[api.Cancelled](ctx, c, ofPayment(reference)+"/cancel", change)
}

// Capture takes a part of what was authorised.
func (c *Client) Capture(ctx context.Context, reference string, part api.MoveMoney) (api.Movement, error) {
	return send[api.Movement](ctx, c, ofPayment(reference)+"/captures", part)
}

// Release gives up what was authorised and not captured.
func (c *Client) Release(ctx context.Context, reference string, change api.Change) (api.Movement, error) {
	return send[api.Movement](ctx, c, ofPayment(reference)+"/release", change)
}

// Refund gives back a part of what was captured.
func (c *Client) Refund(ctx context.Context, reference string, part api.MoveMoney) (api.Movement, error) {
	return send[api.Movement](ctx, c, ofPayment(reference)+"/refunds", part)
}

// MakeOrder opens an order that any wallet may pay once. Show its code as a symbol.
func (c *Client) MakeOrder(ctx context.Context, order api.MakeOrder) (api.Order, error) {
	return send[api.Order](ctx, c, "/v1/orders", order)
}

// ReadOrder reads an order once it is paid, closed or expired, or after whole seconds, at
// most 20.
func (c *Client) ReadOrder(ctx context.Context, order string, wait time.Duration) (read api.Order, err error) {
	err = c.do(ctx, waiting(Call{Method: http.MethodGet, Path: ofOrder(order), Into: &read}, wait))
	return read, err
}

// CancelOrder closes an order that is not paid.
func (c *Client) CancelOrder(ctx context.Context, order string, change api.Change) (api.Order, error) {
	return send[api.Order](ctx, c, ofOrder(order)+"/cancel", change)
}

// IssueStoreCode issues the next code of the acquirer's range to a store.
func (c *Client) IssueStoreCode(ctx context.Context, issue api.IssueStoreCode) (api.StoreCode, error) {
	return send[api.StoreCode](ctx, c, "/v1/store-codes", issue)
}

// ListStoreCodes lists the codes that the acquirer had issued to a store.
func (c *Client) ListStoreCodes(ctx context.Context, store string) ([]api.StoreCode, error) {
	page, err := get[api.Page[api.StoreCode]](ctx, c, "/v1/store-codes?"+url.Values{"store": {store}}.Encode())
	return page.Items, err
}

// RevokeStoreCode withdraws a printed code.
func (c *Client) RevokeStoreCode(ctx context.Context, code string, change api.Change) (api.StoreCode, error) {
	return send[api.StoreCode](ctx, c, "/v1/store-codes/"+url.PathEscape(code)+"/revoke", change)
}

// ReadStore reads a store of the acquirer.
func (c *Client) ReadStore(ctx context.Context, store string) (api.Store, error) {
	return get[api.Store](ctx, c, "/v1/stores/"+url.PathEscape(store))
}
