package sim

import (
	"slices"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/money"
)

// OwnMoney is where a payment comes from if its payer has named no funding.
const OwnMoney = "balance"

// PurseMoney is what a payer has in a purse.
type PurseMoney struct {
	Purse   string       `json:"purse"`
	Balance money.Amount `json:"balance"`
}

// A Portion is the part of a payment that came from one purse or funding, in
// minor units of what the payer is debited in.
type Portion struct {
	From     string `json:"from"`
	Debited  int64  `json:"debited"`
	Returned int64  `json:"returned"`
}

// split says where the money for a payment comes from: from the purses that are
// good for its merchant, as far as their day and their money go, and the rest
// from the payer's own. It reports whether there is enough.
func (w *Wallet) split(p WalletPayment, now time.Time) ([]Portion, bool) {
	payer := w.payers[p.Payer]
	var portions []Portion
	left := p.DebitAmount.Value
	for _, purse := range w.terms.Purses {
		if !slices.Contains(purse.Categories, p.Payee.Category) {
			continue
		}
		part := min(left, payer.inPurse(purse.Name), purse.Daily-w.spent(p.Payer, purse.Name, now))
		if part > 0 {
			portions = append(portions, Portion{From: purse.Name, Debited: part})
			left -= part
		}
	}
	if left > 0 {
		portions = append(portions, Portion{From: payer.own(), Debited: left})
	}
	return portions, w.terms.NoBalance || payer.Balance.Value >= left
}

// spent is what the payer's purse has paid today and not got back.
func (w *Wallet) spent(payer, purse string, now time.Time) (spent int64) {
	for _, p := range w.paidBy(payer) {
		if !w.terms.day(p.PaidAt).Equal(w.terms.day(now)) {
			continue
		}
		for _, portion := range p.Portions {
			if portion.From == purse {
				spent += portion.Debited - portion.Returned
			}
		}
	}
	return spent
}

// giveBack takes amount back to where the payment came from, the last first, and
// returns the payment after it and what goes where.
func (p WalletPayment) giveBack(amount int64) (WalletPayment, []Portion) {
	p.Returned += amount
	p.Portions = slices.Clone(p.Portions)
	var back []Portion
	for i := len(p.Portions) - 1; i >= 0 && amount > 0; i-- {
		portion := &p.Portions[i]
		part := min(amount, portion.Debited-portion.Returned)
		portion.Returned += part
		amount -= part
		back = append(back, Portion{From: portion.From, Returned: part})
	}
	if amount > 0 {
		panic("payment " + p.Reference + " gives back more than it took")
	}
	return p, back
}

// moved is the payer after portions were taken or returned.
func (p Payer) moved(portions []Portion, noBalance bool) Payer {
	p.Purses = slices.Clone(p.Purses)
	for _, portion := range portions {
		change := portion.Returned - portion.Debited
		at := slices.IndexFunc(p.Purses, func(m PurseMoney) bool { return m.Purse == portion.From })
		switch {
		case at >= 0:
			p.Purses[at].Balance = changed(p.ID, p.Purses[at].Balance, change)
		case !noBalance:
			p.Balance = changed(p.ID, p.Balance, change)
		}
	}
	return p
}

func changed(payer string, balance money.Amount, change int64) money.Amount {
	after, err := balance.Plus(money.New(change, balance.Currency))
	if err != nil || after.Value < 0 {
		panic("payer " + payer + " has " + balance.String() + " and it moves by " + money.New(change, balance.Currency).String())
	}
	return after
}

// own is where the payer's own money comes from.
func (p Payer) own() string {
	if p.Funding == "" {
		return OwnMoney
	}
	return p.Funding
}

func (p Payer) inPurse(name string) int64 {
	for _, money := range p.Purses {
		if money.Purse == name {
			return money.Balance.Value
		}
	}
	return 0
}

// checkMoney refuses money that no payer of the wallet can have.
func (t Terms) checkMoney(p Payer) error {
	if t.NoBalance && p.Balance != (money.Amount{}) {
		return hansa.Refuse(hansa.Malformed, "%s keeps no balance", t.ID)
	}
	all := []money.Amount{}
	if !t.NoBalance {
		all = append(all, p.Balance)
	}
	var named []string
	for _, m := range p.Purses {
		if slices.Contains(named, m.Purse) || !slices.ContainsFunc(t.Purses, func(purse Purse) bool { return purse.Name == m.Purse }) {
			return hansa.Refuse(hansa.Malformed, "%s has no purse %q, or it is named twice", t.ID, m.Purse)
		}
		named, all = append(named, m.Purse), append(all, m.Balance)
	}
	for _, amount := range all {
		if amount.Currency != t.Debits {
			return hansa.Refuse(hansa.CurrencyMismatch, "%s keeps accounts in %s", t.ID, t.Debits)
		}
		if amount.Value < 0 || amount.Value > money.AmountMax {
			return hansa.Refuse(hansa.Malformed, "a balance is not negative")
		}
	}
	if p.Funding != "" && len(t.Fundings) > 0 && !slices.Contains(t.Fundings, p.Funding) {
		return hansa.Refuse(hansa.Malformed, "%s has the fundings %q", t.ID, t.Fundings)
	}
	return nil
}
