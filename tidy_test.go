package hansa_test

import (
	"fmt"
	"go/ast"
	"go/token"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const (
	functionLinesMax = 70
	fileLinesMax     = 500
	parametersMax    = 5
)

// banned maps what only cmd and tests may use to what others use instead.
var banned = map[string]string{
	"time.Now":    "take the time as an argument",
	"time.Since":  "take the time as an argument",
	"time.Until":  "take the time as an argument",
	"time.Sleep":  "write a task with a due time",
	"time.After":  "use time.NewTimer at the edge, a task elsewhere",
	"time.Tick":   "use time.NewTicker at the edge, a task elsewhere",
	"fmt.Print":   "write to the io.Writer that was handed in",
	"fmt.Printf":  "write to the io.Writer that was handed in",
	"fmt.Println": "write to the io.Writer that was handed in",
}

// bannedInPure adds what pure rooms may not use of a package they may import.
var bannedInPure = map[string]string{
	"time.NewTimer":     "a pure room does not wait",
	"time.NewTicker":    "a pure room does not wait",
	"time.AfterFunc":    "a pure room does not wait",
	"time.Local":        "name the zone; that of the machine is chance",
	"time.LoadLocation": "it reads the disk",

	"net/http.DefaultClient":    "a pure room sends nothing",
	"net/http.DefaultTransport": "a pure room sends nothing",
	"net/http.Client":           "a pure room sends nothing",
	"net/http.Transport":        "a pure room sends nothing",
	"net/http.Get":              "a pure room sends nothing",
	"net/http.Head":             "a pure room sends nothing",
	"net/http.Post":             "a pure room sends nothing",
	"net/http.PostForm":         "a pure room sends nothing",
	"net/http.ListenAndServe":   "a pure room serves nothing",
	"net/http.Serve":            "a pure room serves nothing",
}

// numbered is what an open end must look like, so that somebody owns it.
var numbered = regexp.MustCompile(`\b(TODO\(#\d+\): |TODO|FIXME)`)

// TestTidy checks the house rules of STYLE.md that no linter knows.
func TestTidy(t *testing.T) {
	t.Parallel()
	for _, breach := range sourceBreaches(t, os.DirFS(".")) {
		t.Error(breach)
	}
}

// TestPlantedUntidinessIsNamed shows that each kind of breach is found.
func TestPlantedUntidinessIsNamed(t *testing.T) {
	t.Parallel()
	before := sourceBreaches(t, os.DirFS("."))
	after := sourceBreaches(t, plant(t, map[string]string{
		"money/planted.go": `// Package money again.
package money
import clock "time"
import "fmt"
var plantedNow = clock.Now
func plantedGo() { go fmt.Println(clock.Local) }
func plantedFloat(a, b, c, d, e, f int) float64 { return 0.5 }
// TODO: an end that nobody owns.
// TODO(#7): an end that somebody owns.
`,
		"money/long.go":        "package money\nfunc plantedLong() {" + strings.Repeat("\n", functionLinesMax) + "}\n",
		"money/longer.go":      "package money\n" + strings.Repeat("\n", fileLinesMax),
		"cellar/cellar.go":     "package cellar\n",
		"cmd/planted/main.go":  "// Command planted may do all of it.\npackage main\nimport \"time\"\nfunc main() { go time.Sleep(1) }\n",
		"money/other_test.go":  "package money_test\nimport \"time\"\nvar _ = time.Now\n",
		"cmd/silent/silent.go": "package main\n",
	}))
	planted := slices.DeleteFunc(after, func(breach string) bool { return slices.Contains(before, breach) })
	wantNamed(t, planted,
		"money/planted.go:1: the package comment belongs into money/money.go",
		"money/planted.go:5: time.Now: take the time as an argument",
		"money/planted.go:6: a goroutine: only cmd starts them",
		"money/planted.go:6: fmt.Println: write to the io.Writer",
		"money/planted.go:6: time.Local: name the zone",
		"money/planted.go:7: plantedFloat has 6 parameters",
		"money/planted.go:7: float64: a pure room calculates exactly",
		"money/planted.go:7: 0.5: a pure room calculates exactly",
		"money/planted.go:8: TODO without the number of an issue",
		"money/long.go:2: plantedLong has 71 lines",
		"money/longer.go: 501 lines",
		"cellar/cellar.go has no package comment",
		"cmd/silent has no package comment in silent.go or main.go",
	)
}

// TestModuleFiles keeps both module files such that any Go 1.26 builds them,
// and that `go run module@version` works without a clone.
func TestModuleFiles(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"go.mod", "tools/go.mod"} {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(text), "\n\ngo 1.26.0\n") {
			t.Errorf("%s does not say go 1.26.0", name)
		}
		for line := range strings.Lines(string(text)) {
			word, _, _ := strings.Cut(strings.TrimSpace(line), " ")
			if slices.Contains([]string{"replace", "exclude", "toolchain", "godebug"}, word) {
				t.Errorf("%s must not have the line %q", name, strings.TrimSpace(line))
			}
		}
	}
}

