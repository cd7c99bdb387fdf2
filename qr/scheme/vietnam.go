package scheme

import "github.com/hansa-network/hansa/qr/routing"

// Kinds of Vietnam.
const (
	VietQR  = "mpm/vietqr"
	VNPAY   = "mpm/vnpay"
	VNOther = "mpm/vn-other"
)

// vietQRService says whether the account is one of a bank or the number of a card,
// or that a store is paid.
var vietQRService = oneOf("QRIBFTTA", "QRIBFTTC", "QRPUSH")

var vietQR = Profile{
	Kind: VietQR, Name: "VietQR", Country: "VN", Currencies: []string{"704"},
	Templates: []Template{{EMVCo: named("A000000727"), Kinds: []string{VietQR}, Fields: []Field{
		{ID: 1, Name: "beneficiary", Payee: true, Fields: []Field{
			{ID: 0, Name: "bank", Form: digits(6)},
			{ID: 1, Name: "account", Form: upTo(19)},
			{ID: 2, Name: "service", Form: vietQRService}, // Where some writers put it.
		}},
		{ID: 2, Name: "service", Form: vietQRService},
	}}},
	Opaque: ids(80), // Of MoMo: digits of the payer's mobile number.
}

var vnpay = Profile{
	Kind: VNPAY, Name: "VNPAY", Country: "VN", Currencies: []string{"704"},
	Templates: []Template{{EMVCo: named("A000000775"), Kinds: []string{VNPAY}, Fields: []Field{
		{ID: 1, Name: "merchant", Payee: true},
	}}},
}

// vnOther are the wallets of Vietnam that name themselves by a domain.
var vnOther = Profile{
	Kind: VNOther, Name: "a wallet of Vietnam", Country: "VN", Currencies: []string{"704"},
	Templates: []Template{{EMVCo: routing.EMVCo{First: 26, Last: 51, GUID: "vn.*"}, Kinds: []string{VNOther}}},
}
