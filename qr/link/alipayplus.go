package link

import (
	"encoding/base64"
	"slices"
	"strings"

	"github.com/hansa-network/hansa/qr/reading"
	"github.com/hansa-network/hansa/qr/shown"
)

// alipayPlusVersion is the one version of the merchant code of Alipay+ that was
// published.
const alipayPlusVersion = "3"

// objectsMax bounds the objects on one level of a payload.
const objectsMax = 32

// An object is a piece of the payload: its name, three digits of length, its value.
// Inside an object the names and lengths have two digits.
type object struct {
	id    string
	value string
}

// alipayPlusNames are what the objects of a payload are called, by their place.
var alipayPlusNames = map[reading.Place]string{
	"GPLD.PLVS":    "payload_version",
	"GPLD.CDSD.01": "platform",
	"GPLD.CDSD.02": "merchant",
	"GPLD.CIRD.01": "issuer",
}

// judgeAlipayPlus reads the payload of a merchant code of Alipay+. The host is the
// issuer's and may be any; the code is read without asking it.
func (r *reader) judgeAlipayPlus() {
	const payloadGroup = 1
	if version := r.code.places[0].Value; version != alipayPlusVersion {
		r.found(reading.NewerVersion, atPath, reading.Error, "version %s of the code, not %s", version, alipayPlusVersion)
		return
	}
	payload, ok := r.payload(r.code.places[payloadGroup].Value)
	if !ok {
		return
	}
	outer := r.objects(payload, "", 4, 3)
	if len(outer) != 1 || outer[0].id != "GPLD" {
		r.found(reading.Format, atPath, reading.Error, "the payload is not one object GPLD")
		return
	}
	inner := r.objects(outer[0].value, "GPLD", 4, 3)
	for _, object := range inner {
		place := reading.Place("GPLD." + object.id)
		if object.id != "CDSD" && object.id != "CIRD" {
			r.place(place, object.value)
			continue
		}
		for _, part := range r.objects(object.value, place, 2, 2) {
			r.place(place+"."+reading.Place(part.id), part.value)
		}
	}
	for _, id := range []string{"PLVS", "CDSD", "CIRD"} {
		if !slices.ContainsFunc(inner, func(object object) bool { return object.id == id }) {
			r.found(reading.Missing, reading.Place("GPLD."+id), reading.Warning, "the object is not there")
		}
	}
}

// judgeOrderCode refuses the host of a private order code: which one it must be
// stands in the contract between Alipay+ and the acquirer, and the path alone is one
// that any link of the web may have.
func (r *reader) judgeOrderCode() {
	r.found(reading.ForeignHost, atHost, reading.Error, "an acquirer's host, which only those who have a contract with it know")
}

// place enters an object of the payload into the fields.
func (r *reader) place(place reading.Place, value string) {
	r.code.places = append(r.code.places, reading.Field{Place: place, Name: alipayPlusNames[place], Value: value})
}

// payload decodes base64 in a path, where plus, slash and equals sign should be
// escaped, and often are not.
func (r *reader) payload(text string) (string, bool) {
	decoded, err := base64.StdEncoding.Strict().DecodeString(r.decoded(text, atPath))
	switch {
	case err != nil:
		r.found(reading.Format, atPath, reading.Error, "the payload is not base64")
	case !shown.Printable(string(decoded)):
		r.found(reading.NotASCII, atPath, reading.Error, "the payload has more than printable ASCII")
	default:
		if strings.ContainsAny(text, "+/=") {
			r.found(reading.Format, atPath, reading.Warning, "a sign of base64 is not escaped")
		}
		return string(decoded), true
	}
	return "", false
}

// objects divides a value into objects. It stops at the first thing that is none.
func (r *reader) objects(value string, inside reading.Place, idLength, lengthDigits int) []object {
	var objects []object
	for value != "" {
		head := idLength + lengthDigits
		length := 0
		isNumber := len(value) >= head
		for i := idLength; isNumber && i < head; i++ {
			isNumber = value[i] >= '0' && value[i] <= '9'
			length = 10*length + int(value[i]-'0')
		}
		if !isNumber || len(value) < head+length || length == 0 || len(objects) == objectsMax {
			r.found(reading.Format, orPath(inside), reading.Error, "something in the payload is no object")
			break
		}
		next := object{id: value[:idLength], value: value[head:][:length]}
		if slices.ContainsFunc(objects, func(object object) bool { return object.id == next.id }) {
			r.found(reading.Twice, orPath(inside), reading.Error, "the object %q stands there twice", next.id)
		}
		objects = append(objects, next)
		value = value[head+length:]
	}
	return objects
}

func orPath(place reading.Place) reading.Place {
	if place == "" {
		return atPath
	}
	return place
}
