package mpm

import (
	"strings"

	"github.com/hansa-network/hansa/qr/reading"
)

// inspectTemplate looks into a template. One that is no row of objects is only
// looked at as a whole.
func (i *inspection) inspectTemplate(value string, template *template, at place) {
	if !isRow(value, i.counting) {
		i.reportBroken(value, at, template.broken)
		i.inspectShown(value, at)
		return
	}
	var seen [idMax + 1]bool
	for rest := value; rest != ""; {
		object, after, _ := cut(rest, i.counting)
		rest = after
		if seen[object.ID] {
			i.report(reading.Twice, at.inside(object.ID), reading.Error, "object %02d occurs twice", object.ID)
			continue
		}
		seen[object.ID] = true
		i.inspectInside(&object, template, at.inside(object.ID))
	}
	for _, id := range template.mandatory {
		if !seen[id] {
			i.report(reading.Missing, at.inside(id), template.lacking, "object %02d, the %s, is not there", id, template.rules[id].name)
		}
	}
}

// inspectInside applies the rules about one object of a template.
func (i *inspection) inspectInside(object *Object, template *template, at place) {
	rule := &template.rules[object.ID]
	if object.Value == "" {
		i.report(reading.Empty, at, rule.severity, "object %02d is empty", object.ID)
		return
	}
	i.inspectValue(object.Value, rule, at)
	switch template {
	case &additionalTemplate:
		i.inspectAdditional(object, at)
	case &languageTemplate:
		if object.ID == IDLanguage && !isLanguage(object.Value) {
			i.report(reading.Format, at, reading.Warning, "%q is not the two letters of a language", shorten(object.Value))
		}
	}
}

// inspectAdditional applies what is special about objects of template 62.
func (i *inspection) inspectAdditional(object *Object, at place) {
	switch object.ID {
	case IDBillNumber, IDReferenceLabel:
		i.referenced = i.referenced || object.Value != askThePayer
	case IDConsumerRequest:
		if !isConsumerRequest(object.Value) {
			i.report(reading.Format, at, reading.Error, "%q is not some of the letters A, M and E, each once", shorten(object.Value))
		}
	case IDTaxID:
		i.report(reading.NewerVersion, at, reading.Note, "the tax id is known since version 1.1 of the standard")
	case IDChannel:
		i.report(reading.NewerVersion, at, reading.Note, "the channel is known since version 1.1 of the standard")
		if !isNumber(object.Value, channelLength) {
			i.report(reading.Format, at, reading.Warning, "%q is not %d digits", shorten(object.Value), channelLength)
			return
		}
		i.channel = object.Value
	}
}

// channelLength is the length of object 62.11: a digit each for the medium, the
// place and the presence of staff.
const channelLength = 3

// onPaper reports whether a channel starts with one of the media that are printed:
// sticker, bill, magazine, other.
func onPaper(channel string) bool { return channel[0] >= '0' && channel[0] <= '3' }

// onScreen reports whether a channel starts with one of the media that are shown:
// till, web site, app, other.
func onScreen(channel string) bool { return channel[0] >= '4' && channel[0] <= '7' }

// isConsumerRequest reports whether text names what the payer's wallet shall tell:
// address, mobile number and e-mail address, each at most once.
func isConsumerRequest(text string) bool {
	const consumerData = "AME"
	for n := range len(text) {
		if !strings.Contains(consumerData, text[n:n+1]) || strings.Contains(text[:n], text[n:n+1]) {
			return false
		}
	}
	return text != ""
}

// reportBroken says where value ceases to be a row of objects. Where that is no
// error it is a value of some other form, and the place is the whole value.
func (i *inspection) reportBroken(value string, at place, severity reading.Severity) {
	if severity != reading.Error {
		i.report(reading.Format, at, severity, "holds something else than objects, which only its scheme can read")
		return
	}
	rest := value
	for {
		_, after, ok := cut(rest, i.counting)
		if !ok {
			break
		}
		rest = after
	}
	i.reportFault(rest, at)
}

// reportFault says why rest, which is not empty, does not start with an object.
func (i *inspection) reportFault(rest string, at place) {
	if len(rest) < header {
		i.report(reading.TooShort, at, reading.Error, "ends within the id and length of an object")
		return
	}
	id, ok := twoDigits(rest)
	if !ok {
		i.report(reading.Format, at, reading.Error, "%q where the id of an object must stand", shorten(rest))
		return
	}
	at = at.inside(ID(id)) //nolint:gosec // Two digits are at most 99.
	length, ok := twoDigits(rest[2:])
	if !ok {
		i.report(reading.Format, at, reading.Error, "object %02d: %q where its length must stand", id, shorten(rest[2:]))
		return
	}
	i.report(reading.TooShort, at, reading.Error, "object %02d: ends before its %d characters", id, length)
}
