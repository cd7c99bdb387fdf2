package qr

import (
	"strings"

	"github.com/hansa-network/hansa"
)

// Scheme names our template in an EMVCo code: a domain name, from the top down.
const Scheme = "org.hansa"

// Objects of our template. Ids from criticalFirst to criticalLast change what a
// code means, so a reader that does not know one must refuse; those above may
// be passed over.
const (
	idStoreCode ID = 1
	idOrder     ID = 2
	idExpiry    ID = 3
	idKey       ID = 4

	criticalFirst ID = 5
	criticalLast  ID = 49
)

const (
	ownTemplate  ID = 26 // where we write our template; it is read in any of 26 to 51
	referenceMax    = 36 // characters of the id of a store code or order
	keyIDMax        = 20 // characters of a key's id
	expiryLayout    = "20060102150405"
)

// A claim is what a code of ours says of itself, not yet believed.
type claim struct {
	payload   Payload
	kind      Kind
	reference string // the id of the store code or the order
	expiry    string // of an order code: UTC, in expiryLayout
	keyID     string
}

// claimOf finds our template among the accounts of a payload. It refuses with
// hansa.CodeUnknown a payload without one, and what contradicts itself.
func claimOf(payload Payload) (claim, error) {
	objects, err := ownObjects(payload)
	if err != nil {
		return claim{}, err
	}
	for _, object := range objects {
		if object.ID >= criticalFirst && object.ID <= criticalLast {
			return claim{}, hansa.Refuse(hansa.CodeInvalid, "our object %02d is from a newer version of this code", object.ID)
		}
	}
	storeCode, isStore := valueOf(objects, idStoreCode)
	order, isOrder := valueOf(objects, idOrder)
	if isStore == isOrder {
		return claim{}, hansa.Refuse(hansa.CodeInvalid, "names not exactly one of a store and an order")
	}
	c := claim{payload: payload, kind: KindStore, reference: storeCode}
	if isOrder {
		c.kind, c.reference = KindOrder, order
	}
	if !isReference(c.reference, referenceMax) {
		return claim{}, hansa.Refuse(hansa.CodeInvalid, "the id of the %s is not 1 to %d letters, digits, - and _", c.kind, referenceMax)
	}
	c.expiry, _ = valueOf(objects, idExpiry)
	c.keyID, _ = valueOf(objects, idKey)
	if !isReference(c.keyID, keyIDMax) {
		return claim{}, hansa.Refuse(hansa.CodeInvalid, "not signed: the id of a key is 1 to %d letters, digits, - and _", keyIDMax)
	}
	if err := c.check(); err != nil {
		return claim{}, err
	}
	return c, nil
}

// check refuses a claim that the rest of its payload contradicts.
func (c claim) check() error {
	want, isOrder := staticCode, c.kind == KindOrder
	if isOrder {
		want = dynamicCode
	}
	if initiation, _ := c.payload.Value(IDInitiation); initiation != want {
		return hansa.Refuse(hansa.CodeInvalid, "object 01 is %q in a code of kind %s", initiation, c.kind)
	}
	if _, hasAmount := c.payload.Value(IDAmount); hasAmount != isOrder || (c.expiry != "") != isOrder {
		return hansa.Refuse(hansa.CodeInvalid, "an order has an amount and an expiry, a store has neither")
	}
	// The amount of an order is what is paid: nothing may be put on top of it.
	if _, hasTip := c.payload.Value(IDTipIndicator); hasTip {
		return hansa.Refuse(hansa.CodeInvalid, "a tip or fee in a code of ours")
	}
	return nil
}

// ownObjects returns what our template holds. There may be templates of other
// schemes on the same sticker, but only one of ours.
func ownObjects(payload Payload) ([]Object, error) {
	var own []Object
	for _, object := range payload.objects {
		if object.ID < accountTemplateFirst || object.ID > accountLast {
			continue
		}
		objects, err := ParseTemplate(object.Value)
		if err != nil {
			return nil, within(object.ID, err)
		}
		if scheme, _ := valueOf(objects, idScheme); !strings.EqualFold(scheme, Scheme) {
			continue
		}
		if own != nil {
			return nil, hansa.Refuse(hansa.CodeInvalid, "two templates of this network")
		}
		own = objects
	}
	if own == nil {
		return nil, hansa.Refuse(hansa.CodeUnknown, "an EMVCo code of other schemes")
	}
	return own, nil
}

// isReference reports 1 to n letters, digits, hyphens and underscores.
func isReference(text string, n int) bool {
	allowed := func(char byte) bool {
		return digit(char) || capital(char) || small(char) || char == '-' || char == '_'
	}
	return text != "" && len(text) <= n && consistsOf(text, allowed, len(text))
}
