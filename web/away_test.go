package web_test

import (
	"context"
	"net/http"
	"path/filepath"
	"testing"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/payment"
	"github.com/hansa-network/hansa/store"
	"github.com/hansa-network/hansa/web"
)

// TestWhileTheDatabaseIsAway new payments are refused as what passes, and those
// that this node has committed are told as they were then, to those whom they
// concern.
func TestWhileTheDatabaseIsAway(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	ask := n.ask(n.code("vipps", "ola"))
	begun, answer := post[api.Payment](n, "nets", "/v1/payments?wait=0", ask)
	n.wantStatus(http.StatusCreated, answer)
	config := n.config()
	config.Hub = hub.New(closedStore(t), [32]byte{})
	config.Seen = func(id string) (payment.Payment, bool) {
		p, err := n.hub.Read().Payment(context.Background(), id)
		return p, err == nil
	}
	n.handler = web.New(config)
	n.fault = hansa.Refuse(hansa.Unavailable, "gone")

	for _, path := range []string{"/v1/payments/" + begun.Reference, "/v1/payments/" + begun.Reference + "?wait=1"} {
		p, answer := read[api.Payment](n, "nets", path)
		n.wantStatus(http.StatusOK, answer)
		if p.Status != "pending" || p.Reference != begun.Reference {
			t.Errorf("%s: %+v", path, p)
		}
	}
	_, answer = read[api.Payment](n, "bluecode", "/v1/payments/"+begun.Reference)
	n.wantReason(hansa.NotFound, answer)
	_, answer = read[api.Payment](n, "nets", "/v1/payments/pay_unknown")
	n.wantReason(hansa.Unavailable, answer)
	_, answer = read[api.Page[api.Payment]](n, "nets", "/v1/payments")
	n.wantReason(hansa.Unavailable, answer)
	ask.RequestID = n.nonce()
	_, answer = post[api.Payment](n, "nets", "/v1/payments", ask)
	n.wantReason(hansa.Unavailable, answer)
	if answer.Status != http.StatusServiceUnavailable || answer.Header.Get("Retry-After") != "1" {
		t.Errorf("status %d, Retry-After %q", answer.Status, answer.Header.Get("Retry-After"))
	}
}

// closedStore can be read no more.
func closedStore(t *testing.T) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "closed.db"))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return s
}
