package cpm

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"

	"github.com/hansa-network/hansa/qr/reading"
)

// findingsMax bounds what is said about one code; a code with more flaws is no
// better understood by their list.
const findingsMax = 32

// A reader collects what it finds in one text.
type reader struct {
	code     Code
	findings []reading.Finding
}

// found adds a finding, while there is room. The first error is always told: it
// takes the place of the last finding.
func (r *reader) found(code reading.Code, severity reading.Severity, place reading.Place, format string, args ...any) {
	isFull := len(r.findings) == findingsMax
	if isFull && (severity != reading.Error || !reading.Valid(r.findings)) {
		return
	}
	detail := format
	if len(args) > 0 {
		detail = fmt.Sprintf(format, args...)
	}
	if isFull {
		r.findings = r.findings[:findingsMax-1]
	}
	r.findings = append(r.findings, reading.Finding{Code: code, Place: place, Severity: severity, Detail: detail})
}

// below returns the place of an object with the tag inside a template.
func below(template reading.Place, tag Tag) reading.Place {
	switch {
	case tag == 0: // There is no such object.
		return template
	case template == "":
		return reading.Place(tag.String())
	}
	return template + "." + reading.Place(tag.String())
}

// A numbering tells the application templates apart: the second one is 61#2.
type numbering int

// of returns the place of a template that stands in the code itself.
func (n *numbering) of(tag Tag) reading.Place {
	switch tag { //nolint:exhaustive // Other tags have a place of one form.
	case TagApplication:
		if *n++; *n > 1 {
			return reading.Place("61#" + strconv.Itoa(int(*n)))
		}
		return "61"
	case TagCommon:
		return "62"
	}
	return reading.Place(tag.String())
}

// objects takes content apart, and the two templates that the standard defines.
func (r *reader) objects(content []byte, template reading.Place) []Object {
	count := 0
	for range All(content) {
		count++
	}
	objects := make([]Object, 0, count)
	var numbered numbering
	for len(content) > 0 {
		object, rest, written := take(content)
		if written != sound && !r.checkForm(written, below(template, object.Tag)) {
			return objects
		}
		if template == "" && (object.Tag == TagApplication || object.Tag == TagCommon) {
			object.Inside = r.objects(object.Value, numbered.of(object.Tag))
		}
		objects = append(objects, object)
		content = rest
	}
	return objects
}

// checkForm judges how an object was written and reports whether there is one.
func (r *reader) checkForm(written form, place reading.Place) bool {
	switch written {
	case sound:
		return true
	case wide:
		r.found(reading.Format, reading.Warning, place, "a length in more bytes than it needs")
		return true
	case filled:
		r.found(reading.Format, reading.Warning, place, "bytes of zero stand between objects")
		return true
	case nothingLeft:
		r.found(reading.Trailing, reading.Warning, "", "bytes of zero at the end")
	case cut:
		r.found(reading.TooShort, reading.Error, place, "ends before all is there")
	case badTag:
		r.found(reading.Format, reading.Error, place, "a tag that may not be written so")
	case badLength:
		r.found(reading.Format, reading.Error, place, "a length without end, or in more than two bytes")
	}
	return false
}

// checkOrder judges what stands in the code itself: the format indicator, at most
// two applications and one common data template, and then whatever else.
func (r *reader) checkOrder() {
	var applications, commons int
	others := false
	for at, object := range r.code.objects {
		switch object.Tag { //nolint:exhaustive // Other tags may stand anywhere.
		case TagFormat:
			if at > 0 {
				r.found(reading.Misplaced, reading.Error, "85", "the format indicator is not the first object")
			}
		case TagApplication, TagCommon:
			if others || object.Tag == TagApplication && commons > 0 {
				r.found(reading.Misplaced, reading.Warning, reading.Place(object.Tag.String()), "stands behind another kind of template")
			}
			if object.Tag == TagApplication {
				applications++
			} else {
				commons++
			}
		case TagTransparent, TagCommonTransparent:
			r.found(reading.Misplaced, reading.Warning, reading.Place(object.Tag.String()), "stands in no template")
			others = true
		default:
			others = true
		}
	}
	r.checkFormat()
	switch {
	case commons > 1:
		r.found(reading.Twice, reading.Error, "62", "%d common data templates; which one counts is not said", commons)
	case commons == 1 && applications == 1:
		r.found(reading.Contradiction, reading.Warning, "62", "common data of one application only")
	}
	if applications > 2 {
		r.found(reading.Twice, reading.Warning, "61", "%d application templates; at most two are allowed", applications)
	}
}

