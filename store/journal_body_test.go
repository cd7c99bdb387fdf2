package store_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/hansa-network/hansa/store"
)

// TestABodyReadsBack, of whatever size, and a large one is compressed.
func TestABodyReadsBack(t *testing.T) {
	t.Parallel()
	dice := rand.New(rand.NewPCG(1, 2))
	for _, count := range []int{1, 2, 3, 16, 256, 1000} {
		for _, size := range []int{0, 1, 127, 128, 550, 5000} {
			events := make([]store.Event, count)
			for i := range events {
				text := fmt.Sprintf(`{"reference":"pay_%d","type":"payment.approved"}`, dice.Uint64())
				data := strings.Repeat(text, size/len(text)+1)[:size]
				events[i] = store.Event{Subject: fmt.Sprintf("pay_%d", i), Wallet: "alipay", Data: []byte(data)}
				if i%2 == 0 {
					events[i].Acquirer = "nets"
				}
			}
			body, err := store.Body(events)
			if err != nil {
				t.Fatal(err)
			}
			if plain := count * size; plain > 10_000 && len(body) > plain/2 {
				t.Errorf("%d events of %d bytes take %d", count, size, len(body))
			}
			got, err := store.ReadBody(body)
			if err != nil {
				t.Fatal(err)
			}
			wantSame(t, "events", events, got)
		}
	}
}

// TestABodyOfABlockHasItsLimit.
func TestABodyOfABlockHasItsLimit(t *testing.T) {
	t.Parallel()
	if _, err := store.Body([]store.Event{{Data: make([]byte, 65<<20)}}); err == nil {
		t.Error("it was taken")
	}
}

// TestADamagedBodyIsNamed: what is cut off, added or turned over is never an event
// that nobody wrote without being seen, and never a panic.
func TestADamagedBodyIsNamed(t *testing.T) {
	t.Parallel()
	large, err := store.Body(eventsOf(strings.Repeat("one", 1000), "two"))
	if err != nil {
		t.Fatal(err)
	}
	small, err := store.Body(eventsOf("one", "two"))
	if err != nil {
		t.Fatal(err)
	}
	for _, body := range [][]byte{large, small} {
		for cut := range body {
			if _, err := store.ReadBody(body[:cut]); !errors.Is(err, store.ErrDamaged) {
				t.Errorf("cut off at %d of %d: %v", cut, len(body), err)
			}
		}
		if _, err := store.ReadBody(append(bytes.Clone(body), 0)); !errors.Is(err, store.ErrDamaged) {
			t.Errorf("added to: %v", err)
		}
	}
	for name, body := range map[string][]byte{
		"nothing": nil, "no events": {0, 0}, "more events than bytes": {0, 200, 1, 0, 0, 0, 0}, "another form": {2, 1, 0, 0, 0, 0},
		"more than can be": {1, 255, 255, 255, 255, 15, 3, 0}, "more than it is": {1, 4, 3, 0}, "a number without an end": {0, 255, 255, 255},
	} {
		if _, err := store.ReadBody(body); !errors.Is(err, store.ErrDamaged) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// FuzzReadBody: whatever a body is, it is read without a panic, and what is read is
// read again from what is written of it.
func FuzzReadBody(f *testing.F) {
	for _, texts := range [][]string{{""}, {"one", "two"}, {strings.Repeat("{}", 2000)}} {
		body, err := store.Body(eventsOf(texts...))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		events, err := store.ReadBody(body)
		if err != nil {
			if !errors.Is(err, store.ErrDamaged) {
				t.Fatal(err)
			}
			return
		}
		again, err := store.Body(events)
		if err != nil {
			t.Fatal(err)
		}
		got, err := store.ReadBody(again)
		if err != nil {
			t.Fatal(err)
		}
		wantSame(t, "events", events, got)
	})
}

// BenchmarkBody measures what a block of so many payments of one size costs, with two
// events each.
func BenchmarkBody(b *testing.B) {
	for _, payments := range []int{1, 16, 256} {
		b.Run(fmt.Sprint(payments), func(b *testing.B) {
			dice := rand.New(rand.NewPCG(1, 2))
			var events []store.Event
			for i := range 2 * payments {
				text := fmt.Sprintf(`{"acquirer":"nets","at":"2026-11-22T07:15:38.759604Z","branch":"nets.se","created_at":"2026-11-22T07:15:38.%dZ",`+
					`"debit_amount":{"currency":"CNY","value":%d},"mode":"cpm","order_amount":{"currency":"SEK","value":%d},"order_reference":"sale_%x",`+
					`"rate":{"base":"CNY","quote":"SEK","value":"1.34442"},"reference":"pay_%x","sequence":2,"status":"approved","store":"stockholm-books-%d",`+
					`"terminal":"stockholm-books-nets","type":"payment.approved","wallet":"alipay"}`,
					dice.IntN(1e6), dice.IntN(1e5), dice.IntN(1e5), dice.Uint64(), dice.Uint64(), i%100)
				events = append(events, store.Event{Subject: fmt.Sprintf("pay_%x", dice.Uint64()), Wallet: "alipay", Acquirer: "nets", Data: []byte(text)})
			}
			size := 0
			for b.Loop() {
				body, err := store.Body(events)
				if err != nil {
					b.Fatal(err)
				}
				size = len(body)
			}
			b.ReportMetric(float64(size)/float64(payments), "B/payment")
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/float64(payments), "µs/payment")
		})
	}
}
