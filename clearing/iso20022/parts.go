package iso20022

import (
	"strconv"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/money"
)

// A Header is what every message begins with.
type Header struct {
	ID      string // of the message, up to 35 characters; never used twice
	Created time.Time
}

func (h *Header) nodes() []node {
	return []node{text("MsgId", &h.ID, longestID), moment("CreDtTm", &h.Created)}
}

// An Account is one at a bank: IBAN (ISO 13616) where the country has them, Other
// otherwise.
type Account struct {
	IBAN  string
	Other string // up to 34 characters
}

func (a *Account) node(name string) node { return group(name, a.id()) }

func (a *Account) id() node {
	return group("Id",
		optional(iban("IBAN", &a.IBAN)),
		optional(group("Othr", append([]node{text("Id", &a.Other, 34)}, passed("SchmeNm", "Issr")...)...)))
}

// A Party is somebody who has an account at a bank.
type Party struct {
	Name    string // up to 140 characters
	Bank    string // BIC (ISO 9362)
	Account Account
}

// bankNode is a bank by its BIC.
func bankNode(name string, bic *string) node {
	return group(name, group("FinInstnId", matching("BICFI", bic, bicForm)))
}

// named is a party by its name alone.
func named(name string, party *string) node { return group(name, text("Nm", party, longestName)) }

// about is what the receiver reads beside the amount.
func about(value *string) node {
	return optional(group("RmtInf", optional(text("Ustrd", value, longestRemittance))))
}

// totals are what a message says of what follows: how many, and how much together.
type totals struct {
	count, sum string // as read
	items      func() []money.Amount
}

// nodes are the number, and with sum the sum of the amounts whatever their currency.
func (t *totals) nodes() []node {
	count := said("NbOfTxs", &t.count, func() string { return strconv.Itoa(len(t.items())) })
	sum := said("CtrlSum", &t.sum, func() string {
		total, err := t.total()
		if err != nil || total.Currency == "" {
			return ""
		}
		return total.Decimal()
	})
	return []node{count, optional(sum)}
}

// total adds the amounts, which are all in one currency.
func (t *totals) total() (total money.Amount, err error) {
	for _, each := range t.items() {
		if total.Currency == "" {
			total = money.New(0, each.Currency)
		}
		if total, err = total.Plus(each); err != nil {
			return money.Amount{}, err
		}
	}
	return total, nil
}

// judge refuses amounts that nobody can pay or that differ in currency, accounts that are
// none, and what a message that was read says wrongly of itself.
func (t *totals) judge(accounts []Account) error {
	for _, each := range t.items() {
		if err := each.Payable(); err != nil {
			return hansa.Refuse(hansa.Malformed, "%s: %v", each, err)
		}
	}
	for _, a := range accounts {
		if (a.IBAN == "") == (a.Other == "") {
			return hansa.Refuse(hansa.Malformed, "an account has either an IBAN or another number")
		}
	}
	total, err := t.total()
	if err != nil {
		return hansa.Refuse(hansa.Malformed, "amounts in two currencies, or too large together: %v", err)
	}
	if said := len(t.items()); t.count != "" && t.count != strconv.Itoa(said) {
		return hansa.Refuse(hansa.Malformed, "NbOfTxs is %s, and there are %d", t.count, said)
	}
	if t.sum == "" {
		return nil
	}
	if said, err := readAmount(t.sum, string(total.Currency)); err != nil || said != total {
		return hansa.Refuse(hansa.Malformed, "CtrlSum is %s, and the sum is %s", t.sum, total.Decimal())
	}
	return nil
}
