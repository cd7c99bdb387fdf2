package main

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/sim"
)

// stops are what an operator or an acquirer stops at the first node, or beside
// both, and how that is felt at the second. What a batch decides by is of its own
// commit, so that the very next request is refused; the copy of the directory by
// which signatures are checked follows within a fraction of a second.
var stops = map[string]func(*testing.T, *pair){
	"a participant is suspended":   suspendedAtOneNode,
	"a corridor is closed":         corridorClosedBesideTheNodes,
	"a store code is revoked":      codeRevokedAtOneNode,
	"a key is withdrawn":           keyWithdrawnAtOneNode,
	"a signed message was used up": nonceUsedAtOneNode,
	"an authority is suspended":    authoritySuspendedAtOneNode,
	"one role is suspended":        roleSuspendedAtOneNode,
}

// TestWhatIsStoppedAtOneNodeIsStoppedAtTheOther while tills pay at both.
func TestWhatIsStoppedAtOneNodeIsStoppedAtTheOther(t *testing.T) {
	t.Parallel()
	for name, stop := range stops {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := openPair(t)
			load := p.load(t)
			stop(t, p)
			load.end(t)
		})
	}
}

// A load is payments in Vienna that nothing stops, at each node at the same time.
type load struct {
	paid  [2]atomic.Int64
	stop  context.CancelFunc
	tills sync.WaitGroup
}

// load begins, and has begun at both nodes when it returns.
func (p *pair) load(t *testing.T) *load {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	l := &load{stop: stop}
	t.Cleanup(stop)
	for i := range p.nodes {
		till := p.at(i).as("bluecode")
		for range 3 {
			l.tills.Go(func() {
				for ctx.Err() == nil {
					paid, err := till.sells()
					if err != nil || paid.Status != "approved" {
						t.Errorf("under load: %+v, %v", paid, err)
						return
					}
					l.paid[i].Add(1)
				}
			})
		}
	}
	until(t, "both nodes work", func() bool { return l.paid[0].Load() > 5 && l.paid[1].Load() > 5 })
	return l
}

// sells takes a coffee in Vienna from somebody who pays with Bluecode for the first time: it
// bounds how often one may.
func (s speaker) sells() (paid api.Payment, err error) {
	var payer sim.Payer
	wish := map[string]any{"accepts": sim.AcceptsAlways}
	if err = s.network.box.post(s.network.t.Context(), "/wallets/bluecode/payers", wish, &payer); err != nil {
		return paid, err
	}
	var drawn api.PaymentCodes
	if err = s.post("/payment-codes", api.FetchCodes{RequestID: fresh("req"), Payer: payer.ID, Count: 1}, &drawn); err != nil {
		return paid, err
	}
	err = s.post("/payments", api.AskPayment{
		RequestID: fresh("req"), Code: drawn.Codes[0].Code, Amount: amount("3.00 EUR"), Store: "vienna-coffee",
		Terminal: sim.Terminal("vienna-coffee", s.id), OrderReference: fresh("bill"),
	}, &paid)
	return paid, err
}

// end ends the load, after a last payment at both nodes.
func (l *load) end(t *testing.T) {
	t.Helper()
	before := [2]int64{l.paid[0].Load(), l.paid[1].Load()}
	until(t, "both nodes still work", func() bool { return l.paid[0].Load() > before[0] && l.paid[1].Load() > before[1] })
	l.stop()
	l.tills.Wait()
	t.Logf("paid %d and %d meanwhile", l.paid[0].Load(), l.paid[1].Load())
}

func suspendedAtOneNode(t *testing.T, p *pair) {
	t.Helper()
	ola := p.payer("vipps", sim.AcceptsAlways)
	code, other := ola.code(), p.at(1).as("nets")
	for range 3 {
		p.at(0).suspend("nets", true)
		_, err := other.ask("bergen-cafe", code, fresh("bill"), fullPrice)
		wantReason(t, hansa.Suspended, err)
		p.at(0).suspend("nets", false)
		if _, err = other.order("bergen-cafe", fresh("bill"), fullPrice); err != nil {
			t.Errorf("after the suspension: %v", err)
		}
	}
	if _, err := other.ask("bergen-cafe", code, fresh("bill"), fullPrice); err != nil {
		t.Errorf("after all suspensions: %v", err)
	}
}

