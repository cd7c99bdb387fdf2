package qr_test

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/hex"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/hansa-network/hansa/qr"
	"github.com/hansa-network/hansa/qr/mpm"
	"github.com/hansa-network/hansa/qr/reading"
)

// A badCode is a text that a reader with the directory of testdata/directory.json
// refuses, and the first error that it must give. Of errors in the form of the text
// it has one only, since their order is left to readers.
type badCode struct {
	Name    string        `json:"name"`
	Text    string        `json:"text,omitempty"`
	Hex     string        `json:"hex,omitempty"` // in place of a text that JSON cannot hold
	Finding reading.Code  `json:"finding"`
	Place   reading.Place `json:"place"`
	Detail  string        `json:"-"` // for people
}

// TestBadCodes holds every bad code to its own finding, and counts how many of
// them can be told apart.
func TestBadCodes(t *testing.T) {
	t.Parallel()
	directory := loadedDirectory(t)
	bad := slices.Concat(strippedCodes(t), misformedSignatures(t), alteredCodes(t), wrongKeys(t), wrongStores(t), wrongNames(t),
		wrongTimes(t), contradictions(t), wronglyWritten(t), brokenForms(t), brokenObjects(t), wrongFees(t), downgrades(t),
		badPaymentCodes(t))
	codes, cases := make(map[reading.Code]bool), make(map[badCode]bool)
	for i, b := range bad {
		judged := qr.Verify(b.Text, directory, vectorNow)
		first := slices.IndexFunc(judged.Findings, func(f reading.Finding) bool { return f.Severity == reading.Error })
		if first < 0 || judged.Refusal() == nil || judged.Valid {
			t.Errorf("%s: accepted: %s\n%+v", b.Name, b.Text, judged.Reading)
			continue
		}
		got := judged.Findings[first]
		if got.Code != b.Finding || got.Place != b.Place {
			t.Errorf("%s: refused with %s at %q (%s), want %s at %q\n%s", b.Name, got.Code, got.Place, got.Detail, b.Finding, b.Place, b.Text)
		}
		if judged.Store != (qr.StoreCode{}) || judged.Order != (qr.OrderCode{}) || judged.Payment != (qr.PaymentCode{}) {
			t.Errorf("%s: something to act on in %+v", b.Name, judged)
		}
		for _, finding := range judged.Findings[first+1:] {
			if finding.Severity == reading.Error && finding.Code != reading.PercentEncoded && !ordered(b) {
				t.Errorf("%s: also %s at %q: a reader may name either", b.Name, finding.Code, finding.Place)
			}
		}
		bad[i].Detail = got.Detail
		if !utf8.ValidString(b.Text) {
			bad[i].Text, bad[i].Hex = "", hex.EncodeToString([]byte(b.Text))
		}
		codes[got.Code] = true
		cases[badCode{Finding: got.Code, Place: got.Place, Detail: got.Detail}] = true
	}
	if len(cases) < 30 || len(codes) < 20 {
		t.Errorf("%d cases with %d findings can be told apart", len(cases), len(codes))
	}
	golden(t, "bad_codes.json", asJSON(t, bad))
}

// ordered reports a finding among those that docs/codes.md puts in an order.
func ordered(b badCode) bool {
	return strings.HasPrefix(string(b.Place), "26.") || b.Finding == reading.TipAdded
}

func strippedCodes(t *testing.T) []badCode {
	t.Helper()
	good := signedOrder(t, bergenOrder())
	covered, tail := coveredBy(good), tailAt(good)
	own := objectsOf(good)[2].Value
	return []badCode{
		{Name: "signature stripped", Text: sealed(covered), Finding: reading.SignatureMissing, Place: "80"},
		{Name: "first half of the signature stripped", Text: sealed(covered + tail[64:]), Finding: reading.SignatureMissing, Place: "80"},
		{Name: "second half of the signature stripped", Text: sealed(covered + tail[:64]), Finding: reading.SignatureMissing, Place: "81"},
		{
			Name:    "key id and signature stripped",
			Text:    sealed(raw(replaced(objectsOf(good), 26, strings.TrimSuffix(own, "0409test-2026"))...)),
			Finding: reading.SignatureMissing, Place: "26.04",
		},
		{Name: "cut off before the checksum", Text: good[:len(good)-8], Finding: reading.Missing, Place: "63"},
		{Name: "cut off within the signature", Text: good[:len(good)-40], Finding: reading.TooShort, Place: "81"},
	}
}

