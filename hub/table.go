package hub

import (
	"fmt"
	"slices"

	"github.com/hansa-network/hansa"
)

// A table is the part of one kind of rows that a batch works on: what was read,
// and what has to be written, in the order of the first write. The zero table is
// empty.
type table[K comparable, V any] struct {
	cells  map[K]*cell[V] // of every key that was asked for
	order  []K            // of what has to be written
	before *table[K, V]   // of the batch that will be committed before this one; nil: there is none
}

type cell[V any] struct {
	row   V
	found bool // there is such a row
	dirty bool // it has to be written
	fresh bool // there was no such row before
}

// at returns the cell of key, which is then asked for.
func (t *table[K, V]) at(key K) *cell[V] {
	if known, ok := t.cells[key]; ok {
		return known
	}
	if t.cells == nil {
		t.cells = make(map[K]*cell[V])
	}
	fresh := &cell[V]{}
	t.cells[key] = fresh
	return fresh
}

// want notes that key must be read. It returns the keys to read with key added,
// unless it was asked for before, by this batch or the one before it.
func (t *table[K, V]) want(keys []K, key K) []K {
	if t.isAsked(key) || t.inherit(key) {
		return keys
	}
	t.at(key)
	return append(keys, key)
}

func (t *table[K, V]) isAsked(key K) bool {
	_, asked := t.cells[key]
	return asked
}

// inherit takes over what the batch before knows of key.
func (t *table[K, V]) inherit(key K) bool {
	if t.before == nil {
		return false
	}
	known, asked := t.before.cells[key]
	if asked {
		at := t.at(key)
		at.row, at.found = known.row, known.found
	}
	return asked
}

// loaded enters a row as read from the store. One that the batch has changed stays.
func (t *table[K, V]) loaded(key K, row V) {
	if at := t.at(key); !at.dirty {
		at.row, at.found = row, true
	}
}

// looked enters a row that was read by itself, or that there is none.
func (t *table[K, V]) looked(key K, row V, err error) error {
	if err == nil {
		t.loaded(key, row)
		return nil
	}
	t.at(key)
	if reason, _ := hansa.ReasonOf(err); reason == hansa.NotFound {
		return nil
	}
	return err
}

// known returns the row called key as far as it was read or written by now.
func (t *table[K, V]) known(key K) (row V, ok bool) {
	if at, asked := t.cells[key]; asked {
		return at.row, at.found
	}
	return row, false
}

// read returns the row called key. It panics where nobody asked for it: a rule
// would then decide on less than there is.
func (t *table[K, V]) read(key K) (V, bool) {
	at, asked := t.cells[key]
	if !asked {
		panic(fmt.Sprintf("%T %v was not read", *new(V), key))
	}
	return at.row, at.found
}

// write enters a row that the batch must commit.
func (t *table[K, V]) write(key K, row V) {
	at := t.at(key)
	if !at.dirty {
		at.dirty, at.fresh = true, !at.found
		t.order = append(t.order, key)
	}
	at.row, at.found = row, true
}

// isWritten reports whether the row called key has to be committed.
func (t *table[K, V]) isWritten(key K) bool {
	at, asked := t.cells[key]
	return asked && at.dirty
}

// written returns the rows to commit.
func (t *table[K, V]) written() []V {
	rows := make([]V, len(t.order))
	for i, key := range t.order {
		rows[i] = t.cells[key].row
	}
	return rows
}

// begun returns the keys of those of them that were not there before.
func (t *table[K, V]) begun() []K {
	var keys []K
	for _, key := range t.order {
		if t.cells[key].fresh {
			keys = append(keys, key)
		}
	}
	return keys
}

// sortedKeys are those of the rows that there are.
func sortedKeys[V any](t table[string, V]) []string {
	keys := make([]string, 0, len(t.cells))
	for key, at := range t.cells {
		if at.found {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys
}
