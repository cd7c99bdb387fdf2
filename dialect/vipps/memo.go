package vipps

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/hansa-network/hansa/api"
)

const (
	memoSpare = 3 << 10 // bytes of a memo that are left to changes
	movesMax  = 24      // changes whose keys a memo keeps
)

// A memo is what is kept with a sale: what the network does not ask and the merchant
// will want to hear again.
type memo struct {
	Key       string            `json:"key"`            // Idempotency-Key of the create request
	Print     string            `json:"print"`          // of that request
	Link      string            `json:"link,omitempty"` // what redirectUrl adds to the address of the order's page
	ReturnURL string            `json:"return,omitempty"`
	Profile   bool              `json:"profile,omitempty"` // the merchant wants to know its payer again
	Metadata  map[string]string `json:"metadata,omitempty"`
	Ended     *ending           `json:"ended,omitempty"`
	Moves     []move            `json:"moves,omitempty"`
}

// An ending is a cancel before anybody has paid.
type ending struct {
	Key string    `json:"key"`
	At  time.Time `json:"at"`
}

// A move is a capture, cancel or refund, by its movement.
type move struct {
	Movement string `json:"movement"`
	Key      string `json:"key"`
}

// readMemo reads what create wrote.
func readMemo(sale api.Sale) memo {
	var m memo
	if err := json.Unmarshal(sale.Memo, &m); err != nil {
		panic(fmt.Sprintf("memo of sale %q: %v", sale.RequestID, err))
	}
	return m
}

// keyOf returns the Idempotency-Key of a movement, if it is known.
func (m memo) keyOf(movement string) *string {
	for _, move := range m.Moves {
		if move.Movement == movement {
			return &move.Key
		}
	}
	return nil
}

// rememberMove keeps the key of a movement for the event log. The change is made by
// then, so that a fault here costs the merchant no more than a key in a list.
func (c *call) rememberMove(reference string, sale api.Sale, movement string) {
	m := readMemo(sale)
	if m.keyOf(movement) != nil || len(m.Moves) == movesMax {
		return
	}
	m.Moves = append(m.Moves, move{movement, c.key})
	_ = c.counter.Remember(reference, api.Encode(m)) // see above
}

// rememberEnding keeps when and under which key a sale was cancelled.
func (c *call) rememberEnding(reference string, sale api.Sale) error {
	m := readMemo(sale)
	m.Ended = &ending{Key: c.key, At: c.Now.UTC()}
	return c.counter.Remember(reference, api.Encode(m))
}

// ReturnURL is where the payer of a sale goes from its page once it has come to an end;
// empty: nowhere.
func (d *Dialect) ReturnURL(sale api.Sale) string { return readMemo(sale).ReturnURL }
