package mpm

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/hansa-network/hansa/qr/reading"
	"github.com/hansa-network/hansa/qr/shown"
)

// findingsMax bounds what a hostile text costs. No code in the field comes near.
const findingsMax = 64

// An inspection holds the objects of a payload against the rules of the standard.
type inspection struct {
	payload
	findings *[]reading.Finding
	first    [idMax + 1]uint8 // the number of the first object with an id, from 1; 0 without one

	referenced bool   // template 62 holds a bill number or reference
	channel    string // object 62.11
}

// A place is a path of ids from the root. Each byte holds one, plus 1: three are as
// deep as the standard goes, in 62.50.00.
type place uint32

func (p place) inside(id ID) place { return p<<8 | place(id+1) }

// String returns the ids joined by points.
func (p place) String() string {
	var text [len(".62.50.00")]byte
	written := text[:0]
	for shift := 16; shift >= 0; shift -= 8 {
		if id := byte(p >> shift); id > 0 { //nolint:gosec // The low byte is meant.
			written = append(written, '.', '0'+(id-1)/10, '0'+(id-1)%10)
		}
	}
	return strings.TrimPrefix(string(written), ".")
}

// root is the place of findings about the whole text.
const root place = 0

// report adds a finding. One that would be too many is replaced by an error that
// says so.
func (i *inspection) report(code reading.Code, at place, severity reading.Severity, format string, args ...any) {
	if len(*i.findings) == findingsMax {
		return
	}
	finding := reading.Finding{Code: code, Place: reading.Place(at.String()), Severity: severity}
	if len(*i.findings) == findingsMax-1 {
		finding.Code, finding.Severity = reading.TooMany, reading.Error
		format, args = "more findings than any code in the field has: the others are not listed", nil
	}
	finding.Detail = format
	if len(args) > 0 {
		finding.Detail = fmt.Sprintf(format, args...)
	}
	*i.findings = append(*i.findings, finding)
}

// value returns the value of the first object with that id.
func (i *inspection) value(id ID) (string, bool) {
	n := i.first[id]
	if n == 0 {
		return "", false
	}
	return i.objects[n-1].Value, true
}

// inspect applies every rule but those about the two ends of the text.
func (i *inspection) inspect() {
	i.inspectLength()
	if i.counting == bytes && !i.plain {
		i.reportLengthInBytes()
	}
	for n := range i.objects {
		if id := i.objects[n].ID; i.first[id] == 0 {
			i.first[id] = uint8(n + 1)
		}
	}
	for n := range i.objects {
		object := &i.objects[n]
		at := root.inside(object.ID)
		if int(i.first[object.ID]) == n+1 {
			i.inspectObject(object, at)
		} else if i.isSecond(n) {
			i.report(reading.Twice, at, reading.Error, "object %02d occurs twice", object.ID)
		}
	}
	if i.rest == "" && len(i.objects) > 0 {
		i.inspectPresence()
	}
	i.inspectUse()
}

// isSecond reports whether object n is the second with its id. A third says nothing
// new.
func (i *inspection) isSecond(n int) bool {
	id := i.objects[n].ID
	for _, between := range i.objects[i.first[id]:n] {
		if between.ID == id {
			return false
		}
	}
	return true
}

func (i *inspection) inspectLength() {
	length := len(i.text)
	if length <= payloadMax {
		return
	}
	if !i.plain {
		length = utf8.RuneCountInString(i.text)
	}
	if length > payloadMax {
		i.report(reading.TooLong, root, reading.Error, "%d characters, at most %d fit", length, payloadMax)
	}
}

// inspectObject applies the rules about one object of the root.
func (i *inspection) inspectObject(object *Object, at place) {
	rule := &rootRules[object.ID]
	if object.Value == "" {
		i.reportEmptyRoot(object.ID, at)
		return
	}
	i.inspectValue(object.Value, rule, at)
	switch object.ID { //nolint:exhaustive // Other objects have a class and a length only.
	case IDPayloadFormat:
		if isNumber(object.Value, 2) && object.Value != formatVersion {
			i.report(reading.Reserved, at, reading.Error, "payload format %s, not 01", object.Value)
		}
	case IDInitiation:
		if isNumber(object.Value, 2) && object.Value != staticCode && object.Value != dynamicCode {
			i.report(reading.Reserved, at, reading.Error, "object 01 is %s, not 11 or 12", object.Value)
		}
	case IDCurrency:
		i.inspectCurrency(object.Value, at)
	case IDAmount:
		i.inspectAmount(object.Value, at)
	case IDTipIndicator:
		i.inspectTipIndicator(object.Value, at)
	case IDFixedFee:
		i.inspectFixedFee(object.Value, at)
	case IDPercentageFee:
		i.inspectPercentageFee(object.Value, at)
	case IDCountry:
		if !isCountry(object.Value) {
			i.report(reading.Format, at, reading.Error, "object 58 is %q, not the two capitals of a country", shorten(object.Value))
		}
	}
}

