package web

import (
	"context"

	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/hub"
)

// listEvents answers GET /v1/events: what the participant may hear of the
// journal, in its order, as a page or as a stream.
func (s *server) listEvents(ctx context.Context, c *call) (reply, error) {
	limit, err := c.limit()
	if err != nil {
		return reply{}, err
	}
	after := c.query.Get("after")
	if last := c.r.Header.Get("Last-Event-ID"); last != "" && c.wantsStream() {
		after = last
	}
	from, err := readCursor(after)
	if err != nil {
		return reply{}, err
	}
	if c.wantsStream() {
		return reply{stream: func(ctx context.Context, out *stream) error { return s.streamEvents(ctx, c, out, from) }}, nil
	}
	heard, err := s.hear(ctx, c.participant, from, limit)
	if err != nil {
		return reply{}, err
	}
	page := api.Page[api.Event]{Items: heard.events}
	if heard.more {
		page.Next = writeCursor(heard.last)
	}
	return ok(page)
}

// streamEvents tells each event once, and follows the journal.
func (s *server) streamEvents(ctx context.Context, c *call, out *stream, from hub.Cursor) error {
	return out.follow(ctx, Journal, lookEvery, func() (bool, error) {
		for {
			heard, err := s.hear(ctx, c.participant, from, pageItemsMax)
			if err != nil {
				return false, err
			}
			for _, event := range heard.events {
				if err := out.send(event.Cursor, event.Type, event); err != nil {
					return false, err
				}
			}
			if heard.read > 0 {
				from = following(heard.last)
			}
			if !heard.more {
				return false, nil
			}
		}
	})
}

// What somebody has heard of the journal.
type heard struct {
	events []api.Event
	last   hub.Cursor // of what was read last, for this participant or not
	read   int
	more   bool // there may be more behind last
}

// hear reads the journal from a place on, until there is enough to tell or
// enough was passed over.
func (s *server) hear(ctx context.Context, participant string, from hub.Cursor, limit int) (heard, error) {
	found := heard{events: []api.Event{}, more: true}
	for found.more && len(found.events) < limit && found.read < eventsReadMax {
		entries, err := s.Hub.Read().Events(ctx, from, eventsRead)
		if err != nil {
			return heard{}, err
		}
		found.more = len(entries) == eventsRead
		for i, entry := range entries {
			found.last, from = entry.Cursor, following(entry.Cursor)
			found.read++
			if entry.Wallet != participant && entry.Acquirer != participant {
				continue
			}
			record, err := hub.RecordOf(entry.Event)
			if err != nil {
				return heard{}, err
			}
			found.events = append(found.events, EventFor(participant, writeCursor(entry.Cursor), record))
			if len(found.events) == limit {
				found.more = found.more || i < len(entries)-1
				break
			}
		}
	}
	return found, nil
}

// following is the place behind an entry.
func following(c hub.Cursor) hub.Cursor {
	c.Index++
	return c
}

func writeCursor(c hub.Cursor) string {
	return api.Cursor{Partition: c.Partition, Height: c.Height, Index: c.Index}.String()
}

// readCursor is the place behind what a cursor names; without one it is the
// beginning of the journal.
func readCursor(text string) (hub.Cursor, error) {
	if text == "" {
		return hub.Cursor{Height: 1}, nil
	}
	c, err := api.ParseCursor(text)
	return following(hub.Cursor{Partition: c.Partition, Height: c.Height, Index: c.Index}), err
}
