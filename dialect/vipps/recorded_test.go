package vipps_test

import (
	"bufio"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/api/apitest"
)

// TestRecordedRequests replays what the official SDK sent, byte for byte, in three
// stories: the payer pays before the capture, nobody pays, and the payment is approved
// by force as soon as it is made. UPDATE_GOLDEN=1 writes the answers anew.
func TestRecordedRequests(t *testing.T) {
	t.Parallel()
	const reference = "acme-shop-123-order1"
	stories := map[string]struct {
		order []int // of the recordings, by their numbers
		paid  int   // the recording before which the payer pays; zero: never
	}{
		"paid":     {[]int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, 6},
		"unpaid":   {[]int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, 0},
		"approved": {[]int{1, 2, 9, 4, 6, 7, 8, 5}, 0},
		"released": {[]int{1, 2, 9, 4, 8, 5, 6}, 0},
		"repeated": {[]int{2, 2, 3, 3, 9, 6, 6, 7, 7, 6, 8}, 0},
	}
	for name, story := range stories {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newShop(t)
			s.client.Hooks = []api.Hook{{ID: "497f6eca", URL: "https://example.com/old", Secret: "old", Events: []string{"epayments.payment.created.v1"}}}
			var told strings.Builder
			for _, number := range story.order {
				s.now = s.now.Add(10 * time.Second)
				if number == story.paid {
					s.counter.Pay(reference, "approved")
				}
				r, body := recording(t, number)
				fmt.Fprintf(&told, "%s %s\n%s\n", r.Method, r.URL.Path, written(s.ask(r, body)))
			}
			apitest.Golden(t, name+".golden", told.String())
		})
	}
}

// recording reads a request that the SDK sent.
func recording(t *testing.T, number int) (r *http.Request, body string) {
	t.Helper()
	paths, err := filepath.Glob(fmt.Sprintf("testdata/vipps-sdk-2.4.2-%02d-*.http", number))
	if err != nil || len(paths) != 1 {
		t.Fatalf("recording %d: %v %v", number, paths, err)
	}
	text, err := os.ReadFile(paths[0])
	if err != nil {
		t.Fatal(err)
	}
	r, err = http.ReadRequest(bufio.NewReader(strings.NewReader(string(text))))
	if err != nil {
		t.Fatal(err)
	}
	raw, err := api.ReadBody(r.Body, api.BodyMax)
	if err != nil {
		t.Fatal(err)
	}
	return r, string(raw)
}

// written is an answer as a person reads it.
func written(answer api.Answer) string {
	var text strings.Builder
	fmt.Fprintln(&text, answer.Status)
	for _, name := range slices.Sorted(maps.Keys(answer.Header)) {
		fmt.Fprintf(&text, "%s: %s\n", name, answer.Header.Get(name))
	}
	if len(answer.Body) > 0 {
		fmt.Fprintf(&text, "%s\n", answer.Body)
	}
	return text.String()
}
