package sim

import (
	"fmt"
	"slices"
	"time"

	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/store"
)

// Provider is the FX provider of the world.
const Provider = "hanseatic"

// Bank is the settlement bank of the world.
const Bank = "nordbank"

// Operator is who runs the switch of the world.
const Operator = "hansa"

// capOfAll is the net debit cap of every wallet and branch, in minor units: wide
// enough never to be met by accident.
const capOfAll int64 = 10_000_000_000_000

// Since is from when on everything in the world is in force.
func Since() time.Time { return time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC) }

// forEver is when the next rates are due: not in the life of a demo.
func forEver() time.Time { return time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC) }

// A Setup is all that the switch must know of the world before the first payment.
type Setup struct {
	Listing  store.Listing
	Registry store.Registry
	Ranges   []store.CodeRange
}

// World returns the make-believe world: seven wallets, six acquirers, two
// partners, an FX provider and a bank in ten countries and five currencies.
// Participants have neither keys nor addresses until they have Joined.
func World() Setup {
	setup := Setup{Listing: store.Listing{Rates: rates(), References: references()}}
	setup.Listing.Version = 1
	setup.Listing.Participants = participants()
	setup.Listing.Authorities = authorities()
	for _, terms := range WalletTerms() {
		agreement := agreementOf(terms)
		setup.Listing.Agreements = append(setup.Listing.Agreements, agreement)
		for _, market := range Markets() {
			setup.Listing.Corridors = append(setup.Listing.Corridors, corridor(terms, market, agreement))
		}
	}
	setup.Registry, setup.Ranges = registry(places())
	return setup
}

// Markets are the ten countries of the world, as ISO 3166-1 codes. The sources
// of this world name five of them; the other five are make-believe.
func Markets() []string {
	return []string{"AT", "DE", "DK", "ES", "FI", "IS", "NO", "PT", "SE", "SI"}
}

// An Access is how a participant is reached and known.
type Access struct {
	Keys     []member.Key
	Endpoint string // where its wallet is asked, or an acquirer about its codes, without a final slash
	Webhook  string
}

// Joined returns the setup in which the participant called id has access. It
// panics if there is no such participant.
func (s Setup) Joined(id string, access Access) Setup {
	participants := slices.Clone(s.Listing.Participants)
	at := slices.IndexFunc(participants, func(p member.Participant) bool { return p.ID == id })
	if at < 0 {
		panic("no participant " + id)
	}
	participants[at].Keys = slices.Clone(access.Keys)
	participants[at].Endpoint, participants[at].Webhook = access.Endpoint, access.Webhook
	s.Listing.Participants = participants
	return s
}

// WalletTerms returns what the users of each wallet of the world have agreed to.
func WalletTerms() []Terms {
	return []Terms{
		{
			ID: "alipay", Name: "Alipay", Country: "CN", Debits: "CNY", Settles: "EUR", Prompt: PromptAbove, Unprompted: 200_00,
			Notifies: true, PrintedDaily: printedDaily, DayAhead: 8 * time.Hour,
		},
		{
			ID: "vipps", Name: "Vipps", Country: "NO", Debits: "NOK", Settles: "NOK", Prompt: PromptAlways,
			PayerWait: 10 * time.Minute, OpenWithin: 5 * time.Minute, Reserves: true, DayAhead: time.Hour,
		},
		{
			ID: "epassi", Name: "ePassi", Country: "FI", Debits: "EUR", Settles: "EUR", Prompt: PromptAbove, Unprompted: 50_00,
			Purses: purses(), DayAhead: 2 * time.Hour,
		},
		{
			ID: "pivo", Name: "Pivo", Country: "FI", Debits: "EUR", Settles: "EUR", Prompt: PromptAlways, PIN: true,
			Fundings: []string{"card", "account"}, DayAhead: 2 * time.Hour,
		},
		{
			ID: "bluecode", Name: "Bluecode", Country: "AT", Debits: "EUR", Settles: "EUR", Prompt: PromptNever,
			Fundings: []string{"bank_account"}, NoBalance: true, Largest: 400_00, HourMax: 4, DayMax: 10, DayAhead: time.Hour,
		},
		{
			ID: "momo", Name: "MOMO", Country: "ES", Debits: "EUR", Settles: "EUR", Prompt: PromptAbove, Unprompted: 30_00,
			Fundings: []string{"prepaid"}, DayAhead: time.Hour,
		},
		{
			ID: "pagaqui", Name: "Pagaqui", Country: "PT", IssuedBy: "Banco do Tejo", Debits: "EUR", Settles: "EUR",
			Prompt: PromptAlways, Fundings: []string{"prepaid"},
		},
	}
}

// printedDaily is what a person may pay at printed codes in a day, in minor units
// of CNY.
const printedDaily = 500_00

// purses are the benefits that an employer gives, by where they are good.
func purses() []Purse {
	return []Purse{
		{Name: "lunch", Categories: []string{"5811", "5812", "5814"}, Daily: 14_00},
		{Name: "sport", Categories: []string{"7941", "7997", "7999"}, Daily: 50_00},
		{Name: "culture", Categories: []string{"7832", "7922", "7991"}, Daily: 50_00},
		{Name: "wellbeing", Categories: []string{"7297", "7298", "7997"}, Daily: 80_00},
		{Name: "transit", Categories: []string{"4111", "4112", "4131"}, Daily: 20_00},
	}
}

