package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/sim"
	"github.com/hansa-network/hansa/store"
)

// How a till behaves that measures. It asks more often than Retry-After says, so
// that it sees soon when payments flow again.
const (
	pulseEvery   = 20 * time.Millisecond
	pulseAgain   = 100 * time.Millisecond
	codesKept    = 3
	codesKeptFor = 30 * time.Second // half of the life of a code
	codeWithin   = 2 * time.Second
)

// A diary is what the measuring tills and the readers were told. It is safe for
// concurrent use.
type diary struct {
	mutex    sync.Mutex
	approved []time.Time     // when tills were told so, in order
	told     []string        // of what payments
	seen     map[string]bool // payments that were read as approved
	refused  []rebuff
	heads    map[int64]string // hash of the journal at a height that was read
	reads    int
}

// A rebuff is a new payment that was not taken.
type rebuff struct {
	took       time.Duration
	status     int
	reason     hansa.Reason
	retryAfter string
}

func newDiary() *diary { return &diary{seen: make(map[string]bool), heads: make(map[int64]string)} }

// read notes that somebody could read a payment as approved.
func (d *diary) read(reference string) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	d.seen[reference] = true
}

// tell notes that a till was told that its payment is approved.
func (d *diary) tell(reference string) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	d.told = append(d.told, reference)
	d.approved = append(d.approved, time.Now())
}

func (d *diary) refuse(r rebuff) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	d.refused = append(d.refused, r)
}

func (d *diary) look(head store.Head) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	d.reads++
	d.heads[head.Height] = head.Hash
}

// silence is the longest time between two approvals from a moment on.
func (d *diary) silence(since time.Time) time.Duration {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	var longest time.Duration
	previous := since
	for _, at := range d.approved {
		if at.After(since) {
			longest, previous = max(longest, at.Sub(previous)), at
		}
	}
	return longest
}

// flowsSince reports whether a payment was approved after that.
func (d *diary) flowsSince(moment time.Time) bool {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	return len(d.approved) > 0 && d.approved[len(d.approved)-1].After(moment)
}

// A pulse is a till that sells one thing after the other, and repeats a request
// until it is answered.
type pulse struct {
	*diary

	till   speaker
	box    sandbox
	client *http.Client
	codes  []stocked
}

// A stocked code can be scanned while the network gives no new ones.
type stocked struct {
	code string
	at   time.Time
}

func (f *failover) newPulse(at *network) *pulse {
	return &pulse{diary: f.diary, till: at.as("nets"), box: f.box, client: &http.Client{}}
}

func (p *pulse) run(ctx context.Context) {
	defer p.client.CloseIdleConnections()
	for pause(ctx, pulseEvery) {
		p.stock(ctx)
		if len(p.codes) > 0 {
			code := p.codes[0]
			p.codes = p.codes[1:]
			p.sell(ctx, code.code)
		}
	}
}

// stock fetches a code or two from fresh payers of a wallet.
func (p *pulse) stock(ctx context.Context) {
	p.codes = slices.DeleteFunc(p.codes, func(kept stocked) bool { return time.Since(kept.at) > codesKeptFor })
	for range 2 {
		if len(p.codes) >= codesKept {
			return
		}
		if code, err := p.fetch(ctx); err == nil {
			p.codes = append(p.codes, stocked{code, time.Now()})
		}
	}
}

func (p *pulse) fetch(ctx context.Context) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, codeWithin)
	defer cancel()
	var payer sim.Payer
	if err := p.box.post(ctx, "/wallets/epassi/payers", map[string]any{"accepts": sim.AcceptsAlways}, &payer); err != nil {
		return "", err
	}
	var code api.PaymentCode
	err := p.box.post(ctx, "/wallets/epassi/payers/"+url.PathEscape(payer.ID)+"/codes", nil, &code)
	return code.Code, err
}

// sell asks to be paid until that is answered, and follows the payment.
func (p *pulse) sell(ctx context.Context, code string) {
	body := api.Encode(api.AskPayment{
		RequestID: fresh("req"), Code: code, Amount: money.New(10_00, "NOK"), Store: "bergen-cafe",
		Terminal: sim.Terminal("bergen-cafe", "nets"), OrderReference: fresh("bill"),
	})
	for ctx.Err() == nil {
		began := time.Now()
		paid, refused := p.exchange(ctx, http.MethodPost, "/v1/payments", body)
		if refused == nil {
			p.follow(ctx, paid)
			return
		}
		refused.took = time.Since(began)
		if ctx.Err() == nil {
			p.refuse(*refused)
		}
		if refused.status != http.StatusServiceUnavailable || !pause(ctx, pulseAgain) {
			return
		}
	}
}

