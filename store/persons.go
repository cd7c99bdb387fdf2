package store

import (
	"context"
	"fmt"
	"strings"

	"github.com/hansa-network/hansa"
)

// A payment code pays once.
var codes = inOrder(table[PaymentCode]{
	name: "codes", columns: codeColumns,
	guard: "codes.payment IN ('', excluded.payment)",
})

func codeColumns(b *binding, c *PaymentCode) {
	b.fixed()
	text(b, "code", &c.Code)
	text(b, "wallet", &c.Wallet)
	text(b, "payer", &c.Payer)
	moment(b, "expires_at", &c.ExpiresAt)
	b.changing()
	text(b, "payment", &c.Payment)
}

var persons = inOrder(table[Person]{name: "persons", columns: personColumns})

func personColumns(b *binding, p *Person) {
	b.fixed()
	text(b, "reference", &p.Reference)
	text(b, "wallet", &p.Wallet)
	b.changing()
	blob(b, "key", &p.Key)
	blob(b, "sealed", &p.Sealed)
}

var (
	codesByCode = natural[string, PaymentCode]{
		table: codes, key: func(c *PaymentCode) string { return c.Code }, compare: strings.Compare,
		words: func(code string) []string { return []string{code} },
	}
	personsByReference = natural[string, Person]{
		table: persons, key: func(p *Person) string { return p.Reference }, compare: strings.Compare,
		words: func(reference string) []string { return []string{reference} },
	}
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
	if err := tx.erase(ctx, reference); err != nil {
		return err
	}
	return tx.Commit()
}

func (t *Tx) erase(ctx context.Context, reference string) (err error) {
	defer t.heed(&err)
	t.touches()
	_, numbers, err := personsByReference.numbers(ctx, t.sight(), []string{reference})
	if err != nil {
		return fmt.Errorf("erase person: %w", err)
	}
	erased, err := t.session.run(ctx, "UPDATE persons SET key = NULL, sealed = NULL WHERE number = $1 AND reference = $2", numbers[0], reference)
	if err != nil {
		return fmt.Errorf("erase person: %w", err)
	}
	if erased == 0 {
		return hansa.Refuse(hansa.NotFound, "no person of this reference")
	}
	return nil
}
