package qr_test

import (
	"runtime"
	"strings"
	"testing"

	"github.com/hansa-network/hansa/qr"
)

// TestHostileTextsCostLittle measures what judging 4 KB that were made to be costly
// allocates. It is not parallel: the measure is that of the whole process.
func TestHostileTextsCostLittle(t *testing.T) { //nolint:paralleltest // It counts what everybody allocates.
	const size, allocatedMax = 4096, 64 << 10
	directory := loadedDirectory(t)
	for name, piece := range map[string]string{
		"our template again and again":   "26130009org.hansa",
		"our template, broken":           "26170009org.hansa9999",
		"halves of signatures":           "80600009org.hansa0143" + strings.Repeat("A", 43),
		"critical objects":               "26650009org.hansa" + strings.Repeat("0501X", 10) + "05",
		"hidden characters":              "0009org.hansa0201\u202e",
		"broken bytes":                   "0009org.hansa\xff",
		"digits of payment codes":        "7001121334",
		"spaces between digits":          "7 0 ",
		"unbreakable spaces":             "7\u00a0",
		"names in letters that are rare": "6499" + strings.Repeat("0005е\u0301аꓮ", 11),
	} {
		text := strings.Repeat(piece, size/len(piece)+1)[:size]
		for kind, text := range map[string]string{
			"": text, ", started": "000201" + text, ", of ours": "00020126130009org.hansa" + text, ", sealed": sealed("00020126130009org.hansa" + text[:400]),
		} {
			if allocated := allocatedBy(func() { qr.Verify(text, directory, vectorNow) }); allocated > allocatedMax {
				t.Errorf("%s%s: %d bytes, at most %d are allowed", name, kind, allocated, allocatedMax)
			}
		}
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
