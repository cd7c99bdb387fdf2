package party_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/sim"
	"github.com/hansa-network/hansa/sim/party"
)

// plainTongue is a protocol that says what it means. It wants a token, and only authorises.
type plainTongue struct{}

func (plainTongue) Ask(call api.TillCall, _ time.Time) api.Message {
	return api.Message{Method: http.MethodPost, URL: "/plain", Header: http.Header{"Content-Type": {api.MediaJSON}}, Body: api.Encode(call)}
}

func (plainTongue) Heard(_ api.TillCall, _ api.Message, answer api.Answer) (heard api.TillAnswer, err error) {
	switch answer.Status {
	case http.StatusUnauthorized:
		return heard, hansa.Refuse(hansa.Unsigned, "no token")
	case http.StatusOK:
		return heard, json.Unmarshal(answer.Body, &heard)
	}
	return heard, errors.New("nobody knows")
}

// plainDesk is where the switch hears that protocol.
type plainDesk struct {
	home *fakeSwitch

	mu     sync.Mutex
	broken map[string]bool // kinds of calls that are heard and not answered
	calls  []api.TillCall
	came   chan string
}

func newPlainDesk(s *fakeSwitch) *plainDesk {
	desk := &plainDesk{home: s, broken: make(map[string]bool), came: make(chan string, 100)}
	s.plain, s.tills = desk, map[string]party.TillTongue{"bergen-cafe-vipps": plainTongue{}}
	return desk
}

func (d *plainDesk) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var call api.TillCall
	if err := json.NewDecoder(r.Body).Decode(&call); err != nil {
		d.home.t.Error(err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if call.Kind == api.TillEnter {
		d.came <- call.Kind
		_, _ = w.Write(api.Encode(api.TillAnswer{Access: "token"}))
		return
	}
	if call.Access != "token" {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	d.calls = append(d.calls, call)
	d.came <- call.Kind
	if d.broken[call.Kind] {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	if call.Kind != api.TillOrder {
		_, _ = w.Write([]byte("{}"))
		return
	}
	order, err := d.home.makeOrder("vipps", api.MakeOrder{Amount: call.Amount, Store: call.Store}, nil)
	if err != nil {
		d.home.t.Error(err)
	}
	_, _ = w.Write(api.Encode(api.TillAnswer{Standing: api.TillWaits, Network: order.(api.Order).Order, Capture: true}))
}

// set lets calls of a kind be answered or not from now on.
func (d *plainDesk) set(kind string, broken bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.broken[kind] = broken
}

// last is the last call of a kind.
func (d *plainDesk) last(kind string) (last api.TillCall) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, call := range d.calls {
		if call.Kind == kind {
			last = call
		}
	}
	return last
}

// awaits waits for the next call of a kind.
func (d *plainDesk) awaits(t *testing.T, kind string) {
	t.Helper()
	for came := range d.came {
		if came == kind {
			return
		}
	}
}

// TestWhatATillHasNotCapturedItCapturesAfterARestart: a till enters where it must, repeats
// what was not answered as the same, and forgets nothing that it has sold.
func TestWhatATillHasNotCapturedItCapturesAfterARestart(t *testing.T) {
	t.Parallel()
	s, folder := newSwitch(t), t.TempDir()
	desk := newPlainDesk(s)
	home := s.settle(t, folder)
	desk.set(api.TillOrder, true)
	desk.set(api.TillCapture, true)
	made := make(chan api.Order, 1)
	go func() {
		order, _ := send[api.Order](t, home, http.MethodPost, "/tills/bergen-cafe/orders", object{"amount": money.New(50_00, "NOK"), "acquirer": "vipps"})
		made <- order
	}()
	desk.awaits(t, api.TillEnter)
	desk.awaits(t, api.TillOrder)
	first := desk.last(api.TillOrder)
	desk.set(api.TillOrder, false)
	order := <-made
	again := desk.last(api.TillOrder)
	if first.Again || !again.Again || again.Sale != first.Sale || order.Amount != first.Amount {
		t.Errorf("first %+v, then %+v", first, again)
	}

	payer := newPayer(t, home, "vipps", sim.AcceptsAlways)
	if paid, status := send[party.Paid](t, home, http.MethodPost, payer+"/pay", object{"text": order.Code}); paid.Status != "approved" {
		t.Fatalf("status %d: %+v", status, paid)
	}
	desk.awaits(t, api.TillCapture)
	home.stop()
	before := desk.last(api.TillCapture)
	desk.set(api.TillCapture, false)
	s.settle(t, folder)
	desk.awaits(t, api.TillEnter)
	desk.awaits(t, api.TillCapture)
	after := desk.last(api.TillCapture)
	if after.Change != before.Change || after.Amount != money.New(50_00, "NOK") || after.Network != order.Order {
		t.Errorf("before %+v, after %+v", before, after)
	}
}
