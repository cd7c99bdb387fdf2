package main

import (
	"maps"
	"math/big"
	"slices"
	"strings"
)

// sums adds up amounts per shelf, whatever their size.
type sums map[shelf]*big.Int

func (s sums) add(name string, a amount) {
	at := shelf{name, a.currency}
	if s[at] == nil {
		s[at] = new(big.Int)
	}
	s[at].Add(s[at], big.NewInt(a.value))
}

// checkBooks recomputes double entry, the balances and the settlement windows
// from the postings.
func (e *export) checkBooks(findings *findings) {
	entries, accounts, windows := make(sums), make(sums), make(sums)
	for _, p := range e.postings {
		entries.add(p.entry, p.amount)
		accounts.add(p.account, p.amount)
		windows.add(p.window, p.amount)
	}
	for _, at := range sortedShelves(entries) {
		findings.must(entries[at].Sign() == 0, "entry %s is off by %s %s", at.name, entries[at], at.currency)
	}
	for _, at := range sortedShelves(windows) {
		findings.must(windows[at].Sign() == 0, "window %s is off by %s %s", at.name, windows[at], at.currency)
	}
	for _, at := range sortedShelves(accounts) {
		stated, ok := e.balances[at]
		findings.must(ok, "account %s has postings and no balance in %s", at.name, at.currency)
		findings.must(!ok || accounts[at].Cmp(big.NewInt(stated)) == 0,
			"account %s stands at %d %s, and its postings at %s", at.name, stated, at.currency, accounts[at])
	}
	for _, at := range sortedShelves(e.balances) {
		findings.must(accounts[at] != nil || e.balances[at] == 0, "account %s stands at %d %s without a posting", at.name, e.balances[at], at.currency)
	}
}

// A side is what one entry does for the two that a payment is between.
type side struct {
	payment          string
	wallet, acquirer []amount
	stranger         string // an account of another wallet or acquirer
}

// checkPayments verifies that every approved payment has an entry by which its
// wallet pays and its acquirer gets, that every entry is of an approved payment,
// and that no more is paid than the payment says nor more given back than paid.
func (e *export) checkPayments(findings *findings) {
	paid := make(map[string]int) // entries that pay, by payment
	nets := make(map[string]sums)
	sides := e.sides(findings)
	for _, name := range slices.Sorted(maps.Keys(sides)) {
		s := sides[name]
		p, ok := e.payments[s.payment]
		findings.must(ok, "entry %s is of payment %s, which is not there", name, s.payment)
		if !ok {
			continue
		}
		findings.must(p.status == "approved", "entry %s is of payment %s, which is %s", name, s.payment, p.status)
		findings.must(s.stranger == "", "entry %s of payment %s moves %s", name, s.payment, s.stranger)
		both := len(s.wallet) > 0 && len(s.acquirer) > 0
		pays := both && every(s.wallet, below) && every(s.acquirer, above)
		returns := both && every(s.wallet, above) && every(s.acquirer, below)
		findings.must(pays || returns, "entry %s of payment %s neither pays nor gives back", name, s.payment)
		if pays {
			paid[s.payment]++
		}
		if nets[s.payment] == nil {
			nets[s.payment] = make(sums)
		}
		for _, a := range s.wallet {
			nets[s.payment].add("wallet", amount{-a.value, a.currency})
		}
		for _, a := range s.acquirer {
			nets[s.payment].add("acquirer", a)
		}
	}
	for _, reference := range e.order {
		p := e.payments[reference]
		findings.must(p.status != "approved" || paid[reference] > 0, "payment %s is approved and nobody has paid", reference)
		e.checkNet(reference, nets[reference], findings)
	}
}

// checkNet holds what a payment has moved in all to what it says.
func (e *export) checkNet(reference string, net sums, findings *findings) {
	p := e.payments[reference]
	for _, at := range sortedShelves(net) {
		findings.must(net[at].Sign() >= 0, "payment %s gives back more than was paid: %s %s at its %s", reference, net[at], at.currency, at.name)
		most := p.order
		if at.name == "wallet" {
			most = p.debit
		}
		findings.must(at.currency != most.currency || net[at].Cmp(big.NewInt(most.value)) <= 0,
			"payment %s of %d %s moves %s at its %s", reference, most.value, most.currency, net[at], at.name)
	}
}

// sides sorts the postings of each entry by whom they move.
func (e *export) sides(findings *findings) map[string]*side {
	sides := make(map[string]*side)
	for _, posted := range e.postings {
		s := sides[posted.entry]
		if s == nil {
			s = &side{payment: posted.payment}
			sides[posted.entry] = s
		}
		findings.must(s.payment == posted.payment, "entry %s is of payment %s and of %s", posted.entry, s.payment, posted.payment)
		p := e.payments[s.payment]
		kind, owner, _ := strings.Cut(posted.account, "/")
		switch {
		case kind == "wallet" && owner == p.wallet:
			s.wallet = append(s.wallet, posted.amount)
		case kind == "acquirer" && (owner == p.acquirer || strings.HasPrefix(owner, p.acquirer+".")):
			s.acquirer = append(s.acquirer, posted.amount)
		case kind == "wallet", kind == "acquirer":
			s.stranger = posted.account
		}
	}
	return sides
}

func below(a amount) bool { return a.value < 0 }
func above(a amount) bool { return a.value > 0 }

// checkAcknowledged verifies that whatever somebody was told is approved is so.
func (e *export) checkAcknowledged(references []string, findings *findings) {
	for _, reference := range references {
		p, ok := e.payments[reference]
		findings.must(ok, "payment %s was acknowledged and is not there", reference)
		findings.must(!ok || p.status == "approved", "payment %s was acknowledged and is %s", reference, p.status)
	}
}
