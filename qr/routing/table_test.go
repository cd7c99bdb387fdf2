package routing_test

import (
	"strings"
	"testing"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/qr/mpm"
	"github.com/hansa-network/hansa/qr/reading"
	"github.com/hansa-network/hansa/qr/routing"
)

func readMPM(text string) (mpm.Code, []reading.Finding) { return mpm.Read(text) }

func TestOverlapsAreRefused(t *testing.T) {
	t.Parallel()
	emvco := func(e routing.EMVCo) routing.Rule { return routing.Rule{Kinds: kind("mpm/one"), EMVCo: &e} }
	digits := func(d routing.Digits) routing.Rule { return routing.Rule{Kinds: kind("barcode/one"), Digits: &d} }
	link := func(l routing.Link) routing.Rule { return routing.Rule{Kinds: kind("url/one"), Link: &l} }
	start := func(s routing.Start) routing.Rule { return routing.Rule{Kinds: kind("one"), Start: &s} }
	pix := routing.EMVCo{First: 26, Last: 51, GUID: "br.gov.bcb.pix"}
	cases := map[string]struct {
		a, b    routing.Rule
		overlap bool
	}{
		"prefix and length":         {digits(routing.Digits{Prefix: "25", Lengths: []int{24}}), digits(routing.Digits{Prefix: "25", Lengths: []int{16, 24}}), true},
		"length that one reserves":  {digits(routing.Digits{Prefix: "25", Lengths: []int{24}}), digits(routing.Digits{Prefix: "25", Lengths: []int{16}, Reserved: []int{24}}), true},
		"another length":            {digits(routing.Digits{Prefix: "25", Lengths: []int{24}}), digits(routing.Digits{Prefix: "25", Lengths: []int{16}}), false},
		"longer prefix":             {digits(routing.Digits{Prefix: "25", Lengths: []int{24}}), digits(routing.Digits{Prefix: "251", Lengths: []int{24}}), false},
		"GUID in another case":      {emvco(pix), emvco(routing.EMVCo{First: 30, Last: 30, GUID: "BR.GOV.BCB.PIX"}), true},
		"GUID in other objects":     {emvco(routing.EMVCo{First: 26, Last: 27, GUID: "a"}), emvco(routing.EMVCo{First: 28, Last: 51, GUID: "a"}), false},
		"GUID with more demands":    {emvco(pix), emvco(routing.EMVCo{First: 26, Last: 51, GUID: "br.gov.bcb.pix", Country: "BR"}), false},
		"GUID with another content": {emvco(pix), emvco(routing.EMVCo{First: 26, Last: 51, GUID: "br.gov.bcb.pix", Holds: &routing.Holds{ID: 1}}), false},
		"same content":              {emvco(routing.EMVCo{First: 26, Last: 51, GUID: "a", Holds: &routing.Holds{ID: 1}}), emvco(routing.EMVCo{First: 26, Last: 51, GUID: "a", Holds: &routing.Holds{ID: 1}}), true},
		"every EMVCo code twice":    {emvco(routing.EMVCo{}), emvco(routing.EMVCo{}), true},
		"cards":                     {emvco(routing.EMVCo{First: 2, Last: 3}), emvco(routing.EMVCo{First: 3, Last: 4}), true},
		"host and path":             {link(routing.Link{Scheme: "https", Host: "a.no", Path: "/P/"}), link(routing.Link{Scheme: "https", Host: "a.no", Path: "/p/"}), true},
		"longer path":               {link(routing.Link{Scheme: "https", Host: "a.no", Path: "/"}), link(routing.Link{Scheme: "https", Host: "a.no", Path: "/p/"}), false},
		"any host":                  {link(routing.Link{Scheme: "https", Host: "a.no", Path: "/p/"}), link(routing.Link{Scheme: "https", Path: "/p/"}), false},
		"literal start":             {start(routing.Start{Text: "BCD", Line: true}), start(routing.Start{Text: "BCD"}), true},
		"two forms":                 {start(routing.Start{Text: "25"}), digits(routing.Digits{Prefix: "25", Lengths: []int{24}}), false},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.b.Kinds = kind("x/other")
			_, err := routing.NewTable([]routing.Rule{test.a, test.b})
			if !test.overlap {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if reason, _ := hansa.ReasonOf(err); reason != hansa.AlreadyExists {
				t.Fatalf("not refused: %v", err)
			}
			for _, name := range []string{test.a.Kinds[0], "x/other"} {
				if !strings.Contains(err.Error(), name) {
					t.Errorf("%q does not name %s", err, name)
				}
			}
		})
	}
}

