package mpm

import (
	"strings"

	"github.com/hansa-network/hansa/qr/reading"
)

// inspectTemplate looks into a template. What was found in one that turns out to be
// no row of objects is forgotten: it is only looked at as a whole.
func (i *inspection) inspectTemplate(value string, template *template, at place) {
	before := len(*i.findings)
	var seen [idMax + 1]uint8 // at most 2
	for rest := value; rest != ""; {
		id, inside, after, ok := cut(rest, i.counting)
		if !ok {
			*i.findings = (*i.findings)[:before]
			i.reportBroken(rest, at, template.broken)
			i.inspectShown(value, at)
			return
		}
		switch seen[id] {
		case 0:
			i.inspectInside(id, inside, template, at.inside(id))
			seen[id] = 1
		case 1:
			i.report(reading.Twice, at.inside(id), reading.Error, "object %02d occurs twice", id)
			seen[id] = 2
		}
		rest = after
	}
	for _, id := range template.mandatory {
		if seen[id] == 0 {
			i.report(reading.Missing, at.inside(id), template.lacking, "object %02d, the %s, is not there", id, template.rules[id].words())
		}
	}
}

// inspectInside applies the rules about one object of a template.
func (i *inspection) inspectInside(id ID, value string, template *template, at place) {
	rule := &template.rules[id]
	if value == "" {
		i.report(reading.Empty, at, rule.severity, "object %02d is empty", id)
		return
	}
	i.inspectValue(value, rule, at)
	switch template {
	case &additionalTemplate:
		i.inspectAdditional(id, value, at)
	case &languageTemplate:
		if id == IDLanguage && !isLanguage(value) {
			i.report(reading.Format, at, reading.Warning, "%q is not the two letters of a language", shorten(value))
		}
	}
}

// inspectAdditional applies what is special about objects of template 62.
func (i *inspection) inspectAdditional(id ID, value string, at place) {
	switch id { //nolint:exhaustive // Other objects have a class and a length only.
	case IDBillNumber, IDReferenceLabel:
		i.referenced = i.referenced || value != askThePayer
	case IDConsumerRequest:
		if !isConsumerRequest(value) {
			i.report(reading.Format, at, reading.Error, "%q is not some of the letters A, M and E, each once", shorten(value))
		}
	case IDTaxID:
		i.report(reading.NewerVersion, at, reading.Note, "the tax id is known since version 1.1 of the standard")
	case IDChannel:
		i.report(reading.NewerVersion, at, reading.Note, "the channel is known since version 1.1 of the standard")
		if !isNumber(value, channelLength) {
			i.report(reading.Format, at, reading.Warning, "%q is not %d digits", shorten(value), channelLength)
			return
		}
		i.channel = value
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

// reportBroken says why a template ceases to be a row of objects at rest. Where
// that is no error, it is a value of some other form.
func (i *inspection) reportBroken(rest string, at place, severity reading.Severity) {
	if severity != reading.Error {
		i.report(reading.Format, at, severity, "holds something else than objects, which only its scheme can read")
		return
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
