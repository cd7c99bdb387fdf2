package hub

import "fmt"

// A table is the part of one kind of rows that a batch works on: what was read,
// and what has to be written, in the order of the first write. The zero table is
// empty.
type table[K comparable, V any] struct {
	asked map[K]bool
	rows  map[K]V
	dirty map[K]bool
	order []K
}

// want notes that key must be read. It returns the keys to read with key added,
// unless it was asked for before.
func (t *table[K, V]) want(keys []K, key K) []K {
	if t.asked[key] {
		return keys
	}
	t.ask(key)
	return append(keys, key)
}

func (t *table[K, V]) ask(key K) {
	if t.asked == nil {
		t.asked, t.rows, t.dirty = make(map[K]bool), make(map[K]V), make(map[K]bool)
	}
	t.asked[key] = true
}

// loaded enters a row as read from the store.
func (t *table[K, V]) loaded(key K, row V) {
	t.ask(key)
	t.rows[key] = row
}

// read returns the row called key. It panics where nobody asked for it: a rule
// would then decide on less than there is.
func (t *table[K, V]) read(key K) (V, bool) {
	row, ok := t.rows[key]
	if !ok && !t.asked[key] {
		panic(fmt.Sprintf("%T %v was not read", row, key))
	}
	return row, ok
}

// write enters a row that the batch must commit.
func (t *table[K, V]) write(key K, row V) {
	t.ask(key)
	t.rows[key] = row
	if !t.dirty[key] {
		t.dirty[key] = true
		t.order = append(t.order, key)
	}
}

// written returns the rows to commit.
func (t *table[K, V]) written() []V {
	rows := make([]V, len(t.order))
	for i, key := range t.order {
		rows[i] = t.rows[key]
	}
	return rows
}
