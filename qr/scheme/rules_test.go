package scheme_test

import (
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa/qr/routing"
	"github.com/hansa-network/hansa/qr/scheme"
)

const publishedRules = "testdata/rules.json"

// TestPublishedRules holds the rules to the file that was published, and the day
// of their version to the day of their last change.
func TestPublishedRules(t *testing.T) {
	t.Parallel()
	book := scheme.Rules()
	text, err := json.MarshalIndent(book, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	text = append(text, '\n')
	if os.Getenv("UPDATE_GOLDEN") == "1" {
		if err := os.WriteFile(publishedRules, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	published, err := os.ReadFile(publishedRules)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(published), "\n"), strings.Split(string(text), "\n")); diff != "" {
		t.Errorf("the rules changed: set rulesChanged to the day of it, then UPDATE_GOLDEN=1 rewrites %s: %s", publishedRules, diff)
	}
}

// TestLoadedRulesAreTheBuiltInOnes shows that a wallet which loads the published
// rules has the very table that is built in.
func TestLoadedRulesAreTheBuiltInOnes(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(publishedRules)
	if err != nil {
		t.Fatal(err)
	}
	book, err := routing.ReadRulebook(text)
	if err != nil {
		t.Fatal(err)
	}
	loaded, err := routing.NewTable(book.Rules)
	if err != nil {
		t.Fatal(err)
	}
	builtIn, err := routing.NewTable(scheme.Rules().Rules)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(loaded, builtIn) || book.Version != scheme.Rules().Version {
		t.Error("the loaded table is another one")
	}
}
