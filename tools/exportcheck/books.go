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

// sortedShelves returns the keys in an order that stays the same.
func sortedShelves[V any](of map[shelf]V) []shelf {
	return slices.SortedFunc(maps.Keys(of), func(a, b shelf) int {
		return slices.Compare([]string{a.name, a.currency}, []string{b.name, b.currency})
	})
}

// checkBooks recomputes double entry, the balances and the settlement windows from the
// postings, and lets every entry meet its payment.
func (e *export) checkBooks(findings *findings) error {
	accounts, windows := make(sums), make(sums)
	for entry, err := range e.entries.groups(itself) {
		if err != nil {
			return err
		}
		name, payment := entry[0].key, entry[0].fields[0]
		fields := []string{anEntry, name}
		sum := make(sums)
		for _, posting := range entry {
			account, window := posting.fields[1], posting.fields[2]
			moved := amountOf(posting.fields[3], posting.fields[4])
			sum.add(name, moved)
			accounts.add(account, moved)
			windows.add(window, moved)
			findings.must(payment == posting.fields[0], "entry %s is of payment %s and of %s", name, payment, posting.fields[0])
			fields = append(fields, account, posting.fields[3], posting.fields[4])
		}
		for _, at := range sortedShelves(sum) {
			findings.must(sum[at].Sign() == 0, "entry %s is off by %s %s", at.name, sum[at], at.currency)
		}
		if err := e.lives.add(payment, fields...); err != nil {
			return err
		}
	}
	for _, at := range sortedShelves(windows) {
		findings.must(windows[at].Sign() == 0, "window %s is off by %s %s", at.name, windows[at], at.currency)
	}
	e.checkBalances(accounts, findings)
	return nil
}

func (e *export) checkBalances(accounts sums, findings *findings) {
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

// A payment is what its line says.
type payment struct {
	reference, status, wallet, acquirer string
	order, debit                        amount
}

func paymentOf(r record) payment {
	return payment{
		reference: r.key, status: r.fields[1], wallet: r.fields[2], acquirer: r.fields[3],
		order: amountOf(r.fields[4], r.fields[5]), debit: amountOf(r.fields[6], r.fields[7]),
	}
}

// checkPayments verifies that every approved payment has an entry by which its wallet
// pays and its acquirer gets, that every entry is of an approved payment, that no more
// is paid than the payment says nor more given back than paid, and that whatever
// somebody was told is approved is so.
func (e *export) checkPayments(findings *findings) error {
	for known, err := range e.lives.groups(itself) {
		if err != nil {
			return err
		}
		if known[0].fields[0] == aPayment {
			checkLife(paymentOf(known[0]), known[1:], findings)
			continue
		}
		for _, r := range known {
			switch r.fields[0] {
			case anEntry:
				findings.must(false, "entry %s is of payment %s, which is not there", r.fields[1], r.key)
			case aPromise:
				findings.must(false, "payment %s was acknowledged and is not there", r.key)
			}
		}
	}
	return nil
}

// checkLife verifies one payment by what else is known of it.
func checkLife(p payment, known []record, findings *findings) {
	paid, net := 0, make(sums)
	for _, r := range known {
		switch r.fields[0] {
		case aPayment:
			findings.must(false, "payment %s comes twice", p.reference)
		case anEntry:
			if p.checkEntry(r, net, findings) {
				paid++
			}
		case aPromise:
			findings.must(p.status == "approved", "payment %s was acknowledged and is %s", p.reference, p.status)
		}
	}
	findings.must(p.status != "approved" || paid > 0, "payment %s is approved and nobody has paid", p.reference)
	for _, at := range sortedShelves(net) {
		findings.must(net[at].Sign() >= 0, "payment %s gives back more than was paid: %s %s at its %s", p.reference, net[at], at.currency, at.name)
		most := p.order
		if at.name == "wallet" {
			most = p.debit
		}
		findings.must(at.currency != most.currency || net[at].Cmp(big.NewInt(most.value)) <= 0,
			"payment %s of %d %s moves %s at its %s", p.reference, most.value, most.currency, net[at], at.name)
	}
}

// checkEntry verifies whom an entry of the payment moves, adds that up, and reports
// whether it pays.
func (p payment) checkEntry(entry record, net sums, findings *findings) (pays bool) {
	name := entry.fields[1]
	var wallet, acquirer []amount
	for posting := range slices.Chunk(entry.fields[2:], 3) {
		moved := amountOf(posting[1], posting[2])
		kind, owner, _ := strings.Cut(posting[0], "/")
		switch {
		case kind == "wallet" && owner == p.wallet:
			wallet = append(wallet, moved)
			net.add("wallet", amount{-moved.value, moved.currency})
		case kind == "acquirer" && (owner == p.acquirer || strings.HasPrefix(owner, p.acquirer+".")):
			acquirer = append(acquirer, moved)
			net.add("acquirer", moved)
		case kind == "wallet", kind == "acquirer":
			findings.must(false, "entry %s of payment %s moves %s", name, p.reference, posting[0])
		}
	}
	findings.must(p.status == "approved", "entry %s is of payment %s, which is %s", name, p.reference, p.status)
	both := len(wallet) > 0 && len(acquirer) > 0
	pays = both && every(wallet, below) && every(acquirer, above)
	returns := both && every(wallet, above) && every(acquirer, below)
	findings.must(pays || returns, "entry %s of payment %s neither pays nor gives back", name, p.reference)
	return pays
}

func below(a amount) bool { return a.value < 0 }
func above(a amount) bool { return a.value > 0 }