// reportEmptyRoot reports an object of the root without a value. Codes in Hong
// Kong and Vietnam carry an empty 62, which says as much as none.
func (i *inspection) reportEmptyRoot(id ID, at place) {
	severity := reading.Error
	if id == IDAdditionalData {
		severity = reading.Warning
	}
	i.report(reading.Empty, at, severity, "object %02d is empty", id)
}

// inspectValue holds a value that is not empty against its rule.
func (i *inspection) inspectValue(value string, rule *rule, at place) {
	switch rule.class {
	case templateValue:
		i.inspectTemplate(value, rule.template, at)
		return
	case numberValue:
		if !isNumber(value, rule.lengthMax) {
			i.report(reading.Format, at, rule.severity, "%q is not %d digits", shorten(value), rule.lengthMax)
		}
	case reservedValue:
		i.report(reading.Reserved, at, reading.Warning, "kept for later versions of the standard")
	case commonText:
		i.inspectTooLong(value, rule.lengthMax, at)
		if !i.plain && !isASCII(value) {
			i.report(reading.NotASCII, at, reading.Warning, "holds characters other than the 95 of printable ASCII")
		}
	case anyText:
		i.inspectTooLong(value, rule.lengthMax, at)
	case ownValue: // The caller goes on.
	}
	i.inspectShown(value, at)
}

func (i *inspection) inspectTooLong(value string, lengthMax int, at place) {
	if lengthMax == 0 || len(value) <= lengthMax {
		return
	}
	if length := utf8.RuneCountInString(value); length > lengthMax {
		i.report(reading.TooLong, at, reading.Warning, "%d characters, at most %d are allowed", length, lengthMax)
	}
}

// inspectShown looks for what must not be shown. It is asked of every value, since
// each may end up on someone's screen.
func (i *inspection) inspectShown(value string, at place) {
	if i.plain {
		return
	}
	for _, finding := range shown.Check(value, "") {
		i.report(finding.Code, at, finding.Severity, "%s", finding.Detail)
	}
}

// inspectPresence asks for what every payload must have.
func (i *inspection) inspectPresence() {
	if !i.hasAccount() {
		i.report(reading.Missing, root, reading.Error, "holds no account of a payee, objects 02 to 51")
	}
	for _, object := range mandatory {
		if i.first[object.id] == 0 {
			i.report(reading.Missing, root.inside(object.id), object.severity, "object %02d, the %s, is not there",
				object.id, rootRules[object.id].words())
		}
	}
}

func (i *inspection) hasAccount() bool {
	for n := range i.objects {
		if id := i.objects[n].ID; id >= accountFirst && id <= accountLast {
			return true
		}
	}
	return false
}

// inspectUse compares how a code says that it is used with what it holds. None of
// it breaks a rule; together with what is known of the merchant it tells a
// replaced sticker.
func (i *inspection) inspectUse() {
	initiation, _ := i.value(IDInitiation)
	static, dynamic := initiation == "" || initiation == staticCode, initiation == dynamicCode
	if _, ok := i.value(IDAmount); ok && static {
		i.report(reading.StaticAmount, root.inside(IDAmount), reading.Note, "the same amount for every payer")
	}
	if dynamic && !i.referenced {
		i.report(reading.NoReference, root.inside(IDInitiation), reading.Note,
			"for one payment, but without a bill number or reference label of it")
	}
	at := root.inside(IDAdditionalData).inside(IDChannel)
	switch {
	case i.channel == "":
	case onPaper(i.channel) && dynamic:
		i.report(reading.Channel, at, reading.Note, "printed, but for one payment")
	case onScreen(i.channel) && static:
		i.report(reading.Channel, at, reading.Note, "shown on a screen, but for many payments")
	}
}
