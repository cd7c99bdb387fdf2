package qr_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa/qr"
)

// A fieldVector is one line of testdata/vectors.jsonl: a code in a shape of the field.
type fieldVector struct {
	Payload string `json:"payload"`
	Kind    string `json:"kind"`
	Valid   bool   `json:"valid"`
	Strict  bool   `json:"strict"` // of merchant-presented codes alone
	Note    string `json:"note"`
}

func readVectors(t testing.TB) []fieldVector {
	t.Helper()
	text, err := os.ReadFile("testdata/vectors.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	var vectors []fieldVector
	for line := range bytes.Lines(text) {
		var v fieldVector
		if err := json.Unmarshal(line, &v); err != nil {
			t.Fatal(err)
		}
		vectors = append(vectors, v)
	}
	return vectors
}

func TestFieldVectors(t *testing.T) {
	t.Parallel()
	for i, v := range readVectors(t) {
		read := qr.Read(v.Payload)
		if read.Valid != v.Valid {
			t.Errorf("%d %s: valid %v, want %v (%s)\n%s\n%v", i+1, v.Kind, read.Valid, v.Valid, v.Note, v.Payload, read.Findings)
		}
		if strings.HasPrefix(v.Kind, "mpm/") && v.Valid && read.Strict != v.Strict {
			t.Errorf("%d %s: strict %v, want %v (%s)\n%s\n%v", i+1, v.Kind, read.Strict, v.Strict, v.Note, v.Payload, read.Findings)
		}
		if v.Kind != "mpm/synthetic" && !slices.Contains(read.Kinds, v.Kind) {
			t.Errorf("%d %s: kinds %v (%s)\n%s", i+1, v.Kind, read.Kinds, v.Note, v.Payload)
		}
	}
}

// TestAlteredCodesAreFound leaves out and replaces each character of the
// codes with a checksum: none of it may pass, whatever the scheme tolerates, unless
// it still means the same.
func TestAlteredCodesAreFound(t *testing.T) {
	t.Parallel()
	for _, v := range readVectors(t) {
		if !v.Valid || !strings.HasPrefix(v.Kind, "mpm/") {
			continue
		}
		fields := qr.Read(v.Payload).Fields
		for at := range len(v.Payload) - len("FFFF") {
			before, after := v.Payload[:at], v.Payload[at+1:]
			for _, other := range []string{"", "9"} {
				altered := before + other + after
				if read := qr.Read(altered); read.Valid && !cmp.Equal(read.Fields, fields) {
					t.Errorf("valid: %q", altered)
				}
			}
		}
	}
}

// TestReadings shows everything that is read in every vector, so that a person can
// see whether any code is taken for what it does not mean.
func TestReadings(t *testing.T) {
	t.Parallel()
	var got strings.Builder
	for i, v := range readVectors(t) {
		read := qr.Read(v.Payload)
		fmt.Fprintf(&got, "%d %s %q\n  %s valid=%t strict=%t\n", i+1, v.Kind, v.Payload, strings.Join(read.Kinds, " "), read.Valid, read.Strict)
		for _, f := range read.Findings {
			fmt.Fprintf(&got, "  %-7s %s %s: %s\n", f.Severity, f.Code, f.Place, f.Detail)
		}
		for _, f := range read.Fields {
			fmt.Fprintf(&got, "  %-6s %s = %q\n", f.Place, f.Name, f.Value)
		}
	}
	wantGolden(t, "testdata/readings.golden", got.String())
}

func wantGolden(t *testing.T, path, got string) {
	t.Helper()
	if os.Getenv("UPDATE_GOLDEN") == "1" {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("%s (UPDATE_GOLDEN=1 rewrites it): %s", path, diff)
	}
}
