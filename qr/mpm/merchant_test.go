package mpm_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/qr/mpm"
)

func TestMerchantIsShownInBothLanguages(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ merchant, want mpm.Merchant }{
		"plain": {
			mpm.Merchant{Name: "TEST SHOP", City: "BERLIN"},
			mpm.Merchant{Name: "TEST SHOP", City: "BERLIN", LatinName: "TEST SHOP", LatinCity: "BERLIN"},
		},
		"plain, in a language": {
			mpm.Merchant{Name: "TEST SHOP", City: "BERLIN", Language: "de", PostalCode: "10115"},
			mpm.Merchant{Name: "TEST SHOP", City: "BERLIN", LatinName: "TEST SHOP", LatinCity: "BERLIN", PostalCode: "10115"},
		},
		"letters with marks, in a language": {
			mpm.Merchant{Name: "Smørrebrød Æbleskiver", City: "Århus", Language: "da"},
			mpm.Merchant{
				Name: "Smørrebrød Æbleskiver", City: "Århus", Language: "da",
				LatinName: "Smorrebrod Aebleskiver", LatinCity: "Arhus",
			},
		},
		"letters with marks, in no language": {
			mpm.Merchant{Name: "Löwen Café", City: "Köln"},
			mpm.Merchant{Name: "Lowen Cafe", City: "Koln", LatinName: "Lowen Cafe", LatinCity: "Koln"},
		},
		"another script": {
			mpm.Merchant{Name: "最佳运输", City: "北京", Language: "zh", LatinName: "Best Transport", LatinCity: "Beijing"},
			mpm.Merchant{Name: "最佳运输", City: "北京", Language: "zh", LatinName: "Best Transport", LatinCity: "Beijing"},
		},
		"too long": {
			mpm.Merchant{Name: strings.Repeat("Ö", 30), City: "Llanfairpwllgwyngyll", Language: "cy"},
			mpm.Merchant{
				Name: strings.Repeat("Ö", 25), City: "Llanfairpwllgwy", Language: "cy",
				LatinName: strings.Repeat("O", 25), LatinCity: "Llanfairpwllgwy",
			},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.merchant.Country, c.merchant.Category = "DE", "5411"
			c.want.Country, c.want.Category = "DE", "5411"
			objects, err := c.merchant.Objects()
			if err != nil {
				t.Fatal(err)
			}
			text := mustEncode(t, append(accountObjects(), objects...)...)
			wantClean(t, text)
			code, _ := mpm.Read(text)
			if diff := cmp.Diff(c.want, code.Merchant()); diff != "" {
				t.Errorf("read (-want +got):\n%s", diff)
			}
			again, err := c.want.Printed()
			if diff := cmp.Diff(c.want, again); err != nil || diff != "" {
				t.Errorf("printed again: %v (-want +got):\n%s", err, diff)
			}
		})
	}
}

func TestMerchantsThatAreRefused(t *testing.T) {
	t.Parallel()
	cases := map[string]mpm.Merchant{
		"no name":                          {City: "BERLIN"},
		"no city":                          {Name: "SHOP"},
		"a name of spaces":                 {Name: "   ", City: "BERLIN"},
		"another script without its Latin": {Name: "最佳运输", City: "Beijing", Language: "zh"},
		"a Latin name in another script":   {Name: "最佳运输", City: "Beijing", Language: "zh", LatinName: "最佳运输"},
		"a hidden character":               {Name: "SHOP\u202e", City: "BERLIN"},
		"a hidden character that is cut":   {Name: strings.Repeat("x", 30) + "\u202e", City: "BERLIN"},
		"a hidden character in its Latin":  {Name: "SHOP", City: "BERLIN", LatinCity: "BER\x00LIN"},
		"two scripts":                      {Name: "P\u0430ypal", City: "BERLIN"},
	}
	for name, merchant := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			objects, err := merchant.Objects()
			if reason, _ := hansa.ReasonOf(err); reason != hansa.CodeInvalid {
				t.Errorf("got %v, %v, want a refusal", objects, err)
			}
		})
	}
}
