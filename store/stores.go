package store

import (
	"github.com/hansa-network/hansa/merchant"
)

var merchants = &table[merchant.Merchant]{name: "merchants", key: []string{"id"}, columns: merchantColumns}

func merchantColumns(b *binding, m *merchant.Merchant) {
	text(b, "id", &m.ID)
	text(b, "name", &m.Name)
	text(b, "country", &m.Country)
}

var stores = &table[merchant.Store]{name: "stores", key: []string{"id"}, columns: storeColumns}

func storeColumns(b *binding, s *merchant.Store) {
	text(b, "id", &s.ID)
	text(b, "merchant", &s.Merchant)
	text(b, "name", &s.Name)
	text(b, "city", &s.City)
	text(b, "country", &s.Country)
	text(b, "category", &s.Category)
	text(b, "currency", &s.Currency)
	flag(b, "suspended", &s.Suspended)
	list(b, "contracts", &s.Contracts)
}

var terminals = &table[merchant.Terminal]{name: "terminals", key: []string{"id"}, columns: terminalColumns}

func terminalColumns(b *binding, t *merchant.Terminal) {
	text(b, "id", &t.ID)
	text(b, "store", &t.Store)
	text(b, "acquirer", &t.Acquirer)
}

// A code that was issued leads to one store, for ever.
var storeCodes = &table[merchant.IssuedCode]{
	name: "store_codes", key: []string{"code"}, columns: storeCodeColumns,
	guard: "store_codes.store = excluded.store AND store_codes.acquirer = excluded.acquirer",
}

func storeCodeColumns(b *binding, c *merchant.IssuedCode) {
	b.fixed()
	text(b, "code", &c.Code)
	text(b, "store", &c.Store)
	text(b, "acquirer", &c.Acquirer)
	moment(b, "issued_at", &c.IssuedAt)
	b.changing()
	moment(b, "revoked_at", &c.RevokedAt)
}

// What was issued from a range is not issued again.
var codeRanges = &table[CodeRange]{
	name: "code_ranges", key: []string{"prefix"}, columns: codeRangeColumns,
	guard: "code_ranges.acquirer = excluded.acquirer AND code_ranges.next_number <= excluded.next_number",
}

func codeRangeColumns(b *binding, r *CodeRange) {
	text(b, "prefix", &r.Prefix)
	text(b, "acquirer", &r.Acquirer)
	number(b, "next_number", &r.Next)
	number(b, "last_number", &r.Last)
}

var (
	storesByID           = byText(stores, "id", "id", func(s *merchant.Store) string { return s.ID })
	terminalsByID        = byText(terminals, "id", "id", func(t *merchant.Terminal) string { return t.ID })
	storeCodesByCode     = byText(storeCodes, "code", "code", func(c *merchant.IssuedCode) string { return c.Code })
	codeRangesByAcquirer = byText(codeRanges, "acquirer", "acquirer, prefix", func(r *CodeRange) string { return r.Acquirer })
)
