package scheme

import (
	"github.com/hansa-network/hansa/qr/mpm"
	"github.com/hansa-network/hansa/qr/reading"
	"github.com/hansa-network/hansa/qr/routing"
)

// Kinds of America and Africa.
const (
	PIX      = "mpm/pix"
	Colombia = "mpm/colombia"
	Ghana    = "mpm/ghana"
	NAMQR    = "mpm/namqr"
)

const (
	pixGUID       = "br.gov.bcb.pix"
	pixSigned     = "what is paid, and to whom, is in a document at this address, signed by the payee's bank: the code alone does not say it; not verified here"
	pixRecurrence = "how often what is paid is in a document at this address, signed by the payee's bank; not verified here"
)

// pix has a key in static codes and, in dynamic ones, the address of all that there
// is to know. The address of recurring payments stands in template 80, together
// with either or alone.
var pix = Profile{
	Kind: PIX, Name: "PIX", Country: "BR", Currencies: []string{"986"},
	Templates: []Template{
		{EMVCo: named(pixGUID), Kinds: []string{PIX}, Exclusive: true, Fields: []Field{
			{ID: 1, Name: "key", Form: upTo(77), Payee: true},
			{ID: 2, Name: "message"},
			{ID: 3, Name: "withdrawal_facilitator", Form: digits(8)},
			{ID: 25, Name: "url", Form: Form{Max: 77, Address: true}, Loose: true, Payee: true, Signed: pixSigned},
		}},
		{EMVCo: routing.EMVCo{First: 80, Last: 99, GUID: pixGUID}, Fields: []Field{
			{ID: 25, Name: "recurrence_url", Form: Form{Max: 77, Address: true}, Loose: true, Payee: true, Signed: pixRecurrence},
		}},
	},
	Objects: []Field{{ID: 62, Fields: []Field{{ID: 5, Name: "transaction_id"}}}},
	Demands: [][]mpm.ID{{62, 5}},
	Rulings: []Ruling{{Code: reading.AmountZero, Place: "54", Severity: reading.Warning}},
}

var colombia = Profile{
	Kind: Colombia, Name: "Colombia's interoperable code", Country: "CO", Currencies: []string{"170"},
	Templates: []Template{{EMVCo: routing.EMVCo{First: 26, Last: 51, GUID: "CO.COM.*"}, Kinds: []string{Colombia}}},
}

var ghana = Profile{
	Kind: Ghana, Name: "GhQR", Country: "GH", Currencies: []string{"936"},
	Templates: []Template{{EMVCo: routing.EMVCo{First: 2, Last: 51, Country: "GH", Currency: "936"}, Kinds: []string{Ghana}}},
}

// namQR is signed by the payee's bank, and may be shown by the payer.
var namQR = Profile{
	Kind: NAMQR, Name: "NAMQR", Country: "NA", Currencies: []string{"516"},
	Templates: []Template{{EMVCo: routing.EMVCo{First: 17, Last: 51, Country: "NA", Currency: "516"}, Kinds: []string{NAMQR}}},
	Objects: []Field{
		{ID: 65, Name: "token_vault_id"},
		{ID: 66, Name: "signature", Signed: "the bank of the payee signed all that stands before; not verified here"},
	},
	Rulings: []Ruling{
		{Code: reading.Reserved, Place: "01", Values: []string{"13", "14"}, Severity: reading.Warning},
		{Code: reading.Reserved, Place: "65", Severity: reading.Note},
		{Code: reading.Reserved, Place: "66", Severity: reading.Note},
	},
}

// The kinds of codes that a card scheme can pay.
const (
	Visa            = "mpm/visa"
	Mastercard      = "mpm/mastercard"
	Discover        = "mpm/discover"
	AmericanExpress = "mpm/american-express"
	JCB             = "mpm/jcb"
	UnionPay        = "mpm/unionpay"
)

// cards own plain objects wherever they stand.
var cards = []Profile{
	card(Visa, "Visa", 2),
	card(Mastercard, "Mastercard", 4),
	card(Discover, "Discover", 9),
	card(AmericanExpress, "American Express", 11),
	card(JCB, "JCB", 13),
	card(UnionPay, "UnionPay", 15),
}

// card owns the object first and the next one.
func card(kind, name string, first mpm.ID) Profile {
	return Profile{Kind: kind, Name: name, Templates: []Template{
		{EMVCo: routing.EMVCo{First: first, Last: first + 1}, Kinds: []string{kind}},
	}}
}
