package qr_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/hansa-network/hansa/qr/mpm"
	"github.com/hansa-network/hansa/qr/reading"
)

// brokenForms are texts that are no row of objects with a checksum, or lack some.
func brokenForms(t *testing.T) []badCode {
	t.Helper()
	order := signedOrder(t, bergenOrder())
	objects := objectsOf(order)
	change := func(id mpm.ID, value string) string { return signedRaw(t, replaced(objects, id, value)...) }
	lacking := func(id mpm.ID) string { return signedRaw(t, without(objects, id)...) }
	swapped := slices.Clone(objects)
	swapped[0], swapped[1] = objects[1], objects[0]
	return []badCode{
		{Name: "no payload format", Text: lacking(0), Finding: reading.Missing, Place: "00"},
		{Name: "payload format in the second place", Text: signedRaw(t, swapped...), Finding: reading.Misplaced, Place: "00"},
		{Name: "another payload format", Text: change(0, "02"), Finding: reading.Reserved, Place: "00"},
		{Name: "neither static nor dynamic", Text: change(1, "13"), Finding: reading.Reserved, Place: "01"},
		{Name: "a letter where it says dynamic", Text: change(1, "1A"), Finding: reading.Format, Place: "01"},
		{Name: "no currency", Text: lacking(53), Finding: reading.Missing, Place: "53"},
		{Name: "a currency in letters", Text: change(53, "NOK"), Finding: reading.Format, Place: "53"},
		{Name: "a currency that was given up", Text: change(53, "975"), Finding: reading.UnknownCurrency, Place: "53"},
		{Name: "no country", Text: lacking(58), Finding: reading.Missing, Place: "58"},
		{Name: "an amount of 14 characters", Text: change(54, "10000000000.00"), Finding: reading.AmountFormat, Place: "54"},
		{Name: "an amount that starts with its point", Text: change(54, ".50"), Finding: reading.AmountFormat, Place: "54"},
		{Name: "a city of 16 characters", Text: change(60, strings.Repeat("A", 16)), Finding: reading.TooLong, Place: "60"},
		{Name: "a city that is not ASCII", Text: change(60, "Tromsø"), Finding: reading.NotASCII, Place: "60"},
		{Name: "a city of spaces", Text: change(60, "  "), Finding: reading.Empty, Place: "60"},
		{Name: "a name of no length", Text: change(59, ""), Finding: reading.Empty, Place: "59"},
		{Name: "a checksum that is no number", Text: order[:len(order)-4] + "G071", Finding: reading.Format, Place: "63"},
		{Name: "nothing but an id at the end", Text: order[:len(order)-8] + "630", Finding: reading.TooShort, Place: ""},
		{Name: "a letter in an id", Text: sealed(coveredBy(order) + "6A03ABC" + tailAt(order)), Finding: reading.Format, Place: ""},
		{Name: "nothing but a line end", Text: "\r\n", Finding: reading.Unknown, Place: ""},
	}
}

