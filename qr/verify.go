package qr

import (
	"crypto/ed25519"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/qr/reading"
	"github.com/hansa-network/hansa/qr/shown"
)

// A Judgement is what came of a scanned text: all that was read in it, and a code
// to act on if it is one of ours and no finding is an error.
type Judgement struct {
	reading.Reading

	Store   StoreCode   // of a valid code of KindStore, to the letter what was signed; else empty
	Order   OrderCode   // of a valid code of KindOrder, likewise
	Payment PaymentCode // of a valid code of KindPayment
}

// Verify reads a scanned text and believes a store code or an order code only if it
// is signed, with a key that may sign it now, and says what the directory knows. A
// text of another scheme is read too, and refused if the payee's codes are always
// signed by us.
//
// The checks go from what needs no trust to what needs all of it: the form, the key,
// the signature, the directory, the time. After one that ends in an error the later
// ones are left out, so that the first error is the reason.
func Verify(text string, directory Directory, now time.Time) Judgement {
	if c, ok := readClaim(text); ok {
		return c.judge(directory, now)
	}
	if ownPaymentDigits(ungroup(text)) {
		code, findings := readPayment(text)
		judged := Judgement{Reading: readingOf(KindPayment, findings, paymentFields(code))}
		if judged.Valid {
			judged.Payment = code
		}
		return judged
	}
	judged := Judgement{Reading: Read(text)}
	if finding := directory.downgraded(judged.Reading); finding != nil {
		judged.Findings = append([]reading.Finding{*finding}, judged.Findings...)
		judged.Valid, judged.Strict = false, false
	}
	return judged
}

// Refusal says why there is no code of ours to act on. It is nil if there is one.
func (j Judgement) Refusal() error {
	if first := slices.IndexFunc(j.Findings, func(f reading.Finding) bool { return f.Severity == reading.Error }); first >= 0 {
		finding := j.Findings[first]
		return hansa.Refuse(reasonOf(finding), "%s: %s", finding.Code, finding.Detail)
	}
	switch j.Kind {
	case KindStore, KindOrder, KindPayment:
		return nil
	}
	return hansa.Refuse(hansa.CodeUnknown, "a code of another scheme, %s", j.Kind)
}

func reasonOf(finding reading.Finding) hansa.Reason {
	switch finding.Code { //nolint:exhaustive // All others say that the code is bad.
	case reading.Unknown, reading.NotRegistered:
		return hansa.CodeUnknown
	case reading.Withdrawn:
		return hansa.CodeRevoked
	case reading.Expired:
		return hansa.OrderExpired
	}
	return hansa.CodeInvalid
}

// judge holds a claim against the directory.
func (c *claim) judge(directory Directory, now time.Time) Judgement {
	for _, check := range []func(Directory, time.Time){c.checkKey, c.checkSignature, c.checkRegistration, c.checkNames, c.checkTime} {
		if !reading.Valid(c.findings) {
			break
		}
		check(directory, now)
	}
	judged := Judgement{Reading: readingOf(c.kind, c.findings, c.fields())}
	switch {
	case !judged.Valid:
	case c.kind == KindStore:
		judged.Store = c.store
	default:
		judged.Order = c.order
	}
	return judged
}

func (c *claim) checkKey(directory Directory, now time.Time) {
	at := placeOf(c.template.ID, idKey)
	key, ok := directory.Key(c.keyID)
	switch {
	case !ok:
		c.refuse(reading.KeyUnknown, at, "nobody signs codes with key %s", c.keyID)
	case weak(key.Public):
		c.refuse(reading.KeyWeak, at, "anybody can sign with key %s", c.keyID)
	case key.Withdrawn:
		c.refuse(reading.KeyWithdrawn, at, "key %s was withdrawn", c.keyID)
	case now.Before(key.NotBefore):
		c.refuse(reading.KeyNotYetValid, at, "key %s signs nothing before %s", c.keyID, key.NotBefore.UTC().Format(time.RFC3339))
	case !key.NotAfter.IsZero() && !now.Before(key.NotAfter):
		c.refuse(reading.KeyRetired, at, "key %s was retired on %s", c.keyID, key.NotAfter.UTC().Format(time.RFC3339))
	}
}

// checkSignature checks the signature over everything that stands before it. Under a
// key that is no point of the curve none holds, so that one is looked for last.
func (c *claim) checkSignature(directory Directory, _ time.Time) {
	key, _ := directory.Key(c.keyID)
	switch {
	case ed25519.Verify(key.Public, []byte(signingContext+signedText(c.code)), c.signature):
	case !isPoint(key.Public):
		c.refuse(reading.KeyWeak, placeOf(c.template.ID, idKey), "key %s is no point of the curve: nothing can be signed with it", c.keyID)
	default:
		c.refuse(reading.SignatureWrong, placeOf(idSignatureFirst), "the code was altered, or made by someone else")
	}
}

