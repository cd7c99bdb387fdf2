package hub

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/fx"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/merchant"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/store"
)

// Enrol enters participants, corridors, agreements, rates, stores and code
// ranges as they are; what exists under the same id is replaced, from the next
// batch on. A code that was revoked stays so, and what was issued from a range is
// not issued again. It is for the operator, and for files that the operator loads.
// What would leave a directory that contradicts itself is refused.
type Enrol struct {
	Listing  store.Listing
	Registry store.Registry
	Ranges   []store.CodeRange
}

func (Enrol) name() string { return "enrol" }

func (op Enrol) wants(w *want, _ Request) {
	for _, allotted := range op.Ranges {
		w.codeRange(allotted.Acquirer)
	}
	for _, code := range op.Registry.Codes {
		w.storeCode(code.Code)
		w.codeRange(code.Acquirer)
	}
	for _, id := range op.strangers() {
		w.store(id)
	}
}

// strangers are the stores that the registry names and does not hold.
func (op Enrol) strangers() []string {
	own := make(map[string]bool, len(op.Registry.Stores))
	for _, s := range op.Registry.Stores {
		own[s.ID] = true
	}
	var strangers []string
	for _, terminal := range op.Registry.Terminals {
		if !own[terminal.Store] {
			strangers = append(strangers, terminal.Store)
		}
	}
	for _, code := range op.Registry.Codes {
		if !own[code.Store] {
			strangers = append(strangers, code.Store)
		}
	}
	return strangers
}

func (op Enrol) apply(b *batch, r Request) (Result, string, error) {
	if r.Participant != "" {
		if err := b.isOperator(r.Participant); err != nil {
			return Result{}, "", err
		}
	}
	whole := b.register.with(op.Listing)
	if _, _, err := Index(whole.changed()); err != nil {
		return Result{}, "", err
	}
	for _, id := range op.strangers() {
		_, stored := b.stores.read(id)
		if _, enrolled := b.register.stores.known(id); !stored && !enrolled {
			return Result{}, "", hansa.Refuse(hansa.NotFound, "no store %q", id)
		}
	}
	codes, err := b.uniqueCodes(op.Registry.Codes)
	if err != nil {
		return Result{}, "", err
	}
	b.register.enter(op.Listing)
	for _, reference := range op.Listing.References {
		l := laneOf(reference.Source, reference.Rate)
		newest, _ := whole.references.read(l)
		b.register.references.write(l, newest)
	}
	b.register.enterRegistry(op.Registry, codes)
	for _, allotted := range op.Ranges {
		b.allot(allotted)
	}
	for _, code := range codes {
		b.passOver(code)
	}
	b.directoryChanged = true
	b.events = append(b.events, registerEvent("directory.enrolled",
		fmt.Sprintf("%d participants, %d stores", len(op.Listing.Participants), len(op.Registry.Stores)), r.Participant, b.now))
	return Result{}, "", nil
}

func (Enrol) recall(*batch, string) Result { return Result{} }

// uniqueCodes returns codes as they may be entered: what was revoked stays
// revoked. It refuses AlreadyExists where one leads elsewhere already.
func (b *batch) uniqueCodes(codes []merchant.IssuedCode) ([]merchant.IssuedCode, error) {
	codes = slices.Clone(codes)
	for i, code := range codes {
		known, ok := b.register.storeCodes.known(code.Code)
		if !ok {
			known, ok = b.storeCodes.read(code.Code)
		}
		if !ok {
			continue
		}
		if known.Store != code.Store || known.Acquirer != code.Acquirer {
			return nil, hansa.Refuse(hansa.AlreadyExists, "code %s is of %s and %s", code.Code, known.Store, known.Acquirer)
		}
		if !known.RevokedAt.IsZero() {
			codes[i].RevokedAt = known.RevokedAt
		}
	}
	return codes, nil
}

// allot enters a range of codes. One that exists goes on where it is.
func (b *batch) allot(allotted store.CodeRange) {
	ranges, _ := b.ranges.read(allotted.Acquirer)
	ranges = slices.Clone(ranges)
	at, known := slices.BinarySearchFunc(ranges, allotted.Prefix, func(r store.CodeRange, prefix string) int {
		return strings.Compare(r.Prefix, prefix)
	})
	if known {
		allotted.Next = max(allotted.Next, ranges[at].Next)
		allotted.Last = max(allotted.Last, allotted.Next-1)
		ranges[at] = allotted
	} else {
		ranges = slices.Insert(ranges, at, allotted)
	}
	b.ranges.write(allotted.Acquirer, ranges)
}

