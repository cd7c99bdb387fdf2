package scheme

import (
	"github.com/hansa-network/hansa/qr/mpm"
	"github.com/hansa-network/hansa/qr/reading"
	"github.com/hansa-network/hansa/qr/routing"
)

// Kinds of India. A BharatQR code has cards and, in its templates, UPI.
const (
	BharatQR = "mpm/bharatqr"
	UPI      = "mpm/upi"
)

const upiGUID = "A000000524"

// bharatQR says in object 01 also by which radio it was sent.
var bharatQR = Profile{
	Kind: BharatQR, Name: "BharatQR", Country: "IN", Currencies: []string{"356"},
	Templates: []Template{
		{EMVCo: routing.EMVCo{First: 2, Last: 25, Country: "IN", Currency: "356"}, Kinds: []string{BharatQR}},
		{EMVCo: routing.EMVCo{First: 26, Last: 26, GUID: upiGUID}, Kinds: []string{BharatQR, UPI}, Fields: []Field{
			{ID: 1, Name: "payment_address", Form: Form{Has: "@"}},
			{ID: 2, Name: "minimum_amount"},
		}},
		{EMVCo: routing.EMVCo{First: 27, Last: 27, GUID: upiGUID}, Kinds: []string{BharatQR, UPI}, Fields: []Field{
			{ID: 1, Name: "transaction_reference", Form: upTo(35)},
			{ID: 2, Name: "url"},
		}},
		{EMVCo: routing.EMVCo{First: 28, Last: 28, GUID: upiGUID}, Kinds: []string{BharatQR, UPI}, Fields: []Field{
			{ID: 1, Name: "aadhaar_number"},
		}},
	},
	Objects: []Field{{ID: 6, Name: "rupay"}, {ID: 8, Name: "bank_account"}, {ID: 59, Form: upTo(23)}},
	Demands: [][]mpm.ID{{61}},
	Rulings: []Ruling{
		{Code: reading.Reserved, Place: "01", Values: []string{"21", "22", "31", "32"}, Severity: reading.Warning},
		{Code: reading.Missing, Place: "59", Severity: reading.Error},
	},
}

// upi inside an EMVCo code is always part of BharatQR, whose profile says what is
// in its templates. Its links are read by package link.
var upi = Profile{Kind: UPI, Name: "UPI", Country: "IN", Currencies: []string{"356"}}
