package api_test

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
)

// TestEveryReasonIsTold reads the vocabulary's source: each Reason has one row in
// the table and one in docs/reasons.md, in the same order and with the same status.
func TestEveryReasonIsTold(t *testing.T) {
	t.Parallel()
	vocabulary := append(reasonsOf(t, "../hansa.go"), string(api.Internal))
	var table, rows []string
	for _, row := range api.Problems() {
		table = append(table, string(row.Reason))
		rows = append(rows, fmt.Sprintf("%s %d %s", row.Reason, row.Status, row.Retry))
		if row.Status < 400 || row.Status > 599 || row.Title == "" {
			t.Errorf("%s: status %d, title %q", row.Reason, row.Status, row.Title)
		}
	}
	if diff := cmp.Diff(vocabulary, table); diff != "" {
		t.Errorf("the vocabulary and the table of problems differ (-vocabulary +table):\n%s", diff)
	}
	if diff := cmp.Diff(rows, documented(t)); diff != "" {
		t.Errorf("the table and docs/reasons.md differ (-table +document):\n%s", diff)
	}
}

// reasonsOf returns the constants of type Reason in the order of the source.
func reasonsOf(t *testing.T, path string) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var reasons []string
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if kind, _ := spec.Type.(*ast.Ident); kind == nil || kind.Name != "Reason" {
			return true
		}
		for _, value := range spec.Values {
			text, err := strconv.Unquote(value.(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			reasons = append(reasons, text)
		}
		return true
	})
	return reasons
}

// documented returns reason, status and retry of each row of the document.
func documented(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile("../docs/reasons.md")
	if err != nil {
		t.Fatal(err)
	}
	row := regexp.MustCompile("^\\| <a id=\"([a-z_]+)\"></a>`([a-z_]+)` \\| ([0-9]{3}) \\| `([a-z_]+)` \\| [^|]+ \\| [^|]+ \\|$")
	var rows []string
	for line := range strings.Lines(string(text)) {
		match := row.FindStringSubmatch(strings.TrimSpace(line))
		switch {
		case match != nil && match[1] == match[2]:
			rows = append(rows, strings.Join(match[2:], " "))
		case strings.Contains(line, "<a id="):
			t.Errorf("not a row: %s", line)
		}
	}
	return rows
}

func TestAProblemTellsARefusal(t *testing.T) {
	t.Parallel()
	err := fmt.Errorf("ask for payment: %w", hansa.Refuse(hansa.CodeUsed, "code %s…", "2871"))
	want := api.Problem{
		Type:  "https://github.com/hansa-network/hansa/blob/main/docs/reasons.md#code_used",
		Title: "The code was used", Status: 409, Detail: "code 2871…", Reason: hansa.CodeUsed, Retry: api.RetryNewRequest,
	}
	if diff := cmp.Diff(want, api.ProblemOf(err)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestAProblemHidesAFault: the other side learns nothing of what broke.
func TestAProblemHidesAFault(t *testing.T) {
	t.Parallel()
	got := api.ProblemOf(errors.New("write payment: disk full at /var/lib/hansa.db"))
	want := api.Problem{
		Type:  "https://github.com/hansa-network/hansa/blob/main/docs/reasons.md#internal",
		Title: "Internal error", Status: 500, Reason: api.Internal, Retry: api.RetrySameRequest,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAReasonWithoutARowIsABug(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	api.ProblemOf(hansa.Refuse("made_up", ""))
}
