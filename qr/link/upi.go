package link

import (
	"encoding/base64"
	"slices"
	"strings"
	"time"

	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/qr/reading"
)

// upiCurrency is the only one that UPI pays in.
const upiCurrency money.Currency = "INR"

// upiAsks are the parameters of NPCI's linking specification, and those that tills
// and stores add.
var upiAsks = []parameter{
	{
		key: "pa", name: "payee_address", pattern: pathOf(`[A-Za-z0-9._-]{1,255}@[A-Za-z][A-Za-z0-9.-]{1,63}`),
		missing: reading.Error, wrong: reading.Error,
	},
	{key: "pn", name: "payee_name", missing: reading.Warning},
	{key: "mc", name: "merchant_category", pattern: pathOf(`[0-9]{4}`)},
	{key: "tid", name: "transaction_id", pattern: pathOf(`[!-~]{1,35}`)},
	{key: "tr", name: "transaction_reference", pattern: pathOf(`[ -~]{1,35}`)},
	{key: "tn", name: "transaction_note"},
	{key: "am", name: "amount", unit: major, in: upiCurrency},
	{key: "mam", name: "minimum_amount"},
	{key: "cu", name: "currency"},
	{key: "url", name: "reference_url", pattern: pathOf(`https?://.+`)},
	{key: "mode", name: "mode", pattern: pathOf(`[0-9]{2}`)},
	{key: "orgid", name: "organisation", pattern: pathOf(`[0-9]{6}`)},
	{key: "purpose", name: "purpose", pattern: pathOf(`[0-9]{2}`)},
	{key: "sign", name: "signature"},
	{key: "QRexpire", name: "expires"},
	{key: "QRts", name: "created"},
	{key: "txnType", name: "transaction_type", pattern: pathOf(`PAY|CREATE|UPDATE|REVOKE`)},
	{key: "ver", name: "version", pattern: pathOf(`[0-9]{2}`)},
	{key: "mid", name: "merchant"},
	{key: "msid", name: "store"},
	{key: "mtid", name: "terminal"},
	{key: "qrMedium", name: "medium", pattern: pathOf(`[0-9]{2}`)},
	{key: "query", name: "query"},
	{key: "invoiceNo", name: "invoice"},
	{key: "invoiceDate", name: "invoice_date"},
	{key: "gstIn", name: "tax_number"},
	{key: "gstBrkUp", name: "tax"},
}

// mandateAsks are the further parameters of a mandate.
var mandateAsks = []parameter{
	{key: "mn", name: "mandate_name"},
	{key: "amrule", name: "amount_rule", pattern: pathOf(`MAX|EXACT`), missing: reading.Warning},
	{key: "fam", name: "first_amount"},
	{key: "validitystart", name: "valid_from", missing: reading.Warning},
	{key: "validityend", name: "valid_until", missing: reading.Warning},
	{
		key: "recur", name: "recurrence", missing: reading.Warning,
		pattern: pathOf(`ONETIME|DAILY|WEEKLY|FORTNIGHTLY|MONTHLY|BIMONTHLY|QUARTERLY|HALFYEARLY|YEARLY|ASPRESENTED`),
	},
	{key: "recurvalue", name: "recurrence_day", pattern: pathOf(`[0-9]{1,2}`)},
	{key: "recurtype", name: "recurrence_rule", pattern: pathOf(`BEFORE|ON|AFTER`)},
	{key: "rev", name: "revocable", pattern: pathOf(`[YN]`)},
	{key: "share", name: "shared_with_payee", pattern: pathOf(`[YN]`)},
	{key: "block", name: "funds_blocked", pattern: pathOf(`[YN]`)},
}

// secureModes are the modes of codes and links that say that they are signed.
var secureModes = []string{"02", "05", "16"}

// judgeUPI applies the rules that concern more than one parameter. A link that
// contradicts itself is of a kind of its own, whatever it asks for.
func (r *reader) judgeUPI() {
	if r.code.parts.path == "/" {
		r.found(reading.Format, atPath, reading.Warning, "a slash behind the host")
	}
	r.judgeCurrency()
	r.judgeLimit("mam", func(minimum int64) bool { return minimum <= r.code.amount.Value })
	r.judgeTimes()
	r.judgeSignature()
	isContradiction := func(finding reading.Finding) bool {
		return finding.Severity == reading.Error && (finding.Code == reading.Twice || finding.Code == reading.Contradiction)
	}
	if slices.ContainsFunc(r.findings, isContradiction) {
		r.code.kinds = slices.Concat([]string{UPIInvalid}, r.code.kinds)
		r.code.amount = money.Amount{}
	}
}

