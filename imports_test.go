package hansa_test

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// impure lists the packages that a pure room must not import. Of the package
// time it may use the types; tidy_test.go bans the clock by name.
var impure = regexp.MustCompile(`^(net|os|io/fs|io/ioutil|database|log|sync|context|math/rand|crypto/rand|hash/maphash|runtime|syscall|unsafe|plugin|testing)(/|$)`)

// harmless lists what impure would catch but which only calculates.
var harmless = []string{"net/url", "net/netip"}

// A policy is what ARCHITECTURE.md says about imports.
type policy struct {
	rooms    []string            // in the order of the document
	may      map[string][]string // a room's own imports
	modules  map[string][]string // the modules of others that a room may import
	standard map[string][]string // the only rooms that may import a standard package
	planned  []string            // rooms that have no code yet
	pure     []string
}

// TestImports holds every room to the policy in ARCHITECTURE.md.
func TestImports(t *testing.T) {
	t.Parallel()
	for _, breach := range importBreaches(t, os.DirFS(".")) {
		t.Error(breach)
	}
}

// TestPlantedImportsAreNamed shows that each kind of breach is found.
func TestPlantedImportsAreNamed(t *testing.T) {
	t.Parallel()
	before := importBreaches(t, os.DirFS("."))
	tree := plant(t, map[string]string{
		"money/planted.go": `package money
import (
	_ "github.com/hansa-network/hansa/hub"
	_ "github.com/hansa-network/hansa/dialect/alipay"
	_ "modernc.org/sqlite"
	_ "net/http"
	_ "net/url"
)`,
		"money/planted_test.go": `package money_test
import (
	_ "github.com/google/go-cmp/cmp"
	_ "github.com/stretchr/testify/assert"
	_ "net/http"
)`,
		"web/till/planted.go": `package till
import (
	_ "github.com/hansa-network/hansa/hub"
	_ "github.com/hansa-network/hansa/web"
	_ "github.com/hansa-network/hansa/store"
	_ "database/sql"
)`,
		"cellar/planted.go": "package cellar",
	})
	after := importBreaches(t, tree)
	planted := slices.DeleteFunc(after, func(breach string) bool {
		return slices.Contains(before, breach) || strings.Contains(breach, "planned")
	})
	wantNamed(t, planted,
		"money/planted.go: money must not import hub",
		"money/planted.go: money must not import dialect/alipay",
		"money/planted.go: money must not import the module of modernc.org/sqlite",
		"money/planted.go: money is pure and must not import net/http",
		"money/planted_test.go: tests of money must not import the module of github.com/stretchr/testify/assert",
		"web/till/planted.go: web must not import store",
		"web/till/planted.go: web must not import database/sql",
		"cellar/planted.go: ARCHITECTURE.md names no room for cellar",
	)
}

// TestPlantedPolicyIsNamed shows that the list itself is held to its own rules.
func TestPlantedPolicyIsNamed(t *testing.T) {
	t.Parallel()
	tree := plant(t, map[string]string{"ARCHITECTURE.md": "```imports\n" +
		"hansa: money\nmoney:\nghost:\n```\n```planned\nmoney\nspirit\n```\n" +
		"```pure\nmoney attic\n```\n```modules\nattic: example.org/x\n```\n```standard\nos: cellar\n```\n"})
	rules, breaches := readPolicy(t, tree)
	breaches = append(breaches, rules.presence([]source{{path: "hansa.go"}, {path: "money/money.go"}})...)
	wantNamed(t, breaches,
		"hansa may import money, which does not stand above it",
		"planned: there is no room spirit",
		"pure: there is no room attic",
		"modules: there is no room attic",
		"standard: there is no room cellar",
		"money has code and is no longer planned",
		"ghost has no code: list it as planned",
	)
}

// importBreaches returns a line for each import that the policy of the tree forbids.
func importBreaches(t *testing.T, tree fs.FS) []string {
	t.Helper()
	rules, breaches := readPolicy(t, tree)
	sources := slices.DeleteFunc(readSources(t, tree), func(s source) bool {
		return strings.HasPrefix(s.path, "tools/") // a module of its own
	})
	for _, file := range sources {
		breaches = append(breaches, rules.check(file)...)
	}
	return append(breaches, rules.presence(sources)...)
}

// check returns the breaches of one file.
func (p policy) check(file source) []string {
	room, rule := p.roomOf(path.Dir(file.path))
	if rule == "" {
		return []string{fmt.Sprintf("%s: ARCHITECTURE.md names no room for %s", file.path, path.Dir(file.path))}
	}
	var breaches []string
	imports := file.imports()
	for _, name := range sortedKeys(imports) {
		if why := p.forbids(room, rule, imports[name], file.isTest()); why != "" {
			breaches = append(breaches, file.path+": "+why)
		}
	}
	return breaches
}

