package main

import (
	"slices"
	"sync"
)

// watchers tell who waits for a subject that it has changed. It is safe for
// concurrent use.
type watchers struct {
	mutex sync.Mutex
	by    map[string][]chan struct{} // by subject, never empty
}

func newWatchers() *watchers {
	return &watchers{by: make(map[string][]chan struct{})}
}

// watch returns a channel that gets a token when subject changes. It holds one
// token at most, so that nobody who tells has to wait.
func (w *watchers) watch(subject string) (changed <-chan struct{}, stop func()) {
	channel := make(chan struct{}, 1)
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.by[subject] = append(w.by[subject], channel)
	return channel, func() {
		w.mutex.Lock()
		defer w.mutex.Unlock()
		left := slices.DeleteFunc(w.by[subject], func(one chan struct{}) bool { return one == channel })
		if len(left) == 0 {
			delete(w.by, subject)
			return
		}
		w.by[subject] = left
	}
}

func (w *watchers) tell(subjects []string) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	for _, subject := range subjects {
		for _, channel := range w.by[subject] {
			select {
			case channel <- struct{}{}:
			default:
			}
		}
	}
}