// misformedSignatures hold all bits of a good signature, in another form.
func misformedSignatures(t *testing.T) []badCode {
	t.Helper()
	good := signedOrder(t, bergenOrder())
	covered, tail := coveredBy(good), tailAt(good)
	first, second := tail[:64], tail[64:]
	again := strings.NewReplacer("8060", "8260", "8160", "8360").Replace(tail)
	form := func(name, text string, place reading.Place) badCode {
		return badCode{Name: name, Text: sealed(text), Finding: reading.SignatureForm, Place: place}
	}
	return []badCode{
		form("halves of the signature swapped", covered+second+first, "81"),
		form("two signatures", covered+tail+again, "82"),
		form("an object behind the signature", covered+tail+"61045003", "61"),
		form("an object between the signature's halves", covered+first+"6208050412AB"+second, "62"),
		form("our name in capitals in the signature", covered+strings.Replace(tail, "org.hansa", "ORG.HANSA", 1), "80"),
		form("one half of 42 characters", covered+first+"81590009org.hansa0142"+second[21:63], "81"),
		form("signature in the alphabet with + and /", covered+first[:21]+"+/"+first[23:]+second, "80.01"),
		form("a padding bit set", covered+first+second[:63]+string(second[63]+1), "81.01"),
		form("a letter beyond ASCII in the signature", covered+first[:21]+"é"+first[22:]+second, "80.01"),
		form("the second half in the alphabet with + and /", covered+first+second[:21]+"/"+second[22:], "81.01"),
		{Name: "a half of the signature under another id", Text: sealed(covered + "82" + first[2:] + second), Finding: reading.SignatureMissing, Place: "80"},
		{Name: "the other half under another id", Text: sealed(covered + first + "82" + second[2:]), Finding: reading.SignatureMissing, Place: "81"},
		{Name: "half of the signature twice", Text: sealed(covered + first + first + second), Finding: reading.Twice, Place: "80"},
	}
}