// checkRegistration compares a store code with what was registered under its id.
func (c *claim) checkRegistration(directory Directory, _ time.Time) {
	registered, known, asked := c.registration(directory)
	key, _ := directory.Key(c.keyID)
	at := placeOf(c.template.ID, idStoreCode)
	switch {
	case !asked:
	case !known:
		c.refuse(reading.NotRegistered, at, "no store code of this id was issued")
	case registered.Issuer != "" && registered.Issuer != key.Issuer:
		c.refuse(reading.KeyOfOtherIssuer, placeOf(c.template.ID, idKey), "key %s may not sign codes of this store", c.keyID)
	case registered.Withdrawn:
		c.refuse(reading.Withdrawn, at, "this store code was withdrawn")
	case registered.Currency != "" && registered.Currency != c.store.Currency:
		c.refuse(reading.CurrencyDiffers, "53", "the store is paid in %s, not in %s", registered.Currency, c.store.Currency)
	case registered.Country != "" && registered.Country != c.store.Country:
		c.refuse(reading.CountryDiffers, "58", "the store is in %s, not in %s", registered.Country, c.store.Country)
	}
}

// registration finds what was registered under the id of a store code. Orders are
// not in a directory.
func (c *claim) registration(directory Directory) (registered Registration, known, asked bool) {
	if c.kind != KindStore || directory.Registration == nil {
		return Registration{}, false, false
	}
	registered, known = directory.Registration(c.store.Code)
	return registered, known, true
}

// checkNames compares every text in which the code shows its payee with what is
// registered: the name of another store, or one that people may take for it, is an
// error; any other text is for people to look at.
func (c *claim) checkNames(directory Directory, _ time.Time) {
	registered, _, _ := c.registration(directory)
	for _, text := range shownOf(c.store.Payee) {
		own := registered.Cities
		if text.isName {
			own = registered.Names
		}
		if printedAs(own, text, strings.EqualFold) {
			continue
		}
		if printedAs(own, text, shown.LookAlike) {
			c.refuse(reading.LookAlike, text.place, "looks like what is registered, and is not")
			continue
		}
		if other, ok := directory.resembled(text, len(own) > 0); ok {
			c.refuse(reading.LookAlike, text.place, "people may take it for %q, which is another store", other)
			continue
		}
		if len(own) > 0 {
			c.findings = append(c.findings, reading.Finding{
				Code: reading.NameDiffers, Place: text.place, Severity: reading.Warning, Detail: fmt.Sprintf("registered is %q", own[0]),
			})
		}
	}
}

// printedAs reports whether one of the registered texts, printed as a code prints
// it, is equal to text in the sense of same.
func printedAs(registered []string, text shownText, same func(a, b string) bool) bool {
	return slices.ContainsFunc(registered, func(one string) bool {
		latin, ok := shown.Latin(one)
		return same(text.value, shown.Fit(one, text.max)) || ok && same(text.value, shown.Fit(latin, text.max))
	})
}

// resembled returns the name of a store that people may take text for. Where the
// payee's own name is not known, a name that is registered is taken for its own.
func (d Directory) resembled(text shownText, ownKnown bool) (string, bool) {
	if !text.isName || d.Resembling == nil {
		return "", false
	}
	names := d.Resembling(text.value)
	if len(names) == 0 || !ownKnown && printedAs(names, text, strings.EqualFold) {
		return "", false
	}
	return names[0], true
}

// checkTime comes last: a code whose time is over is otherwise good.
func (c *claim) checkTime(directory Directory, now time.Time) {
	if c.kind != KindOrder || directory.KeepsOrders {
		return
	}
	at := placeOf(c.template.ID, idExpiry)
	expiry := c.order.ExpiresAt.Format(time.RFC3339)
	switch {
	case c.order.Expired(now):
		c.refuse(reading.Expired, at, "this order expired at %s", expiry)
	case c.order.ExpiresAt.After(now.Add(OrderAhead + aheadTolerance)):
		c.refuse(reading.ExpiresTooLate, at, "expires at %s: no order is open for more than %v", expiry, OrderAhead)
	}
}

// downgraded finds what shows that a text without our template ought to have it: a
// signature of ours that is left over, or an account whose codes are always signed.
func (d Directory) downgraded(read reading.Reading) *reading.Finding {
	for _, field := range read.Fields {
		if strings.HasSuffix(string(field.Place), ".00") && field.Place >= "80" && isScheme(field.Value) {
			return broken(reading.Downgraded, field.Place, "a signature of ours, without the template that it covers")
		}
	}
	if d.AlwaysSigned == nil {
		return nil
	}
	for _, field := range read.Fields {
		account := strings.ToUpper(strings.ReplaceAll(field.Value, " ", ""))
		if slices.ContainsFunc(read.Kinds, func(kind string) bool { return d.AlwaysSigned(kind, account) }) {
			return broken(reading.Downgraded, field.Place, "the codes of this payee are always signed, this one is not")
		}
	}
	return nil
}
