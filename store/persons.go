package store

import (
	"context"
	"fmt"

	"github.com/hansa-network/hansa"
)

// A payment code pays once.
var codes = &table[PaymentCode]{
	name: "codes", key: []string{"code"}, columns: codeColumns,
	guard: "codes.payment IN ('', excluded.payment)",
}

func codeColumns(b *binding, c *PaymentCode) {
	b.fixed()
	text(b, "code", &c.Code)
	text(b, "wallet", &c.Wallet)
	text(b, "payer", &c.Payer)
	moment(b, "expires_at", &c.ExpiresAt)
	b.changing()
	text(b, "payment", &c.Payment)
}

var persons = &table[Person]{name: "persons", key: []string{"reference"}, columns: personColumns}

func personColumns(b *binding, p *Person) {
	b.fixed()
	text(b, "reference", &p.Reference)
	text(b, "wallet", &p.Wallet)
	b.changing()
	blob(b, "key", &p.Key)
	blob(b, "sealed", &p.Sealed)
}

var (
	codesByCode        = byText(codes, "code", "code", func(c *PaymentCode) string { return c.Code })
	personsByReference = byText(persons, "reference", "reference", func(p *Person) string { return p.Reference })
)

// PersonErase removes what leads from a reference to a person: the key and the
// token that it seals. Payments keep the reference, which then leads nowhere.
// It refuses NotFound.
func (s *Store) PersonErase(ctx context.Context, reference string) error {
	tx, err := s.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	tx.touches()
	erased, err := tx.session.run(ctx, "UPDATE persons SET key = NULL, sealed = NULL WHERE reference = $1", reference)
	if err != nil {
		tx.heed(&err)
		return fmt.Errorf("erase person: %w", err)
	}
	if erased == 0 {
		return hansa.Refuse(hansa.NotFound, "no person of this reference")
	}
	return tx.Commit()
}
