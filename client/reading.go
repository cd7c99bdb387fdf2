package client

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/hansa-network/hansa/api"
)

// waitedSlack is how much longer than a wait its answer may take.
const waitedSlack = 5 * time.Second

// waiting is a call whose answer waits for whole seconds.
func waiting(call Call, wait time.Duration) Call {
	seconds := strconv.FormatInt(int64(wait/time.Second), 10)
	call.Path += "?" + url.Values{"wait": {seconds}}.Encode()
	call.Within = max(CallWithin, wait+waitedSlack)
	return call
}

// ReadPayment reads a payment once it is decided, or after whole seconds, at most 20.
func (c *Client) ReadPayment(ctx context.Context, reference string, wait time.Duration) (payment api.Payment, err error) {
	err = c.do(ctx, waiting(Call{Method: http.MethodGet, Path: ofPayment(reference), Into: &payment}, wait))
	return payment, err
}

// awaitedFor is how long one question waits for an outcome.
const awaitedFor = 20 * time.Second

// AwaitPayment reads a payment until it is decided. Where ctx is over before that, the
// payment is returned with an error.
func (c *Client) AwaitPayment(ctx context.Context, reference string) (api.Payment, error) {
	for {
		payment, err := c.ReadPayment(ctx, reference, awaitedFor)
		if err != nil || payment.Status != "pending" {
			return payment, err
		}
		if err := ctx.Err(); err != nil {
			return payment, fmt.Errorf("await payment %s: %w", reference, err)
		}
	}
}

// A PaymentList says which payments are listed. Empty members do not choose.
type PaymentList struct {
	Limit  int    // of a page, at most 200; zero: 50
	After  string // the member Next of the page before
	Status string
	Store  string
	As     string // wallet or acquirer, for a participant that is both
}

// ListPayments lists a page of the participant's payments, oldest first.
func (c *Client) ListPayments(ctx context.Context, list PaymentList) (api.Page[api.Payment], error) {
	query := url.Values{}
	for name, value := range map[string]string{
		"limit": limit(list.Limit), "after": list.After, "status": list.Status, "store": list.Store, "as": list.As,
	} {
		if value != "" {
			query.Set(name, value)
		}
	}
	return get[api.Page[api.Payment]](ctx, c, asked("/v1/payments", query))
}

// limit is the parameter of that name, empty where the network shall choose.
func limit(items int) string {
	if items == 0 {
		return ""
	}
	return strconv.Itoa(items)
}

// asked is a path with a query, if there is one.
func asked(path string, query url.Values) string {
	return strings.TrimSuffix(path+"?"+query.Encode(), "?")
}

// ListMovements lists captures, releases, refunds and cancels of a payment, oldest first.
func (c *Client) ListMovements(ctx context.Context, reference string) ([]api.Movement, error) {
	page, err := get[api.Page[api.Movement]](ctx, c, ofPayment(reference)+"/movements")
	return page.Items, err
}

// ReadReceipt reads the receipt of an approved payment.
func (c *Client) ReadReceipt(ctx context.Context, reference string) (api.Receipt, error) {
	return get[api.Receipt](ctx, c, ofPayment(reference)+"/receipt")
}

// ReadMovement reads a capture, release, refund or cancel.
func (c *Client) ReadMovement(ctx context.Context, movement string) (api.Movement, error) {
	return get[api.Movement](ctx, c, ofMovement(movement))
}

// ReadMovementReceipt reads the receipt of a movement that has succeeded.
func (c *Client) ReadMovementReceipt(ctx context.Context, movement string) (api.Receipt, error) {
	return get[api.Receipt](ctx, c, ofMovement(movement)+"/receipt")
}
