package main

import "sync"

// watchers tell who waits for a subject that it has changed. It is safe for
// concurrent use.
type watchers struct {
	mutex sync.Mutex
	by    map[string]map[chan struct{}]struct{}
}

func newWatchers() *watchers {
	return &watchers{by: make(map[string]map[chan struct{}]struct{})}
}

// watch returns a channel that gets a token when subject changes. It holds one
// token at most, so that nobody who tells has to wait.
func (w *watchers) watch(subject string) (changed <-chan struct{}, stop func()) {
	channel := make(chan struct{}, 1)
	w.mutex.Lock()
	defer w.mutex.Unlock()
	if w.by[subject] == nil {
		w.by[subject] = make(map[chan struct{}]struct{})
	}
	w.by[subject][channel] = struct{}{}
	return channel, func() {
		w.mutex.Lock()
		defer w.mutex.Unlock()
		delete(w.by[subject], channel)
		if len(w.by[subject]) == 0 {
			delete(w.by, subject)
		}
	}
}

func (w *watchers) tell(subjects []string) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	for _, subject := range subjects {
		for channel := range w.by[subject] {
			select {
			case channel <- struct{}{}:
			default:
			}
		}
	}
}