func (r *reader) checkFormat() {
	const known, family = "CPV01", "CPV"
	value, ok := find(r.code.objects, TagFormat)
	switch {
	case !ok:
		r.found(reading.Missing, reading.Error, "85", "no format indicator")
	case string(value) == known:
	case bytes.HasPrefix(value, []byte(family)):
		r.found(reading.Reserved, reading.Error, "85", "another version than %s", known)
	default:
		r.found(reading.Format, reading.Error, "85", "not %s", known)
	}
}

// The lengths of an application's name.
const (
	aidMin = 5
	aidMax = 16
)

// collectApplications lists the applications that have a name. The others are
// passed over, as a terminal would that does not know them.
func (r *reader) collectApplications() {
	var common []Object
	for _, object := range r.code.objects {
		if object.Tag == TagCommon {
			common = object.Inside
		}
	}
	var numbered numbering
	for _, object := range r.code.objects {
		if object.Tag != TagApplication {
			continue
		}
		place := numbered.of(object.Tag)
		aid, ok := find(object.Inside, TagAID)
		switch {
		case !ok:
			r.found(reading.Missing, reading.Warning, below(place, TagAID), "an application without a name, which is passed over")
		case len(aid) < aidMin || len(aid) > aidMax:
			r.found(reading.Format, reading.Warning, below(place, TagAID),
				"a name of %d bytes, not %d to %d: the application is passed over", len(aid), aidMin, aidMax)
		default:
			application := Application{place: place, own: object.Inside, common: common, root: r.code.objects}
			r.code.applications = append(r.code.applications, application)
		}
	}
	if len(r.code.applications) == 0 {
		r.found(reading.Missing, reading.Error, "61", "no application with a name")
	}
}

// checkApplication judges an application as a whole: that nothing is said twice,
// so that all readers read the same, and that there is a card number.
func (r *reader) checkApplication(application Application) {
	if place, ok := application.firstTwice(); ok {
		if !slices.ContainsFunc(r.findings, func(f reading.Finding) bool { return f.Code == reading.Twice && f.Place == place }) {
			r.found(reading.Twice, reading.Error, place, "stands there twice, and readers differ in which they take")
		}
	}
	card, hasCard := application.Value(TagCardNumber)
	track2, hasTrack := application.Value(TagTrack2)
	switch {
	case !hasCard && !hasTrack:
		r.found(reading.Missing, reading.Warning, application.place, "neither a card number nor track 2")
	case hasCard && hasTrack:
		number, ok := digits(card)
		track, isTrack := parseTrack(track2)
		if ok && isTrack && number != track.number {
			r.found(reading.Contradiction, reading.Error, below(application.place, TagTrack2), "another card number than that of 5A")
		}
	}
}

// firstTwice returns the place of the first object that the application has twice,
// be it in its own template or in one that it shares. Applications and their
// templates may of course be several.
func (a Application) firstTwice() (reading.Place, bool) {
	origins := [...]reading.Place{a.place, "62", ""}
	sources := a.sources()
	for at, objects := range sources {
		for nth, object := range objects {
			if at == len(sources)-1 && (object.Tag == TagApplication || object.Tag == TagCommon) {
				continue
			}
			_, ok := find(objects[:nth], object.Tag)
			for _, earlier := range sources[:at] {
				if _, before := find(earlier, object.Tag); before {
					ok = true
				}
			}
			if ok {
				return below(origins[at], object.Tag), true
			}
		}
	}
	return "", false
}
