package routing

import (
	"strings"

	"github.com/hansa-network/hansa/qr/mpm"
)

// accountsMax bounds the accounts of one code that are looked at: as many as there
// are ids for them. The richest codes in the field, stickers for all the wallets of
// a country, have a dozen, but no owner must be lost in a crowd.
const accountsMax = int(accountLast-accountFirst) + 1

// payees is what an EMVCo code says about who is paid: its accounts, and the
// country and currency, which break ties between schemes.
type payees struct {
	accounts [accountsMax]account
	n        int
	country  string
	currency string
	plain    bool // all is ASCII
}

// An account is an object that names a payee.
type account struct {
	id    mpm.ID
	value string
}

// add takes what it needs of an object. Of too many accounts the first count.
func (p *payees) add(id mpm.ID, value string) {
	switch {
	case id == mpm.IDCountry:
		p.country = value
	case id == mpm.IDCurrency:
		p.currency = value
	case id >= accountFirst && id <= accountLast && p.n < accountsMax:
		p.accounts[p.n] = account{id, value}
		p.n++
	}
}

// emvco matches the accounts of an EMVCo code. It stops at what it cannot read: a
// broken code belongs to whom its readable part names.
func (t *Table) emvco(text string) Match {
	payees := payees{plain: isASCII(text)}
	for {
		id, end := cut(text, payees.plain)
		if end == 0 {
			return t.payees(&payees)
		}
		payees.add(id, text[header:end])
		text = text[end:]
	}
}

// MatchObjects says whose an EMVCo code with these objects is, as Match does for
// its text.
func (t *Table) MatchObjects(objects []mpm.Object) Match {
	var payees payees
	for i := range objects {
		payees.add(objects[i].ID, objects[i].Value)
	}
	return t.payees(&payees)
}

func (t *Table) payees(p *payees) Match {
	var found hits
	for _, account := range p.accounts[:p.n] {
		if account.id >= templateFirst {
			t.named(p, account, &found)
		}
		for _, i := range t.byID[account.id] {
			if account.meets(t.rules[i].EMVCo, p) {
				found.add(t, i)
			}
		}
	}
	return t.match(&found, t.anyEMVCo)
}

// named enters the rule that the GUID of a template names: of several for the
// same GUID the closest. Where none does, those of its start.
func (t *Table) named(p *payees, account account, found *hits) {
	guid, _ := inside(account.value, mpm.IDScheme, p.plain)
	var lower [guidMax]byte
	if guid == "" || len(guid) > guidMax {
		return
	}
	for i := range len(guid) {
		lower[i] = lowerCase(guid[i])
	}
	name := lower[:len(guid)]
	for _, i := range t.byGUID[string(name)] {
		if account.meets(t.rules[i].EMVCo, p) {
			found.add(t, i)
			return
		}
	}
	for _, i := range t.byGUIDStart {
		start := t.rules[i].guidStart
		if len(start) < len(name) && string(name[:len(start)]) == start && account.meets(t.rules[i].EMVCo, p) {
			found.add(t, i)
		}
	}
}

// meets reports whether an account has everything but the GUID that the rule demands.
func (a account) meets(rule *EMVCo, p *payees) bool {
	if a.id < rule.First || a.id > rule.Last ||
		(rule.Country != "" && rule.Country != p.country) ||
		(rule.Currency != "" && rule.Currency != p.currency) {
		return false
	}
	if rule.Holds == nil {
		return true
	}
	value, ok := inside(a.value, rule.Holds.ID, p.plain)
	return ok && strings.HasPrefix(value, rule.Holds.Start)
}

func lowerCase(b byte) byte {
	if b >= 'A' && b <= 'Z' {
		return b + 'a' - 'A'
	}
	return b
}
