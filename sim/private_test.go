package sim_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/sim"
)

// TestAPrivateCodeIsReadByItsAcquirerAlone: always the same, and no other text.
func TestAPrivateCodeIsReadByItsAcquirerAlone(t *testing.T) {
	t.Parallel()
	amount, until := money.New(1250, "NOK"), time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	key := []byte("of nets")
	text, err := sim.PrivateCode{Store: "bergen-cafe", Terminal: "till", OrderReference: "7", Amount: &amount, ExpiresAt: until}.Text("nets", key)
	if err != nil {
		t.Fatal(err)
	}
	first, err := sim.DecodePrivate("nets", key, text)
	if err != nil {
		t.Fatal(err)
	}
	want := api.Decoded{
		Kind: api.DecodedOrder, RequestID: first.RequestID, Store: "bergen-cafe", Terminal: "till", OrderReference: "7", Amount: &amount, ExpiresAt: &until,
	}
	again, err := sim.DecodePrivate("nets", key, text)
	if diff := cmp.Diff(want, first) + cmp.Diff(first, again); diff != "" || err != nil || len(first.RequestID) > 64 {
		t.Errorf("decoded: %v\n%s", err, diff)
	}
	for name, c := range map[string]struct {
		acquirer, key, text string
	}{
		"another acquirer": {"vipps", "of nets", text},
		"another key":      {"nets", "of vipps", text},
		"a letter less":    {"nets", "of nets", text[:len(text)-1]},
		"nothing in it":    {"nets", "of nets", "https://qr.nets.example/28100804/"},
		"no base64":        {"nets", "of nets", "https://qr.nets.example/28100804/!"},
		"another path":     {"nets", "of nets", "https://qr.nets.example/28100805/abc"},
	} {
		if _, err := sim.DecodePrivate(c.acquirer, []byte(c.key), c.text); reasonOf(err) != hansa.CodeUnknown {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := (sim.PrivateCode{}).Text("momo", key); reasonOf(err) != hansa.MethodNotAllowed {
		t.Errorf("momo has a code: %v", err)
	}
}

func reasonOf(err error) hansa.Reason {
	reason, _ := hansa.ReasonOf(err)
	return reason
}