// alteredCodes are good ones to which someone without the key did something.
func alteredCodes(t *testing.T) []badCode {
	t.Helper()
	good := signedOrder(t, bergenOrder())
	covered, tail, objects := coveredBy(good), tailAt(good), objectsOf(good)
	own := objects[2].Value
	dearer := bergenOrder()
	dearer.Amount.Value = 100000
	another := bergenSticker()
	another.Code = "NO2MILK4OSLO"
	chinese := signedStore(t, storeVectors()["store, Chinese name, city in Latin"])
	byAnother, err := qr.SignOrder(bergenOrder(), vectorKeyID, keyOf("somebody else"))
	if err != nil {
		t.Fatal(err)
	}
	texts := []struct{ name, text string }{
		{"amount changed, checksum recomputed", sealed(raw(replaced(objects, mpm.IDAmount, "10.00")...) + tail)},
		{"currency changed", sealed(raw(replaced(objects, mpm.IDCurrency, "752")...) + tail)},
		{"name changed", sealed(raw(replaced(objects, mpm.IDName, "Oslo Cafe")...) + tail)},
		{"name in another case", sealed(raw(replaced(objects, mpm.IDName, "bergen cafe")...) + tail)},
		{"country changed", sealed(raw(replaced(objects, mpm.IDCountry, "SE")...) + tail)},
		{"category changed", sealed(raw(replaced(objects, mpm.IDCategory, "5813")...) + tail)},
		{"expiry put off", sealed(raw(replaced(objects, 26, strings.Replace(own, "1122143005", "1122153005", 1))...) + tail)},
		{"an object put in before the signature", sealed(covered + "61045003" + tail)},
		{"an account of another scheme put in", sealed(covered + "27200008com.test0104M001" + tail)},
		{"local name changed", sealed(strings.Replace(coveredBy(chinese), "卑尔根咖啡馆", "奥斯陆咖啡馆", 1) + tailAt(chinese))},
		{"local name stripped", sealed(raw(without(objectsOf(chinese), mpm.IDLocalLanguage)...) + tailAt(chinese))},
		{"signature of another order", sealed(covered + tailAt(signedOrder(t, dearer)))},
		{"signature of another store", sealed(coveredBy(signedStore(t, bergenSticker())) + tailAt(signedStore(t, another)))},
		{"signed by somebody else under our key's id", byAnother},
		{"signed over the text alone, without what goes before it", sealed(covered + tailOf(ed25519.Sign(vectorKey(t), []byte(covered))))},
		{"S of the signature not below the order of the curve", sealed(covered + tailOf(enlarged(signatureIn(t, tail))))},
		{"a signature of nothing but zeros", sealed(covered + tailOf(make([]byte, ed25519.SignatureSize)))},
	}
	var bad []badCode
	for _, one := range texts {
		bad = append(bad, badCode{Name: one.name, Text: one.text, Finding: reading.SignatureWrong, Place: "80"})
	}
	return append(bad, badCode{
		Name: "amount changed, checksum left", Text: strings.Replace(good, "100.00", "900.00", 1), Finding: reading.Checksum, Place: "63",
	})
}

func signatureIn(t *testing.T, tail string) []byte {
	t.Helper()
	signature, err := base64.RawURLEncoding.DecodeString(tail[21:64] + tail[85:])
	if err != nil {
		t.Fatal(err)
	}
	return signature
}

// enlarged adds the order of the curve to S: the equation of the signature still
// holds, so that a reader who does not look at its size would accept a second form.
func enlarged(signature []byte) []byte {
	order, _ := new(big.Int).SetString("7237005577332262213973186563042994240857116359379907606001950938285454250989", 10)
	s := slices.Clone(signature[32:])
	slices.Reverse(s)
	sum := new(big.Int).Add(new(big.Int).SetBytes(s), order).FillBytes(make([]byte, 32))
	slices.Reverse(sum)
	return append(slices.Clone(signature[:32]), sum...)
}

