package nexi

import (
	"bytes"
	"compress/flate"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"time"

	"github.com/hansa-network/hansa/api"
)

// memoTextMax bounds what a memo says, in bytes. It is kept compressed.
const memoTextMax = 2 * api.BodyMax

// A memo is what a shop said when it made a payment and the network has no place for.
type memo struct {
	Payment     string     `json:"p"` // the id in this protocol
	Reference   string     `json:"r,omitempty"`
	MyReference string     `json:"m,omitempty"`
	URL         string     `json:"u,omitempty"` // of the shop's checkout; empty: ours
	CancelURL   string     `json:"x,omitempty"`
	ReturnURL   string     `json:"b,omitempty"`
	Charge      bool       `json:"c,omitempty"` // when reserved
	Items       []item     `json:"i,omitempty"`
	WebHooks    []webHook  `json:"h,omitempty"`
	Terminated  *time.Time `json:"t,omitempty"`
}

// pack writes a memo. It refuses one that is too long to be kept.
func (m memo) pack() ([]byte, error) {
	text := api.Encode(m)
	var packed bytes.Buffer
	writer, err := flate.NewWriter(&packed, flate.BestCompression)
	if err != nil {
		return nil, fmt.Errorf("pack memo: %w", err)
	}
	if _, err := writer.Write(text); err != nil {
		return nil, fmt.Errorf("pack memo: %w", err)
	}
	if err := writer.Close(); err != nil {
		return nil, fmt.Errorf("pack memo: %w", err)
	}
	if len(text) > memoTextMax || packed.Len() > api.MemoMax {
		return nil, invalid("order.items", "there are too many of them")
	}
	return packed.Bytes(), nil
}

// unpack reads what pack has written. An error is a fault.
func unpack(packed []byte) (memo, error) {
	var m memo
	text, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(packed)), memoTextMax))
	if err != nil {
		return m, fmt.Errorf("unpack memo: %w", err)
	}
	if err := json.Unmarshal(text, &m); err != nil {
		return m, fmt.Errorf("unpack memo: %w", err)
	}
	return m, nil
}

// ReturnURL is where the payer goes from the hosted page once the sale has come to an end:
// back to the shop, with the payment's id as the protocol has it, or to where the shop
// wants a payer who has not paid. It is empty for a sale that is not readable.
func (Dialect) ReturnURL(sale api.Sale) string {
	m, err := unpack(sale.Memo)
	if err != nil {
		return ""
	}
	if sale.Order != nil && sale.Order.Status != "paid" {
		return m.CancelURL
	}
	back, err := url.Parse(m.ReturnURL)
	if err != nil || m.ReturnURL == "" {
		return ""
	}
	query := back.Query()
	query.Set("paymentId", m.Payment)
	back.RawQuery = query.Encode()
	return back.String()
}
