package bluecode

import (
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/hansa-network/hansa/api"
)

// Notices tells a shop of the outcome of a registered payment, at the address that it
// gave with it. The protocol authenticates no notice: shops ask for the status.
func (d *Dialect) Notices(n api.Notice) ([]api.Message, error) {
	switch n.Kind {
	case "payment.approved", "order.closed", "order.expired", "refund.succeeded":
	default: // The protocol tells no more.
		return nil, nil
	}
	var kept memo
	if err := json.Unmarshal(n.Sale.Memo, &kept); err != nil {
		return nil, fmt.Errorf("tell of %s: %w", n.ID, err)
	}
	if kept.Callback == "" {
		return nil, nil
	}
	shown, err := paymentOf(n.Sale, n.Origin)
	if err != nil {
		return nil, fmt.Errorf("tell of %s: %w", n.ID, err)
	}
	header := http.Header{"Content-Type": {"application/json"}}
	return []api.Message{{Method: http.MethodPost, URL: kept.Callback, Header: header, Body: api.Encode(shown)}}, nil
}

// Acknowledged reports whether a notice has arrived.
func (d *Dialect) Acknowledged(_ api.Message, answer api.Answer) bool {
	return answer.Status >= http.StatusOK && answer.Status < http.StatusMultipleChoices
}
