package hansa_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
)

const module = "github.com/hansa-network/hansa"

// A source is one Go file of the tree, parsed.
type source struct {
	path   string // with slashes, from the root of the repository
	set    *token.FileSet
	syntax *ast.File
}

func (s source) isTest() bool { return strings.HasSuffix(s.path, "_test.go") }

// imports returns the import path for each name by which the file knows a package.
func (s source) imports() map[string]string {
	byName := make(map[string]string)
	for _, spec := range s.syntax.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue
		}
		name := path.Base(imported)
		if spec.Name != nil {
			name = spec.Name.Name
		}
		if name == "_" || name == "." {
			name += imported // Several of these may stand in one file.
		}
		byName[name] = imported
	}
	return byName
}

// readSources parses every Go file of the tree. It does not ask the go command,
// so that a file behind a build constraint is held to the rules as well.
func readSources(t *testing.T, tree fs.FS) []source {
	t.Helper()
	var all []source
	for _, name := range listFiles(t, tree, ".go") {
		text, err := fs.ReadFile(tree, name)
		if err != nil {
			t.Fatal(err)
		}
		set := token.NewFileSet()
		syntax, err := parser.ParseFile(set, name, text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, source{name, set, syntax})
	}
	return all
}

// listFiles returns the paths that end in suffix, in order, apart from test
// data and from what begins with a dot.
func listFiles(t *testing.T, tree fs.FS, suffix string) []string {
	t.Helper()
	var names []string
	err := fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && name != "." && (entry.Name()[0] == '.' || entry.Name() == "testdata"):
			return fs.SkipDir
		case !entry.IsDir() && strings.HasSuffix(name, suffix):
			names = append(names, name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// plant returns the repository with the given files in it, new or instead.
func plant(t *testing.T, files map[string]string) fs.FS {
	t.Helper()
	over := make(fstest.MapFS)
	for name, text := range files {
		over[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return overlay{under: os.DirFS("."), over: over}
}

// An overlay is a tree in which the files of another stand as well.
type overlay struct {
	under fs.FS
	over  fstest.MapFS
}

// Open prefers the file that lies over the other.
func (o overlay) Open(name string) (fs.File, error) {
	if o.over[name] != nil {
		return o.over.Open(name)
	}
	return o.under.Open(name)
}

// ReadDir lists the folder as it is in both trees together.
func (o overlay) ReadDir(name string) ([]fs.DirEntry, error) {
	under, errUnder := fs.ReadDir(o.under, name)
	over, errOver := fs.ReadDir(o.over, name)
	if errUnder != nil && errOver != nil {
		return nil, errUnder
	}
	entries := append(over, under...) // A stable sort keeps those that lie over first.
	slices.SortStableFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return slices.CompactFunc(entries, func(a, b fs.DirEntry) bool { return a.Name() == b.Name() }), nil
}

// wantNamed fails unless got has exactly one line with each of the wanted texts.
func wantNamed(t *testing.T, got []string, want ...string) {
	t.Helper()
	for _, text := range want {
		if !slices.ContainsFunc(got, func(line string) bool { return strings.Contains(line, text) }) {
			t.Errorf("the planted breach %q was not named", text)
		}
	}
	if len(got) != len(want) {
		t.Errorf("planted %d breaches, found %d:\n%s", len(want), len(got), strings.Join(got, "\n"))
	}
}

// sortedKeys returns the keys of m in order.
func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
