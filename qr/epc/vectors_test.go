package epc_test

import (
	"bufio"
	"encoding/json"
	"os"
	"testing"

	"github.com/hansa-network/hansa/qr/epc"
	"github.com/hansa-network/hansa/qr/reading"
)

// TestVectors reads the codes of this kind among those that all formats share.
func TestVectors(t *testing.T) {
	t.Parallel()
	file, err := os.Open("../testdata/vectors.jsonl")
	if err != nil {
		t.Skip("the vectors of all formats are not there yet")
	}
	defer file.Close()
	count := 0
	for lines := bufio.NewScanner(file); lines.Scan(); {
		var vector struct {
			Payload, Kind, Note string
			Valid               bool
		}
		if err := json.Unmarshal(lines.Bytes(), &vector); err != nil {
			t.Fatal(err)
		}
		if vector.Kind != epc.Kind {
			continue
		}
		count++
		_, findings := epc.Read(vector.Payload)
		if reading.Valid(findings) != vector.Valid {
			t.Errorf("%s (%s): %v", vector.Payload, vector.Note, findings)
		}
	}
	if count < 6 {
		t.Errorf("%d vectors", count)
	}
}
