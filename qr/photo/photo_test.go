package photo_test

import (
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/hansa-network/hansa/qr/photo"
)

// TestSymbols reads the 182 pictures of QR symbols.
func TestSymbols(t *testing.T) {
	t.Parallel()
	readAll(t, scenes, symbolShots(t), 182, 177)
}

// TestBars reads the 65 pictures of bars.
func TestBars(t *testing.T) {
	t.Parallel()
	readAll(t, barScenes, barShots(t), 65, 62)
}

// readAll reads pictures, of which there must be so many, and of which so many at
// least must be read: processors that round otherwise may lose one or two.
func readAll(t *testing.T, scenes []scene, shots []shot, count, readMin int) {
	t.Helper()
	isRead := make([]bool, len(shots))
	var group sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for worker := range workers {
		group.Go(func() {
			for i := worker; i < len(shots); i += workers {
				found, err := photo.Read(shots[i].file)
				isRead[i] = err == nil
				for _, f := range found {
					if f.Text != shots[i].text {
						t.Errorf("%s: want %q, got %q", shots[i].name, shots[i].text, f.Text)
					}
				}
			}
		})
	}
	group.Wait()
	read := map[string]int{}
	sum := 0
	for i, isRead := range isRead {
		if isRead {
			scene, _, _ := strings.Cut(shots[i].name, "/")
			read[scene]++
			sum++
		}
	}
	for _, s := range scenes {
		t.Logf("%-20s %2d", s.name, read[s.name])
	}
	t.Logf("%d of %d were read", sum, len(shots))
	if len(shots) != count || sum < readMin {
		t.Errorf("%d of %d were read, want %d of %d at least", sum, len(shots), readMin, count)
	}
}
