package clearing

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"

	"github.com/hansa-network/hansa/ledger"
	"github.com/hansa-network/hansa/money"
)

// A Tally adds up the postings of one settlement window, in whatever order they come.
type Tally struct {
	window   string
	currency money.Currency
	lines    map[ledger.Account]*Line
}

// NewTally returns the tally of a window, which is of one currency.
func NewTally(window string, currency money.Currency) *Tally {
	return &Tally{window, currency, make(map[ledger.Account]*Line)}
}

// Add counts a posting. It panics for one of another window or currency, and where an
// account would pass what an int64 holds: neither is ever read from a sound ledger.
func (t *Tally) Add(p ledger.Posting) {
	if p.Window != t.window || p.Amount.Currency != t.currency {
		panic(fmt.Sprintf("a posting of %s in window %q is counted in that of %s, %q", p.Amount, p.Window, t.currency, t.window))
	}
	line := t.lines[p.Account]
	if line == nil {
		line = &Line{Account: p.Account}
		t.lines[p.Account] = line
	}
	line.Postings++
	if p.Amount.Value < 0 {
		line.Debits = sum(line.Debits, -p.Amount.Value)
	} else {
		line.Credits = sum(line.Credits, p.Amount.Value)
	}
}

// sum adds two amounts that are not negative.
func sum(a, b int64) int64 {
	if a+b < a {
		panic(fmt.Sprintf("%d + %d minor units", a, b))
	}
	return a + b
}

// Report returns what the window comes to. It fails where the postings do not balance:
// then some of them are missing, or are not of this window.
func (t *Tally) Report() (Report, error) {
	r := Report{Window: t.window, Currency: t.currency}
	total := int64(0)
	for _, line := range t.lines {
		r.Lines = append(r.Lines, *line)
		total += line.Net()
	}
	if total != 0 {
		return Report{}, fmt.Errorf("the postings of window %s are off by %s", t.window, money.New(total, t.currency))
	}
	slices.SortFunc(r.Lines, func(a, b Line) int { return cmp.Compare(a.Account, b.Account) })
	return r, nil
}

// A Report is what a settlement window comes to: a line for each account, in the order
// of their names. The lines' nets add up to zero.
type Report struct {
	Window   string
	Currency money.Currency
	Lines    []Line
}

// A Line is what a window moved on one account, in minor units.
type Line struct {
	Account         ledger.Account
	Postings        int64
	Debits, Credits int64 // neither is negative
}

// Net is what the account is owed, or owes where it is below zero.
func (l Line) Net() int64 { return l.Credits - l.Debits }

// CSV writes the report (RFC 4180): the same bytes for the same window, whoever adds it
// up. Amounts are in major units with all the decimals of the currency.
func (r Report) CSV() []byte {
	var out bytes.Buffer
	rows := csv.NewWriter(&out)
	rows.UseCRLF = true
	// A buffer takes everything: there is no error to look for.
	_ = rows.Write([]string{"window", "currency", "account", "postings", "debits", "credits", "net"})
	amount := func(value int64) string { return money.New(value, r.Currency).Decimal() }
	for _, l := range r.Lines {
		_ = rows.Write([]string{
			r.Window, string(r.Currency), string(l.Account), strconv.FormatInt(l.Postings, 10),
			amount(l.Debits), amount(l.Credits), amount(l.Net()),
		})
	}
	rows.Flush()
	return out.Bytes()
}

// A Transfer is money that one account owes to another.
type Transfer struct {
	From, To ledger.Account
	Amount   money.Amount
}

// Transfers settle the window multilaterally: after them every account has paid or got
// its net, and nothing else. Each account only pays or only gets, and there are fewer
// transfers than accounts that have a net. They are in the order of the accounts' names,
// and the same for the same report.
//
// Money goes straight from who owes to who is owed, and never through an account of the
// operator, who holds no money of others.
func (r Report) Transfers() []Transfer {
	owing, owed := r.nets(-1), r.nets(1)
	var transfers []Transfer
	for len(owing) > 0 {
		amount := min(owing[0].left, owed[0].left)
		transfers = append(transfers, Transfer{owing[0].account, owed[0].account, money.New(amount, r.Currency)})
		owing, owed = less(owing, amount), less(owed, amount)
	}
	return transfers
}

// A net is what is left to pay or to get.
type net struct {
	account ledger.Account
	left    int64
}

// nets are those of one sign, in the order of the lines.
func (r Report) nets(sign int64) (all []net) {
	for _, l := range r.Lines {
		if left := l.Net() * sign; left > 0 {
			all = append(all, net{l.Account, left})
		}
	}
	return all
}

// less takes an amount off the first, and the first off where nothing is left of it.
func less(nets []net, amount int64) []net {
	if nets[0].left -= amount; nets[0].left == 0 {
		return nets[1:]
	}
	return nets
}
