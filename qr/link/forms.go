package link

import (
	"regexp"
	"slices"
	"strings"

	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/qr/reading"
)

// A form is what links of one kind look like.
type form struct {
	kind       string
	scheme     string
	hosts      []string       // of which the host must be one; none is any host
	start      string         // what every path of the kind begins with, compared without case
	path       *regexp.Regexp // the whole path; its named groups are fields
	parameters []parameter
	judge      func(*reader) // what no pattern can say
}

// A parameter is one that a form knows.
type parameter struct {
	key     string
	name    string           // in fields
	pattern *regexp.Regexp   // the whole value; nil is any text
	missing reading.Severity // where it is not there; empty if it is not needed
	wrong   reading.Severity // where it does not match; empty is a warning
	unit    unit
	in      money.Currency // of an amount
}

// A unit says in which an amount is written.
type unit uint8

// The units of amounts.
const (
	noAmount unit = iota
	major         // 12.50
	minor         // 1250
)

const uuid = `[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}`

// pathOf compiles the pattern of a whole path or value.
func pathOf(pattern string) *regexp.Regexp { return regexp.MustCompile(`\A(?:` + pattern + `)\z`) }

var (
	vippsHosts   = []string{"qr.vipps.no"}
	danishHosts  = []string{"qr.mobilepay.dk"}
	finnishHosts = []string{"qr.mobilepay.fi"}
	oldHosts     = []string{"mobilepay.dk", "www.mobilepay.dk"}
)

// forms are all kinds of links, those of a named host first. WeChat and UPI write
// the payee, or what to do, where other links have the host.
var forms = []form{
	{kind: VippsPersonal, scheme: "https", hosts: vippsHosts, start: "/28/2/01/", path: pathOf(`/28/2/01/031/(?P<phone>[1-9][0-9]{7,14})`), parameters: vippsAsks},
	{kind: VippsMerchant, scheme: "https", hosts: vippsHosts, start: "/28/2/05/", path: pathOf(`/28/2/05/031/(?P<merchant>[A-Za-z0-9_-]{4,64})`), parameters: vippsAsks},
	{kind: VippsBox, scheme: "https", hosts: vippsHosts, start: "/box/", path: pathOf(`/box/(?P<box>` + uuid + `)/pay-in`), parameters: boxAsks("NOK")},
	{kind: VippsDonations, scheme: "https", hosts: vippsHosts, start: "/donations/", path: pathOf(`/donations/(?P<campaign>[0-9]{1,20})`)},
	{kind: VippsToken, scheme: "https", hosts: vippsHosts, start: "/p/", path: pathOf(`/p/(?P<token>[A-Za-z0-9_-]{8,256})`)},
	{kind: VippsShort, scheme: "https", hosts: vippsHosts, start: "/", path: pathOf(`/(?P<name>[A-Za-z0-9_-]{4,64})`)},
	{kind: MobilePayBox, scheme: "https", hosts: danishHosts, start: "/box/", path: pathOf(`/box/(?P<box>` + uuid + `)/pay-in`), parameters: boxAsks("DKK")},
	{kind: MobilePayBox, scheme: "https", hosts: finnishHosts, start: "/box/", path: pathOf(`/box/(?P<box>` + uuid + `)/pay-in`), parameters: boxAsks("EUR")},
	{
		kind: MobilePayLink, scheme: "https", hosts: oldHosts, start: "/erhverv/betalingslink",
		path: pathOf(`/erhverv/betalingslink(/betalingslink-svar)?`), parameters: oldMobilePayAsks,
	},
	{kind: MobilePayPoS, scheme: "mobilepaypos", hosts: []string{"pos"}, path: pathOf(``), parameters: beaconAsks},
	{
		kind: Alipay, scheme: "https", hosts: []string{"qr.alipay.com"}, start: "/",
		path: pathOf(`/(?P<code>[A-Za-z0-9]{8,64})`), parameters: []parameter{{key: "t", name: "time"}, {key: "_s", name: "source"}},
	},
	{kind: AlipayPlusMPM, scheme: "https", start: "/MPM/", path: pathOf(`/MPM/(?P<version>[0-9]{1,2})/(?P<payload>.+)`), judge: (*reader).judgeAlipayPlus},
	{
		kind: AlipayPlusOrder, scheme: "https", start: "/281",
		path: pathOf(`/(?P<issuer>281[0-9]{3})(?P<type>04)(?P<order>[0-9]{4}[A-Za-z0-9_-]{0,64})`), judge: (*reader).judgeOrderCode,
	},
	{kind: WeChatPersonal, scheme: "wxp", start: "f2f0", path: pathOf(`f2f0(?P<payee>[A-Za-z0-9_=-]{8,128})`)},
	{kind: WeChatMerchant, scheme: "wxp", start: "wbf2f", path: pathOf(`wbf2f(?P<payee>[A-Za-z0-9_=-]{4,128})`)},
	{
		kind: WeChatOrder, scheme: "weixin", hosts: []string{"wxpay"}, start: "/bizpayurl",
		path: pathOf(`/bizpayurl(/up)?`), parameters: weChatAsks, judge: (*reader).judgeWeChatOrder,
	},
	{kind: UPIPay, scheme: "upi", hosts: []string{"pay"}, path: pathOf(`/?`), parameters: upiAsks, judge: (*reader).judgeUPI},
	{
		kind: UPIMandate, scheme: "upi", hosts: []string{"mandate"}, path: pathOf(`/?`),
		parameters: slices.Concat(upiAsks, mandateAsks), judge: (*reader).judgeMandate,
	},
}

