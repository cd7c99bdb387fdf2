package qr

import (
	"fmt"
	"strings"
	"time"

	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/qr/mpm"
	"github.com/hansa-network/hansa/qr/reading"
)

// Scheme names our template in an EMVCo code: a domain name, from the top down.
const Scheme = "org.hansa"

// Objects of our template. Ids from criticalFirst to criticalLast change what a
// code means, so a reader that does not know one must refuse; those above may
// be passed over.
const (
	idStoreCode mpm.ID = 1
	idOrder     mpm.ID = 2
	idExpiry    mpm.ID = 3
	idKey       mpm.ID = 4

	criticalFirst mpm.ID = 5
	criticalLast  mpm.ID = 49
)

// Templates of accounts have these ids. We write ours in the first, and read it in
// any.
const (
	ownTemplate       mpm.ID = 26
	ownTemplateLast   mpm.ID = 51
	referenceMax             = 36 // characters of the id of a store code or order
	keyIDMax                 = 20 // characters of a key's id
	expiryLayout             = "20060102150405"
	expiryYearAtLeast        = 2000
)

const byteOrderMark = "\ufeff" // some scanners put it in front

const (
	payloadFormat = "01" // in object 00
	staticCode    = "11" // in object 01: shown to many payers
	dynamicCode   = "12" // in object 01: for one payment
)

// A claim is what a code of ours says of itself, not yet believed.
type claim struct {
	code      mpm.Code
	template  mpm.Object // ours
	kind      string
	keyID     string
	signature []byte
	store     StoreCode // where the kind is KindStore
	order     OrderCode // where the kind is KindOrder
	findings  []reading.Finding
}

// readClaim reads a text that carries our template, and returns false for any
// other. Of a code with an error of the standard it looks no further: what stands
// in it could be anything.
func readClaim(text string) (*claim, bool) {
	c, second := &claim{}, mpm.ID(0)
	for object := range mpm.All(strings.TrimPrefix(text, byteOrderMark)) {
		switch {
		case object.ID < ownTemplate || object.ID > ownTemplateLast || !isOwn(object.Value):
		case c.kind == "":
			c.template, c.kind = object, kindOf(object.Value)
		case second == 0:
			second = object.ID
		}
	}
	if c.kind == "" {
		return nil, false
	}
	var findings []reading.Finding
	c.code, findings = mpm.Read(text)
	c.findings = c.tightened(findings)
	if !reading.Valid(c.findings) {
		return c, true
	}
	if second != 0 {
		c.refuse(reading.OwnTemplateTwice, placeOf(second), "a second template of ours")
	}
	c.readTemplate()
	c.readFace()
	var fault *reading.Finding
	if c.signature, fault = signatureOf(c.code); fault != nil {
		c.findings = append(c.findings, *fault)
	}
	return c, true
}

// isOwn reports whether the value of a template names our scheme.
func isOwn(value string) bool {
	scheme, _ := mpm.Inside(value, mpm.IDScheme)
	return isScheme(scheme)
}

// isScheme reports whether text is the name of our scheme, in any case of ASCII:
// letters of other scripts that fold to one of it, as ſ does, have more bytes.
func isScheme(text string) bool { return len(text) == len(Scheme) && strings.EqualFold(text, Scheme) }

// kindOf says what our template is about. What holds neither an order nor a store
// code is taken for a broken store code.
func kindOf(template string) string {
	for object := range mpm.All(template) {
		if object.ID == idOrder {
			return KindOrder
		}
	}
	return KindStore
}

// tightened holds a code of ours to the rules of the standard more closely than
// codes in the field are held: what is a warning there is an error where we write.
// What others may have put on the same sticker is theirs to judge, as long as it
// can be told from ours and hides nothing. A name may mix scripts, which people
// decide, and the digits of the checksum may be small letters. That an order has no
// reference outside of our template is no news.
func (c *claim) tightened(findings []reading.Finding) []reading.Finding {
	left := make([]reading.Finding, 0, len(findings)+1)
	for _, finding := range findings {
		root, inner, inside := strings.Cut(string(finding.Place), ".")
		theirs := inside && !c.isOurs(root) && (root >= "65" || strings.Contains(inner, "."))
		switch {
		case finding.Code == reading.NoReference:
			continue
		case finding.Severity == reading.Note || finding.Code == reading.LowerCase || finding.Code == reading.MixedScripts:
		case finding.Severity == reading.Warning && (c.isOurs(root) || finding.Code == reading.Empty && !theirs):
			finding.Severity = reading.Error
		case finding.Severity == reading.Error && theirs && !misleads(finding.Code):
			finding.Severity = reading.Warning
		}
		left = append(left, finding)
	}
	return left
}

// isOurs reports whether a code of ours writes the object with that id in the root.
func (c *claim) isOurs(root string) bool {
	switch root {
	case "", "00", "01", "52", "53", "54", "55", "56", "57", "58", "59", "60", "63", "64", "80", "81":
		return true
	}
	return root == string(placeOf(c.template.ID))
}

// misleads reports findings about text that is not what it seems.
func misleads(code reading.Code) bool {
	return code == reading.HiddenText || code == reading.NotUTF8 || code == reading.NotComposed
}