// forbids says why the room must not import a package, or nothing if it may.
// Tests may import all rooms and all of the standard library.
func (p policy) forbids(room, rule, imported string, isTest bool) string {
	first, _, _ := strings.Cut(imported, "/")
	other, ours := strings.CutPrefix(imported+"/", module+"/")
	switch {
	case ours:
		target, _ := p.roomOf(path.Clean(other))
		if !isTest && target != room && !matches(p.may[rule], target) {
			return fmt.Sprintf("%s must not import %s", room, target)
		}
	case strings.Contains(first, "."):
		switch {
		case within(p.modules[rule], imported):
		case isTest && !within(p.modules["tests"], imported):
			return fmt.Sprintf("tests of %s must not import the module of %s", room, imported)
		case !isTest:
			return fmt.Sprintf("%s must not import the module of %s", room, imported)
		}
	case !isTest:
		rooms, kept := p.standard[imported]
		switch {
		case kept && matches(rooms, rule):
		case matches(p.pure, rule) && impure.MatchString(imported) && !slices.Contains(harmless, imported):
			return fmt.Sprintf("%s is pure and must not import %s", room, imported)
		case kept:
			return fmt.Sprintf("%s must not import %s", room, imported)
		}
	}
	return ""
}

// presence compares the rooms of the policy with those that have code.
func (p policy) presence(sources []source) []string {
	var breaches []string
	hasCode := make(map[string]bool)
	for _, file := range sources {
		if _, rule := p.roomOf(path.Dir(file.path)); !file.isTest() {
			hasCode[rule] = true
		}
	}
	for _, room := range p.rooms {
		planned := slices.Contains(p.planned, room)
		if planned && hasCode[room] {
			breaches = append(breaches, room+" has code and is no longer planned")
		}
		if !planned && !hasCode[room] {
			breaches = append(breaches, room+" has no code: list it as planned")
		}
	}
	return breaches
}

// roomOf returns the room that a folder belongs to, and the rule for it: the
// folder's own, or else that of the nearest folder above it.
func (p policy) roomOf(folder string) (room, rule string) {
	if folder == "." {
		return "hansa", "hansa"
	}
	for at := folder; at != "."; at = path.Dir(at) {
		for _, rule := range p.rooms {
			if fits, err := path.Match(rule, at); err == nil && fits {
				return at, rule
			}
		}
	}
	return folder, ""
}

// readPolicy returns the policy of the tree and what is wrong with it.
func readPolicy(t *testing.T, tree fs.FS) (rules policy, breaches []string) {
	t.Helper()
	text, err := fs.ReadFile(tree, "ARCHITECTURE.md")
	if err != nil {
		t.Fatal(err)
	}
	rules = policy{
		planned: strings.Fields(fence(t, string(text), "planned")),
		pure:    strings.Fields(fence(t, string(text), "pure")),
	}
	rules.rooms, rules.may = table(fence(t, string(text), "imports"))
	_, rules.modules = table(fence(t, string(text), "modules"))
	_, rules.standard = table(fence(t, string(text), "standard"))

	known := func(block string, rooms []string) {
		for _, room := range rooms {
			if !slices.Contains(rules.rooms, room) {
				breaches = append(breaches, fmt.Sprintf("ARCHITECTURE.md, %s: there is no room %s", block, room))
			}
		}
	}
	for at, room := range rules.rooms {
		for _, may := range rules.may[room] {
			if may != "everything" && !slices.Contains(rules.rooms[:at], may) {
				breaches = append(breaches, fmt.Sprintf("ARCHITECTURE.md: %s may import %s, which does not stand above it", room, may))
			}
		}
	}
	known("planned", rules.planned)
	known("pure", rules.pure)
	known("modules", slices.DeleteFunc(sortedKeys(rules.modules), func(room string) bool { return room == "tests" }))
	for _, standard := range sortedKeys(rules.standard) {
		known("standard", rules.standard[standard])
	}
	return rules, breaches
}

// fence returns the text of the fenced block that carries the given word.
func fence(t *testing.T, text, word string) string {
	t.Helper()
	_, after, found := strings.Cut("\n"+text, "\n```"+word+"\n")
	block, _, closed := strings.Cut(after, "```")
	if !found || !closed {
		t.Fatalf("ARCHITECTURE.md has lost its block %q", word)
	}
	return block
}

// table reads lines of the form "name: word word".
func table(block string) (names []string, words map[string][]string) {
	words = make(map[string][]string)
	for line := range strings.Lines(block) {
		name, rest, _ := strings.Cut(line, ":")
		names = append(names, name)
		words[name] = strings.Fields(rest)
	}
	return names, words
}

// matches says whether one of the patterns is the room, or covers it.
func matches(patterns []string, room string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		fits, err := path.Match(pattern, room)
		return pattern == "everything" || pattern == room || err == nil && fits
	})
}

// within says whether the package is one of a module in the list.
func within(modules []string, imported string) bool {
	return slices.ContainsFunc(modules, func(module string) bool {
		return strings.HasPrefix(imported+"/", module+"/")
	})
}
