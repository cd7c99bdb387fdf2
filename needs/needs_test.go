package needs_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/hansa-network/hansa/needs"
)

// A witness stands in for a test and remembers how it was ended.
type witness struct {
	testing.TB

	ended string
}

func (w *witness) Helper() {}

func (w *witness) Skipf(format string, args ...any) { w.end("skipped", format, args) }

func (w *witness) Fatalf(format string, args ...any) { w.end("failed", format, args) }

func (w *witness) end(how, format string, args []any) {
	w.ended = how + ": " + fmt.Sprintf(format, args...)
	runtime.Goexit()
}

// The cases set the environment, so they are not parallel.
func TestMissingSkipsUnlessRequired(t *testing.T) {
	tests := []struct {
		name, require string
		need          needs.Need
		want          string
	}{
		{"nothing is required", "", needs.PostgreSQL, "skipped: needs pg: gone"},
		{"another is required", "chromium,corpora", needs.PostgreSQL, "skipped: needs pg: gone"},
		{"it is required", "pg,chromium", needs.PostgreSQL, "failed: needs pg: gone"},
		{"it is required, last", "pg,chromium", needs.Chromium, "failed: needs chromium: gone"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Setenv("HANSA_REQUIRE", test.require)
			got := endOf(t, func(t testing.TB) { needs.Missing(t, test.need, "gone") })
			if got != test.want {
				t.Errorf("want %q, got %q", test.want, got)
			}
		})
	}
}

func TestLibrariesAreNamedByTheEnvironment(t *testing.T) {
	t.Setenv("HANSA_REQUIRE", "")
	t.Setenv("HANSA_NPM", "")
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("needs node itself")
	}
	want := "skipped: needs npm: HANSA_NPM is not set"
	if got := endOf(t, func(t testing.TB) { needs.Library(t, "@acme/sdk") }); got != want {
		t.Errorf("want %q, got %q", want, got)
	}
	folder := t.TempDir()
	t.Setenv("HANSA_NPM", folder)
	if err := os.MkdirAll(filepath.Join(folder, "node_modules", "@acme", "sdk"), 0o750); err != nil {
		t.Fatal(err)
	}
	if _, modules := needs.Library(t, "@acme/sdk"); modules != filepath.Join(folder, "node_modules") {
		t.Errorf("got %s", modules)
	}
}

func TestCorpusIsNamedByTheEnvironment(t *testing.T) {
	t.Setenv("HANSA_REQUIRE", "")
	t.Setenv("HANSA_CORPORA", "")
	want := "skipped: needs corpora: HANSA_CORPORA is not set"
	if got := endOf(t, func(t testing.TB) { needs.Corpus(t, "json") }); got != want {
		t.Errorf("want %q, got %q", want, got)
	}
	folder := t.TempDir()
	t.Setenv("HANSA_CORPORA", folder)
	if got := needs.Corpus(t, "."); got != folder {
		t.Errorf("want %q, got %q", folder, got)
	}
}

// endOf runs body as a test of its own and returns how that was ended.
func endOf(t *testing.T, body func(testing.TB)) string {
	t.Helper()
	stand := &witness{TB: t}
	done := make(chan struct{})
	go func() {
		defer close(done)
		body(stand)
	}()
	<-done
	return stand.ended
}
