package mpm_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa/qr/mpm"
	"github.com/hansa-network/hansa/qr/reading"
)

// A source grows objects from a seed, most of which can be written.
type source struct{ chance *rand.Rand }

func newSource(seed uint64) source { return source{rand.New(rand.NewPCG(seed, 1))} }

// text returns 1 to lengthMax characters, not all of them ASCII where others may be.
func (s source) text(lengthMax int, others bool) string {
	letters := []rune("ABCxyz0189 .,-/&@%*")
	if others {
		letters = append(letters, []rune("éß北京しゃ한ខ😀")...)
	}
	var text strings.Builder
	for range 1 + s.chance.IntN(lengthMax) {
		text.WriteRune(letters[s.chance.IntN(len(letters))])
	}
	return text.String()
}

func (s source) pick(from ...string) string { return from[s.chance.IntN(len(from))] }

// template returns a template of a scheme, deep levels of templates in each other.
func (s source) template(id mpm.ID, deep int) mpm.Object {
	objects := []mpm.Object{{ID: mpm.IDScheme, Value: s.pick("com.test", "A000000727", "br.gov.bcb.pix")}}
	if deep > 0 && s.chance.IntN(3) == 0 {
		objects = append(objects, s.template(1, deep-1))
	}
	for id := mpm.ID(2); id < 99 && s.chance.IntN(3) > 0; id += mpm.ID(1 + s.chance.IntN(20)) {
		objects = append(objects, mpm.Object{ID: id, Value: s.text(12, true)})
	}
	s.chance.Shuffle(len(objects), func(i, j int) { objects[i], objects[j] = objects[j], objects[i] })
	return mpm.Object{ID: id, Template: objects}
}

// objects returns those of a payload.
func (s source) objects() []mpm.Object {
	objects := []mpm.Object{
		s.template(mpm.ID(26+s.chance.IntN(26)), 2),
		{ID: mpm.IDCurrency, Value: s.pick("978", "392", "048", "764")},
		{ID: mpm.IDCountry, Value: s.pick("DE", "TH", "BR")},
	}
	optional := []mpm.Object{
		{ID: mpm.IDInitiation, Value: s.pick("11", "12")},
		{ID: mpm.ID(2 + s.chance.IntN(24)), Value: s.text(99, false)},
		{ID: mpm.IDCategory, Value: s.pick("0000", "5411")},
		{ID: mpm.IDAmount, Value: s.pick("1", "98.", "1234567890", "7.00", "0.5")},
		{ID: mpm.IDTipIndicator, Value: "01"},
		{ID: mpm.IDName, Value: s.text(25, false)},
		{ID: mpm.IDCity, Value: s.text(15, false)},
		{ID: mpm.IDPostalCode, Value: s.text(10, false)},
		{ID: mpm.IDAdditionalData, Template: []mpm.Object{
			{ID: mpm.IDReferenceLabel, Value: s.text(25, false)},
			{ID: mpm.IDConsumerRequest, Value: s.pick("A", "ME", "AME")},
			s.template(mpm.ID(50+s.chance.IntN(50)), 0),
		}},
		{ID: mpm.IDLocalLanguage, Template: []mpm.Object{
			{ID: mpm.IDLanguage, Value: s.pick("ZH", "km")}, {ID: mpm.IDLocalName, Value: s.text(25, true)},
		}},
		s.template(mpm.ID(80+s.chance.IntN(20)), 1),
	}
	for _, object := range optional {
		if s.chance.IntN(2) == 0 {
			objects = append(objects, object)
		}
	}
	s.chance.Shuffle(len(objects), func(i, j int) { objects[i], objects[j] = objects[j], objects[i] })
	return append([]mpm.Object{{ID: mpm.IDPayloadFormat, Value: "01"}}, objects...)
}

// flat returns objects as they are read: with values in place of templates.
func flat(objects []mpm.Object) []mpm.Object {
	read := slices.Clone(objects)
	for i, object := range read {
		for _, inside := range flat(object.Template) {
			read[i].Value += mpmHeader(inside) + inside.Value
		}
		read[i].Template = nil
	}
	return read
}

func mpmHeader(object mpm.Object) string {
	length := utf8.RuneCountInString(object.Value)
	return string([]byte{
		'0' + byte(object.ID/10), '0' + byte(object.ID%10), '0' + byte(length/10), '0' + byte(length%10),
	})
}

// wantWrittenIsRead wants what Encode returns for objects to be read as objects.
// It reports whether they were written at all.
func wantWrittenIsRead(t *testing.T, objects []mpm.Object) bool {
	t.Helper()
	text, err := mpm.Encode(objects...)
	if err != nil {
		return false
	}
	code, findings := mpm.Read(text)
	for _, finding := range findings {
		if finding.Severity != reading.Note && (finding.Code != reading.Missing || finding.Severity != reading.Warning) {
			t.Errorf("%q: %v", text, finding)
		}
	}
	read := code.Objects()
	if diff := cmp.Diff(flat(objects), read[:len(read)-1]); diff != "" {
		t.Errorf("%q (-written +read):\n%s", text, diff)
	}
	if !mpm.Recognises(text) || code.Text() != text {
		t.Errorf("%q is not recognised or kept", text)
	}
	return true
}

// wantReadIsWritten wants a code without errors and warnings to be written again as
// it was read.
func wantReadIsWritten(t *testing.T, text string) {
	t.Helper()
	code, findings := mpm.Read(text)
	if !strings.Contains(text, code.Text()) {
		t.Fatalf("%q was read as %q", text, code.Text())
	}
	all := slices.Collect(mpm.All(code.Text()))
	if objects := code.Objects(); reading.Valid(findings) && !slices.EqualFunc(all, objects, sameObject) {
		t.Errorf("%q: All gives %v, Objects %v", text, all, objects)
	}
	if !reading.Strict(findings) {
		return
	}
	objects := code.Objects()
	again, err := mpm.Encode(objects[:len(objects)-1]...)
	if err != nil || again != code.Text() {
		t.Errorf("%q is written again as %q, %v", text, again, err)
	}
}

func sameObject(a, b mpm.Object) bool { return a.ID == b.ID && a.Value == b.Value }

func TestWhatIsWrittenIsRead(t *testing.T) {
	t.Parallel()
	const codes = 3000
	written := 0
	for seed := range uint64(codes) {
		if wantWrittenIsRead(t, newSource(seed).objects()) {
			written++
		}
	}
	if written < codes/2 {
		t.Errorf("only %d of %d codes could be written", written, codes)
	}
}

// TestAlteredCodesAreFound changes one character of sound codes: the checksum finds
// all of them.
func TestAlteredCodesAreFound(t *testing.T) {
	t.Parallel()
	for seed := range uint64(300) {
		s := newSource(seed)
		text, err := mpm.Encode(s.objects()...)
		if err != nil {
			continue
		}
		altered := []byte(text)
		altered[s.chance.IntN(len(altered))] ^= byte(1 + s.chance.IntN(255))
		if _, findings := mpm.Read(string(altered)); reading.Valid(findings) && !strings.EqualFold(string(altered), text) {
			t.Errorf("%q instead of %q is valid", altered, text)
		}
		wantReadIsWritten(t, text)
	}
}