// passOver moves the range that a code would be issued from behind the code.
func (b *batch) passOver(code merchant.IssuedCode) {
	ranges, _ := b.ranges.read(code.Acquirer)
	for i, allotted := range ranges {
		digits, ok := strings.CutPrefix(code.Code, allotted.Prefix)
		number, err := strconv.ParseInt(digits, 10, 64)
		if !ok || err != nil || number < allotted.Next || number > allotted.Last {
			continue
		}
		allotted.Next = number
		if allotted.Code() == code.Code {
			ranges = slices.Clone(ranges)
			ranges[i].Next = number + 1
			b.ranges.write(code.Acquirer, ranges)
		}
	}
}

// A register is what a batch changes of the directory and the registry. Its
// requests do not see it, because they have not asked for what it leads to.
type register struct {
	listing      *store.Listing // as stored, where something is enrolled
	participants table[string, member.Participant]
	corridors    table[string, member.Corridor]
	agreements   table[string, member.Agreement]
	clients      table[string, member.Client]    // by name
	authorities  table[string, member.Authority] // by name
	rates        table[lane, fx.StandingRate]
	references   table[lane, fx.Reference]
	merchants    table[string, merchant.Merchant]
	stores       table[string, merchant.Store]
	terminals    table[string, merchant.Terminal]
	storeCodes   table[string, merchant.IssuedCode]
}

// A lane is what a source has one rate for: two currencies, either way.
type lane struct {
	source        string
	first, second money.Currency
}

func laneOf(source string, rate money.Rate) lane {
	return lane{source, min(rate.Base(), rate.Quote()), max(rate.Base(), rate.Quote())}
}

func (b *batch) readListing(ctx context.Context) error {
	if b.register.listing != nil {
		return nil
	}
	listing, err := b.tx.Listing(ctx)
	b.register.listing = &listing
	return err
}

// with returns the whole directory as it will be after this batch and with more.
func (g *register) with(more store.Listing) *register {
	var whole register
	whole.enter(*g.listing)
	whole.enter(g.changed())
	whole.enter(more)
	return &whole
}

func (g *register) enter(listing store.Listing) {
	for _, p := range listing.Participants {
		g.participants.write(p.ID, p)
	}
	for _, c := range listing.Corridors {
		g.corridors.write(c.ID, c)
	}
	for _, a := range listing.Agreements {
		g.agreements.write(a.ID, a)
	}
	for _, a := range listing.Authorities {
		g.authorities.write(a.Name(), a)
	}
	for _, c := range listing.Clients {
		g.clients.write(c.Name(), c)
	}
	for _, rate := range listing.Rates {
		g.rates.write(laneOf(rate.Provider, rate.Rate), rate)
	}
	for _, reference := range listing.References {
		l := laneOf(reference.Source, reference.Rate)
		if known, ok := g.references.known(l); !ok || !known.Date.After(reference.Date) {
			g.references.write(l, reference) // A file may hold many days, in any order.
		}
	}
}

func (g *register) enterRegistry(registry store.Registry, codes []merchant.IssuedCode) {
	for _, m := range registry.Merchants {
		g.merchants.write(m.ID, m)
	}
	for _, s := range registry.Stores {
		g.stores.write(s.ID, s)
	}
	for _, t := range registry.Terminals {
		g.terminals.write(t.ID, t)
	}
	for _, code := range codes {
		g.storeCodes.write(code.Code, code)
	}
}

// changed is the part of the directory that the register holds.
func (g *register) changed() store.Listing {
	return store.Listing{
		Listing: member.Listing{
			Participants: g.participants.written(), Corridors: g.corridors.written(), Agreements: g.agreements.written(),
			Clients: g.clients.written(), Authorities: g.authorities.written(),
		},
		Rates: g.rates.written(), References: g.references.written(),
	}
}

// into enters the register into the rows to commit. Codes that were issued or
// revoked one by one are among them already.
func (g *register) into(rows *store.Rows, codes *table[string, merchant.IssuedCode]) {
	listing := g.changed()
	rows.Participants, rows.Corridors, rows.Agreements = listing.Participants, listing.Corridors, listing.Agreements
	rows.Rates, rows.Reference = listing.Rates, listing.References
	rows.Clients, rows.Authorities = listing.Clients, listing.Authorities
	rows.Merchants, rows.Stores, rows.Terminals = g.merchants.written(), g.stores.written(), g.terminals.written()
	for _, code := range g.storeCodes.written() {
		if !codes.isWritten(code.Code) {
			rows.StoreCodes = append(rows.StoreCodes, code)
		}
	}
}