// readTemplate reads our template.
func (c *claim) readTemplate() {
	at := func(id mpm.ID) reading.Place { return placeOf(c.template.ID, id) }
	for object := range mpm.All(c.template.Value) {
		if object.ID >= criticalFirst && object.ID <= criticalLast {
			c.refuse(reading.CriticalUnknown, at(object.ID), "from a later version: it may change what the code means")
		}
	}
	storeCode, isStore := mpm.Inside(c.template.Value, idStoreCode)
	order, isOrder := mpm.Inside(c.template.Value, idOrder)
	reference, id := storeCode, idStoreCode
	switch {
	case isStore && isOrder:
		c.refuse(reading.Contradiction, at(idOrder), "names both a store code and an order")
	case !isStore && !isOrder:
		c.refuse(reading.Missing, at(idStoreCode), "names neither a store code nor an order")
	case isOrder:
		reference, id = order, idOrder
	}
	if reference != "" && !isReference(reference, referenceMax) {
		c.refuse(reading.Format, at(id), "not 1 to %d letters, digits, - and _", referenceMax)
	}
	c.store.Code, c.order.Order = storeCode, order
	c.readExpiry(at(idExpiry))
	keyID, named := mpm.Inside(c.template.Value, idKey)
	switch {
	case !named:
		c.refuse(reading.SignatureMissing, at(idKey), "names no key, so that nobody has signed it")
	case !isReference(keyID, keyIDMax):
		c.refuse(reading.Format, at(idKey), "not 1 to %d letters, digits, - and _", keyIDMax)
	}
	c.keyID = keyID
}

func (c *claim) readExpiry(at reading.Place) {
	text, expires := mpm.Inside(c.template.Value, idExpiry)
	switch {
	case c.kind == KindStore && expires:
		c.refuse(reading.Contradiction, at, "a store code does not expire")
	case c.kind == KindStore:
	case !expires:
		c.refuse(reading.Missing, at, "an order code says when it expires")
	default:
		var ok bool
		if c.order.ExpiresAt, ok = parseExpiry(text); !ok {
			c.refuse(reading.Format, at, "not fourteen digits of a time from the year %d on", expiryYearAtLeast)
		}
	}
}

// parseExpiry reads fourteen digits: year, month, day, hour, minute and second, UTC.
func parseExpiry(text string) (time.Time, bool) {
	expiresAt, err := time.Parse(expiryLayout, text)
	return expiresAt, err == nil && expiresAt.Year() >= expiryYearAtLeast && consistsOf(text, digit, len(expiryLayout))
}

// readFace reads the rest of the code and refuses what contradicts our template.
func (c *claim) readFace() {
	want, what := staticCode, "a store code is static"
	if c.kind == KindOrder {
		want, what = dynamicCode, "an order code is dynamic"
	}
	switch initiation, ok := c.code.Value(mpm.IDInitiation); {
	case !ok:
		c.refuse(reading.Missing, placeOf(mpm.IDInitiation), "%s and says so", what)
	case initiation != want:
		c.refuse(reading.Contradiction, placeOf(mpm.IDInitiation), "%s, this is %s", what, initiation)
	}
	numeric, _ := c.code.Value(mpm.IDCurrency)
	currency, err := money.CurrencyByNumeric(numeric)
	if err != nil {
		panic(fmt.Sprintf("qr: currency %s was found sound, now: %v", numeric, err))
	}
	c.store.Currency = currency
	c.readAmount(currency)
	for _, id := range []mpm.ID{mpm.IDTipIndicator, mpm.IDFixedFee, mpm.IDPercentageFee} {
		if _, ok := c.code.Value(id); ok {
			c.refuse(reading.TipAdded, placeOf(id), "the amount of an order is what is paid, and a store code has none")
		}
	}
	payee := c.readPayee()
	c.store.Payee, c.order.Payee = payee, payee
}

func (c *claim) readAmount(currency money.Currency) {
	text, ok := c.code.Value(mpm.IDAmount)
	at := placeOf(mpm.IDAmount)
	switch {
	case c.kind == KindStore && ok:
		c.refuse(reading.AmountWithStoreCode, at, "on a sticker the payer types the amount")
	case c.kind == KindStore:
	case !ok:
		c.refuse(reading.Missing, at, "an order code says what the order costs")
	default:
		amount, err := money.ParseDecimal(text, currency)
		if err != nil || amount.Payable() != nil || amount.Decimal() != text {
			c.refuse(reading.AmountFormat, at, "not an amount of %s with all its decimals and no zero in front", currency)
		}
		c.order.Amount = amount
	}
}

// refuse adds an error.
func (c *claim) refuse(code reading.Code, at reading.Place, format string, args ...any) {
	c.findings = append(c.findings, *broken(code, at, format, args...))
}

func broken(code reading.Code, at reading.Place, format string, args ...any) *reading.Finding {
	return &reading.Finding{Code: code, Place: at, Severity: reading.Error, Detail: fmt.Sprintf(format, args...)}
}

// placeOf is the place of an object of the root, or within a template of it.
func placeOf(ids ...mpm.ID) reading.Place {
	var place []byte
	for n, id := range ids {
		if n > 0 {
			place = append(place, '.')
		}
		place = append(place, '0'+byte(id/10), '0'+byte(id%10))
	}
	return reading.Place(place)
}

// isReference reports 1 to n letters, digits, hyphens and underscores.
func isReference(text string, n int) bool {
	allowed := func(char byte) bool {
		return digit(char) || char >= 'A' && char <= 'Z' || small(char) || char == '-' || char == '_'
	}
	return text != "" && len(text) <= n && consistsOf(text, allowed, len(text))
}

// consistsOf reports whether text is n bytes that all are of one class.
func consistsOf(text string, class func(byte) bool, n int) bool {
	if len(text) != n {
		return false
	}
	for i := range len(text) {
		if !class(text[i]) {
			return false
		}
	}
	return true
}

func digit(char byte) bool { return char >= '0' && char <= '9' }
func small(char byte) bool { return char >= 'a' && char <= 'z' }
