package api_test

import (
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/needs"
)

// golden compares got with a file of testdata, or rewrites it.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if os.Getenv("UPDATE_GOLDEN") == "1" {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

// TestJSONTestSuite: what is JSON is accepted, what is not is refused, and what
// RFC 8259 leaves open is decided in a golden file. Decode, which wants an object
// of ours, accepts none of it.
func TestJSONTestSuite(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(needs.Corpus(t, "json"), "*.json"))
	if err != nil || len(files) < 318 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	var decided strings.Builder
	for _, file := range files {
		name := filepath.Base(file)
		body, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		err = api.CheckJSON(body)
		if reason, _ := hansa.ReasonOf(err); err != nil && reason != hansa.Malformed {
			t.Errorf("%s: %v", name, err)
		}
		verdict := "accepted"
		if err != nil {
			verdict = strings.TrimPrefix(err.Error(), "malformed: ")
		}
		switch name[:2] {
		case "y_":
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
		case "n_":
			if err == nil {
				t.Errorf("%s: accepted", name)
			}
		default:
			fmt.Fprintf(&decided, "%-55s %s\n", name, verdict)
		}
		var one struct {
			Only string `json:"only one"`
		}
		if err := api.Decode(body, &one); err == nil {
			t.Errorf("%s: decoded", name)
		}
	}
	golden(t, "json_undecided.txt", decided.String())
}

// TestWycheproofEd25519: no signature that is not the one of its key is accepted.
func TestWycheproofEd25519(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join(needs.Corpus(t, "wycheproof"), "ed25519_test.json"))
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		NumberOfTests int
		TestGroups    []struct {
			PublicKey struct{ PK string }
			Tests     []struct {
				TcID             int
				Msg, Sig, Result string
			}
		}
	}
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	count := 0
	for _, group := range file.TestGroups {
		key := api.Key{Public: ed25519.PublicKey(unhex(t, group.PublicKey.PK))}
		for _, test := range group.Tests {
			count++
			if got := key.Verify(unhex(t, test.Msg), unhex(t, test.Sig)); got != (test.Result == "valid") {
				t.Errorf("test %d: verifies %t, want %s", test.TcID, got, test.Result)
			}
		}
	}
	if count != file.NumberOfTests || count < 151 {
		t.Errorf("%d tests of %d", count, file.NumberOfTests)
	}
}

func unhex(t *testing.T, text string) []byte {
	t.Helper()
	raw, err := hex.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}
