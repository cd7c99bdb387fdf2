package scheme

import (
	"slices"

	"github.com/hansa-network/hansa/qr/barcode"
	"github.com/hansa-network/hansa/qr/cpm"
	"github.com/hansa-network/hansa/qr/epc"
	"github.com/hansa-network/hansa/qr/link"
	"github.com/hansa-network/hansa/qr/routing"
	"github.com/hansa-network/hansa/qr/swiss"
)

// rulesChanged is the day on which a rule was last changed. A test asks for a new
// one whenever the rules are not those of the published file.
const rulesChanged = "2026-11-22"

// rules are all that tell whose a text is.
var rules = slices.Concat(mpmRules(), barcodeRules(), linkRules(), startRules)

// rulebook is computed once; its version is a fingerprint of the rules.
var rulebook = routing.NewRulebook(rulesChanged, rules)

// table is made of the rules. That they do not overlap is tested.
var table = func() *routing.Table {
	table, err := routing.NewTable(rules)
	if err != nil {
		panic("scheme: " + err.Error())
	}
	return table
}()

// Rules returns the rules as they are published to wallets and tills.
func Rules() routing.Rulebook { return rulebook }

// mpmRules are those of the profiles' templates, and of our own codes.
func mpmRules() []routing.Rule {
	list := []routing.Rule{{Kinds: []string{EMVCo}, EMVCo: &routing.EMVCo{}}}
	for _, own := range []struct {
		kinds []string
		holds *routing.Holds
	}{
		{[]string{OwnOrder}, &routing.Holds{ID: 2}},
		{[]string{OwnStore}, &routing.Holds{ID: 1}},
		{[]string{OwnStore, OwnOrder}, nil},
	} {
		place := national(ownGUID)
		place.Holds = own.holds
		list = append(list, routing.Rule{Kinds: own.kinds, EMVCo: &place})
	}
	for _, profile := range profiles {
		for _, template := range profile.Templates {
			if template.Kinds != nil {
				list = append(list, routing.Rule{Kinds: template.Kinds, EMVCo: &template.EMVCo})
			}
		}
	}
	return list
}

// barcodeRules are those of the numbers that package barcode reads, and our own.
func barcodeRules() []routing.Rule {
	list := []routing.Rule{{Kinds: []string{OwnPayment}, Digits: &routing.Digits{Prefix: ownPrefix, Lengths: []int{24}}}}
	for _, rule := range barcode.Rules() {
		list = append(list, routing.Rule{
			Kinds:  rule.Kinds,
			Digits: &routing.Digits{Prefix: rule.Prefix, Lengths: rule.Lengths, Reserved: rule.Reserved},
		})
	}
	return list
}

// linkRules are those of the links that package link reads. Kinds that begin alike
// share a rule. The private order codes of Alipay+ are left out: they have no host
// of their own, and too many links of the web begin as they do.
func linkRules() []routing.Rule {
	var list []routing.Rule
	for _, rule := range link.Rules() {
		if rule.Kind == link.AlipayPlusOrder {
			continue
		}
		form := routing.Link{Scheme: rule.Scheme, Host: rule.Host, Path: rule.Path}
		same := slices.IndexFunc(list, func(other routing.Rule) bool { return *other.Link == form })
		if same < 0 {
			list = append(list, routing.Rule{Kinds: []string{rule.Kind}, Link: &form})
			continue
		}
		list[same].Kinds = append(list[same].Kinds, rule.Kind)
	}
	return list
}

// Our own kinds, which the package above this one reads.
const (
	OwnStore   = "hansa/store"
	OwnOrder   = "hansa/order"
	OwnPayment = "hansa/payment"

	ownGUID   = "org.hansa"
	ownPrefix = "70"
)

// startRules are the texts with a literal start.
var startRules = []routing.Rule{
	{Kinds: []string{cpm.Kind}, Start: &routing.Start{Text: "hQVDUFY"}},
	{Kinds: []string{epc.Kind}, Start: &routing.Start{Text: "BCD", Line: true}},
	{Kinds: []string{swiss.Kind}, Start: &routing.Start{Text: "SPC", Line: true}},
}
