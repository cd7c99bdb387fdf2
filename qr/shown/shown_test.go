package shown_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"

	"github.com/hansa-network/hansa/qr/reading"
	"github.com/hansa-network/hansa/qr/shown"
)

func TestCheck(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		text string
		want []reading.Code
	}{
		"empty":                              {"", nil},
		"plain":                              {"Bergen Cafe & Bar ~ 24/7", nil},
		"accents, composed":                  {"Löwen Café", nil},
		"accents, apart":                     {"Cafe\u0301", []reading.Code{reading.NotComposed}},
		"Latin-1":                            {"L\xf6wen", []reading.Code{reading.NotUTF8}},
		"half a letter":                      {"L\xc3", []reading.Code{reading.NotUTF8}},
		"a surrogate":                        {"\xed\xa0\x80", []reading.Code{reading.NotUTF8}},
		"an overlong slash":                  {"\xc0\xaf", []reading.Code{reading.NotUTF8}},
		"NUL":                                {"TEST\x00SHOP", []reading.Code{reading.HiddenText}},
		"delete":                             {"TEST\x7fSHOP", []reading.Code{reading.HiddenText}},
		"line end":                           {"TEST\nSHOP", []reading.Code{reading.HiddenText}},
		"C1 control":                         {"TEST\u0085SHOP", []reading.Code{reading.HiddenText}},
		"line separator":                     {"TEST\u2028SHOP", []reading.Code{reading.HiddenText}},
		"paragraph separator":                {"TEST\u2029SHOP", []reading.Code{reading.HiddenText}},
		"right-to-left override":             {"TEST\u202eSHOP", []reading.Code{reading.HiddenText}},
		"right-to-left isolate":              {"TEST\u2067SHOP\u2069", []reading.Code{reading.HiddenText}},
		"right-to-left mark":                 {"TEST\u200fSHOP", []reading.Code{reading.HiddenText}},
		"zero width space":                   {"TEST\u200bSHOP", []reading.Code{reading.HiddenText}},
		"soft hyphen":                        {"TEST\u00adSHOP", []reading.Code{reading.HiddenText}},
		"byte order mark":                    {"\ufeffTEST", []reading.Code{reading.HiddenText}},
		"tag character":                      {"TEST\U000e0041", []reading.Code{reading.HiddenText}},
		"Hangul filler":                      {"TEST\u3164SHOP", []reading.Code{reading.HiddenText}},
		"grapheme joiner":                    {"TE\u034fST", []reading.Code{reading.HiddenText}},
		"Braille blank":                      {"TEST\u2800", []reading.Code{reading.HiddenText}},
		"non-joiner in Persian":              {"می\u200cخواهم", nil},
		"non-joiner in Latin":                {"TE\u200cST", []reading.Code{reading.HiddenText}},
		"joiner in Latin":                    {"TE\u200dST", []reading.Code{reading.HiddenText}},
		"joiner behind a virama":             {"क्\u200dष", nil},
		"joiner behind a virama at the end":  {"क्\u200d", nil},
		"two joiners":                        {"क्\u200d\u200dष", []reading.Code{reading.HiddenText}},
		"joiner in front":                    {"\u200dक", []reading.Code{reading.HiddenText}},
		"joiner at the end of Persian":       {"می\u200c", []reading.Code{reading.HiddenText}},
		"a family":                           {"Shop 👨\u200d👩\u200d👧", nil},
		"a family that misses one":           {"Shop 👨\u200d", []reading.Code{reading.HiddenText}},
		"a red heart":                        {"Shop ❤\ufe0f", nil},
		"a couple of two skins":              {"👩🏽\u200d❤\ufe0f\u200d👨🏽", nil},
		"a head that shakes":                 {"🙂\u200d↔\ufe0f", nil},
		"a keycap":                           {"7\ufe0f\u20e3 Eleven", nil},
		"a selector behind a digit":          {"7\ufe0f Eleven", []reading.Code{reading.HiddenText}},
		"a selector behind a plus":           {"A+\ufe0f", []reading.Code{reading.HiddenText}},
		"a joiner between plus signs":        {"A+\u200d+", []reading.Code{reading.HiddenText}},
		"a red exclamation mark":             {"Shop ‼\ufe0f", nil},
		"Sri Lanka, in Sinhala":              {"ශ්\u200dරී ලංකා", nil},
		"a chillu of Malayalam":              {"ന്\u200d", nil},
		"a selector behind a letter":         {"Shop\ufe0f", []reading.Code{reading.HiddenText}},
		"a selector in front":                {"\ufe0fShop", []reading.Code{reading.HiddenText}},
		"a Japanese variant":                 {"葛\U000e0100城", nil},
		"Cyrillic a in a Latin word":         {"Bergen C\u0430fe", []reading.Code{reading.MixedScripts}},
		"Latin a in a Cyrillic word":         {"К\u0061фе", []reading.Code{reading.MixedScripts}},
		"Greek omicron in a Latin word":      {"B\u03bfutique", []reading.Code{reading.MixedScripts}},
		"Cherokee in a Latin word":           {"ᎪPPLE", []reading.Code{reading.MixedScripts}},
		"Cyrillic before an apostrophe":      {"\u041e'Neill", []reading.Code{reading.MixedScripts}},
		"Cyrillic after a digit":             {"24h7\u0430", []reading.Code{reading.MixedScripts}},
		"Cyrillic and Latin words":           {"Кафе Bergen", nil},
		"Cyrillic and Latin with a hyphen":   {"Кафе-Bergen", nil},
		"Japanese in three scripts":          {"寿司カフェのsakura", nil},
		"Chinese and Latin":                  {"麦当劳McDonald", nil},
		"Korean and Latin":                   {"카페Cafe24", nil},
		"Thai and Latin":                     {"ร้านABC", nil},
		"digits behind Cyrillic":             {"Кафе24", nil},
		"everything at once":                 {"e\u0301\u202e\u0430", []reading.Code{reading.HiddenText, reading.NotComposed, reading.MixedScripts}},
		"one finding for many of the same":   {strings.Repeat("\u202e", 99), []reading.Code{reading.HiddenText}},
		"a replacement character is visible": {"L\ufffdwen", nil},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []reading.Code
			for _, finding := range shown.Check(test.text, "59") {
				got = append(got, finding.Code)
				if finding.Place != "59" || !shown.Printable(finding.Detail) {
					t.Errorf("finding %+v", finding)
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("Check(%+q): %s", test.text, diff)
			}
		})
	}
}