func (r *reader) judgeCurrency() {
	text, ok := r.code.Value("cu")
	currency := money.Currency(text)
	switch {
	case !ok || text == "" || currency == upiCurrency:
	case strings.EqualFold(text, string(upiCurrency)):
		r.found(reading.LowerCase, "cu", reading.Warning, "the currency is not in capitals")
	case currency.Known():
		r.found(reading.Format, "cu", reading.Error, "UPI pays in %s only", upiCurrency)
	default:
		r.found(reading.UnknownCurrency, "cu", reading.Error, "no currency in use")
	}
}

// judgeLimit compares a second amount with the one that is asked for. Samples of
// the specification have the word null where there is none.
func (r *reader) judgeLimit(key string, holds func(limit int64) bool) {
	text, ok := r.code.Value(key)
	switch {
	case !ok || text == "":
		return
	case text == "null":
		r.found(reading.Empty, reading.Place(key), reading.Warning, "the word null for an amount")
		return
	}
	limit, ok := r.amountOf(parameter{key: key, unit: major, in: upiCurrency}, text)
	if ok && r.code.amount.IsPositive() && !holds(limit.Value) {
		r.found(reading.Contradiction, reading.Place(key), reading.Error, "excludes the amount")
	}
}

// judgeTimes reads when the code was made and when it ends. A plus of the offset
// that came as a space was lost on the way.
func (r *reader) judgeTimes() {
	made, isMade := r.time("QRts", time.RFC3339Nano)
	expires, ok := r.time("QRexpire", time.RFC3339Nano)
	if isMade && ok && expires.Before(made) {
		r.found(reading.Contradiction, "QRexpire", reading.Error, "ends before it was made")
	}
}

func (r *reader) time(key, layout string) (time.Time, bool) {
	text, ok := r.code.Value(key)
	if !ok || text == "" {
		return time.Time{}, false
	}
	at, err := time.Parse(layout, text)
	if err != nil {
		r.found(reading.Format, reading.Place(key), reading.Warning, "not a time that can be read")
	}
	return at, err == nil
}

// judgeSignature looks at what a signature is over. Its keys are NPCI's.
func (r *reader) judgeSignature() {
	signature, ok := r.code.Value("sign")
	if !ok || signature == "" {
		if mode, _ := r.code.Value("mode"); slices.Contains(secureModes, mode) {
			r.found(reading.Missing, "sign", reading.Warning, "the mode says that the link is signed, and it is not")
		}
		return
	}
	if _, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(signature, "=")); err != nil {
		r.found(reading.Format, "sign", reading.Error, "a broken signature: a plus may have become a space on the way")
		return
	}
	r.found(reading.SignedElse, "sign", reading.Note, "signed with a key of UPI: not verified")
	r.judgeCoverage()
	organisation, _ := r.code.Value("orgid")
	category, _ := r.code.Value("mc")
	if strings.Trim(organisation, "0") == "" && strings.Trim(category, "0") == "" {
		r.found(reading.Contradiction, "sign", reading.Warning, "signed, but neither orgid nor mc says with whose key")
	}
}

// judgeCoverage finds parameters that somebody may have added behind the signature,
// which is over everything before it.
func (r *reader) judgeCoverage() {
	signed := false
	for _, parameter := range r.code.parameters {
		if signed {
			r.found(reading.Trailing, placeOf(parameter.Key), reading.Error, "stands behind the signature, which does not cover it")
		}
		signed = signed || strings.EqualFold(parameter.Key, "sign")
	}
}

// dayLayout is how mandates write a day.
const dayLayout = "02012006"

// judgeMandate applies the rules of mandates and those of all UPI links.
func (r *reader) judgeMandate() {
	r.judgeLimit("fam", func(first int64) bool { return first <= r.code.amount.Value })
	from, isFrom := r.time("validitystart", dayLayout)
	until, ok := r.time("validityend", dayLayout)
	if isFrom && ok && until.Before(from) {
		r.found(reading.Contradiction, "validityend", reading.Error, "ends before it starts")
	}
	r.judgeUPI()
}

// judgeWeChatOrder tells the two forms of an order: the name of an order that
// WeChat knows, or a product of a store, signed with that store's key.
func (r *reader) judgeWeChatOrder() {
	_, isNamed := r.code.Value("pr")
	_, isSigned := r.code.Value("sign")
	switch {
	case isNamed && isSigned:
		r.found(reading.Contradiction, "sign", reading.Error, "an order and a product at once")
	case isSigned:
		r.found(reading.SignedElse, "sign", reading.Note, "signed with a store's key: not verified")
		for _, key := range []string{"appid", "mch_id", "product_id", "time_stamp", "nonce_str"} {
			if _, ok := r.code.Value(key); !ok {
				r.found(reading.Missing, reading.Place(key), reading.Error, "the parameter is not there")
			}
		}
	case !isNamed:
		r.found(reading.Missing, "pr", reading.Error, "the parameter is not there")
	}
}
