package cells

// check holds the books to what must be so after every step.
func (w *world) check(changed *cell) {
	allotted, owed := int64(0), int64(0)
	balances := int64(0)
	for _, c := range w.cells {
		allotted += c.wallet.Cap
		owed += c.wallet.Reserved - c.wallet.Balance
		balances += c.wallet.Balance
		if c.name == home {
			continue
		}
		there := w.cells[home]
		out := less(c.tallies[home].Given, there.tallies[c.name].Taken)
		back := less(there.tallies[c.name].Given, c.tallies[home].Taken)
		if out.Number < 0 || back.Number < 0 {
			w.finding("tallies: cells %d and %d hold newer ones than were written", c.name, home)
		}
		allotted += out.Allotted + back.Allotted
		owed -= out.Carried + back.Carried
		balances += out.Carried + back.Carried
		if mirrors := c.mirrors[home] + there.mirrors[c.name]; mirrors != out.Carried+back.Settled {
			w.finding("mirrors: those of cells %d and %d differ by %d, and %d is on its way", c.name, home, mirrors, out.Carried+back.Settled)
		}
	}
	if allotted != w.total {
		w.finding("cap: %d is allotted or on its way, of a cap of %d", allotted, w.total)
	}
	if owed > w.total {
		w.finding("cap: %d is owed or reserved, under a cap of %d", owed, w.total)
	}
	if balances != w.settled-w.paid {
		w.finding("books: the wallet stands at %d, and tills and bank say %d", balances, w.settled-w.paid)
	}
	w.checkCell(changed)
}

// checkCell looks at one cell by itself.
func (w *world) checkCell(c *cell) {
	at := c.wallet
	if at.Cap < 0 || at.Reserved-at.Balance > at.Cap {
		w.finding("allotment: cell %d has reserved %d and owes %d under %d", c.name, at.Reserved, -at.Balance, at.Cap)
	}
	if at.Reserved != w.held[c.name] {
		w.finding("reserved: cell %d says %d, and its open payments hold %d", c.name, at.Reserved, w.held[c.name])
	}
	sum := at.Balance + c.acquirer
	for other, mirror := range c.mirrors {
		sum += mirror
		if moved := less(c.tallies[other].Given, c.tallies[other].Taken); mirror != moved.Carried+moved.Settled {
			w.finding("mirrors: cell %d has %d for %d, and its tallies say %d", c.name, mirror, other, moved.Carried+moved.Settled)
		}
	}
	if sum != 0 {
		w.finding("books: those of cell %d are off by %d", c.name, sum)
	}
}

// less is what one tally says beyond another: what is on its way, if it was given
// by one cell and is not yet taken by the other.
func less(given, taken tally) tally {
	return tally{
		Number: given.Number - taken.Number, Allotted: given.Allotted - taken.Allotted,
		Carried: given.Carried - taken.Carried, Settled: given.Settled - taken.Settled,
	}
}

// checkRest is what must be so when all is exchanged and settled.
func (w *world) checkRest() {
	for _, c := range w.cells {
		w.check(c)
		if len(c.open) > 0 || c.wallet.Reserved != 0 {
			w.finding("lost: cell %d still holds %d payments and %d", c.name, len(c.open), c.wallet.Reserved)
		}
		for other, mirror := range c.mirrors {
			if mirror != 0 {
				w.finding("mirrors: cell %d says that %d owes %d after all is settled", c.name, other, -mirror)
			}
		}
		if c.wallet.Balance != 0 || c.acquirer != 0 {
			w.finding("settlement: cell %d is left with %d and %d", c.name, c.wallet.Balance, c.acquirer)
		}
	}
	if ended := w.Approved + w.Declined + w.Refused + w.Unanswered; ended != w.run.Payments {
		w.finding("lost: %d payments began and %d ended", w.run.Payments, ended)
	}
}
