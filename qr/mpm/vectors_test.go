package mpm_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/hansa-network/hansa/qr/mpm"
	"github.com/hansa-network/hansa/qr/reading"
)

// A vector is a code in a shape that was seen in the field.
type vector struct {
	Payload string `json:"payload"`
	Kind    string `json:"kind"`
	Valid   bool   `json:"valid"`
	Strict  bool   `json:"strict"`
	Note    string `json:"note"`
}

// readVectors returns the vectors of this format.
func readVectors(t *testing.T) []vector {
	t.Helper()
	file, err := os.ReadFile("../testdata/vectors.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	var vectors []vector
	for line := range strings.Lines(string(file)) {
		var v vector
		if err := json.Unmarshal([]byte(line), &v); err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(v.Kind, "mpm/") {
			vectors = append(vectors, v)
		}
	}
	const all = 165
	if len(vectors) != all {
		t.Fatalf("%d vectors, want %d", len(vectors), all)
	}
	return vectors
}

// tolerated is what a scheme lets its own codes do although it is an error
// everywhere else. It is for the profiles of schemes to say so.
var tolerated = map[string]reading.Finding{
	"mpm/duitnow": {Code: reading.Reserved, Place: "00"},
	"mpm/pix":     {Code: reading.AmountZero, Place: "54"},
	"mpm/khqr":    {Code: reading.Missing, Place: "99.00"},
}

func TestVectors(t *testing.T) {
	t.Parallel()
	lowered := 0
	for _, v := range readVectors(t) {
		_, findings := mpm.Read(v.Payload)
		if i := slices.IndexFunc(findings, func(f reading.Finding) bool {
			known, ok := tolerated[v.Kind]
			return ok && f.Code == known.Code && f.Place == known.Place && f.Severity == reading.Error
		}); i >= 0 {
			findings[i].Severity = reading.Warning
			lowered++
		}
		if reading.Valid(findings) != v.Valid || reading.Strict(findings) != v.Strict {
			t.Errorf("%s %q\n%s\nvalid %v, strict %v, want %v, %v\n%s", v.Kind, v.Payload, v.Note,
				reading.Valid(findings), reading.Strict(findings), v.Valid, v.Strict, lines(findings))
		}
	}
	if lowered != 5 {
		t.Errorf("%d findings needed a scheme, want 5", lowered)
	}
}

func TestStrictVectorsAreWrittenAgain(t *testing.T) {
	t.Parallel()
	for _, v := range readVectors(t) {
		if !v.Strict {
			continue
		}
		code, _ := mpm.Read(v.Payload)
		objects := code.Objects()
		text, err := mpm.Encode(objects[:len(objects)-1]...)
		if err != nil || text != v.Payload {
			t.Errorf("%s %q: got %q, %v", v.Kind, v.Payload, text, err)
		}
	}
}
