package store

// A Stage is how far a commit has come.
type Stage uint8

// The stages.
const (
	Decided   Stage = iota // its rows are known, and none is written
	Written                // all are written, and nothing is committed
	Committed              // all is durable, and nobody has heard of it
)

// Watch shows each commit of this store to watch, with its rows, at each of its
// stages, while it waits. A test that lets a node die within a commit sees there
// where it is. It is called before the first transaction, if at all.
func (s *Store) Watch(watch func(Stage, Rows)) { s.watch = watch }

// passes tells who watches that the commit has come to a stage.
func (t *Tx) passes(stage Stage) {
	if t.store.watch != nil {
		t.store.watch(stage, t.rows)
	}
}