func TestSeverities(t *testing.T) {
	t.Parallel()
	if !reading.Valid(shown.Check("C\u0430fe", "")) || reading.Strict(shown.Check("C\u0430fe", "")) {
		t.Error("mixed scripts are not a warning")
	}
	for _, text := range []string{"\xff", "\u202e", "e\u0301"} {
		if reading.Valid(shown.Check(text, "")) {
			t.Errorf("%+q is not an error", text)
		}
	}
}

func TestCheckOfPlainTextAllocatesNothing(t *testing.T) {
	text := strings.Repeat("Bergen Cafe ", 40)
	if got := testing.AllocsPerRun(100, func() { shown.Check(text, "59") }); got != 0 {
		t.Errorf("%v allocations", got)
	}
}

func TestLatin(t *testing.T) {
	t.Parallel()
	cases := map[string]string{
		"Bergen Cafe": "Bergen Cafe", "": "", "Smørbrød & Weißbier": "Smorbrod & Weissbier", "Kafé Blåbær": "Kafe Blabaer",
		"Ísafjörður": "Isafjordur", "Łódź": "Lodz", "Phở Hà Nội": "Pho Ha Noi", "Đà Nẵng": "Da Nang", "Iğdır": "Igdir",
		"L’Œuf “d’Or”…": `L'Oeuf "d'Or"...`, "ǿre": "ore", "Cafe\u0301": "Cafe", "Þórr–Eð": "Thorr-Ed", "Ķekava ĳs": "Kekava ijs",
		"a\u00a0b": "a b",
	}
	for text, want := range cases {
		if got, ok := shown.Latin(text); !ok || got != want {
			t.Errorf("Latin(%q) = %q, %v; want %q", text, got, ok, want)
		}
	}
	for _, text := range []string{"咖啡馆", "Кафе", "Καφέ", "ร้าน", "Cafe咖啡", "\x00", "\xff", "\u0301", "a\u202eb"} {
		if got, ok := shown.Latin(text); ok {
			t.Errorf("Latin(%+q) = %q", text, got)
		}
	}
}

func TestFit(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		text string
		n    int
		want string
	}{
		"shorter":                         {"Bergen", 25, "Bergen"},
		"as long":                         {"Bergen", 6, "Bergen"},
		"longer":                          {"Bergen Cafe", 9, "Bergen Ca"},
		"a space at the cut":              {"Bergen Cafe", 7, "Bergen"},
		"spaces at the end":               {"Bergen  ", 25, "Bergen"},
		"characters, not bytes":           {"Ålesund", 3, "Åle"},
		"a letter whose mark stands away": {"Cafe\u0301s", 4, "Caf"},
		"a letter with its mark":          {"Cafe\u0301s", 5, "Cafe\u0301"},
		"a Thai vowel":                    {"ร้าน", 1, ""},
		"half a family":                   {"A👨\u200d👩\u200d👧", 4, "A"},
		"a skin tone":                     {"A👍🏽", 2, "A"},
		"half a Hangul syllable":          {"한\u1112\u1161\u11ab", 3, "한"},
		"nothing":                         {"Bergen", 0, ""},
		"empty":                           {"", 5, ""},
	}
	for name, test := range cases {
		if got := shown.Fit(test.text, test.n); got != test.want {
			t.Errorf("%s: Fit(%+q, %d) = %+q, want %+q", name, test.text, test.n, got, test.want)
		}
	}
}

