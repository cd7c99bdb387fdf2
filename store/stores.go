package store

import (
	"github.com/hansa-network/hansa/merchant"
)

var merchants = &table[merchant.Merchant]{name: "merchants", key: []string{"id"}, columns: merchantColumns}

func merchantColumns(m *merchant.Merchant) []column {
	return []column{
		text("id", &m.ID), text("name", &m.Name), text("country", &m.Country),
	}
}

var stores = &table[merchant.Store]{name: "stores", key: []string{"id"}, columns: storeColumns}

func storeColumns(s *merchant.Store) []column {
	return []column{
		text("id", &s.ID), text("merchant", &s.Merchant), text("name", &s.Name), text("city", &s.City),
		text("country", &s.Country), text("category", &s.Category), text("currency", &s.Currency),
		flag("suspended", &s.Suspended), list("contracts", &s.Contracts),
	}
}

var terminals = &table[merchant.Terminal]{name: "terminals", key: []string{"id"}, columns: terminalColumns}

func terminalColumns(t *merchant.Terminal) []column {
	return []column{text("id", &t.ID), text("store", &t.Store), text("acquirer", &t.Acquirer)}
}

// A code that was issued leads to one store, for ever.
var storeCodes = &table[merchant.IssuedCode]{
	name: "store_codes", key: []string{"code"}, columns: storeCodeColumns,
	guard: "store_codes.store = excluded.store AND store_codes.acquirer = excluded.acquirer",
}

func storeCodeColumns(c *merchant.IssuedCode) []column {
	return append(
		fixed(text("code", &c.Code), text("store", &c.Store), text("acquirer", &c.Acquirer), moment("issued_at", &c.IssuedAt)),
		moment("revoked_at", &c.RevokedAt),
	)
}

// What was issued from a range is not issued again.
var codeRanges = &table[CodeRange]{
	name: "code_ranges", key: []string{"prefix"}, columns: codeRangeColumns,
	guard: "code_ranges.acquirer = excluded.acquirer AND code_ranges.next_number <= excluded.next_number",
}

func codeRangeColumns(r *CodeRange) []column {
	return []column{
		text("prefix", &r.Prefix), text("acquirer", &r.Acquirer),
		number("next_number", &r.Next), number("last_number", &r.Last),
	}
}

var (
	storesByID           = byText(stores, "id", "id")
	terminalsByID        = byText(terminals, "id", "id")
	storeCodesByCode     = byText(storeCodes, "code", "code")
	codeRangesByAcquirer = byText(codeRanges, "acquirer", "acquirer, prefix")
)
