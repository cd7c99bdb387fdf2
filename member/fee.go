package member

import (
	"slices"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/money"
)

// A Fee is what one side of a payment owes another for it, as their agreement says.
// It is reckoned on the payment's amount in one currency, and owed in the same.
type Fee struct {
	ID        string         `json:"id"`
	Payer     FeeSide        `json:"payer"`
	Receiver  FeeSide        `json:"receiver"`
	Currency  money.Currency `json:"currency"`
	Tiers     []FeeTier      `json:"tiers"`           // by From, the first from zero
	Least     int64          `json:"least,omitempty"` // of the fee, in minor units
	Most      int64          `json:"most,omitempty"`  // of the fee; zero: no cap
	Rounding  money.Rounding `json:"rounding"`
	Collected Collection     `json:"collected"`
	Returned  bool           `json:"returned,omitempty"` // in proportion, when the payment is refunded
	VAT       VAT            `json:"vat"`
}

// A FeeSide is who pays a fee or gets it.
type FeeSide string

// The sides of a fee.
const (
	FeeOfMerchant FeeSide = "merchant"
	FeeOfAcquirer FeeSide = "acquirer"
	FeeOfWallet   FeeSide = "wallet"
	FeeOfPartner  FeeSide = "partner" // an acquiring or sales partner
	FeeOfProvider FeeSide = "fx_provider"
	FeeOfOperator FeeSide = "operator"
)

var feeSides = []FeeSide{FeeOfMerchant, FeeOfAcquirer, FeeOfWallet, FeeOfPartner, FeeOfProvider, FeeOfOperator}

// A FeeTier is what payments from an amount on cost, up to that of the next tier. The
// whole payment is in one tier.
type FeeTier struct {
	From        int64 `json:"from,omitempty"`         // minor units
	Fixed       int64 `json:"fixed,omitempty"`        // minor units
	BasisPoints int64 `json:"basis_points,omitempty"` // of the payment
}

// Collection is how a fee reaches its receiver.
type Collection string

// The ways to collect a fee.
const (
	Netted   Collection = "netted"   // taken off what is settled or paid out
	Invoiced Collection = "invoiced" // owed until an invoice is paid
)

// VAT says how a fee is taxed.
type VAT struct {
	Treatment   VATTreatment `json:"treatment"`
	BasisPoints int64        `json:"basis_points,omitempty"` // of the fee, where the receiver adds it
}

// A VATTreatment is who owes value added tax on a fee.
type VATTreatment string

// The treatments.
const (
	VATExempt        VATTreatment = "exempt"         // nobody: a financial service (Directive 2006/112/EC, Article 135)
	VATAdded         VATTreatment = "added"          // the receiver adds it
	VATReverseCharge VATTreatment = "reverse_charge" // the payer owes it to its own state (Article 196)
)

// basisPointsMax is the whole.
const basisPointsMax = 10_000

// Check refuses Malformed where the fee cannot be reckoned, and UnknownCurrency.
func (f Fee) Check() error {
	if _, err := money.ParseCurrency(string(f.Currency)); err != nil {
		return err
	}
	wrong := func(format string, args ...any) error {
		return hansa.Refuse(hansa.Malformed, "fee "+f.ID+": "+format, args...)
	}
	switch {
	case f.ID == "":
		return wrong("it has no id")
	case !slices.Contains(feeSides, f.Payer) || !slices.Contains(feeSides, f.Receiver) || f.Payer == f.Receiver:
		return wrong("from %q to %q", f.Payer, f.Receiver)
	case f.Collected != Netted && f.Collected != Invoiced:
		return wrong("collected: netted or invoiced")
	case f.Least < 0 || f.Most < 0 || f.Most > 0 && f.Most < f.Least:
		return wrong("at least %d and at most %d", f.Least, f.Most)
	case len(f.Tiers) == 0 || f.Tiers[0].From != 0:
		return wrong("the first tier is from 0")
	}
	for i, tier := range f.Tiers {
		if i > 0 && tier.From <= f.Tiers[i-1].From {
			return wrong("tier %d does not begin after the one before", i+1)
		}
		if tier.Fixed < 0 || tier.BasisPoints < 0 || tier.BasisPoints > basisPointsMax {
			return wrong("tier %d: %d and %d basis points", i+1, tier.Fixed, tier.BasisPoints)
		}
	}
	return f.VAT.check(wrong)
}

func (v VAT) check(wrong func(string, ...any) error) error {
	switch v.Treatment {
	case VATExempt, VATReverseCharge:
		if v.BasisPoints != 0 {
			return wrong("vat: %s adds nothing", v.Treatment)
		}
	case VATAdded:
		if v.BasisPoints <= 0 || v.BasisPoints > basisPointsMax {
			return wrong("vat: %d basis points", v.BasisPoints)
		}
	default:
		return wrong("vat: exempt, added or reverse_charge")
	}
	return nil
}

// A Charge is a fee in money.
type Charge struct {
	Fee money.Amount
	VAT money.Amount // beside it
}

// Of returns what a payment of amount costs: the fixed part and the share of its tier,
// rounded once, then held between least and most, and the tax on that. It refuses
// CurrencyMismatch, and OutOfRange where the fee is no amount any more. The fee must
// have passed Check.
func (f Fee) Of(amount money.Amount) (Charge, error) {
	if amount.Currency != f.Currency {
		return Charge{}, hansa.Refuse(hansa.CurrencyMismatch, "fee %s is in %s", f.ID, f.Currency)
	}
	tier := f.Tiers[0]
	for _, t := range f.Tiers {
		if amount.Value >= t.From {
			tier = t
		}
	}
	share, err := amount.Share(tier.BasisPoints, basisPointsMax, f.Rounding)
	if err != nil {
		return Charge{}, err
	}
	fee, err := share.Plus(money.New(tier.Fixed, f.Currency))
	if err != nil {
		return Charge{}, err
	}
	fee.Value = max(fee.Value, f.Least)
	if f.Most > 0 {
		fee.Value = min(fee.Value, f.Most)
	}
	tax, err := fee.Share(f.VAT.BasisPoints, basisPointsMax, f.Rounding)
	return Charge{fee, tax}, err
}

// Refunded returns what of the charge for a payment goes back when, of its amount, not
// before but after has been refunded in all. What goes back for the parts of a payment
// adds up exactly to what goes back for the whole. Nothing goes back of a fee that is not
// Returned. It panics where after is not between before and the amount.
func (f Fee) Refunded(charge Charge, amount money.Amount, before, after int64) (Charge, error) {
	if before < 0 || after < before || after > amount.Value || amount.Value == 0 {
		panic("a refund beyond the payment")
	}
	if !f.Returned {
		return Charge{money.New(0, f.Currency), money.New(0, f.Currency)}, nil
	}
	part := func(whole money.Amount) (money.Amount, error) {
		until, err := whole.Share(after, amount.Value, f.Rounding)
		if err != nil {
			return money.Amount{}, err
		}
		given, err := whole.Share(before, amount.Value, f.Rounding)
		if err != nil {
			return money.Amount{}, err
		}
		return until.Minus(given)
	}
	fee, err := part(charge.Fee)
	if err != nil {
		return Charge{}, err
	}
	tax, err := part(charge.VAT)
	return Charge{fee, tax}, err
}
