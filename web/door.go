package web

import (
	"context"
	"net/http"
	"runtime"
	"strconv"
	"sync"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
)

// Limits of what is worked on at a time, at this node. What brings to an end what
// was begun may take all places; what is new, and what only looks, may not.
const (
	requestsMax = 1024
	startsMax   = 512
	looksMax    = 256
)

// What the processors are for first. Few signatures are verified at a time, so that
// what has been verified is not held up by what has not.
const (
	verifyAtOnce = 2  // for each processor
	busyMin      = 8  // at work, beside those who look: they are held to their share then
	looksShare   = 50 // a fiftieth of the processors' time, for each route
	looksSaved   = 50 * time.Millisecond
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
	processors int
	isHeld     func() bool   // whether those at work wait for commits; may be nil
	isFull     func() bool   // whether what is new would wait for too long; may be nil
	verifying  chan struct{} // one place for each signature that is verified
	looking    chan struct{} // likewise, of those who look

	mutex  sync.Mutex
	all    int
	inside map[kind]int
	held   map[holding]int   // never zero
	shares map[string]*share // of those who look, by route
}

// A share is the processors' time for those who look at one route, so that a long list
// leaves nobody without the answer to a short question.
type share struct {
	left time.Duration
	at   time.Time     // when left was true
	cost time.Duration // of one look
}

// A holding is what one participant does of one kind.
type holding struct {
	participant string
	kind        kind
}

func newDoor(config Config) *door {
	processors := runtime.GOMAXPROCS(0)
	return &door{
		processors: processors, isHeld: config.Held, isFull: config.Full, verifying: make(chan struct{}, verifyAtOnce*processors), looking: make(chan struct{}, max(1, processors/2)),
		inside: make(map[kind]int), held: make(map[holding]int), shares: make(map[string]*share),
	}
}

// enter takes a place for work on a route, and reports whether there was one.
func (d *door) enter(r route, now time.Time) bool {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	k := kindOf(r)
	if d.all >= requestsMax || d.inside[k] >= placesOf(k) || k == looks && !d.mayLook(r, now) || k == starts && d.isFull != nil && d.isFull() {
		return false
	}
	d.all++
	d.inside[k]++
	return true
}

// mayLook reports whether there is time for those who look, and takes of it what
// this route costs. While there is little else to do they may have all of it: when
// few are at work, or when all of these wait for a commit that does not come back.
func (d *door) mayLook(r route, now time.Time) bool {
	s := d.shareOf(r)
	gained := now.Sub(s.at) / looksShare * time.Duration(d.processors)
	s.left, s.at = min(s.left+gained, looksSaved), now
	if d.inside[starts]+d.inside[finishes] < busyMin || d.isHeld != nil && d.isHeld() {
		return true
	}
	if s.left <= 0 {
		return false
	}
	s.left -= s.cost
	return true
}

func (d *door) shareOf(r route) *share {
	s, known := d.shares[r.path]
	if !known {
		s = &share{}
		d.shares[r.path] = s
	}
	return s
}

// looked learns what a look at a route costs: the least that it has taken of late,
// since whatever it took beyond that it was waiting.
func (d *door) looked(r route, took time.Duration) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	s := d.shareOf(r)
	if more := s.cost + s.cost/100 + 1; s.cost > 0 && more < took {
		took = more
	}
	s.cost = took
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
func (x *exchange) enter(r route) bool {
	x.route, x.kind = r, kindOf(r)
	x.entered = x.server.door.enter(r, x.started)
	return x.entered
}

// verify finds out who asks. Nobody holds a place of those who are verified while
// the body is on its way.
func (x *exchange) verify(ctx context.Context) error {
	if err := x.call.readBody(); err != nil {
		return err
	}
	turns := x.server.door.verifying
	if x.kind == looks {
		turns = x.server.door.looking
	}
	select {
	case turns <- struct{}{}:
		defer func() { <-turns }()
	case <-ctx.Done():
		return ctx.Err()
	}
	x.worked = x.server.Now()
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
	if x.kind == looks && !x.worked.IsZero() {
		x.server.door.looked(x.route, x.server.Now().Sub(x.worked))
	}
	x.server.door.leave(x.kind, x.holding)
}

func tooManyAtATime() error { return hansa.Refuse(hansa.Overloaded, "too many requests at a time") }

// A notice is what is said to whoever is turned away at the door: always the same.
type notice struct {
	api.Problem

	retryAfter string
	text       []byte
}

func newNotice() notice {
	problem := api.ProblemOf(hansa.Refuse(hansa.Overloaded, "too many requests at a time"))
	return notice{Problem: problem, retryAfter: strconv.Itoa(retryAfter(problem.Reason)), text: api.Encode(problem)}
}

// turnAway refuses a request at the door. Nothing of it was read or verified, and
// the answer is not signed: to sign it would cost more than all the rest of it, at
// the time when that is wanted most.
func (x *exchange) turnAway() {
	no := x.server.full
	x.status, x.reason = no.Status, no.Reason
	header := x.w.Header()
	header.Set("Cache-Control", "no-store")
	header.Set("Content-Type", api.MediaProblem)
	header.Set("Retry-After", no.retryAfter)
	x.w.WriteHeader(no.Status)
	// An error means that the other side is gone: it will ask again.
	_, _ = x.w.Write(no.text)
}