func TestRulesThatAreNone(t *testing.T) {
	t.Parallel()
	good := routing.Digits{Prefix: "25", Lengths: []int{24}}
	for name, rule := range map[string]routing.Rule{
		"no kind":                     {Digits: &good},
		"a kind in capitals":          {Kinds: kind("Barcode/X"), Digits: &good},
		"a kind twice":                {Kinds: []string{"x", "x"}, Digits: &good},
		"no form":                     {Kinds: kind("x")},
		"two forms":                   {Kinds: kind("x"), Digits: &good, Start: &routing.Start{Text: "BCD"}},
		"no length":                   {Kinds: kind("x"), Digits: &routing.Digits{Prefix: "25"}},
		"a prefix with a letter":      {Kinds: kind("x"), Digits: &routing.Digits{Prefix: "2x", Lengths: []int{24}}},
		"an empty prefix":             {Kinds: kind("x"), Digits: &routing.Digits{Lengths: []int{24}}},
		"shorter than the prefix":     {Kinds: kind("x"), Digits: &routing.Digits{Prefix: "2510", Lengths: []int{3, 24}}},
		"longer than any number":      {Kinds: kind("x"), Digits: &routing.Digits{Prefix: "25", Lengths: []int{65}}},
		"lengths out of order":        {Kinds: kind("x"), Digits: &routing.Digits{Prefix: "25", Lengths: []int{24, 16}}},
		"a length twice":              {Kinds: kind("x"), Digits: &routing.Digits{Prefix: "25", Lengths: []int{24, 24}}},
		"in use and reserved":         {Kinds: kind("x"), Digits: &routing.Digits{Prefix: "25", Lengths: []int{24}, Reserved: []int{24}}},
		"an object of no account":     {Kinds: kind("x"), EMVCo: &routing.EMVCo{First: 52, Last: 52}},
		"objects in the wrong order":  {Kinds: kind("x"), EMVCo: &routing.EMVCo{First: 30, Last: 26}},
		"a GUID in a plain object":    {Kinds: kind("x"), EMVCo: &routing.EMVCo{First: 2, Last: 51, GUID: "a"}},
		"a GUID of nothing but rest":  {Kinds: kind("x"), EMVCo: &routing.EMVCo{First: 26, Last: 51, GUID: "*"}},
		"a GUID with a star inside":   {Kinds: kind("x"), EMVCo: &routing.EMVCo{First: 26, Last: 51, GUID: "a*b"}},
		"a content of a plain object": {Kinds: kind("x"), EMVCo: &routing.EMVCo{First: 2, Last: 3, Holds: &routing.Holds{ID: 1}}},
		"a country that is none":      {Kinds: kind("x"), EMVCo: &routing.EMVCo{First: 26, Last: 51, Country: "br"}},
		"a currency by letters":       {Kinds: kind("x"), EMVCo: &routing.EMVCo{First: 26, Last: 51, Currency: "BRL"}},
		"a link without a scheme":     {Kinds: kind("x"), Link: &routing.Link{Host: "a.no"}},
		"a host with a user":          {Kinds: kind("x"), Link: &routing.Link{Scheme: "https", Host: "me@a.no"}},
		"a host in capitals":          {Kinds: kind("x"), Link: &routing.Link{Scheme: "https", Host: "A.no"}},
		"a path in the middle":        {Kinds: kind("x"), Link: &routing.Link{Scheme: "https", Host: "a.no", Path: "p/"}},
		"a path with a query":         {Kinds: kind("x"), Link: &routing.Link{Scheme: "https", Host: "a.no", Path: "/p?x"}},
		"an empty start":              {Kinds: kind("x"), Start: &routing.Start{}},
		"a start of two lines":        {Kinds: kind("x"), Start: &routing.Start{Text: "BCD\n"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := routing.NewTable([]routing.Rule{rule})
			if reason, _ := hansa.ReasonOf(err); reason != hansa.Malformed {
				t.Errorf("%v", err)
			}
		})
	}
	if _, err := routing.NewTable(make([]routing.Rule, 5000)); err == nil {
		t.Error("any number of rules")
	}
}

// TestAHostMayNameItsPort: a network that is tried on one machine has an address with a port,
// and that is another host than the same without it.
func TestAHostMayNameItsPort(t *testing.T) {
	t.Parallel()
	table, err := routing.NewTable([]routing.Rule{{Kinds: []string{"x"}, Link: &routing.Link{Scheme: "http", Host: "127.0.0.1:8080", Path: "/p/"}}})
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]int{"http://127.0.0.1:8080/p/1": 1, "http://127.0.0.1/p/1": 0, "http://127.0.0.1:80/p/1": 0} {
		if match := table.Match(text); len(match.Kinds) != want {
			t.Errorf("%s is %v", text, match.Kinds)
		}
	}
}
