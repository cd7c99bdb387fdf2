package photo_test

import (
	"strings"
	"testing"
	"runtime"
	"sync"

	"github.com/hansa-network/hansa/qr/photo"
)

// TestCorpus reads the 182 pictures.
func TestCorpus(t *testing.T) {
	t.Parallel()
	const readMin = 175
	shots := symbolShots(t)
	if len(shots) != 182 {
		t.Fatalf("%d pictures", len(shots))
	}
	missed := make([]bool, len(shots))
	var group sync.WaitGroup
	for worker := range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			for i := worker; i < len(shots); i += runtime.GOMAXPROCS(0) {
				found, err := photo.Read(shots[i].file)
				missed[i] = err != nil
				for _, f := range found {
					if f.Text != shots[i].text {
						t.Errorf("%s: want %q, got %q", shots[i].name, shots[i].text, f.Text)
					}
				}
			}
		})
	}
	group.Wait()
	read := 0
	byScene := map[string]int{}
	for i, m := range missed {
		scene, _, _ := strings.Cut(shots[i].name, "/")
		if !m {
			read++
			byScene[scene]++
		}
	}
	for _, s := range scenes {
		t.Logf("%-20s %2d of %d", s.name, byScene[s.name], len(payloads))
	}
	t.Logf("%d of %d were read", read, len(shots))
	if read < readMin {
		t.Errorf("%d of %d were read, want %d at least", read, len(shots), readMin)
	}
}
