package scheme

// Kinds of Singapore. On one sticker, SGQR, stand all the others.
const (
	SGQR      = "mpm/sgqr"
	PayNow    = "mpm/paynow"
	NETS      = "mpm/nets"
	WeChatPay = "mpm/wechat-pay"
	Alipay    = "mpm/alipay"
	GrabPay   = "mpm/grabpay"
	ShopeePay = "mpm/shopeepay"
	Dash      = "mpm/dash"
	EZLink    = "mpm/ez-link"
)

var sgqr = Profile{
	Kind: SGQR, Name: "SGQR", Country: "SG", Currencies: []string{"702"},
	Templates: []Template{{EMVCo: national("SG.SGQR"), Kinds: []string{SGQR}, Fields: []Field{
		{ID: 1, Name: "sgqr_id"},
		{ID: 2, Name: "version"},
		{ID: 3, Name: "postal_code", Form: digits(6)},
		{ID: 4, Name: "level"},
		{ID: 5, Name: "unit"},
		{ID: 6, Name: "miscellaneous"},
		{ID: 7, Name: "version_date", Form: digits(8)},
	}}},
}

var payNow = Profile{
	Kind: PayNow, Name: "PayNow", Country: "SG", Currencies: []string{"702"},
	Templates: []Template{{EMVCo: named("SG.PAYNOW"), Kinds: []string{PayNow}, Fields: []Field{
		{ID: 1, Name: "proxy_type", Form: oneOf("0", "2", "3")},
		{ID: 2, Name: "proxy", Payee: true},
		{ID: 3, Name: "amount_editable", Form: oneOf("0", "1")},
		{ID: 4, Name: "expires", Form: digits(8, 12, 14)},
		{ID: 5, Name: "reference"},
	}}},
}

// guests are the wallets that stand in the codes of others.
var guests = []Profile{
	guest(NETS, "NETS", "SG.COM.NETS"),
	guest(WeChatPay, "WeChat Pay", "COM.QQ.WEIXIN.PAY"),
	guest(Alipay, "Alipay", "com.alipay", Field{ID: 1, Name: "url"}),
	guest(GrabPay, "GrabPay", "com.grab"),
	guest(ShopeePay, "ShopeePay", "SG.AIRPAY"),
	guest(Dash, "Dash", "SG.COM.DASH.WWW"),
	guest(EZLink, "EZ-Link", "sg.com.ezlink"),
}

func guest(kind, name, guid string, fields ...Field) Profile {
	return Profile{Kind: kind, Name: name, Templates: []Template{{EMVCo: named(guid), Kinds: []string{kind}, Fields: fields}}}
}
