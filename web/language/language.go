// Package language holds what pages say, in each language that they say it in.
package language

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"
)

// A Language is what a page says in it. Each has one file of texts, and all files of a
// page have the same keys.
type Language struct {
	Tag   string // BCP 47
	Name  string // in itself
	texts map[string]string
}

// Tags are the languages of all pages in the order in which they are offered. The first
// is spoken to whoever wants none of them.
func Tags() []string {
	return []string{"en", "zh-Hans", "nb", "da", "sv", "fi", "de", "es", "pt", "vi"}
}

// Read reads the texts of a page, texts/TAG.json of files, in the order of Tags. It
// panics where they cannot be read: they are embedded.
func Read(files fs.FS) []Language {
	var all []Language
	for _, tag := range Tags() {
		raw, err := fs.ReadFile(files, "texts/"+tag+".json")
		if err != nil {
			panic(err)
		}
		one := Language{Tag: tag}
		if err := json.Unmarshal(raw, &one.texts); err != nil {
			panic(fmt.Sprintf("texts/%s.json: %v", tag, err))
		}
		one.Name = one.Text("language")
		all = append(all, one)
	}
	return all
}

// Text panics where a text is missing: a test holds all languages to one list.
func (l Language) Text(key string) string {
	text, ok := l.texts[key]
	if !ok {
		panic("no text " + key + " in " + l.Tag)
	}
	return text
}

// Find returns a text that may be missing.
func (l Language) Find(key string) (string, bool) {
	text, ok := l.texts[key]
	return text, ok
}

// Say returns a text with the named parts filled in: name, value, name, value.
func (l Language) Say(key string, parts ...string) string {
	fills := make([]string, len(parts))
	for i, part := range parts {
		fills[i] = part
		if i%2 == 0 {
			fills[i] = "{" + part + "}"
		}
	}
	return strings.NewReplacer(fills...).Replace(l.Text(key))
}

// Choose returns the language that was asked for by name, or else the first of those
// that the browser accepts, in its order.
func Choose(all []Language, asked, accepted string) Language {
	for _, wanted := range append([]string{asked}, strings.Split(accepted, ",")...) {
		wanted, _, _ = strings.Cut(strings.TrimSpace(wanted), ";")
		for _, one := range all {
			if wanted != "" && speaks(one.Tag, wanted) {
				return one
			}
		}
	}
	return all[0]
}

// speaks reports whether a language is the one that is wanted, or of its kind:
// Norwegian is Bokmål here, and Chinese is written simplified.
func speaks(tag, wanted string) bool {
	base, _, _ := strings.Cut(tag, "-")
	kind, _, _ := strings.Cut(strings.ToLower(wanted), "-")
	return strings.EqualFold(tag, wanted) || base == kind || tag == "nb" && (kind == "no" || kind == "nn")
}