func TestLookAlike(t *testing.T) {
	t.Parallel()
	for _, pair := range [][2]string{
		{"Bergen Cafe", "Bergen Cafe"},
		{"Bergen Cafe", "B\u0435rgen C\u0430fe"},
		{"Paypal", "PaypaI"},
		{"paypal", "paypa1"},
		{"Modern", "Modem"},
		{"Walter", "VValter"},
		{"wow", "vvovv"},
		{"Hello", "He11o"},
		{"Coop", "C00P"},
		{"Rema 1000", "Rema lOOO"},
		{"Vipps", "\u0475ipps"},
		{"OSLO", "ΟЅLΟ"},
		{"apple", "\u0430\u0440\u0440\u04cf\u0435"},
		{"Café", "Cafe\u0301"},
		{"Cafe", "Ｃａｆｅ"},
		{"Cafe", "𝐂𝒶𝖿𝚎"},
		{"Cafe", "C\u200bafe"},
		{"Bergen Cafe", "Bergen\u00a0 Cafe "},
		{"Nets", "NETS"},
		{"Bergen–Cafe", "Bergen-Cafe"},
		{"O'Neill", "O’Neill"},
		{"ѕех", "sex"},
		{"ᎪᏢᏢᏞᎬ", "APPLE"},
		{"ϲ", "c"},
		{"ﬁsk", "fisk"},
		{"ёж", "ëж"},
		{"BERGEN", "\u0412\u0415RGEN"},
		{"bergen", "\u0412\u0415RGEN"},
		{"ωw", "wω"},
		{"sıt", "sit"},
	} {
		if !shown.LookAlike(pair[0], pair[1]) || !shown.LookAlike(pair[1], pair[0]) {
			t.Errorf("%+q and %+q: %+q and %+q", pair[0], pair[1], shown.Skeleton(pair[0]), shown.Skeleton(pair[1]))
		}
	}
	for _, pair := range [][2]string{
		{"Bergen Cafe", "Bergen Bar"},
		{"Ole", "Øle"},
		{"Cafe", "Café"},
		{"abc", "acb"},
		{"", "a"},
		{"咖啡", "咖喱"},
		{"10", "100"},
		{"BergenCafe", "Bergen Cafe"},
	} {
		if shown.LookAlike(pair[0], pair[1]) {
			t.Errorf("%+q and %+q look alike", pair[0], pair[1])
		}
	}
}

func FuzzShown(f *testing.F) {
	for _, seed := range []string{"Bergen Cafe", "C\u0430fe\u0301", "👨\u200d👩\u200d👧", "\xff\u202e", "ﬁ½Ω", "می\u200cخواهم", "W\u0307m"} {
		f.Add(seed, 3)
	}
	f.Fuzz(func(t *testing.T, text string, n int) {
		findings := shown.Check(text, "59")
		if shown.Printable(text) && findings != nil {
			t.Errorf("findings about plain text: %v", findings)
		}
		if reading.Valid(findings) && (!utf8.ValidString(text) || !norm.NFC.IsNormalString(text)) {
			t.Errorf("no error about %+q", text)
		}
		if once := shown.Skeleton(text); shown.Skeleton(once) != once {
			t.Errorf("skeleton %+q has the skeleton %+q", once, shown.Skeleton(once))
		}
		if latin, ok := shown.Latin(text); ok && !shown.Printable(latin) {
			t.Errorf("Latin(%+q) = %+q", text, latin)
		}
		if fit := shown.Fit(text, n); !strings.HasPrefix(text, fit) || utf8.RuneCountInString(fit) > max(n, 0) {
			t.Errorf("Fit(%+q, %d) = %+q", text, n, fit)
		}
	})
}

// TestPrintableKnowsEachByteAtEachPlace: eight bytes at a time, or one by one.
func TestPrintableKnowsEachByteAtEachPlace(t *testing.T) {
	t.Parallel()
	for length := range 20 {
		for at := range length {
			for char := range 256 {
				text := []byte(strings.Repeat("~", length))
				text[at] = byte(char)
				if want := char >= ' ' && char <= '~'; shown.Printable(string(text)) != want {
					t.Fatalf("%q: want %t", text, want)
				}
			}
		}
	}
}
