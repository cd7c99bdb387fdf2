package scheme

import (
	"github.com/hansa-network/hansa/qr/mpm"
	"github.com/hansa-network/hansa/qr/routing"
)

// QRIS is the one kind of Indonesia.
const QRIS = "mpm/qris"

var qrisMerchantClass = oneOf("UMI", "UKE", "UME", "UBE", "URE")

// qris is mandatory in Indonesia, so that every issuer's template there is of it,
// also in a code without the national one.
var qris = Profile{
	Kind: QRIS, Name: "QRIS", Country: "ID", Currencies: []string{"360"},
	Templates: []Template{
		{EMVCo: national("ID.CO.QRIS.WWW"), Kinds: []string{QRIS}, Fields: qrisNational},
		{EMVCo: national("ID.OR.GPNQR.WWW"), Kinds: []string{QRIS}, Fields: qrisNational},
		{EMVCo: routing.EMVCo{First: 26, Last: 51, Country: "ID", Currency: "360"}, Kinds: []string{QRIS}, Fields: []Field{
			{ID: 1, Name: "merchant_pan", Form: digitsUpTo(19), Payee: true},
			{ID: 2, Name: "merchant_id", Form: upTo(15)},
			{ID: 3, Name: "merchant_class", Form: qrisMerchantClass},
		}},
	},
	Demands: [][]mpm.ID{{61}},
}

var qrisNational = []Field{
	{ID: 2, Name: "national_merchant_id", Form: Form{Lengths: []int{15}, Has: "ID"}, Payee: true},
	{ID: 3, Name: "merchant_class", Form: qrisMerchantClass},
}

// national returns where the template of a country's scheme stands, which makes
// the whole code one of that scheme.
func national(guid string) routing.EMVCo {
	return routing.EMVCo{First: 26, Last: 51, GUID: guid, Whole: true}
}