// brokenObjects are codes of which one template is not what it must be.
func brokenObjects(t *testing.T) []badCode {
	t.Helper()
	order := signedOrder(t, bergenOrder())
	objects := objectsOf(order)
	own := objects[2].Value
	with := func(id mpm.ID, value string) string {
		return signedRaw(t, append(slices.Clone(objects), mpm.Object{ID: id, Value: value})...)
	}
	ownOf := func(was, is string) string {
		return signedRaw(t, replaced(objects, 26, strings.Replace(own, was, is, 1))...)
	}
	return []badCode{
		{Name: "a template that is none", Text: with(27, "hello"), Finding: reading.Format, Place: "27"},
		{Name: "a template with a letter in a length", Text: with(27, "000Acom.test"), Finding: reading.Format, Place: "27.00"},
		{Name: "a template that ends too early", Text: with(27, "0012com.test"), Finding: reading.TooShort, Place: "27.00"},
		{Name: "a template that ends in an id", Text: with(27, "0008com.test01"), Finding: reading.TooShort, Place: "27"},
		{Name: "a template of nobody", Text: with(27, "0104M001"), Finding: reading.Missing, Place: "27.00"},
		{Name: "a template with an empty object", Text: with(27, "0008com.test0100"), Finding: reading.Empty, Place: "27.01"},
		{Name: "a template with an object twice", Text: with(62, "0501A0501B"), Finding: reading.Twice, Place: "62.05"},
		{Name: "another's 80 that is no template", Text: sealed(coveredBy(order) + "8005hello"), Finding: reading.Format, Place: "80"},
		{Name: "an 80 of nobody", Text: sealed(coveredBy(order) + "80080104M001"), Finding: reading.Missing, Place: "80.00"},
		{Name: "what the payer shall tell, twice", Text: with(62, "0902AA"), Finding: reading.Format, Place: "62.09"},
		{Name: "a local name of 26 characters", Text: with(64, "0002no0126"+strings.Repeat("é", 26)), Finding: reading.TooLong, Place: "64.01"},
		{Name: "a local name of spaces", Text: with(64, "0002no0102\u00a0\u3000"), Finding: reading.Empty, Place: "64.01"},
		{Name: "a local name of no length", Text: with(64, "0002no0100"), Finding: reading.Empty, Place: "64.01"},
		{Name: "no local name", Text: with(64, "0002no0204Oslo"), Finding: reading.Missing, Place: "64.01"},
		{Name: "a local city of 16 characters", Text: with(64, "0002no0104Kafé0216"+strings.Repeat("ø", 16)), Finding: reading.TooLong, Place: "64.02"},
		{Name: "a local city of spaces", Text: with(64, "0002no0104Kafé0202  "), Finding: reading.Empty, Place: "64.02"},
		{Name: "a local something else", Text: with(64, "0002no0104Kafé0304Kafé"), Finding: reading.Reserved, Place: "64.03"},
		{Name: "a length that counts bytes inside of a template", Text: with(64, "0002no0105Kafé"), Finding: reading.TooShort, Place: "64.01"},
		{Name: "a local name in Latin-1", Text: with(64, "0002no0104Kaf\xe9"), Finding: reading.NotUTF8, Place: "64.01"},
		{Name: "a reference with half a letter", Text: with(62, "0504AB\xc3C"), Finding: reading.NotUTF8, Place: "62.05"},
		{Name: "a hidden character deep inside", Text: with(62, "50140010com\u202etest01"), Finding: reading.HiddenText, Place: "62.50.00"},
		{Name: "a hidden character in another's template", Text: with(82, "0008com.test0103A\u200bB"), Finding: reading.HiddenText, Place: "82.01"},
		{Name: "a joiner between letters of Latin", Text: with(64, "0002no0105Ka\u200dfé"), Finding: reading.HiddenText, Place: "64.01"},
		{Name: "a selector behind a letter", Text: with(64, "0002no0105Kafé\ufe0f"), Finding: reading.HiddenText, Place: "64.01"},
		{Name: "an object from 49 on that we do not know", Text: ownOf("0409test-2026", "0409test-20264901X"), Finding: reading.CriticalUnknown, Place: "26.49"},
		{Name: "expires at 24 o'clock", Text: ownOf("20261122143005", "20261122240000"), Finding: reading.Format, Place: "26.03"},
		{Name: "expires in 1999", Text: ownOf("20261122", "19991122"), Finding: reading.Format, Place: "26.03"},
		{Name: "a key's id of 21 characters", Text: ownOf("0409test-2026", "0421test-2026-test-2026-t"), Finding: reading.Format, Place: "26.04"},
	}
}

// wrongFees break the standard's rules about what is put on top of an amount.
func wrongFees(t *testing.T) []badCode {
	t.Helper()
	objects := objectsOf(signedOrder(t, bergenOrder()))
	fee := func(name string, finding reading.Code, place reading.Place, more ...mpm.Object) badCode {
		return badCode{Name: name, Text: signedRaw(t, append(slices.Clone(objects), more...)...), Finding: finding, Place: place}
	}
	tip := func(indicator string) mpm.Object { return mpm.Object{ID: 55, Value: indicator} }
	fixed := func(amount string) mpm.Object { return mpm.Object{ID: 56, Value: amount} }
	percent := func(percentage string) mpm.Object { return mpm.Object{ID: 57, Value: percentage} }
	return []badCode{
		fee("a tip of a kind kept for later", reading.Reserved, "55", tip("04")),
		fee("a tip of a kind in letters", reading.Format, "55", tip("0A")),
		fee("a fixed fee announced and not there", reading.Missing, "56", tip("02")),
		fee("a percentage announced and not there", reading.Missing, "57", tip("03")),
		fee("a fixed fee that is not announced", reading.Contradiction, "56", fixed("1.00")),
		fee("a percentage that is not announced", reading.Contradiction, "57", percent("5")),
		fee("a fixed fee with a comma", reading.AmountFormat, "56", tip("02"), fixed("1,00")),
		fee("a fixed fee of nothing", reading.AmountZero, "56", tip("02"), fixed("0.00")),
		fee("a fixed fee of more decimals than kroner have", reading.AmountScale, "56", tip("02"), fixed("1.001")),
		fee("a percentage of nothing", reading.Format, "57", tip("03"), percent("00.00")),
		fee("a percentage of a hundred", reading.Format, "57", tip("03"), percent("100")),
		fee("a percentage of three decimals", reading.Format, "57", tip("03"), percent("1.001")),
		fee("a percentage, signed", reading.TipAdded, "55", tip("03"), percent("5")),
	}
}
