package api_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
)

// An order is a message with a member of every form.
type order struct {
	ID      string            `json:"id"`
	Amount  amount            `json:"amount"`
	Note    string            `json:"note,omitempty"`
	Tip     *amount           `json:"tip"`
	Lines   []line            `json:"lines,omitzero"`
	Labels  map[string]string `json:"labels,omitempty"`
	Color   color             `json:"color,omitzero"`
	Extra   any               `json:"extra,omitempty"`
	Raw     []byte            `json:"raw,omitempty"`
	Paid    bool              `json:"paid,omitempty"`
	Ignored string            `json:"-"`
	secret  string            //nolint:unused // It must not be reached by its name.
	Common
}

type Common struct {
	RequestID string `json:"request_id,omitempty"`
}

type amount struct {
	Value    int64  `json:"value"`
	Currency string `json:"currency"`
}

type line struct {
	Count uint8 `json:"count"`
}

// A color reads itself and refuses by a reason of its own.
type color struct{ name string }

func (c *color) UnmarshalText(text []byte) error {
	switch string(text) {
	case "red":
		c.name = "red"
		return nil
	case "black":
		return hansa.Refuse(hansa.InvalidName, "no such color")
	}
	return errors.New("a color nobody has seen")
}

func TestDecodeReads(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		body string
		want order
	}{
		"least": {
			`{"id":"a","amount":{"value":1,"currency":"NOK"}}`,
			order{ID: "a", Amount: amount{1, "NOK"}},
		},
		"most": {
			` { "id" : "\u0061\/\n" , "amount":{"currency":"ISK","value":-0},"note":"😀\ud83d\ude00","tip":{"value":2,"currency":"ISK"},` +
				`"lines":[{"count":1},{"count":2}],"labels":{"b":"1","a":"2"},"color":"red","extra":[1,{"x":null}],"raw":"AQI=","paid":true,"request_id":"r"} `,
			order{
				ID: "a/\n", Amount: amount{0, "ISK"}, Note: "😀😀", Tip: &amount{2, "ISK"}, Lines: []line{{1}, {2}},
				Labels: map[string]string{"a": "2", "b": "1"}, Color: color{"red"}, Extra: []any{1.0, map[string]any{"x": nil}},
				Raw: []byte{1, 2}, Paid: true, Common: Common{"r"},
			},
		},
		"optional given as null": {
			`{"id":"a","amount":{"value":1,"currency":"NOK"},"note":null,"tip":null,"lines":null,"labels":null,"color":null,"extra":null,"raw":null,"paid":null}`,
			order{ID: "a", Amount: amount{1, "NOK"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got order
			if err := api.Decode([]byte(tt.body), &got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got, cmp.AllowUnexported(order{}, color{})); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestDecodeRefuses(t *testing.T) {
	t.Parallel()
	const start, end = `{"id":"a","amount":{"value":1,"currency":"NOK"}`, `}`
	for name, tt := range map[string]struct{ body, want string }{
		"empty":              {"", "malformed: not JSON at byte 0"},
		"array":              {"[]", "malformed: body: want an object, not an array"},
		"null":               {"null", "malformed: body: want an object, not null"},
		"string":             {`"x"`, "malformed: body: want an object, not a string"},
		"text after":         {start + end + "x", "malformed: more after the JSON value at byte 48"},
		"second object":      {start + end + start + end, "malformed: more after the JSON value at byte 48"},
		"byte order mark":    {"\xef\xbb\xbf" + start + end, "malformed: not JSON at byte 0"},
		"broken UTF-8":       {start + `,"note":"` + "\xff" + `"}`, "malformed: the body is not UTF-8"},
		"surrogate in UTF-8": {start + `,"note":"` + "\xed\xa0\x80" + `"}`, "malformed: the body is not UTF-8"},
		"half a pair":        {start + `,"note":"\ud800"}`, "malformed: half a surrogate pair at byte 62"},
		"second half":        {start + `,"note":"\udc00"}`, "malformed: half a surrogate pair at byte 62"},
		"half in a name":     {start + `,"\ud800x":1}`, "malformed: half a surrogate pair at byte 55"},
		"line break":         {start + ",\"note\":\"\n\"}", "malformed: not JSON at byte 56"},
		"hidden hexadecimal": {start + ",\"note\":\"\\u00\x10\x11\"}", "malformed: not JSON at byte 60"},

		"unknown":               {start + `,"status":"approved"}`, "unknown_field: status"},
		"unknown below":         {`{"id":"a","amount":{"value":1,"currency":"NOK","scale":9}}`, "unknown_field: amount.scale"},
		"unknown in a list":     {start + `,"lines":[{"count":1},{"count":1,"x":1}]}`, "unknown_field: lines[1].x"},
		"upper case":            {`{"ID":"a","amount":{"value":1,"currency":"NOK"}}`, "unknown_field: ID"},
		"upper case beside":     {`{"id":"a","amount":{"value":1,"VALUE":1000000,"currency":"NOK"}}`, "unknown_field: amount.VALUE"},
		"letters that fold":     {start + `,"lineſ":[]}`, `unknown_field: "line\u017f"`},
		"name of the Go field":  {start + `,"secret":"x"}`, "unknown_field: secret"},
		"name of no field":      {start + `,"-":"x"}`, "unknown_field: -"},
		"name of the struct":    {start + `,"Common":{}}`, "unknown_field: Common"},
		"strange name":          {start + `,"a\u202eb\u0000":1}`, `unknown_field: "a\u202eb\x00"`},
		"very long name":        {start + `,"` + strings.Repeat("n", 500) + `":1}`, "unknown_field: " + `"` + strings.Repeat("n", 64) + `\u2026"`},
		"empty name":            {start + `,"":1}`, `unknown_field: ""`},
		"twice":                 {start + `,"id":"b"}`, "malformed: id: given twice"},
		"twice by escape":       {start + `,"i\u0064":"b"}`, "malformed: id: given twice"},
		"twice below":           {`{"id":"a","amount":{"value":1,"value":2,"currency":"NOK"}}`, "malformed: amount.value: given twice"},
		"twice in a map":        {start + `,"labels":{"a":"1","a":"2"}}`, "malformed: labels.a: given twice"},
		"twice in any value":    {start + `,"extra":[{"a":1,"a":2}]}`, "malformed: extra[0].a: given twice"},
		"twice where self-read": {start + `,"color":{"a":1,"a":2}}`, "malformed: color.a: given twice"},

		"required left out":  {`{"id":"a"}`, "malformed: amount: required"},
		"required below":     {`{"id":"a","amount":{"value":1}}`, "malformed: amount.currency: required"},
		"required null":      {`{"id":null,"amount":{"value":1,"currency":"NOK"}}`, "malformed: id: required, not null"},
		"null in a list":     {start + `,"lines":[null]}`, "malformed: lines[0]: null has no meaning here"},
		"null in a map":      {start + `,"labels":{"a":null}}`, "malformed: labels.a: null has no meaning here"},
		"number for text":    {`{"id":1,"amount":{"value":1,"currency":"NOK"}}`, "malformed: id: want a string, not a number"},
		"text for number":    {`{"id":"a","amount":{"value":"1","currency":"NOK"}}`, "malformed: amount.value: want a number, not a string"},
		"array for object":   {`{"id":"a","amount":[]}`, "malformed: amount: want an object, not an array"},
		"object for array":   {start + `,"lines":{}}`, "malformed: lines: want an array, not an object"},
		"text for bool":      {start + `,"paid":"true"}`, "malformed: paid: want a boolean, not a string"},
		"fraction":           {`{"id":"a","amount":{"value":1.5,"currency":"NOK"}}`, "malformed: amount.value: does not fit"},
		"exponent":           {`{"id":"a","amount":{"value":1e2,"currency":"NOK"}}`, "malformed: amount.value: does not fit"},
		"fraction of zero":   {`{"id":"a","amount":{"value":1.0,"currency":"NOK"}}`, "malformed: amount.value: does not fit"},
		"huge":               {`{"id":"a","amount":{"value":9223372036854775808,"currency":"NOK"}}`, "malformed: amount.value: does not fit"},
		"negative for uint":  {start + `,"lines":[{"count":-1}]}`, "malformed: lines.count: does not fit"},
		"over a byte":        {start + `,"lines":[{"count":256}]}`, "malformed: lines.count: does not fit"},
		"not base64":         {start + `,"raw":"%"}`, "malformed: a member has an unreadable value"},
		"refused by itself":  {start + `,"color":"black"}`, "invalid_name: no such color"},
		"fault of its own":   {start + `,"color":"blue"}`, "malformed: a member has an unreadable value"},
		"number as color":    {start + `,"color":1}`, "malformed: color: does not fit"},
		"33 levels":          {start + `,"extra":` + strings.Repeat("[", 32) + strings.Repeat("]", 32) + `}`, "malformed: more than 32 levels deep"},
		"levels without end": {strings.Repeat(`{"a":`, 10_000), "malformed: more than 32 levels deep"},
		"too large":          {start + `,"note":"` + strings.Repeat("x", api.BodyMax) + `"}`, "too_large: more than 65536 bytes"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := api.Decode([]byte(tt.body), new(order))
			if err == nil || err.Error() != tt.want {
				t.Errorf("want %s\n got %v", tt.want, err)
			}
		})
	}
}

func TestDecodeTakes32Levels(t *testing.T) {
	t.Parallel()
	body := `{"id":"a","amount":{"value":1,"currency":"NOK"},"extra":` + strings.Repeat("[", 31) + strings.Repeat("]", 31) + `}`
	if err := api.Decode([]byte(body), new(order)); err != nil {
		t.Error(err)
	}
}

// TestMessagesWithoutJSONAreBugs: what a message type may not have is seen at the
// first call.
func TestMessagesWithoutJSONAreBugs(t *testing.T) {
	t.Parallel()
	for name, into := range map[string]any{
		"no pointer": order{},
		"no struct":  new(map[string]any),
		"no name":    &struct{ Amount int64 }{},
		"floating point": &struct {
			Amount float64 `json:"amount"`
		}{},
		"array of Go": &struct {
			Amounts [2]int `json:"amount"`
		}{},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			_ = api.Decode([]byte(`{"amount":1}`), into) // Must panic before.
		}()
	}
}

func TestEncodeIsCanonical(t *testing.T) {
	t.Parallel()
	value := struct {
		Note   string         `json:"note"`
		Labels map[string]int `json:"labels"`
		Empty  string         `json:"empty,omitempty"`
	}{Note: "<Kafé & Bar>\u2028", Labels: map[string]int{"b": 2, "a": 1, "C": 3}}
	const want = `{"note":"<Kafé & Bar>\u2028","labels":{"C":3,"a":1,"b":2}}`
	if got := string(api.Encode(value)); got != want {
		t.Errorf("want %s\n got %s", want, got)
	}
	defer func() {
		if recover() == nil {
			t.Error("what cannot be JSON was encoded")
		}
	}()
	api.Encode(make(chan int))
}

func TestReadBodyStopsAtItsLimit(t *testing.T) {
	t.Parallel()
	for size, want := range map[int]hansa.Reason{0: "", 9: "", 10: "", 11: hansa.TooLarge} {
		body, err := api.ReadBody(strings.NewReader(strings.Repeat("x", size)), 10)
		wantReason(t, want, err)
		if want == "" && len(body) != size {
			t.Errorf("read %d of %d", len(body), size)
		}
	}
	endless := &counting{}
	_, err := api.ReadBody(endless, api.BodyMax)
	wantReason(t, hansa.TooLarge, err)
	if endless.read > 4*api.BodyMax {
		t.Errorf("read %d bytes of a body without end", endless.read)
	}
	limited := http.MaxBytesReader(httptest.NewRecorder(), io.NopCloser(strings.NewReader("12345")), 4)
	_, err = api.ReadBody(limited, 10)
	wantReason(t, hansa.TooLarge, err)
	broken := errors.New("connection reset")
	if _, err = api.ReadBody(iotest.ErrReader(broken), 10); !errors.Is(err, broken) {
		t.Errorf("want the fault, got %v", err)
	}
}

// counting is a body without end.
type counting struct{ read int }

func (c *counting) Read(p []byte) (int, error) {
	c.read += len(p)
	return len(p), nil
}

// TestAmountsHaveWholeMinorUnits: what is wrong with a number of money has its
// own reason, so that a till can tell its operator.
func TestAmountsHaveWholeMinorUnits(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]hansa.Reason{
		"100":                  "",
		"100.5":                hansa.InvalidScale,
		"100.0":                hansa.InvalidScale,
		"1e2":                  hansa.InvalidScale,
		"9223372036854775808":  hansa.InvalidAmount,
		"-9223372036854775809": hansa.InvalidAmount,
		`"100"`:                hansa.Malformed,
		"true":                 hansa.Malformed,
	} {
		var message api.MoveMoney
		err := api.Decode([]byte(`{"request_id":"r-1","amount":{"value":`+value+`,"currency":"NOK"}}`), &message)
		if reason, _ := hansa.ReasonOf(err); reason != want {
			t.Errorf("%s: got %v, want %q", value, err, want)
		}
	}
}