// corridorClosedBesideTheNodes lets the operator load a file in a process of its own.
func corridorClosedBesideTheNodes(t *testing.T, p *pair) {
	t.Helper()
	listing, err := p.read().Listing(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var closed membership
	for _, corridor := range listing.Corridors {
		if corridor.Market == "NO" {
			corridor.Closed = true
			closed.Corridors = append(closed.Corridors, corridor)
		}
	}
	text, err := json.Marshal(closed)
	file := filepath.Join(t.TempDir(), "corridors.json")
	if err == nil {
		err = os.WriteFile(file, text, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	ola := p.payer("vipps", sim.AcceptsAlways)
	codes := []string{ola.code(), ola.code()}
	if status, _, problems := hansaSays(t, "load", "--kind", "network", "--db", p.dsn, file); status != 0 {
		t.Fatal(problems)
	}
	for i, code := range codes {
		_, err := p.at(i).as("nets").ask("bergen-cafe", code, fresh("bill"), fullPrice)
		wantReason(t, hansa.MarketNotActive, err)
	}
}

func codeRevokedAtOneNode(t *testing.T, p *pair) {
	t.Helper()
	nets, wallet, sticker := p.at(0).as("nets"), p.at(1).as("epassi"), p.printed("bergen-cafe", "nets")
	var quote api.Quote
	ask := func() error {
		return wallet.post("/quotes", api.AskQuote{RequestID: fresh("req"), Code: sticker, Amount: amount(fullPrice)}, &quote)
	}
	if err := ask(); err != nil {
		t.Fatal(err)
	}
	var issued api.Page[api.StoreCode]
	if err := nets.get("/store-codes?store=bergen-cafe", &issued); err != nil || len(issued.Items) != 1 {
		t.Fatal(issued, err)
	}
	err := nets.post("/store-codes/"+issued.Items[0].Code+"/revoke", api.Change{RequestID: fresh("req")}, &api.StoreCode{})
	if err != nil {
		t.Fatal(err)
	}
	wantReason(t, hansa.CodeRevoked, wallet.accept(quote, "ida"))
	wantReason(t, hansa.CodeRevoked, ask())
	wantReason(t, hansa.CodeRevoked, wallet.post("/resolve", api.Resolve{RequestID: fresh("req"), Code: sticker}, &api.Resolution{}))
}

func keyWithdrawnAtOneNode(t *testing.T, p *pair) {
	t.Helper()
	public, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	second := member.Key{ID: api.KeyID("nets", 2), Public: public, NotBefore: sim.Since()}
	nets := p.at(1).as("nets")
	nets.client.KeyID, nets.client.Key = second.ID, key
	p.at(0).change("nets", func(p *member.Participant) { p.Keys = append(p.Keys, second) })
	until(t, "the second key counts", func() bool { return nets.get("/webhook", &api.Webhook{}) == nil })
	p.at(0).change("nets", func(p *member.Participant) { p.Keys[1].Withdrawn = true })
	withdrawn := time.Now()
	until(t, "the second key counts no more", func() bool {
		return reasonOf(nets.get("/webhook", &api.Webhook{})) == string(hansa.UnknownKey)
	})
	t.Logf("the other node has heard of it after %s", time.Since(withdrawn))
}

func nonceUsedAtOneNode(t *testing.T, p *pair) {
	t.Helper()
	body := api.Encode(api.MakeOrder{
		RequestID: fresh("req"), Amount: amount(fullPrice), Store: "bergen-cafe", Terminal: sim.Terminal("bergen-cafe", "nets"), OrderReference: "bill",
	})
	signed := p.as("nets").request(t, http.MethodPost, "/v1/orders", body)
	for i, want := range []int{http.StatusCreated, http.StatusUnauthorized} {
		again := signed.Clone(t.Context())
		again.Body = io.NopCloser(bytes.NewReader(body))
		answer := httptest.NewRecorder()
		p.nodes[i].handler.ServeHTTP(answer, again)
		if replayed := strings.Contains(answer.Body.String(), string(hansa.Replayed)); answer.Code != want || replayed != (i == 1) {
			t.Errorf("at node %d: %d %s", i, answer.Code, answer.Body)
		}
	}
}
