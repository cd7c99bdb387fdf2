package party_test

import (
	"crypto/ed25519"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/qr"
	"github.com/hansa-network/hansa/qr/routing"
	"github.com/hansa-network/hansa/sim/party"
)

// A publisher is a switch that publishes code rules, without a network in between.
type publisher struct {
	key ed25519.PrivateKey

	mu     sync.Mutex
	host   string // whose links are orders
	silent bool
	sent   int // rulebooks in full
	asked  int
}

func (p *publisher) publish(host string, silent bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.host, p.silent = host, silent
}

func (p *publisher) counts() (asked, sent int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.asked, p.sent
}

// RoundTrip answers as GET /v1/code-rules does.
func (p *publisher) RoundTrip(r *http.Request) (*http.Response, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked++
	if p.silent {
		return nil, errors.New("nobody there")
	}
	book := routing.NewRulebook("2026-11-22", []routing.Rule{
		{Kinds: []string{qr.KindOrder}, Link: &routing.Link{Scheme: "https", Host: p.host, Path: "/checkout/"}},
	})
	answer := api.Answer{Status: http.StatusOK, Header: http.Header{"Content-Type": {api.MediaJSON}}, Body: api.Encode(book)}
	if r.Header.Get("If-None-Match") == `"`+book.Version+`"` {
		answer = api.Answer{Status: http.StatusNotModified, Header: http.Header{}}
	} else {
		p.sent++
	}
	err := api.SignResponse(answer, r, "http://switch.example", api.Signing{KeyID: "hansa#1", Key: p.key, Now: time.Now()})
	written := httptest.NewRecorder()
	maps.Copy(written.Header(), answer.Header)
	written.WriteHeader(answer.Status)
	_, _ = written.Write(answer.Body)
	return written.Result(), err
}

// TestAWalletKeepsItsRulesUntilThereAreOthers: it asks twice a day, and again soon where
// nobody answers; until then it believes what it has.
func TestAWalletKeepsItsRulesUntilThereAreOthers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		hub := &publisher{key: ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)), host: "one.example"}
		var drawn byte
		wallet := party.NewRuleReader(party.Config{
			Switch: party.Switch{Participant: "hansa", URL: "http://switch.example", Keys: func(keyID string) (api.Key, bool) {
				return api.Key{Public: hub.key.Public().(ed25519.PublicKey)}, keyID == "hansa#1"
			}},
			Now: time.Now, Chance: func() hansa.Chance { drawn++; return hansa.Chance{drawn} }, Log: slog.New(slog.DiscardHandler),
		}, hub)
		go wallet.Poll(t.Context())
		const first, second, third = "https://one.example/checkout/ord_1", "https://two.example/checkout/ord_1", "https://three.example/checkout/ord_1"
		want := func(when, known string, sent int) {
			t.Helper()
			synctest.Wait()
			for _, link := range []string{first, second, third} {
				if got := wallet.Knows(t.Context(), link); got != (link == known) {
					t.Errorf("%s: %s: %t", when, link, got)
				}
			}
			if _, got := hub.counts(); got != sent {
				t.Errorf("%s: rules were sent %d times, not %d", when, got, sent)
			}
		}
		const halfDay = 12 * time.Hour
		want("at the start", first, 1)
		time.Sleep(halfDay)
		want("nothing is new", first, 1)
		hub.publish("two.example", false)
		time.Sleep(halfDay - time.Second)
		want("before its time", first, 1)
		time.Sleep(time.Second)
		want("at its time", second, 2)
		hub.publish("three.example", true)
		before, _ := hub.counts()
		time.Sleep(halfDay + time.Minute)
		want("while the switch is silent", second, 2)
		if tries, _ := hub.counts(); tries < before+5 {
			t.Errorf("asked %d times in a minute of silence", tries-before)
		}
		hub.publish("three.example", false)
		time.Sleep(time.Minute)
		want("when the switch is back", third, 3)
	})
}
