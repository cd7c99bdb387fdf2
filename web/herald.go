package web

import (
	"context"
	"strings"

	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/member"
)

// A Spoken dialect is one that this node speaks with callers, under the name that the
// directory has for it.
type Spoken struct {
	Name    string
	Dialect Dialect
}

// A Notifier is a dialect whose clients are told of changes.
type Notifier interface {
	// Notices returns what a client is told of a change; none: nothing.
	Notices(notice api.Notice) ([]api.Message, error)
	// Acknowledged reports whether an answer says that a message has arrived.
	Acknowledged(message api.Message, answer api.Answer) bool
}

// A Herald knows what the journal's events mean to those who speak other protocols. It
// is safe for concurrent use.
type Herald struct{ server *server }

// NewHerald returns the herald of the API that New serves.
func NewHerald(config Config) *Herald { return &Herald{newServer(config)} }

// HasClients reports whether there is anybody who speaks another protocol.
func (h *Herald) HasClients() bool { return h.server.Directory().HasClients() }

// Concerns reports whether an event may be one of a client, without a look at the
// database.
func (h *Herald) Concerns(event hub.Recorded) bool {
	return h.server.Directory().HasClientsOf(event.Acquirer)
}

// Notice returns what an event means to the client that has begun its payment or order,
// and who says it. Notifier is nil where there is nobody to tell.
func (h *Herald) Notice(ctx context.Context, event hub.Recorded) (api.Notice, Notifier, error) {
	s := h.server
	memo, err := s.memoOf(ctx, event.Subject)
	if isNotFound(err) {
		return api.Notice{}, nil, nil
	}
	if err != nil {
		return api.Notice{}, nil, err
	}
	client, known := s.Directory().Client(memo.Client)
	notifier := s.notifierOf(client)
	if !known || notifier == nil {
		return api.Notice{}, nil, nil
	}
	record, err := hub.RecordOf(event.Event)
	if err != nil {
		return api.Notice{}, nil, err
	}
	sale, err := s.saleOf(ctx, client.Participant, memo)
	if err != nil {
		return api.Notice{}, nil, err
	}
	cursor := api.Cursor{Partition: event.Partition, Height: event.Height, Index: event.Index}.String()
	return api.Notice{
		ID: "evt_" + cursor, Client: ClientOf(client), Sale: sale, Kind: record.Type, At: record.At, Now: s.Now(), Chance: s.Chance(),
		Origin: s.Origin, Movement: EventFor(client.Participant, cursor, record).Movement,
	}, notifier, nil
}

func (s *server) notifierOf(client member.Client) Notifier {
	for _, spoken := range s.Dialects {
		if notifier, tells := spoken.Dialect.(Notifier); tells && spoken.Name == client.Dialect {
			return notifier
		}
	}
	return nil
}

// IsOfSale reports whether an id in the journal is that of a payment or an order.
func IsOfSale(subject string) bool {
	return strings.HasPrefix(subject, ofPayment) || strings.HasPrefix(subject, ofOrder)
}