var vippsAsks = []parameter{
	{key: "v", name: "version", pattern: pathOf(`[0-9]{1,2}`)},
	{key: "m", name: "message"},
	{key: "a", name: "amount", unit: minor, in: "NOK"},
}

func boxAsks(currency money.Currency) []parameter {
	return []parameter{{key: "amount", name: "amount", unit: minor, in: currency}, {key: "message", name: "message"}}
}

var oldMobilePayAsks = []parameter{
	{key: "phone", name: "phone", pattern: pathOf(`[0-9]{4,12}`), missing: reading.Error, wrong: reading.Error},
	{key: "amount", name: "amount", unit: major, in: "DKK"},
	{key: "comment", name: "comment"},
	{key: "lock", name: "locked", pattern: pathOf(`[01]`)},
}

var beaconAsks = []parameter{
	{key: "id", name: "beacon", pattern: pathOf(`[0-9]{10,15}|` + uuid), missing: reading.Error, wrong: reading.Error},
	{key: "source", name: "source", pattern: pathOf(`qr`)},
}

var weChatAsks = []parameter{
	{key: "pr", name: "order", pattern: pathOf(`[A-Za-z0-9_-]{4,64}`), wrong: reading.Error},
	{key: "appid", name: "app"},
	{key: "mch_id", name: "merchant", pattern: pathOf(`[0-9]{8,10}`)},
	{key: "product_id", name: "product"},
	{key: "time_stamp", name: "time", pattern: pathOf(`[0-9]{10}`)},
	{key: "nonce_str", name: "nonce"},
	{key: "sign", name: "signature", pattern: pathOf(`[0-9A-Fa-f]{32}|[0-9A-Fa-f]{64}`), wrong: reading.Error},
	{key: "groupid", name: "group"},
}

// schemes are those that links of any form begin with, and plain HTTP, which some
// pretend with.
var schemes = []string{"https", "http", "upi", "wxp", "weixin", "mobilepaypos"}

// hosts are those of the web, each once.
var hosts = slices.Concat(vippsHosts, danishHosts, finnishHosts, []string{"www.mobilepay.dk", "mobilepay.dk"}, []string{"qr.alipay.com"})

// A Rule says how the links of a kind begin, for a table of all codes.
type Rule struct {
	Kind   string
	Scheme string // in lower case
	Host   string // in lower case; empty where the kind may have any host
	Path   string // what the path begins with, compared without case; may be empty
}

// Rules returns the rules of all kinds that a host or a scheme of its own tells
// from others. The kinds of Alipay+ have any host, and so WeChat's codes, whose
// host is the payee.
func Rules() []Rule {
	var rules []Rule
	for _, form := range forms {
		rule := Rule{Kind: form.kind, Scheme: form.scheme, Path: form.start}
		for _, host := range form.hosts {
			rule.Host = host
			rules = append(rules, rule)
		}
		if len(form.hosts) == 0 {
			if !strings.HasPrefix(rule.Path, "/") {
				rule.Path = ""
			}
			rules = append(rules, rule)
		}
	}
	return rules
}
