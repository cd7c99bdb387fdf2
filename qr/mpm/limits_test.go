package mpm_test

import (
	"runtime"
	"strings"
	"testing"

	"github.com/hansa-network/hansa/qr/mpm"
)

// TestHostileTextsCostLittle measures what reading 4 KB that were made to be costly
// allocates. It is not parallel: the measure is that of the whole process.
func TestHostileTextsCostLittle(t *testing.T) { //nolint:paralleltest // It counts what everybody allocates.
	const size, allocatedMax = 4096, 64 << 10
	for name, piece := range map[string]string{
		"empty objects":             "0000",
		"objects of one character":  "0201a",
		"objects of all ids":        emptyObjects(),
		"characters that are wrong": "0201é",
		"hidden characters":         "0201\u202e",
		"broken bytes":              "0201\xff",
		"templates":                 "2699" + strings.Repeat("0001é", 19) + "0000",
		"templates of other values": "8099" + strings.Repeat("0201\u202e", 19) + "0000",
		"templates in templates":    "6299509500910287" + strings.Repeat("x", 87),
		"percent signs":             "%30%32",
		"marks":                     "0299" + strings.Repeat("e\u0301", 49) + "x",
		"one long text":             "x",
		"broken lengths":            "5912Löwen Café",
		"checksums":                 "6304ABCD",
	} {
		text := strings.Repeat(piece, size/len(piece)+1)[:size]
		for kind, text := range map[string]string{"": text, ", sealed": sealed(text), ", started": "000201" + text} {
			if allocated := allocatedBy(func() { mpm.Read(text) }); allocated > allocatedMax {
				t.Errorf("%s%s: reading allocates %d bytes, at most %d are allowed", name, kind, allocated, allocatedMax)
			}
			if allocated := allocatedBy(func() {
				code, _ := mpm.Read(text)
				code.Fields()
			}); allocated > allocatedMax {
				t.Errorf("%s%s: with its fields it allocates %d bytes, at most %d are allowed", name, kind, allocated, allocatedMax)
			}
		}
	}
}

// TestReadingAndWritingAllocateOnce holds what the switch does for every scan to its
// budget: the objects that are read, the text that is written.
func TestReadingAndWritingAllocateOnce(t *testing.T) { //nolint:paralleltest // It counts what everybody allocates.
	for name, text := range map[string]string{"PIX": pixText, "SGQR": sgqrText, "shop": changed()} {
		if got := testing.AllocsPerRun(100, func() { mpm.Read(text) }); got > 1 {
			t.Errorf("reading %s allocates %v times", name, got)
		}
	}
	if got := testing.AllocsPerRun(100, func() { writePIX(t) }); got > 1 {
		t.Errorf("writing allocates %v times", got)
	}
}

// allocatedBy returns how many bytes do allocates in the mean.
func allocatedBy(do func()) uint64 {
	const times = 20
	var before, after runtime.MemStats
	do()
	runtime.ReadMemStats(&before)
	for range times {
		do()
	}
	runtime.ReadMemStats(&after)
	return (after.TotalAlloc - before.TotalAlloc) / times
}
