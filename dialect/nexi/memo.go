package nexi

import (
	"bytes"
	"compress/flate"
	"encoding/json"
	"fmt"
	"io"
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
