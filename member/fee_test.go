package member_test

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/money"
)

// serviceCharge is a fee of a fixed part and basis points, from the merchant to its acquirer.
func serviceCharge(currency money.Currency, fixed, points int64, change ...func(*member.Fee)) member.Fee {
	fee := member.Fee{
		ID: "msc", Payer: member.FeeOfMerchant, Receiver: member.FeeOfAcquirer, Currency: currency,
		Tiers: []member.FeeTier{{Fixed: fixed, BasisPoints: points}}, Rounding: money.HalfUp,
		Collected: member.Netted, Returned: true, VAT: member.VAT{Treatment: member.VATExempt},
	}
	for _, c := range change {
		c(&fee)
	}
	return fee
}

// TestFees was reckoned by hand.
func TestFees(t *testing.T) {
	t.Parallel()
	rounded := func(r money.Rounding) func(*member.Fee) { return func(f *member.Fee) { f.Rounding = r } }
	between := func(least, most int64) func(*member.Fee) {
		return func(f *member.Fee) { f.Least, f.Most = least, most }
	}
	taxed := func(points int64) func(*member.Fee) {
		return func(f *member.Fee) { f.VAT = member.VAT{Treatment: member.VATAdded, BasisPoints: points} }
	}
	tiers := func(f *member.Fee) {
		f.Tiers = []member.FeeTier{{BasisPoints: 150}, {From: 100_00, BasisPoints: 100}, {From: 1000_00, Fixed: 1_00, BasisPoints: 50}}
	}
	for _, c := range []struct {
		fee              member.Fee
		amount, want, of string
	}{
		{serviceCharge("NOK", 0, 70), "4000.00 NOK", "28.00 NOK", "0.00 NOK"},
		{serviceCharge("NOK", 1_00, 70), "4000.00 NOK", "29.00 NOK", "0.00 NOK"},
		{serviceCharge("NOK", 0, 70), "0.71 NOK", "0.00 NOK", "0.00 NOK"},                          // 0.497 øre
		{serviceCharge("NOK", 0, 70), "0.72 NOK", "0.01 NOK", "0.00 NOK"},                          // 0.504 øre
		{serviceCharge("NOK", 0, 50), "1.00 NOK", "0.01 NOK", "0.00 NOK"},                          // half an øre
		{serviceCharge("NOK", 0, 50, rounded(money.HalfEven)), "1.00 NOK", "0.00 NOK", "0.00 NOK"}, // to the even one
		{serviceCharge("NOK", 0, 50, rounded(money.HalfEven)), "3.00 NOK", "0.02 NOK", "0.00 NOK"},
		{serviceCharge("NOK", 0, 50, rounded(money.Down)), "3.98 NOK", "0.01 NOK", "0.00 NOK"},
		{serviceCharge("NOK", 0, 50, rounded(money.Up)), "2.02 NOK", "0.02 NOK", "0.00 NOK"},
		{serviceCharge("ISK", 0, 70), "5000 ISK", "35 ISK", "0 ISK"}, // no minor units
		{serviceCharge("ISK", 0, 70), "1500 ISK", "11 ISK", "0 ISK"}, // 10.5 krónur
		{serviceCharge("KWD", 0, 70), "10.000 KWD", "0.070 KWD", "0.000 KWD"},
		{serviceCharge("KWD", 5, 25), "1.234 KWD", "0.008 KWD", "0.000 KWD"}, // 3.085 fils and 5
		{serviceCharge("NOK", 0, 70, between(50, 10_00)), "10.00 NOK", "0.50 NOK", "0.00 NOK"},
		{serviceCharge("NOK", 0, 70, between(50, 10_00)), "4000.00 NOK", "10.00 NOK", "0.00 NOK"},
		{serviceCharge("NOK", 0, 70, taxed(2500)), "4000.00 NOK", "28.00 NOK", "7.00 NOK"},
		{serviceCharge("NOK", 0, 70, taxed(2500)), "10.00 NOK", "0.07 NOK", "0.02 NOK"}, // 1.75 øre
		{serviceCharge("EUR", 0, 0, tiers), "99.99 EUR", "1.50 EUR", "0.00 EUR"},
		{serviceCharge("EUR", 0, 0, tiers), "100.00 EUR", "1.00 EUR", "0.00 EUR"},
		{serviceCharge("EUR", 0, 0, tiers), "1000.00 EUR", "6.00 EUR", "0.00 EUR"},
		{serviceCharge("KRW", 600, 0), "18000 KRW", "600 KRW", "0 KRW"},
	} {
		if err := c.fee.Check(); err != nil {
			t.Errorf("%+v: %v", c.fee, err)
			continue
		}
		charge, err := c.fee.Of(amountOf(t, c.amount))
		if err != nil || charge.Fee.String() != c.want || charge.VAT.String() != c.of {
			t.Errorf("%+v of %s: %s and %s, %v, want %s and %s", c.fee.Tiers, c.amount, charge.Fee, charge.VAT, err, c.want, c.of)
		}
	}
}