// sourceBreaches returns a line for each breach of the house style in the tree.
func sourceBreaches(t *testing.T, tree fs.FS) []string {
	t.Helper()
	rules, _ := readPolicy(t, tree)
	sources := slices.DeleteFunc(readSources(t, tree), source.isTest)
	breaches := commentBreaches(sources)
	for _, file := range sources {
		breaches = append(breaches, file.lengthBreaches()...)
		breaches = append(breaches, file.wordBreaches(rules)...)
	}
	return breaches
}

// commentBreaches finds packages without their comment, or with one too many.
func commentBreaches(sources []source) []string {
	var breaches []string
	commented := make(map[string]bool)
	for _, file := range sources {
		if file.syntax.Doc == nil {
			continue
		}
		folder := path.Dir(file.path)
		if !slices.Contains(firstFiles(file), path.Base(file.path)) {
			breaches = append(breaches, fmt.Sprintf("%s: the package comment belongs into %s",
				file.at(file.syntax.Doc), path.Join(folder, firstFiles(file)[0])))
			continue
		}
		commented[folder] = true
	}
	for _, file := range sources {
		folder, first := path.Dir(file.path), firstFiles(file)
		if !commented[folder] {
			commented[folder] = true
			breaches = append(breaches, missingComment(folder, first))
		}
	}
	return breaches
}

// firstFiles returns the names of the file that opens the file's package.
func firstFiles(file source) []string {
	own := path.Base(path.Dir(file.path)) + ".go"
	switch {
	case path.Dir(file.path) == ".":
		return []string{"hansa.go"}
	case file.syntax.Name.Name == "main":
		return []string{own, "main.go"}
	}
	return []string{own}
}

func missingComment(folder string, first []string) string {
	if len(first) == 1 {
		return path.Join(folder, first[0]) + " has no package comment"
	}
	return folder + " has no package comment in " + strings.Join(first, " or ")
}

// at returns where the node begins, as path and line.
func (s source) at(node ast.Node) string {
	return fmt.Sprintf("%s:%d", s.path, s.line(node.Pos()))
}

func (s source) line(pos token.Pos) int { return s.set.Position(pos).Line }

func (s source) lengthBreaches() []string {
	var breaches []string
	if lines := s.set.File(s.syntax.Pos()).LineCount(); lines > fileLinesMax {
		breaches = append(breaches, fmt.Sprintf("%s: %d lines are more than %d; divide it by noun", s.path, lines, fileLinesMax))
	}
	for _, declaration := range s.syntax.Decls {
		function, ok := declaration.(*ast.FuncDecl)
		if !ok {
			continue
		}
		if lines := s.line(function.End()) - s.line(function.Pos()) + 1; lines > functionLinesMax {
			breaches = append(breaches, fmt.Sprintf("%s: %s has %d lines, more than %d",
				s.at(function), function.Name.Name, lines, functionLinesMax))
		}
		if parameters := function.Type.Params.NumFields(); parameters > parametersMax {
			breaches = append(breaches, fmt.Sprintf("%s: %s has %d parameters, more than %d; use a struct",
				s.at(function), function.Name.Name, parameters, parametersMax))
		}
	}
	return breaches
}

// wordBreaches finds what the file's room must not write.
func (s source) wordBreaches(rules policy) []string {
	imports := s.imports()
	room, rule := rules.roomOf(path.Dir(s.path))
	isPure := slices.Contains(rules.pure, rule)
	isFree := strings.HasPrefix(s.path, "cmd/") || strings.HasPrefix(s.path, "tools/") || within(rules.standard["testing"], room)
	var breaches []string
	found := func(node ast.Node, what string) { breaches = append(breaches, s.at(node)+": "+what) }
	ast.Inspect(s.syntax, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.GoStmt:
			if !isFree {
				found(node, "a goroutine: only cmd starts them")
			}
		case *ast.SelectorExpr:
			name, instead := forbiddenName(node, imports, isPure)
			if instead != "" && !isFree {
				found(node, name+": "+instead)
			}
		case *ast.Ident:
			if isPure && (node.Name == "float64" || node.Name == "float32") {
				found(node, node.Name+": a pure room calculates exactly")
			}
		case *ast.BasicLit:
			if isPure && node.Kind == token.FLOAT {
				found(node, node.Value+": a pure room calculates exactly")
			}
		}
		return true
	})
	for _, group := range s.syntax.Comments {
		for _, comment := range group.List {
			if end := numbered.FindString(comment.Text); end != "" && !strings.HasSuffix(end, ": ") {
				found(comment, end+" without the number of an issue")
			}
		}
	}
	return breaches
}

// forbiddenName returns the full name of what is selected from a package, and
// what to do instead if it is banned.
func forbiddenName(selected *ast.SelectorExpr, imports map[string]string, isPure bool) (name, instead string) {
	of, ok := selected.X.(*ast.Ident)
	if !ok {
		return "", ""
	}
	name = imports[of.Name] + "." + selected.Sel.Name
	instead = banned[name]
	if instead == "" && isPure {
		instead = bannedInPure[name]
	}
	return name, instead
}