// participants are wallets and acquirers, then everybody else. Vipps, ePassi,
// Bluecode, MOMO and Pagaqui are both in one; ePassi and Bluecode carry the
// integrations of others as well.
func participants() []member.Participant {
	var all []member.Participant
	enter := func(id, name, country string) *member.Participant {
		for i := range all {
			if all[i].ID == id {
				return &all[i]
			}
		}
		all = append(all, member.Participant{ID: id, Name: name, Country: country})
		return &all[len(all)-1]
	}
	for i, terms := range WalletTerms() {
		p := enter(terms.ID, terms.Name, terms.Country)
		p.Roles = append(p.Roles, member.Holding{Role: member.Wallet})
		p.Wallet = member.WalletSide{
			Issuers: []string{fmt.Sprintf("70%04d", i+1)}, Debits: terms.Debits, Settles: terms.Settles,
			Cap: capOfAll, PayerWait: terms.PayerWait, NotifyMode: terms.Notifies,
		}
	}
	for _, house := range houses() {
		p := enter(house.id, house.name, house.country)
		p.Roles = append(p.Roles, member.Holding{Role: member.Acquirer})
		p.Branches = house.branches
	}
	for _, other := range others() {
		p := enter(other.ID, other.Name, other.Country)
		p.Roles, p.Principal = append(p.Roles, other.Roles...), other.Principal
	}
	return all
}

// A house is an acquirer before it has joined.
type house struct {
	id, name, country string
	branches          []member.Branch
}

func houses() []house {
	return []house{
		{"nets", "Nets", "DK", []member.Branch{
			branch("nets", "DK", "DKK"), branch("nets", "NO", "NOK"), branch("nets", "SE", "SEK"), branch("nets", "FI", "EUR"),
		}},
		{"vipps", "Vipps", "NO", []member.Branch{branch("vipps", "NO", "NOK")}},
		// A store in Iceland asks in ISK and its acquirer settles in EUR.
		{"epassi", "ePassi", "FI", []member.Branch{branch("epassi", "FI", "EUR"), branch("epassi", "IS", "EUR")}},
		{"bluecode", "Bluecode", "AT", []member.Branch{
			branch("bluecode", "AT", "EUR"), branch("bluecode", "DE", "EUR"), branch("bluecode", "SI", "EUR"),
		}},
		{"momo", "MOMO", "ES", []member.Branch{branch("momo", "ES", "EUR")}},
		{"pagaqui", "Pagaqui", "PT", []member.Branch{branch("pagaqui", "PT", "EUR")}},
	}
}

func branch(acquirer, country string, currency money.Currency) member.Branch {
	return member.Branch{ID: branchID(acquirer, country), Country: country, Currency: currency, Cap: capOfAll}
}

func others() []member.Participant {
	role := func(r member.Role) []member.Holding { return []member.Holding{{Role: r}} }
	return []member.Participant{
		{ID: "2paynow", Name: "2paynow", Country: "NO", Roles: role(member.AcquiringPartner), Principal: "nets"},
		{ID: "apaynordic", Name: "APay Nordic", Country: "DK", Roles: role(member.SalesPartner), Principal: "nets"},
		{ID: "epassi", Name: "ePassi", Country: "FI", Roles: role(member.TechnicalServiceProvider)},
		{ID: "bluecode", Name: "Bluecode", Country: "AT", Roles: role(member.TechnicalServiceProvider)},
		{ID: Provider, Name: "Hanseatic Exchange", Country: "DE", Roles: role(member.FXProvider)},
		{ID: Bank, Name: "Nordbank", Country: "SE", Roles: role(member.SettlementBank)},
		{ID: Operator, Name: "Hansa", Country: "DE", Roles: role(member.Operator)},
	}
}

// authorities are whom ePassi and Bluecode act for.
func authorities() []member.Authority {
	return []member.Authority{
		{Provider: "epassi", Principal: "pivo", From: Since()},
		{Provider: "bluecode", Principal: "momo", From: Since()},
		{Provider: "bluecode", Principal: "pagaqui", From: Since()},
	}
}

func agreementOf(terms Terms) member.Agreement {
	return member.Agreement{ID: "agreement-" + terms.ID, Version: 1, Parties: []string{Operator, terms.ID}, From: Since()}
}

// corridor lets a wallet pay in a market in all three modes.
func corridor(terms Terms, market string, agreement member.Agreement) member.Corridor {
	modes := []member.Mode{member.ConsumerPresented, member.Static, member.Dynamic}
	c := member.Corridor{
		ID: terms.ID + "-" + market, Wallet: terms.ID, Market: market, Modes: modes,
		Agreement: agreement.ID, AgreementVersion: agreement.Version, From: Since(),
		Provider: Provider, Spread: 50,
	}
	if terms.ID == "alipay" {
		// What a person may pay at printed codes in a day bounds each payment too.
		c.Spread = 100
		c.Limits = []member.Limit{{Mode: member.Static, Currency: "CNY", Largest: printedDaily}}
	}
	if terms.Largest > 0 {
		for _, mode := range modes {
			c.Limits = append(c.Limits, member.Limit{Mode: mode, Currency: terms.Debits, Largest: terms.Largest})
		}
	}
	return c
}