// TestReturnedFees has the sample of Alipay's settlement files: half of 18,000 KRW, or of
// 14.50 USD, is refunded, and half of the fee with it.
func TestReturnedFees(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ amount, fee, refunded, want string }{
		{"18000 KRW", "600 KRW", "9000 KRW", "300 KRW"},
		{"14.50 USD", "0.50 USD", "7.25 USD", "0.25 USD"},
		{"14.50 USD", "0.50 USD", "14.50 USD", "0.50 USD"},
		{"3.00 NOK", "0.01 NOK", "1.00 NOK", "0.00 NOK"},
		{"3.00 NOK", "0.01 NOK", "2.00 NOK", "0.01 NOK"},
	} {
		amount, fixed := amountOf(t, c.amount), amountOf(t, c.fee)
		fee := serviceCharge(amount.Currency, fixed.Value, 0)
		charge, err := fee.Of(amount)
		if err != nil {
			t.Fatal(err)
		}
		back, err := fee.Refunded(charge, amount, 0, amountOf(t, c.refunded).Value)
		if err != nil || back.Fee.String() != c.want {
			t.Errorf("%s of %s refunded: %s of %s goes back, %v, want %s", c.refunded, c.amount, back.Fee, c.fee, err, c.want)
		}
	}
	kept := serviceCharge("NOK", 5, 0, func(f *member.Fee) { f.Returned = false })
	charge := member.Charge{Fee: money.New(5, "NOK"), VAT: money.New(1, "NOK")}
	if back, err := kept.Refunded(charge, money.New(100, "NOK"), 0, 100); err != nil || !back.Fee.IsZero() || !back.VAT.IsZero() {
		t.Errorf("of a fee that is kept %s goes back, %v", back.Fee, err)
	}
}

// TestPartsOfFees: in however many parts a payment is refunded, what goes back of its fee
// is never less than nothing, and adds up to all of it.
func TestPartsOfFees(t *testing.T) {
	t.Parallel()
	for seed := range uint64(500) {
		chance := rand.New(rand.NewPCG(seed, 2))
		amount := money.New(1+chance.Int64N(100_000), "NOK")
		fee := serviceCharge("NOK", chance.Int64N(300), chance.Int64N(400), func(f *member.Fee) {
			f.Rounding = []money.Rounding{money.HalfUp, money.HalfEven, money.Down, money.Up}[chance.IntN(4)]
			f.VAT = member.VAT{Treatment: member.VATAdded, BasisPoints: 2500}
		})
		charge, err := fee.Of(amount)
		if err != nil {
			t.Fatal(err)
		}
		back := member.Charge{Fee: money.New(0, "NOK"), VAT: money.New(0, "NOK")}
		for refunded := int64(0); refunded < amount.Value; {
			next := refunded + 1 + chance.Int64N(amount.Value-refunded)
			part, err := fee.Refunded(charge, amount, refunded, next)
			if err != nil || part.Fee.Value < 0 || part.VAT.Value < 0 {
				t.Fatalf("seed %d: %+v, %v", seed, part, err)
			}
			back.Fee.Value, back.VAT.Value = back.Fee.Value+part.Fee.Value, back.VAT.Value+part.VAT.Value
			refunded = next
		}
		if back != charge {
			t.Fatalf("seed %d: %+v goes back of %+v", seed, back, charge)
		}
	}
}

func TestBadFees(t *testing.T) {
	t.Parallel()
	for want, change := range map[string]func(*member.Fee){
		"it has no id":           func(f *member.Fee) { f.ID = "" },
		"unknown_currency":       func(f *member.Fee) { f.Currency = "NKO" },
		`from "payer" to`:        func(f *member.Fee) { f.Payer = "payer" },
		`to "merchant"`:          func(f *member.Fee) { f.Receiver = member.FeeOfMerchant },
		"netted or invoiced":     func(f *member.Fee) { f.Collected = "" },
		"at least 2 and at most": func(f *member.Fee) { f.Least, f.Most = 2, 1 },
		"at least -1":            func(f *member.Fee) { f.Least = -1 },
		"the first tier":         func(f *member.Fee) { f.Tiers = nil },
		"tier is from 0":         func(f *member.Fee) { f.Tiers[0].From = 1 },
		"tier 2 does not begin":  func(f *member.Fee) { f.Tiers = append(f.Tiers, f.Tiers[0]) },
		"tier 1: -1":             func(f *member.Fee) { f.Tiers[0].Fixed = -1 },
		"10001 basis points":     func(f *member.Fee) { f.Tiers[0].BasisPoints = 10_001 },
		"exempt adds nothing":    func(f *member.Fee) { f.VAT.BasisPoints = 2500 },
		"vat: 0 basis points":    func(f *member.Fee) { f.VAT.Treatment = member.VATAdded },
		"vat: exempt, added or":  func(f *member.Fee) { f.VAT.Treatment = "" },
	} {
		fee := serviceCharge("NOK", 0, 70)
		change(&fee)
		if err := fee.Check(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
	if _, err := serviceCharge("NOK", 0, 70).Of(money.New(1, "SEK")); err == nil {
		t.Error("a fee in NOK of an amount in SEK")
	}
}

// TestFeeInJSON is how an agreement says it.
func TestFeeInJSON(t *testing.T) {
	t.Parallel()
	const text = `{"id":"interchange","payer":"acquirer","receiver":"wallet","currency":"EUR","tiers":[{"basis_points":60}],` +
		`"most":500,"rounding":"half_even","collected":"netted","returned":true,"vat":{"treatment":"reverse_charge"}}`
	var fee member.Fee
	if err := json.Unmarshal([]byte(text), &fee); err != nil {
		t.Fatal(err)
	}
	if err := fee.Check(); err != nil {
		t.Error(err)
	}
	again, err := json.Marshal(fee)
	if diff := cmp.Diff(text, string(again)); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

func amountOf(t *testing.T, text string) money.Amount {
	t.Helper()
	amount, err := money.ParseAmount(text)
	if err != nil {
		t.Fatal(err)
	}
	return amount
}
