package mpm

import (
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/hansa-network/hansa/qr/reading"
)

// inspectEnds applies the rules about the first object, the last, and whatever is
// no object.
func (i *inspection) inspectEnds() {
	if len(i.objects) > 0 && i.objects[0].ID != IDPayloadFormat {
		i.reportNotFirst()
	}
	last := i.last()
	switch {
	case i.rest != "" && len(i.objects) == objectsMax:
		i.report(reading.TooLong, root, reading.Error, "more than %d objects: the others are not read", objectsMax)
	case i.rest != "" && last.ID == IDChecksum && len(last.Value) == checksumLength:
		i.report(reading.Trailing, root.inside(IDChecksum), reading.Error, "%q follows the checksum", shorten(i.rest))
	case i.rest != "":
		i.reportFault(i.rest, root)
		i.reportPercentEncoded()
	case i.text == "":
		i.report(reading.Empty, root, reading.Error, "no text")
	case i.first[IDChecksum] == 0:
		i.report(reading.Missing, root.inside(IDChecksum), reading.Error, "object 63, the checksum, is not there")
	case last.ID != IDChecksum:
		i.report(reading.Misplaced, root.inside(IDChecksum), reading.Error, "object 63, the checksum, is not the last")
	default:
		i.inspectChecksum(last.Value)
	}
}

func (i *inspection) reportNotFirst() {
	at := root.inside(IDPayloadFormat)
	if i.first[IDPayloadFormat] == 0 {
		i.report(reading.Missing, at, reading.Error, "object 00, the payload format, is not there")
		return
	}
	i.report(reading.Misplaced, at, reading.Error, "object 00, the payload format, is not the first")
}

func (i *inspection) inspectChecksum(digits string) {
	at := root.inside(IDChecksum)
	if _, ok := parseChecksum(digits); !ok {
		i.report(reading.Format, at, reading.Error, "%q is not %d hexadecimal digits", shorten(digits), checksumLength)
		return
	}
	if !i.checksumFits() {
		i.report(reading.Checksum, at, reading.Error, "wrong checksum: the code was misread or altered")
		return
	}
	if strings.ToUpper(digits) != digits {
		i.report(reading.LowerCase, at, reading.Warning, "the checksum is in lower case")
	}
}

// reportLengthInBytes says which value has a length in bytes instead of
// characters. Some writers do so, and such a code means something else, or
// nothing, to every reader that keeps the standard. The checksum shows what its
// writer meant, so that the objects are those.
func (i *inspection) reportLengthInBytes() {
	for n := range i.objects {
		if object := &i.objects[n]; !isASCII(object.Value) {
			i.report(reading.LengthInBytes, root.inside(object.ID), reading.Error,
				"object %02d: its length counts bytes, not characters", object.ID)
			return
		}
	}
}

// reportPercentEncoded says so where a text that cannot be read was only encoded
// for a link on its way here.
func (i *inspection) reportPercentEncoded() {
	const encodedMax = payloadMax * utf8.UTFMax * len("%00")
	if len(i.text) > encodedMax || !strings.Contains(i.text, "%") {
		return
	}
	decoded, err := url.PathUnescape(strings.Clone(i.text))
	if err != nil {
		return
	}
	if p := payloadOf(decoded, nil, characters); p.isComplete() {
		i.report(reading.PercentEncoded, root, reading.Error, "encoded for a link on its way: it can be read once that is undone")
	}
}
