package web

import (
	"context"
	"net/http"
	"strconv"
	"sync"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
)

// Limits of what is worked on at a time, at this node. What brings to an end what
// was begun may take all places; what is new, and what only looks, may not.
const (
	requestsMax = 1024
	startsMax   = 512
	looksMax    = 256
	looksAtOnce = 4 // signatures of these are verified; the others wait for their turn
)

// shareMax is how many of the places of a kind one participant may hold, in
// quarters: whatever it does, others find a place.
const shareMax = 3

// A kind of work is treated alike when there is too much of it.
type kind string

const (
	starts   kind = "starts"   // begins something: it may come again later
	finishes kind = "finishes" // ends what was begun, or settles who may do what
	looks    kind = "looks"    // reads, and changes nothing
)

func placesOf(k kind) int {
	switch k {
	case starts:
		return startsMax
	case finishes:
		return requestsMax
	case looks:
		return looksMax
	}
	panic("no kind of work: " + string(k))
}

// kindOf sorts the routes.
func kindOf(r route) kind {
	switch {
	case r.open:
		return finishes // A balancer that hears no would send everybody to the other nodes.
	case r.method == http.MethodGet:
		return looks
	}
	switch r.path {
	case "/v1/payments", "/v1/orders", "/v1/payment-codes", "/v1/resolve", "/v1/quotes", "/v1/accepts", "/v1/announcements":
		return starts
	}
	return finishes
}

// A door bounds how many requests are worked on at a time. It is safe for
// concurrent use.
type door struct {
	looking chan struct{} // one place for each whose signature is verified at this moment

	mutex  sync.Mutex
	all    int
	inside map[kind]int
	held   map[holding]int // never zero
}

// A holding is what one participant does of one kind.
type holding struct {
	participant string
	kind        kind
}

func newDoor() *door {
	return &door{looking: make(chan struct{}, looksAtOnce), inside: make(map[kind]int), held: make(map[holding]int)}
}

// enter takes a place for work of a kind, and reports whether there was one.
func (d *door) enter(k kind) bool {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	if d.all >= requestsMax || d.inside[k] >= placesOf(k) {
		return false
	}
	d.all++
	d.inside[k]++
	return true
}

// claim says whose work it is that has entered, and refuses where a participant
// leaves the others too little room.
func (d *door) claim(h holding) error {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	if most := placesOf(h.kind) * shareMax / 4; d.held[h] >= most {
		return hansa.Refuse(hansa.TooManyRequests, "more than %d requests of this kind at a time", most)
	}
	d.held[h]++
	return nil
}

// leave gives a place back, and what was claimed of it.
func (d *door) leave(k kind, claimed holding) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	d.all--
	d.inside[k]--
	if claimed.participant == "" {
		return
	}
	if d.held[claimed]--; d.held[claimed] == 0 {
		delete(d.held, claimed)
	}
}

// enter takes a place for a request before anything of it is worked on.
func (x *exchange) enter(k kind) bool {
	if !x.server.door.enter(k) {
		return false
	}
	x.entered, x.kind = true, k
	return true
}

// verify finds out who asks. Few of those who only look are verified at a time, so
// that a flood of them leaves the processor to payments.
func (x *exchange) verify(ctx context.Context) error {
	if x.kind == looks {
		select {
		case x.server.door.looking <- struct{}{}:
			defer func() { <-x.server.door.looking }()
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	if err := x.call.verify(); err != nil {
		return err
	}
	return x.claim(x.call.participant)
}

// claim counts the request as the participant's, once it is known who that is.
func (x *exchange) claim(participant string) error {
	h := holding{participant, x.kind}
	if err := x.server.door.claim(h); err != nil {
		return err
	}
	x.holding = h
	return nil
}

// leave gives up the place among those that are worked on.
func (x *exchange) leave() {
	if !x.entered {
		return
	}
	x.entered = false
	x.server.door.leave(x.kind, x.holding)
}

// turnAway refuses a request at the door. Nothing of it was read or verified, and
// the answer is not signed: to sign it would cost more than all the rest of it, at
// the time when that is wanted most.
func (x *exchange) turnAway() {
	problem := api.ProblemOf(hansa.Refuse(hansa.Overloaded, "too many requests at a time"))
	x.status, x.reason = problem.Status, problem.Reason
	header := x.w.Header()
	header.Set("Cache-Control", "no-store")
	header.Set("Content-Type", api.MediaProblem)
	header.Set("Retry-After", strconv.Itoa(retryAfter(problem.Reason)))
	x.w.WriteHeader(problem.Status)
	// An error means that the other side is gone: it will ask again.
	_, _ = x.w.Write(api.Encode(problem))
}
