package language_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa/web/language"
)

// TestLanguagesSayTheSame holds the texts of every page in all languages to one list, with
// the same parts to be filled in.
func TestLanguagesSayTheSame(t *testing.T) {
	t.Parallel()
	pages, err := filepath.Glob("../*/texts")
	if err != nil || len(pages) < 2 {
		t.Fatalf("%d pages, %v", len(pages), err)
	}
	for _, page := range pages {
		want := shapeOf(t, filepath.Join(page, "en.json"))
		for _, tag := range language.Tags() {
			file := filepath.Join(page, tag+".json")
			if diff := cmp.Diff(want, shapeOf(t, file)); diff != "" {
				t.Errorf("%s (-en +it):\n%s", file, diff)
			}
		}
		if files, err := os.ReadDir(page); err != nil || len(files) != len(language.Tags()) {
			t.Errorf("%s holds %d files, %v", page, len(files), err)
		}
	}
}

// shapeOf lists the parts of each text of a file.
func shapeOf(t *testing.T, file string) map[string][]string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var texts map[string]string
	if err := json.Unmarshal(text, &texts); err != nil {
		t.Fatal(err)
	}
	parts := regexp.MustCompile(`\{\w+\}`)
	shape := make(map[string][]string)
	for key, text := range texts {
		shape[key] = parts.FindAllString(text, -1)
		slices.Sort(shape[key])
		if strings.TrimSpace(text) == "" {
			t.Errorf("%s: %s is empty", file, key)
		}
	}
	return shape
}

// TestTheBrowsersLanguage chooses by what a browser accepts.
func TestTheBrowsersLanguage(t *testing.T) {
	t.Parallel()
	all := language.Read(os.DirFS("../checkout"))
	for accepted, want := range map[string]string{
		"": "en", "de-AT,de;q=0.9": "de", "no": "nb", "nn-NO": "nb", "zh-TW": "zh-Hans", "fr,sv;q=0.5": "sv", "fr": "en",
	} {
		if got := language.Choose(all, "", accepted); got.Tag != want {
			t.Errorf("%q is answered in %s", accepted, got.Tag)
		}
	}
	if got := language.Choose(all, "vi", "de"); got.Tag != "vi" {
		t.Errorf("asked for vi, answered in %s", got.Tag)
	}
}
