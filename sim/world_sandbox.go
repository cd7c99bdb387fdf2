package sim

import "github.com/hansa-network/hansa/member"

// Sandbox returns the world that a demo plays: World, and WeChat Pay besides. The network
// is an acquirer to it as to others outside of the alliance: its codes pay at every till,
// and its users scan nothing of the network's. Some acquirers have codes of their own.
func Sandbox() Setup {
	setup := World()
	terms := weChat()
	agreement := agreementOf(terms)
	setup.Listing.Participants = append(setup.Listing.Participants, member.Participant{
		ID: terms.ID, Name: terms.Name, Country: terms.Country, Roles: []member.Holding{{Role: member.Wallet}},
		Wallet: member.WalletSide{Debits: terms.Debits, Settles: terms.Settles, Cap: capOfAll},
	})
	setup.Listing.Agreements = append(setup.Listing.Agreements, agreement)
	for _, market := range Markets() {
		way := corridor(terms, market, agreement)
		way.Modes = []member.Mode{member.ConsumerPresented}
		setup.Listing.Corridors = append(setup.Listing.Corridors, way)
	}
	for i, p := range setup.Listing.Participants {
		if link, has := privateLinks()[p.ID]; has {
			setup.Listing.Participants[i].Acquirer.Links = []member.Link{link}
		}
	}
	return setup
}

// SandboxTerms are WalletTerms, and those of the wallet that Sandbox adds.
func SandboxTerms() []Terms { return append(WalletTerms(), weChat()) }

// weChat asks for the password above a thousand yuan.
func weChat() Terms {
	return Terms{ID: "wechat", Name: "WeChat Pay", Country: "CN", Debits: "CNY", Settles: "EUR", Prompt: PromptAbove, Unprompted: 1000_00}
}
