package hub

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"strconv"

	"github.com/hansa-network/hansa/payment"
)

// Whether a payment holds its order reference for good, or for now.
const (
	holdsApproved byte = 'a'
	holdsOpen     byte = 'o'
)

// gatherReference gathers which order a payment is of. One that a wallet only announced
// holds no order, so that several may be open.
func (a *auditor) gatherReference(p payment.Payment) {
	if p.OrderReference == "" {
		return
	}
	key := merchantReference(p.Merchant, p.OrderReference, p.Part)
	sum := sha256.Sum256([]byte(key.Scope + endOfText + key.Reference + endOfText + strconv.Itoa(key.Part)))
	switch {
	case p.Outcome == payment.WasApproved:
		a.orders.add(sum[:orderSum], []byte{holdsApproved}, []byte(p.ID))
	case p.Open() && p.Flow != payment.WalletDebits:
		a.orders.add(sum[:orderSum], []byte{holdsOpen}, []byte(p.ID))
	}
}

// orderSum is how many bytes of the SHA-256 stand for an order reference.
const orderSum = 16

// checkReferences recomputes that an order is paid once.
func (a *auditor) checkReferences(context.Context) error {
	var before []byte
	for record, err := range a.orders.each() {
		if err != nil {
			return err
		}
		held, id := record[:orderSum+1], record[orderSum+1:]
		twice := len(before) > 0 && bytes.Equal(before[:orderSum+1], held)
		what := "approved"
		if held[orderSum] == holdsOpen {
			what = "on their way"
		}
		a.referenced.must(!twice, "payments %s and %s of one order are %s", before[min(len(held), len(before)):], id, what)
		before = append(before[:0], record...)
	}
	return a.orders.close()
}

// checkKeys holds where rows stand to where their keys lead.
func (a *auditor) checkKeys(ctx context.Context) error {
	tables := []string{""} // That of the catalogue comes first.
	known := map[string]byte{"": 0}
	for k, err := range a.reader.EachKeyed(ctx) {
		if err != nil {
			return err
		}
		if _, ok := known[k.Table]; !ok {
			known[k.Table], tables = byte(len(tables)), append(tables, k.Table) //nolint:gosec // There are four.
		}
		a.keys.add(k.Key[:], []byte{known[k.Table]}, binary.BigEndian.AppendUint64(nil, uint64(k.Number))) //nolint:gosec // It comes back.
	}
	var key []byte
	var leads int64
	for record, err := range a.keys.each() {
		if err != nil {
			return err
		}
		own, number := record[:len(record)-9], int64(binary.BigEndian.Uint64(record[len(record)-8:])) //nolint:gosec // As it was written.
		if !bytes.Equal(own, key) {
			key, leads = append(key[:0], own...), 0
		}
		if table := record[len(record)-9]; table > 0 {
			a.keyed.must(number == leads, "row %d of %s has a key that leads to row %d", number, tables[table], leads)
			continue
		}
		if leads != 0 && leads != number {
			a.keyed.must(false, "a key leads to rows %d and %d", leads, number)
		}
		leads = number
	}
	return a.keys.close()
}
