// Package apitest is for tests alone: a make-believe network for whoever translates
// other people's protocols, and the golden files in which they write down what they
// say. It obeys the states that the true network has, and nobody pays until a test
// says so.
package apitest

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
)

// Golden compares a text with a file below testdata. UPDATE_GOLDEN=1 writes it anew.
func Golden(t testing.TB, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if os.Getenv("UPDATE_GOLDEN") == "1" {
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path) //nolint:gosec // A test names its own files.
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (UPDATE_GOLDEN=1 rewrites it; -want +got):\n%s", path, diff)
	}
}

// Written is an answer as text: its status, its fields by their names, its body.
func Written(answer api.Answer) string {
	var text strings.Builder
	fmt.Fprintf(&text, "%d %s\n", answer.Status, http.StatusText(answer.Status))
	for _, name := range slices.Sorted(maps.Keys(answer.Header)) {
		fmt.Fprintf(&text, "%s: %s\n", name, strings.Join(answer.Header[name], ", "))
	}
	fmt.Fprintf(&text, "%s\n", answer.Body)
	return text.String()
}

// Refusal is what a handler returns for a row of the table of problems: a fault of ours
// where the reason is Internal.
func Refusal(row api.ProblemRow) error {
	if row.Reason == api.Internal {
		return errors.New("the disk is full")
	}
	return hansa.Refuse(row.Reason, "detail")
}

// Understood is what a till makes of an answer: the reason of a refusal, that it asks
// again, or nothing where it was told yes.
func Understood(err error) string {
	reason, refused := hansa.ReasonOf(err)
	switch {
	case err == nil:
		return "nothing"
	case refused:
		return string(reason)
	}
	return "asks again"
}
