package store

import (
	"context"
	"fmt"
)

var memos = &table[Memo]{name: "memos", key: []string{"subject"}, columns: memoColumns}

func memoColumns(b *binding, m *Memo) {
	b.fixed()
	text(b, "subject", &m.Subject)
	text(b, "client", &m.Client)
	text(b, "request", &m.Request)
	b.changing()
	blob(b, "memo", &m.Text)
}

var clientDocuments = &table[ClientDocument]{
	name: "client_documents", key: []string{"client", "kind", "id"}, columns: clientDocumentColumns,
}

func clientDocumentColumns(b *binding, d *ClientDocument) {
	text(b, "client", &d.Client)
	text(b, "kind", &d.Kind)
	text(b, "id", &d.ID)
	blob(b, "body", &d.Body)
}

// writesClientDocuments returns the step that writes documents of clients, and removes
// those without a body.
func writesClientDocuments(all []ClientDocument) step {
	return func(ctx context.Context, s *session) error {
		var kept []ClientDocument
		for _, d := range all {
			if d.Body != nil {
				kept = append(kept, d)
				continue
			}
			if _, err := s.run(ctx, "DELETE FROM client_documents WHERE client = $1 AND kind = $2 AND id = $3", d.Client, d.Kind, d.ID); err != nil {
				return fmt.Errorf("remove document %s of %s: %w", d.ID, d.Client, err)
			}
		}
		return clientDocuments.write(ctx, s, kept)
	}
}

// Memo returns what is kept with a payment or order, or refuses NotFound.
func (r *Reader) Memo(ctx context.Context, subject string) (Memo, error) {
	return existing(memos.each(ctx, r, "WHERE subject = $1", subject), "sale of a client")
}

// ClientDocument returns a document of a client, or refuses NotFound.
func (r *Reader) ClientDocument(ctx context.Context, client, kind, id string) (ClientDocument, error) {
	return existing(clientDocuments.each(ctx, r, "WHERE client = $1 AND kind = $2 AND id = $3", client, kind, id), "document")
}

// ClientDocuments returns at most limit documents of a client, by id.
func (r *Reader) ClientDocuments(ctx context.Context, client, kind string, limit int) ([]ClientDocument, error) {
	return clientDocuments.all(ctx, r, "WHERE client = $1 AND kind = $2 ORDER BY id LIMIT $3", client, kind, int64(limit))
}