// follow asks for a payment until it is decided.
func (p *pulse) follow(ctx context.Context, paid api.Payment) {
	for paid.Status == "pending" && pause(ctx, pulseAgain) {
		if now, refused := p.exchange(ctx, http.MethodGet, "/v1/payments/"+paid.Reference+"?wait=5", nil); refused == nil {
			paid = now
		}
	}
	if paid.Status == "approved" {
		p.tell(paid.Reference)
	}
}

// exchange makes one signed call about a payment.
func (p *pulse) exchange(ctx context.Context, method, path string, body []byte) (paid api.Payment, refused *rebuff) {
	status, header, answer, err := p.till.exchange(ctx, p.client, method, path, body)
	if err != nil {
		return paid, &rebuff{reason: hansa.Reason(err.Error())}
	}
	if status >= http.StatusBadRequest {
		var problem api.Problem
		_ = api.Decode(answer, &problem) // What is no problem has no reason.
		return paid, &rebuff{status: status, reason: problem.Reason, retryAfter: header.Get("Retry-After")}
	}
	if err := api.Decode(answer, &paid); err != nil {
		return paid, &rebuff{status: status, reason: hansa.Reason(err.Error())}
	}
	return paid, nil
}

// exchange makes one signed call and returns what was answered.
func (s speaker) exchange(
	ctx context.Context, client *http.Client, method, path string, body []byte,
) (status int, header http.Header, answer []byte, err error) {
	request, err := http.NewRequestWithContext(ctx, method, s.network.url+path, bytes.NewReader(body))
	if err != nil {
		return 0, nil, nil, err
	}
	if len(body) > 0 {
		request.Header.Set("Content-Type", api.MediaJSON)
	}
	signing := api.Signing{KeyID: s.client.KeyID, Key: s.client.Key, Now: time.Now(), Nonce: nonce()}
	if err := api.SignRequest(request, body, signing); err != nil {
		return 0, nil, nil, err
	}
	response, err := client.Do(request)
	if err != nil {
		return 0, nil, nil, err
	}
	defer response.Body.Close()
	answer, err = io.ReadAll(response.Body)
	return response.StatusCode, response.Header, answer, err
}

// watchHeads reads the end of the journal at a node, again and again.
func (d *diary) watchHeads(ctx context.Context, n *node) {
	for pause(ctx, 3*time.Millisecond) {
		if head, err := n.store.Read().Head(ctx); err == nil {
			d.look(head)
		}
	}
}

// listApproved reads the approved payments of an acquirer at a node, as its office
// would. Some are approved later than those that began after them.
func (d *diary) listApproved(ctx context.Context, s speaker) {
	client := &http.Client{}
	defer client.CloseIdleConnections()
	query := url.Values{"status": {"approved"}, "as": {"acquirer"}, "limit": {"200"}}
	for pause(ctx, pulseAgain) {
		path := "/v1/payments?" + query.Encode()
		status, _, answer, err := s.exchange(ctx, client, http.MethodGet, path, nil)
		var listed api.Page[api.Payment]
		if err == nil && status == http.StatusOK {
			err = json.Unmarshal(answer, &listed)
		}
		if err != nil || status != http.StatusOK {
			continue
		}
		for _, p := range listed.Items {
			d.read(p.Reference)
		}
		if n := len(listed.Items); n > 0 && listed.Next != "" {
			query.Set("after", listed.Items[n/2].Reference)
		}
	}
}

// wantHeads wants everything that was read of the journal to be in it.
func (d *diary) wantHeads(t *testing.T, reader *store.Reader) {
	t.Helper()
	kept := map[int64]string{0: store.Genesis}
	for block, err := range reader.EachBlock(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		kept[block.Height] = block.Hash
	}
	lost := 0
	for height, hash := range d.heads {
		if kept[height] != hash {
			lost++
		}
	}
	if lost > 0 || len(d.heads) == 0 {
		t.Errorf("%d of %d ends of the journal that were read are not in it any more", lost, len(d.heads))
	}
}
