package main

import (
	"context"
	"slices"
	"sync"
)

// A callRoom has the places of calls that are on their way. A wallet that holds as many
// as are free waits for one of its own to come back: so one alone may take half of all,
// and however many are silent, another one finds a place. It is safe for concurrent use.
type callRoom struct {
	mutex   sync.Mutex
	free    int
	held    map[string]int             // by wallet, never zero
	waiting map[string][]chan struct{} // by wallet, the oldest first, never empty
	turns   []string                   // the wallets of those who wait, the next one first
}

func newCallRoom() *callRoom {
	return &callRoom{free: callsMax, held: make(map[string]int), waiting: make(map[string][]chan struct{})}
}

// taken is how many calls are on their way.
func (r *callRoom) taken() int {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return callsMax - r.free
}

// take waits for a place for a call of the wallet, and reports whether ctx still goes
// on. The place must be given back.
func (r *callRoom) take(ctx context.Context, wallet string) bool {
	r.mutex.Lock()
	if len(r.waiting[wallet]) == 0 && r.mayHold(wallet) {
		r.hold(wallet)
		r.mutex.Unlock()
		return true
	}
	granted := make(chan struct{})
	if len(r.waiting[wallet]) == 0 {
		r.turns = append(r.turns, wallet)
	}
	r.waiting[wallet] = append(r.waiting[wallet], granted)
	r.mutex.Unlock()
	select {
	case <-granted:
		return true
	case <-ctx.Done():
		return false // We stop: nobody needs the place any more.
	}
}

func (r *callRoom) mayHold(wallet string) bool { return r.held[wallet] < r.free }

func (r *callRoom) hold(wallet string) {
	r.free--
	r.held[wallet]++
}

// give takes a place back and lets those have it who wait.
func (r *callRoom) give(wallet string) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.free++
	if r.held[wallet]--; r.held[wallet] == 0 {
		delete(r.held, wallet)
	}
	for {
		at := slices.IndexFunc(r.turns, r.mayHold)
		if at < 0 {
			return
		}
		r.grant(at)
	}
}

// grant lets the oldest call of the wallet whose turn that is have a place, and the
// other wallets have theirs before it gets another one.
func (r *callRoom) grant(turn int) {
	wallet := r.turns[turn]
	r.hold(wallet)
	close(r.waiting[wallet][0])
	r.turns = slices.Delete(r.turns, turn, turn+1)
	if r.waiting[wallet] = r.waiting[wallet][1:]; len(r.waiting[wallet]) == 0 {
		delete(r.waiting, wallet)
		return
	}
	r.turns = append(r.turns, wallet)
}
