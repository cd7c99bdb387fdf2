package link_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/hansa-network/hansa/qr/link"
	"github.com/hansa-network/hansa/qr/reading"
)

// TestVectors reads the codes of this format among those that all formats share.
func TestVectors(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../testdata/vectors.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for line := range strings.Lines(string(text)) {
		var vector struct {
			Payload, Kind, Note string
			Valid               bool
		}
		if err := json.Unmarshal([]byte(line), &vector); err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(vector.Kind, "url/") {
			continue
		}
		count++
		code, findings := link.Read(vector.Payload)
		if reading.Valid(findings) != vector.Valid || !slices.Contains(code.Kinds(), vector.Kind) {
			t.Errorf("%s (%s): kinds %v, findings %v", vector.Payload, vector.Note, code.Kinds(), findings)
		}
	}
	if count < 4 {
		t.Errorf("%d vectors", count)
	}
}
