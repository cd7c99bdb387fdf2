package party

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"sync"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/sim"
)

// A sold is a sale that a till has begun in its own protocol.
type sold struct {
	Sale           string       `json:"sale"` // the till's id of it, or the protocol's
	OrderReference string       `json:"order_reference"`
	Network        string       `json:"network"` // reference of the payment, or id of the order
	Amount         money.Amount `json:"amount"`
	Terminal       string       `json:"terminal"`
	Online         bool         `json:"online,omitempty"`  // sold by the store's web shop
	Capture        bool         `json:"capture,omitempty"` // once it is paid
	Paid           bool         `json:"paid,omitempty"`    // and still to be captured
}

// sales are what the tills of a party have sold in their own protocols, and the tokens
// that they entered with. They are safe for concurrent use.
type sales struct {
	book sim.Book

	mu     sync.Mutex // guards what follows
	sold   map[string]sold
	due    []sold            // paid, and nobody captures it yet
	tokens map[string]string // by terminal
}

// openSales reads what was sold before.
func openSales(book sim.Book, past iter.Seq[[]byte]) (*sales, error) {
	all := &sales{book: book, sold: make(map[string]sold), tokens: make(map[string]string)}
	var order []string
	for record := range past {
		var s sold
		if err := json.Unmarshal(record, &s); err != nil {
			return nil, fmt.Errorf("read a sale: %w", err)
		}
		all.sold[s.Network] = s
		order = append(order, s.Network)
	}
	for _, network := range order {
		if s := all.sold[network]; s.Paid && !slices.Contains(all.due, s) {
			all.due = append(all.due, s)
		}
	}
	return all, nil
}

// find returns what was sold by the reference of a payment or the id of an order.
func (all *sales) find(network string) (sold, bool) {
	all.mu.Lock()
	defer all.mu.Unlock()
	s, known := all.sold[network]
	return s, known
}

// put keeps a sale as it stands now.
func (all *sales) put(s sold) {
	all.mu.Lock()
	defer all.mu.Unlock()
	all.sold[s.Network] = s
	all.book.Append(api.Encode(s))
}

// paid notes that what was sold is paid, and reports whether it is for the caller to have
// it captured.
func (all *sales) paid(network string) bool {
	all.mu.Lock()
	defer all.mu.Unlock()
	s, known := all.sold[network]
	if !known || !s.Capture || s.Paid {
		return false
	}
	s.Paid = true
	all.sold[network], all.due = s, append(all.due, s)
	all.book.Append(api.Encode(s))
	return true
}

// takeDue returns what has to be captured, to one caller.
func (all *sales) takeDue() []sold {
	all.mu.Lock()
	defer all.mu.Unlock()
	due := all.due
	all.due = nil
	return due
}

func (all *sales) access(terminal string) string {
	all.mu.Lock()
	defer all.mu.Unlock()
	return all.tokens[terminal]
}

func (all *sales) enter(terminal, token string) {
	all.mu.Lock()
	defer all.mu.Unlock()
	all.tokens[terminal] = token
}

// keepSold returns once the sale as it stands is durable.
func (p *Party) keepSold(s sold) error {
	p.sold.put(s)
	return p.book.commit()
}

// tongueOf is the protocol in which a sale was begun; nil: it is not spoken any more.
func (p *Party) tongueOf(s sold) TillTongue {
	if s.Online {
		return p.config.Shops[s.Terminal]
	}
	return p.config.Tills[s.Terminal]
}

// captureSoon has a sale captured that is paid, if it was only authorised and nobody has
// seen to that. It reports whether it has.
func (p *Party) captureSoon(network string) bool {
	if !p.sold.paid(network) {
		return false
	}
	select {
	case p.tillBell <- struct{}{}:
	default:
	}
	return true
}

// hearPaid has the sale captured that an event tells to be paid: at most tills nobody
// stands and waits for the payer.
func (p *Party) hearPaid(event api.Event) {
	if event.Payment == nil || event.Payment.Status != "approved" {
		return
	}
	for _, network := range []string{event.Payment.Reference, event.Payment.Order} {
		p.captureSoon(network)
	}
}

// captureSales captures what is due until ctx is over. What is left then is captured after
// the next start.
func (p *Party) captureSales(ctx context.Context) {
	var capturing sync.WaitGroup
	defer capturing.Wait()
	for {
		for _, s := range p.sold.takeDue() {
			capturing.Go(func() {
				if err := p.capture(ctx, s); err != nil && ctx.Err() == nil {
					p.config.Log.Warn("a sale was not captured", "party", p.id, "sale", s.Sale, "error", err)
				}
			})
		}
		select {
		case <-p.tillBell:
		case <-ctx.Done():
			return
		}
	}
}

// capture takes all of a sale that was only authorised. To take it twice takes it once.
// What is refused for good is not tried again.
func (p *Party) capture(ctx context.Context, s sold) error {
	call := s.call(api.TillCapture)
	call.Amount, call.Change = s.Amount, "capture-"+s.Sale
	_, err := p.speak(ctx, p.tongueOf(s), call)
	if _, refused := hansa.ReasonOf(err); err != nil && !refused {
		return err
	}
	s.Capture, s.Paid = false, false
	return errors.Join(err, p.keepSold(s))
}