func wrongKeys(t *testing.T) []badCode {
	t.Helper()
	signed := func(keyID string) string {
		text, err := qr.SignStore(bergenSticker(), keyID, keyOf(keyID))
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	// With a key of the neutral point, R is the neutral point and S is zero.
	forged := make([]byte, ed25519.SignatureSize)
	forged[0] = 1
	return []badCode{
		{Name: "key that nobody knows", Text: signed("stranger"), Finding: reading.KeyUnknown, Place: "26.04"},
		{Name: "key whose time has not come", Text: signed("early-1"), Finding: reading.KeyNotYetValid, Place: "26.04"},
		{Name: "key that was retired", Text: signed("late-1"), Finding: reading.KeyRetired, Place: "26.04"},
		{Name: "key that was withdrawn", Text: signed("leaked-1"), Finding: reading.KeyWithdrawn, Place: "26.04"},
		{Name: "key of another issuer", Text: signed("vipps-1"), Finding: reading.KeyOfOtherIssuer, Place: "26.04"},
		{
			Name: "key of small order, signed without a secret", Text: sealed(coveredBy(signed("weak-1")) + tailOf(forged)),
			Finding: reading.KeyWeak, Place: "26.04",
		},
		{Name: "key of order 2", Text: signed("weak-2"), Finding: reading.KeyWeak, Place: "26.04"},
		{Name: "key of order 4", Text: signed("weak-4"), Finding: reading.KeyWeak, Place: "26.04"},
		{Name: "key of order 8", Text: signed("weak-8"), Finding: reading.KeyWeak, Place: "26.04"},
		{Name: "another key of order 8", Text: signed("weak-8b"), Finding: reading.KeyWeak, Place: "26.04"},
		{Name: "key whose y is not below the prime", Text: signed("large-y"), Finding: reading.KeyWeak, Place: "26.04"},
		{Name: "key that is no point of the curve", Text: signed("no-point"), Finding: reading.KeyWeak, Place: "26.04"},
	}
}

func wrongStores(t *testing.T) []badCode {
	t.Helper()
	sticker := func(change func(*qr.StoreCode)) string {
		code := bergenSticker()
		change(&code)
		return signedStore(t, code)
	}
	return []badCode{
		{
			Name: "a store code that was never issued", Text: sticker(func(c *qr.StoreCode) { c.Code = "NO0000000000" }),
			Finding: reading.NotRegistered, Place: "26.01",
		},
		{
			Name: "a store code that was withdrawn", Text: sticker(func(c *qr.StoreCode) { c.Code = "NO9STOLEN123" }),
			Finding: reading.Withdrawn, Place: "26.01",
		},
		{
			Name: "another currency than the store's", Text: sticker(func(c *qr.StoreCode) { c.Currency = "SEK" }),
			Finding: reading.CurrencyDiffers, Place: "53",
		},
		{
			Name: "another country than the store's", Text: sticker(func(c *qr.StoreCode) { c.Country = "SE" }),
			Finding: reading.CountryDiffers, Place: "58",
		},
	}
}

func wrongNames(t *testing.T) []badCode {
	t.Helper()
	milk := bergenSticker()
	milk.Code, milk.Payee = "NO2MILK4OSLO", qr.Payee{Name: "Oslo Milk Bar", City: "Oslo", Country: "NO", Category: "5812"}
	digitOne, digitNull, other, cyrillic, local := milk, milk, milk, bergenSticker(), bergenSticker()
	digitOne.Name = "Os1o Milk Bar"
	digitNull.City = "0slo"
	other.Name = "Bergen Cafe"
	cyrillic.Payee.Name, cyrillic.Language = "Вergen Саfe", "no" // The letters В, С and а are Cyrillic.
	local.Payee.City, local.Language, local.LatinCity = "Веrgеn", "no", "Bergen"
	order := bergenOrder()
	order.Payee.Name, order.LatinName = "Bergen Cafe", "Bergen  Cafe"
	objects := objectsOf(signedStore(t, bergenSticker()))
	like := func(name, text string, place reading.Place) badCode {
		return badCode{Name: name, Text: text, Finding: reading.LookAlike, Place: place}
	}
	mixed := func(code qr.StoreCode) string {
		language := raw(mpm.Object{ID: 0, Value: code.Language}, mpm.Object{ID: 1, Value: code.Payee.Name})
		if code.City != code.LatinCity {
			language += raw(mpm.Object{ID: 2, Value: code.City})
		}
		return signedRaw(t, append(slices.Clone(objects), mpm.Object{ID: 64, Value: language})...)
	}
	order.Payee.LatinName = "Bergen  Cafe"
	latin := bergenSticker()
	latin.Name, latin.LatinName = "Kafe Blabaer", ""
	return []badCode{
		like("name with the digit 1 for the letter l", signedStore(t, digitOne), "59"),
		like("name of another store", signedStore(t, other), "59"),
		like("Latin form of the name of another store", signedStore(t, latin), "59"),
		like("local name with Cyrillic letters", mixed(cyrillic), "64.01"),
		like("city with the digit 0 for the letter O", signedStore(t, digitNull), "60"),
		like("local city with Cyrillic letters", mixed(local), "64.02"),
		like("order whose name is like a registered one", signedOrder(t, order), "59"),
	}
}

func wrongTimes(t *testing.T) []badCode {
	t.Helper()
	over, justOver, late := bergenOrder(), bergenOrder(), bergenOrder()
	over.ExpiresAt = vectorNow.Add(-time.Hour)
	justOver.ExpiresAt = vectorNow
	late.ExpiresAt = vectorNow.Add(qr.OrderAhead + 2*time.Minute)
	return []badCode{
		{Name: "order that expired an hour ago", Text: signedOrder(t, over), Finding: reading.Expired, Place: "26.03"},
		{Name: "order that expires this second", Text: signedOrder(t, justOver), Finding: reading.Expired, Place: "26.03"},
		{Name: "order that is open for too long", Text: signedOrder(t, late), Finding: reading.ExpiresTooLate, Place: "26.03"},
	}
}

// contradictions are refused whoever signed them. Those that a stranger could make
// of a good code are not signed.
func contradictions(t *testing.T) []badCode {
	t.Helper()
	order, sticker := signedOrder(t, bergenOrder()), signedStore(t, bergenSticker())
	objects, tail := objectsOf(order), tailAt(order)
	own := objects[2].Value
	ownOf := func(value string) string { return signedRaw(t, replaced(objects, 26, value)...) }
	with := func(more ...mpm.Object) string { return signedRaw(t, append(slices.Clone(objects), more...)...) }
	expiry := "0314" + own[strings.Index(own, "0314")+4:][:14]
	stickers := objectsOf(sticker)
	return []badCode{
		{Name: "amount twice", Text: sealed(coveredBy(order) + "540599.99" + tail), Finding: reading.Twice, Place: "54"},
		{
			Name: "amount on a store code", Text: sealed(coveredBy(sticker) + "5406100.00" + tailAt(sticker)),
			Finding: reading.AmountWithStoreCode, Place: "54",
		},
		{
			Name: "amount on a store code, signed", Text: signedRaw(t, append(stickers, mpm.Object{ID: 54, Value: "100.00"})...),
			Finding: reading.AmountWithStoreCode, Place: "54",
		},
		{Name: "amount taken away", Text: sealed(raw(without(objects, mpm.IDAmount)...) + tail), Finding: reading.Missing, Place: "54"},
		{
			Name: "our template twice", Text: sealed(coveredBy(order) + raw(mpm.Object{ID: 27, Value: own}) + tail),
			Finding: reading.OwnTemplateTwice, Place: "27",
		},
		{
			Name: "a template of ours for another order in front", Finding: reading.OwnTemplateTwice, Place: "26",
			Text: sealed("000201010212" + raw(mpm.Object{ID: 28, Value: strings.Replace(own, "ord_06", "ord_07", 1)}) + coveredBy(order)[12:] + tail),
		},
		{Name: "a tip put on top", Text: sealed(coveredBy(order) + "550201" + tail), Finding: reading.TipAdded, Place: "55"},
		{Name: "a fee, signed", Text: with(mpm.Object{ID: 55, Value: "02"}, mpm.Object{ID: 56, Value: "1.00"}), Finding: reading.TipAdded, Place: "55"},
		{Name: "an object that we do not know and must", Text: ownOf(own + "0501X"), Finding: reading.CriticalUnknown, Place: "26.05"},
		{Name: "an order and a store code at once", Text: ownOf(own + "0104ABCD"), Finding: reading.Contradiction, Place: "26.02"},
		{Name: "neither an order nor a store code", Text: ownOf("0009org.hansa0409test-2026"), Finding: reading.Missing, Place: "26.01"},
		{Name: "order made static", Text: sealed(raw(replaced(objects, 1, "11")...) + tail), Finding: reading.Contradiction, Place: "01"},
		{Name: "order that says neither", Text: signedRaw(t, without(objects, 1)...), Finding: reading.Missing, Place: "01"},
		{Name: "order without an expiry", Text: ownOf(strings.Replace(own, expiry, "", 1)), Finding: reading.Missing, Place: "26.03"},
		{
			Name: "store code with an expiry", Text: signedRaw(t, replaced(stickers, 26, stickers[2].Value+expiry)...),
			Finding: reading.Contradiction, Place: "26.03",
		},
		{Name: "our name taken from the template", Text: sealed(raw(replaced(objects, 26, strings.Replace(own, "org.hansa", "org.hanse", 1))...) + tail), Finding: reading.Downgraded, Place: "80.00"},
	}
}

// wronglyWritten are codes that the holder of a key should not have made, or that
// break the standard: no reader may guess what they mean.
func wronglyWritten(t *testing.T) []badCode {
	t.Helper()
	order := signedOrder(t, bergenOrder())
	objects := objectsOf(order)
	own := objects[2].Value
	change := func(id mpm.ID, value string) string { return signedRaw(t, replaced(objects, id, value)...) }
	local := func(value string) string {
		return signedRaw(t, append(slices.Clone(objects), mpm.Object{ID: 64, Value: value})...)
	}
	return []badCode{
		{Name: "expires on 31 November", Text: change(26, strings.Replace(own, "20261122", "20261131", 1)), Finding: reading.Format, Place: "26.03"},
		{Name: "expires with a fraction of a second", Text: change(26, strings.Replace(own, "031420261122143005", "031620261122143005.5", 1)), Finding: reading.Format, Place: "26.03"},
		{Name: "order id with a slash", Text: change(26, strings.Replace(own, "ord_06", "ord/06", 1)), Finding: reading.Format, Place: "26.02"},
		{Name: "order id of 37 characters", Text: change(26, strings.Replace(own, "0233ord", "0237abcdord", 1)), Finding: reading.Format, Place: "26.02"},
		{Name: "key id with a space", Text: change(26, strings.Replace(own, "test-2026", "test 2026", 1)), Finding: reading.Format, Place: "26.04"},
		{Name: "amount that lacks a decimal", Text: change(54, "100.0"), Finding: reading.AmountFormat, Place: "54"},
		{Name: "amount with a zero in front", Text: change(54, "0100.00"), Finding: reading.AmountFormat, Place: "54"},
		{Name: "amount with a comma", Text: change(54, "100,00"), Finding: reading.AmountFormat, Place: "54"},
		{Name: "amount of more decimals than kroner have", Text: change(54, "100.001"), Finding: reading.AmountScale, Place: "54"},
		{Name: "amount of nothing", Text: change(54, "0.00"), Finding: reading.AmountZero, Place: "54"},
		{Name: "no currency in use", Text: change(53, "000"), Finding: reading.UnknownCurrency, Place: "53"},
		{Name: "country in small letters", Text: change(58, "no"), Finding: reading.Format, Place: "58"},
		{Name: "category of three digits", Text: change(52, "581"), Finding: reading.Format, Place: "52"},
		{Name: "no category", Text: signedRaw(t, without(objects, 52)...), Finding: reading.Missing, Place: "52"},
		{Name: "name of 26 characters", Text: change(59, strings.Repeat("A", 26)), Finding: reading.TooLong, Place: "59"},
		{Name: "name that is not ASCII", Text: change(59, "Kafé"), Finding: reading.NotASCII, Place: "59"},
		{Name: "name of spaces", Text: change(59, "   "), Finding: reading.Empty, Place: "59"},
		{Name: "no name", Text: signedRaw(t, without(objects, 59)...), Finding: reading.Missing, Place: "59"},
		{Name: "no city", Text: signedRaw(t, without(objects, 60)...), Finding: reading.Missing, Place: "60"},
		{Name: "language in capitals", Text: local("0002NO0104Kafé"), Finding: reading.Format, Place: "64.00"},
		{Name: "local name without a language", Text: local("0104Kafé"), Finding: reading.Missing, Place: "64.00"},
		{Name: "local name with a right-to-left override", Text: local("0002no0105Ka\u202efé"), Finding: reading.HiddenText, Place: "64.01"},
		{Name: "local name with a space of no width", Text: local("0002no0105Ka\u200bfé"), Finding: reading.HiddenText, Place: "64.01"},
		{Name: "local city with a control character", Text: local("0002no0104Kafé0202O\x07"), Finding: reading.HiddenText, Place: "64.02"},
		{Name: "local name in normal form D", Text: local("0002no0105Kafe\u0301"), Finding: reading.NotComposed, Place: "64.01"},
		{Name: "a length that counts bytes", Text: sealed(coveredBy(order) + "64150002no0105Kafé" + tailAt(order)), Finding: reading.LengthInBytes, Place: "64"},
		{Name: "a sign in a length", Text: sealed(strings.Replace(coveredBy(order), "5911", "59+1", 1) + tailAt(order)), Finding: reading.Format, Place: "59"},
		{Name: "an empty object", Text: sealed(coveredBy(order) + "6200" + tailAt(order)), Finding: reading.Empty, Place: "62"},
		{Name: "an object behind the checksum", Text: order + "61045003", Finding: reading.Misplaced, Place: "63"},
		{Name: "text behind the checksum", Text: order + "X", Finding: reading.Trailing, Place: "63"},
		{
			Name: "more than 512 characters", Finding: reading.TooLong, Place: "",
			Text: signedRaw(t, append(slices.Clone(objects), more(65, 97), more(66, 97), more(67, 97))...),
		},
		{Name: "encoded for a link", Text: strings.ReplaceAll(order, " ", "%20"), Finding: reading.Format, Place: ""},
	}
}

// more returns an object of n characters.
func more(id mpm.ID, n int) mpm.Object { return mpm.Object{ID: id, Value: strings.Repeat("x", n)} }

// downgrades are sound codes of other schemes for payees who always sign.
func downgrades(t *testing.T) []badCode {
	t.Helper()
	pix := sealed("00020101021126410014br.gov.bcb.pix0119cafe@bergen.example5204581253039865802BR5911Bergen Cafe6006Bergen62070503***")
	capitals := sealed("00020101021126410014br.gov.bcb.pix0119CAFE@Bergen.example5204581253039865802BR5911Bergen Cafe6006Bergen62070503***")
	epc := "BCD\n002\n1\nSCT\n\nBergen Cafe\nDE89370400440532013000\nEUR12.50\n\n\nkaffe"
	return []badCode{
		{Name: "a code of another scheme for a payee who always signs", Text: pix, Finding: reading.Downgraded, Place: "26.01"},
		{Name: "a bank transfer to a payee who always signs", Text: epc, Finding: reading.Downgraded, Place: "line 7"},
		{Name: "that code in other letters", Text: capitals, Finding: reading.Downgraded, Place: "26.01"},
		{Name: "that transfer as it is printed", Text: strings.Replace(epc, "DE89370400440532013000", "de89 3704 0044 0532 0130 00", 1), Finding: reading.Downgraded, Place: "line 7"},
		{Name: "a link to a payee who always signs", Text: "https://qr.vipps.no/28/2/05/031/123456", Finding: reading.Downgraded, Place: "path"},
		{Name: "no payment code at all", Text: "Open from 9 to 5", Finding: reading.Unknown, Place: ""},
	}
}

func badPaymentCodes(t *testing.T) []badCode {
	t.Helper()
	good := newPaymentCode(t, "700112", 1)
	return []badCode{
		{Name: "payment code with a digit misread", Text: good[:20] + string('0'+(good[20]-'0'+1)%10) + good[21:], Finding: reading.Checksum, Place: "digit 24"},
		{Name: "payment code of a type not in use", Text: ofType(t, '2'), Finding: reading.Reserved, Place: "digit 7"},
		{Name: "payment code of another type and misread", Text: good[:6] + "2" + good[7:], Finding: reading.Checksum, Place: "digit 24"},
		{Name: "payment code with a tab inside", Text: good[:12] + "\t" + good[12:], Finding: reading.Unknown, Place: ""},
		{Name: "payment code in digits of another script", Text: strings.Replace(good, "1", "１", 1), Finding: reading.Unknown, Place: ""},
		{Name: "payment code of 23 digits", Text: good[:23], Finding: reading.Unknown, Place: ""},
	}
}
