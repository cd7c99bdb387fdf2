package routing_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/qr/routing"
)

func TestRulebookIsReadAsItWasPublished(t *testing.T) {
	t.Parallel()
	book := routing.NewRulebook("2026-11-22", rules())
	for name, marshal := range map[string]func(any) ([]byte, error){
		"compact":  json.Marshal,
		"indented": func(v any) ([]byte, error) { return json.MarshalIndent(v, "", "  ") },
	} {
		text, err := marshal(book)
		if err != nil {
			t.Fatal(err)
		}
		got, err := routing.ReadRulebook(text)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if diff := cmp.Diff(book, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestVersionChangesWithTheRules(t *testing.T) {
	t.Parallel()
	book, fewer := routing.NewRulebook("2026-11-22", rules()), routing.NewRulebook("2026-11-22", rules()[1:])
	if book.Version == fewer.Version || !strings.HasPrefix(book.Version, "2026-11-22.") {
		t.Errorf("versions %s and %s", book.Version, fewer.Version)
	}
}

// TestRulesOfLaterVersions shows what an older reader makes of rules that it does
// not know: it passes over a form, and refuses a narrower form that it would take
// for a wider one.
func TestRulesOfLaterVersions(t *testing.T) {
	t.Parallel()
	known := `{"kinds":["barcode/x"],"digits":{"prefix":"25","lengths":[24]}}`
	for name, test := range map[string]struct {
		rules string
		want  hansa.Reason
		kept  int
	}{
		"none":                         {`[]`, "", 0},
		"a known form":                 {`[` + known + `]`, "", 1},
		"a form to come":               {`[{"kinds":["sound/x"],"sound":{"hertz":440}},` + known + `]`, "", 1},
		"a member to come":             {`[{"kinds":["barcode/x"],"digits":{"prefix":"25","lengths":[24],"luhn":true}}]`, hansa.Malformed, 0},
		"a condition beside the form":  {`[{"kinds":["barcode/x"],"digits":{"prefix":"25","lengths":[24]},"until":"2030"}]`, hansa.UnknownField, 0},
		"a rule that is none":          {`[{"kinds":[],"digits":{"prefix":"25","lengths":[24]}}]`, hansa.Malformed, 0},
		"a rule of another JSON":       {`["x"]`, hansa.Malformed, 0},
		"rules of another JSON":        {`{}`, hansa.Malformed, 0},
		"a known form of another JSON": {`[{"kinds":["barcode/x"],"digits":"25"}]`, hansa.Malformed, 0},
		"a form that is null":          {`[{"kinds":["barcode/x"],"digits":null}]`, hansa.Malformed, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			book, err := routing.ReadRulebook(published(test.rules))
			if reason, _ := hansa.ReasonOf(err); reason != test.want {
				t.Fatalf("%v, want %q", err, test.want)
			}
			if err == nil && len(book.Rules) != test.kept {
				t.Errorf("kept %+v", book.Rules)
			}
		})
	}
}

func TestRulebooksThatAreNone(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"no JSON":              "x",
		"no rules":             `{"version":"2026-11-22.4f53cda18c2baa0c"}`,
		"no version":           `{"rules":[]}`,
		"the version of other": strings.Replace(string(published(`[]`)), "[]", `[ {"kinds":["x"],"start":{"text":"BCD"}} ]`, 1),
		"too large":            strings.Repeat(" ", 1<<20+1),
	} {
		if _, err := routing.ReadRulebook([]byte(text)); err == nil {
			t.Errorf("%s: read", name)
		}
	}
}

// published returns a rulebook of that JSON array with the version that it must have.
func published(rules string) []byte {
	var compact bytes.Buffer
	if err := json.Compact(&compact, []byte(rules)); err != nil {
		panic(err)
	}
	sum := sha256.Sum256(compact.Bytes())
	return fmt.Appendf(nil, `{"version":"2026-11-22.%x","rules":%s}`, sum[:8], rules)
}
