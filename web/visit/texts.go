package visit

import (
	"encoding/json"
	"fmt"
	"strings"
)

// A language is what the page says in it. Each has one file in texts, and all
// have the same keys.
type language struct {
	Tag   string // BCP 47
	Name  string // in itself
	texts map[string]string
}

// tags are the languages of the page in the order in which they are offered. The
// first is spoken to whoever wants none of them.
func tags() []string {
	return []string{"en", "zh-Hans", "nb", "da", "sv", "fi", "de", "es", "pt", "vi"}
}

func readLanguages() []language {
	var all []language
	for _, tag := range tags() {
		raw, err := files.ReadFile("texts/" + tag + ".json")
		if err != nil {
			panic(err)
		}
		one := language{Tag: tag}
		if err := json.Unmarshal(raw, &one.texts); err != nil {
			panic(fmt.Sprintf("texts/%s.json: %v", tag, err))
		}
		one.Name = one.text("language")
		all = append(all, one)
	}
	return all
}

// text panics where a text is missing: a test holds all languages to one list.
func (l language) text(key string) string {
	text, ok := l.texts[key]
	if !ok {
		panic("no text " + key + " in " + l.Tag)
	}
	return text
}

// choose returns the language that was asked for by name, or else the first of
// those that the browser accepts, in its order.
func (p *pages) choose(asked, accepted string) language {
	for _, wanted := range append([]string{asked}, strings.Split(accepted, ",")...) {
		wanted, _, _ = strings.Cut(strings.TrimSpace(wanted), ";")
		for _, one := range p.languages {
			if wanted != "" && speaks(one.Tag, wanted) {
				return one
			}
		}
	}
	return p.languages[0]
}

// speaks reports whether a language is the one that is wanted, or of its kind:
// Norwegian is Bokmål here, and Chinese is written simplified.
func speaks(tag, wanted string) bool {
	base, _, _ := strings.Cut(tag, "-")
	kind, _, _ := strings.Cut(strings.ToLower(wanted), "-")
	return strings.EqualFold(tag, wanted) || base == kind || tag == "nb" && (kind == "no" || kind == "nn")
}
