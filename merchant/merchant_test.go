package merchant_test

import (
	"testing"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/merchant"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func refused(t *testing.T, err error, want hansa.Reason) {
	t.Helper()
	if reason, _ := hansa.ReasonOf(err); reason != want {
		t.Errorf("got %v, want %q", err, want)
	}
}

// cafe is the shop in Bergen with a till of Nets and a sticker of Vipps, and a
// contract of old times.
func cafe() merchant.Store {
	return merchant.Store{ID: "cafe", Contracts: []merchant.Contract{
		{Acquirer: "old", Branch: "old.no", From: noon.AddDate(-2, 0, 0), Until: noon},
		{Acquirer: "nets", Branch: "nets.no", Wallets: []string{"alipay", "epassi", "vipps"}},
		{Acquirer: "vipps", Branch: "vipps.no", Partner: "2paynow", Wallets: []string{"vipps", "epassi", "momo"}},
		{Acquirer: "soon", Branch: "soon.no", From: noon.Add(1)},
	}}
}

// TestContractThatAWalletPaysUnder asks for each wallet at each sticker: its own
// contract first, so that local stays local, then the issuer's, then any.
func TestContractThatAWalletPaysUnder(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, wallet, issuer, branch string
		at                           time.Time
	}{
		{"the wallet's own, at its own sticker", "vipps", "vipps", "vipps.no", noon},
		{"the wallet's own, at another's sticker", "vipps", "nets", "vipps.no", noon},
		{"the issuer's", "epassi", "vipps", "vipps.no", noon},
		{"the other issuer's", "epassi", "nets", "nets.no", noon},
		{"any, since the issuer's does not take it", "alipay", "vipps", "nets.no", noon},
		{"any, since the issuer has none", "momo", "unknown", "vipps.no", noon},
		{"none takes it", "bluecode", "vipps", "", noon},
		{"the old one is over", "bluecode", "old", "", noon},
		{"the old one, when it was in force", "bluecode", "old", "old.no", noon.Add(-1)},
		{"the new one has not begun", "bluecode", "soon", "", noon},
		{"the new one has begun", "bluecode", "nets", "soon.no", noon.Add(1)},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			contract, err := cafe().ContractFor(c.wallet, c.issuer, c.at)
			if contract.Branch != c.branch {
				t.Errorf("got %q, want %q", contract.Branch, c.branch)
			}
			if c.branch == "" {
				refused(t, err, hansa.NotAccepted)
			}
		})
	}
}

// TestContractOfATill asks with the acquirer given, as a till does.
func TestContractOfATill(t *testing.T) {
	t.Parallel()
	if contract, err := cafe().ContractWith("vipps", "momo", noon); err != nil || contract.Partner != "2paynow" {
		t.Errorf("got %v, %v", contract, err)
	}
	for name, acquirer := range map[string]string{"the acquirer does not take this wallet": "nets", "no contract": "pivo", "over": "old"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := cafe().ContractWith(acquirer, "momo", noon)
			refused(t, err, hansa.NotAccepted)
		})
	}
}

func TestSuspendedStoreTakesNothingNew(t *testing.T) {
	t.Parallel()
	shop := cafe()
	refused(t, shop.Takes(), "")
	shop.Suspended = true
	refused(t, shop.Takes(), hansa.StoreClosed)
}

func TestRevokedCodeCannotBeUsed(t *testing.T) {
	t.Parallel()
	code := merchant.IssuedCode{Code: "010000000001"}
	refused(t, code.Usable(noon), "")
	code.RevokedAt = noon
	refused(t, code.Usable(noon.Add(-1)), "")
	refused(t, code.Usable(noon), hansa.CodeRevoked)
}
