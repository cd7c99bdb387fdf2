package scheme

import "github.com/hansa-network/hansa/qr/routing"

// Kinds of Thailand.
const (
	PromptPay       = "mpm/promptpay"
	ThaiBillPayment = "mpm/thai-bill-payment"
	TrueMoney       = "mpm/truemoney"
)

// The identifiers of PromptPay. The second is for one payment only.
const (
	promptPayGUID       = "A000000677010111"
	promptPayOnceGUID   = "A000000677010114"
	thaiBillGUID        = "A000000677010112"
	thaiBillAcrossGUID  = "A000000677012006"
	trueMoneyAccount    = "14000" // and a mobile number
	promptPayAccountMax = 43
)

var promptPayFields = []Field{
	{ID: 1, Name: "mobile_number", Form: digits(13), Payee: true},
	{ID: 2, Name: "national_id", Form: digits(13), Payee: true},
	{ID: 3, Name: "ewallet_id", Form: digits(15), Payee: true},
	{ID: 4, Name: "bank_account", Form: upTo(promptPayAccountMax), Payee: true},
	{ID: 5, Name: "one_time_password"},
}

var promptPay = Profile{
	Kind: PromptPay, Name: "PromptPay", Country: "TH", Currencies: []string{"764"},
	Templates: []Template{
		{EMVCo: named(promptPayGUID), Kinds: []string{PromptPay}, Exclusive: true, Fields: promptPayFields},
		{EMVCo: named(promptPayOnceGUID), Kinds: []string{PromptPay}, Exclusive: true, Fields: promptPayFields},
	},
}

// thaiBillPayment pays a biller with up to three references. Codes in the field
// call it PromptPay too.
var thaiBillPayment = Profile{
	Kind: ThaiBillPayment, Name: "Thai QR bill payment", Country: "TH", Currencies: []string{"764"},
	Templates: []Template{
		{EMVCo: named(thaiBillGUID), Kinds: []string{PromptPay, ThaiBillPayment}, Fields: []Field{
			{ID: 1, Name: "biller_id", Form: digits(13, 15), Payee: true},
			{ID: 2, Name: "reference_1", Form: upTo(20)},
			{ID: 3, Name: "reference_2", Form: upTo(20)},
		}},
		{EMVCo: named(thaiBillAcrossGUID), Kinds: []string{ThaiBillPayment}, Fields: []Field{
			{ID: 1, Name: "biller", Payee: true, Fields: []Field{{ID: 1, Name: "biller_id"}}},
			{ID: 2, Name: "reference_1"},
			{ID: 3, Name: "reference_2"},
		}},
	},
	Objects: []Field{{ID: 62, Fields: []Field{{ID: 7, Name: "reference_3"}}}},
}

// trueMoney is an account of PromptPay in one wallet, with a message in object 81
// that is hexadecimal UTF-16.
var trueMoney = Profile{
	Kind: TrueMoney, Name: "TrueMoney", Country: "TH", Currencies: []string{"764"},
	Templates: []Template{{
		EMVCo: routing.EMVCo{First: 26, Last: 51, GUID: promptPayGUID, Holds: &routing.Holds{ID: 3, Start: trueMoneyAccount}},
		Kinds: []string{TrueMoney, PromptPay},
		Fields: []Field{
			{ID: 3, Name: "wallet", Form: digits(15), Payee: true},
		},
	}},
	Objects: []Field{{ID: 81, Name: "message"}},
	Opaque:  ids(81),
}
