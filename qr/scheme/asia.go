package scheme

import (
	"github.com/hansa-network/hansa/qr/mpm"
	"github.com/hansa-network/hansa/qr/reading"
	"github.com/hansa-network/hansa/qr/routing"
)

// Kinds of East and South East Asia.
const (
	FPS     = "mpm/fps-hk"
	DuitNow = "mpm/duitnow"
	QRPh    = "mpm/qrph"
	KHQR    = "mpm/khqr"
	JPQR    = "mpm/jpqr"
	LAOQR   = "mpm/laoqr"
)

var fps = Profile{
	Kind: FPS, Name: "FPS", Country: "HK", Currencies: []string{"344", "156"},
	Templates: []Template{{EMVCo: named("hk.com.hkicl"), Kinds: []string{FPS}, Exclusive: true, Fields: []Field{
		{ID: 1, Name: "clearing_code", Form: digits(3)},
		{ID: 2, Name: "fps_id", Form: digits(7, 8, 9), Payee: true},
		{ID: 3, Name: "mobile_number", Form: Form{Has: "-", Max: 35}, Payee: true},
		{ID: 4, Name: "email", Form: Form{Has: "@"}, Payee: true},
		{ID: 5, Name: "timeout"},
		{ID: 6, Name: "amount_editable", Form: oneOf("0", "1")},
	}}},
}

// duitNow writes payload format 02, and a hash into object 82.
var duitNow = Profile{
	Kind: DuitNow, Name: "DuitNow", Country: "MY", Currencies: []string{"458"},
	Templates: []Template{{EMVCo: named("A0000006150001"), Kinds: []string{DuitNow}, Fields: []Field{
		{ID: 1, Name: "acquirer", Form: digits(6)},
		{ID: 2, Name: "merchant_id", Payee: true},
	}}},
	Objects: []Field{{ID: 82, Name: "hash"}},
	Opaque:  ids(82),
	Rulings: []Ruling{{Code: reading.Reserved, Place: "00", Values: []string{"02"}, Severity: reading.Warning}},
}

var qrPh = Profile{
	Kind: QRPh, Name: "QR Ph", Country: "PH", Currencies: []string{"608"},
	Templates: []Template{
		{EMVCo: named("com.p2pqrpay"), Kinds: []string{QRPh}, Fields: qrPhFields},
		{EMVCo: named("ph.ppmi.p2m"), Kinds: []string{QRPh}, Fields: qrPhFields},
	},
}

var qrPhFields = []Field{
	{ID: 1, Name: "bic", Form: exactly(11)},
	{ID: 2, Name: "payment_type"},
	{ID: 3, Name: "merchant_id", Payee: true},
	{ID: 4, Name: "account", Payee: true},
}

// khqr has the account where others have a GUID, and times in template 99 that
// some writers leave out.
var khqr = Profile{
	Kind: KHQR, Name: "KHQR", Country: "KH", Currencies: []string{"116", "840"},
	Templates: []Template{{
		EMVCo: routing.EMVCo{First: 29, Last: 30, Country: "KH"}, Kinds: []string{KHQR}, Exclusive: true,
		Fields: []Field{
			{ID: 0, Name: "bakong_account", Form: Form{Has: "@"}, Payee: true},
			{ID: 1, Name: "account"},
			{ID: 2, Name: "acquiring_bank"},
		},
	}},
	Objects: []Field{{ID: 99, Fields: []Field{{ID: 0, Name: "created_ms"}, {ID: 1, Name: "expires_ms"}}}},
	Rulings: []Ruling{{Code: reading.Missing, Place: "99.00", Severity: reading.Warning}},
}

// jpqr shows the payer a name in Japanese, and the shop's address by its postal code.
var jpqr = Profile{
	Kind: JPQR, Name: "JPQR", Country: "JP", Currencies: []string{"392"},
	Templates: []Template{{EMVCo: national("jp.or.paymentsjapan"), Kinds: []string{JPQR}, Fields: []Field{
		{ID: 1, Name: "level_1", Form: exactly(13), Payee: true},
		{ID: 2, Name: "level_2", Form: exactly(4)},
		{ID: 3, Name: "level_3", Form: exactly(6)},
		{ID: 4, Name: "level_4", Form: exactly(6)},
	}}},
	Objects: []Field{{ID: 64, Fields: []Field{{ID: 0, Name: "language", Form: oneOf("JA", "ja")}}}},
	Demands: [][]mpm.ID{{61}, {64}},
	Rulings: []Ruling{{Code: reading.Missing, Place: "59", Severity: reading.Error}},
}

var laoQR = Profile{
	Kind: LAOQR, Name: "LAO QR", Country: "LA", Currencies: []string{"418"},
	Templates: []Template{{EMVCo: named("A005266284662577"), Kinds: []string{LAOQR}, Fields: []Field{
		{ID: 1, Name: "bank"},
		{ID: 2, Name: "payment_type"},
		{ID: 3, Name: "receiver", Payee: true},
	}}},
}
