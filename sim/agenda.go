package sim

import (
	"container/heap"
	"slices"
	"time"
)

// An agenda is what will happen, by time; at the same time, in the order in
// which it was put down.
type agenda struct {
	items []appointment
	count int
}

type appointment struct {
	at    time.Time
	order int
	do    func()
}

func (a *agenda) Len() int { return len(a.items) }
func (a *agenda) Less(i, j int) bool {
	if a.items[i].at.Equal(a.items[j].at) {
		return a.items[i].order < a.items[j].order
	}
	return a.items[i].at.Before(a.items[j].at)
}
func (a *agenda) Swap(i, j int) { a.items[i], a.items[j] = a.items[j], a.items[i] }

// Push is for container/heap.
func (a *agenda) Push(item any) {
	a.items = append(a.items, item.(appointment)) //nolint:errcheck,forcetypeassert // Nothing else is pushed.
}

// Pop is for container/heap.
func (a *agenda) Pop() any {
	last := a.items[len(a.items)-1]
	a.items = a.items[:len(a.items)-1]
	return last
}

// after lets something happen when wait is over.
func (w *world) after(wait time.Duration, do func()) {
	w.agenda.count++
	heap.Push(&w.agenda, appointment{w.now.Add(wait), w.agenda.count, do})
}

// every lets something happen again and again.
func (w *world) every(interval time.Duration, do func()) {
	w.after(interval, func() {
		do()
		w.every(interval, do)
	})
}

// until lets time pass until the world is done, or patience is over.
func (w *world) until(done func() bool, patience time.Duration) {
	last := w.now.Add(patience)
	for w.agenda.Len() > 0 && w.failed == nil && !done() {
		next := heap.Pop(&w.agenda).(appointment) //nolint:errcheck,forcetypeassert // Nothing else is pushed.
		if next.at.After(last) {
			w.finding("S4: the world does not come to rest")
			return
		}
		w.now = next.at
		next.do()
	}
}

// send carries a message, if the network does not lose it: late, and sometimes
// twice.
func (w *world) send(deliver func()) {
	if w.fate(w.dials.loss) {
		return
	}
	w.after(w.delay(), deliver)
	if w.fate(w.dials.again) {
		w.after(w.delay()*3, deliver)
	}
}

func (w *world) delay() time.Duration {
	fast := time.Duration(w.rng.Int64N(int64(40 * time.Millisecond)))
	if w.fate(0.1) {
		return fast + time.Duration(w.rng.Int64N(int64(w.dials.slow)+1))
	}
	return fast
}

func sortedNames[V any](of map[string]V) []string {
	names := make([]string, 0, len(of))
	for name := range of {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
