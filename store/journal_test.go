package store_test

import (
	"fmt"
	"testing"

	"github.com/hansa-network/hansa/store"
)

// journal commits one block with an event for each text, and returns it.
func journal(t testing.TB, s *store.Store, texts ...string) store.Block {
	t.Helper()
	tx := begin(t, s)
	block, _, err := tx.Append(t.Context(), at(int(tx.Head().Height)), eventsOf(texts...))
	if err != nil {
		t.Fatal(err)
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	return block
}

func eventsOf(texts ...string) []store.Event {
	var events []store.Event
	for i, text := range texts {
		events = append(events, store.Event{Subject: fmt.Sprintf("pay_%d", i), Wallet: "alipay", Acquirer: "nets", Data: []byte(text)})
	}
	return events
}

// TestTheChain compares with hashes that sha256sum made.
func TestTheChain(t *testing.T) {
	t.Parallel()
	onBothMigrated(t, func(t *testing.T, s *store.Store) {
		want := []store.Block{
			{
				Height: 1, Previous: store.Genesis, At: at(0), Hash: "adb7f7e136b9cbdfc7b8681ac0e3124326d3fac8c0f17eedae68f0df4d669b4a",
				Events: []string{"0a821699dc9f08c09e60348623172ae510997bd80d567236824c85678be2b8e0", "9dbe3cfc5af797f3516eb7c92f37fe507b83c13017aa9ddb57b9afe25a75a3a6"},
			},
			{
				Height: 2, Previous: "adb7f7e136b9cbdfc7b8681ac0e3124326d3fac8c0f17eedae68f0df4d669b4a", At: at(1), Hash: "e08d9b5f87b9d29a0abc4462fa44fdc2bbdf491c1598fd04c77092ee2b52dbfe",
				Events: []string{"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
			},
		}
		first := journal(t, s, `{"note":"payment.approved"}`, "zwei")
		wantSame(t, "no block", store.Block{}, journal(t, s))
		second := journal(t, s, "")
		wantSame(t, "appended", want, []store.Block{first, second})
		wantSame(t, "blocks", want, all(t, s.Read().EachBlock(t.Context())))
		head, err := s.Read().Head(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		wantSame(t, "head", store.Head{Height: 2, Hash: want[1].Hash, At: at(1), Commits: 2}, head)
		events := all(t, s.Read().EachEvent(t.Context()))
		wantSame(t, "first event", store.Recorded{
			Cursor: store.Cursor{Height: 1, Index: 0}, Hash: want[0].Events[0], Event: eventsOf(`{"note":"payment.approved"}`)[0],
		}, events[0])
		if len(events) != 3 {
			t.Errorf("%d events", len(events))
		}
	})
}

func TestReadingTheJournalFromACursor(t *testing.T) {
	t.Parallel()
	onBothMigrated(t, func(t *testing.T, s *store.Store) {
		for i := range 5 {
			journal(t, s, fmt.Sprint(i, "a"), fmt.Sprint(i, "b"))
		}
		cases := []struct {
			from  store.Cursor
			limit int
			want  string
		}{
			{store.Cursor{}, 3, "[0a 0b 1a]"},
			{store.Cursor{Height: 1, Index: 1}, 3, "[0b 1a 1b]"},
			{store.Cursor{Height: 4, Index: 2}, 9, "[4a 4b]"},
			{store.Cursor{Height: 5, Index: 1}, 9, "[4b]"},
			{store.Cursor{Height: 6}, 9, "[]"},
			{store.Cursor{Partition: 1}, 9, "[]"},
		}
		for _, c := range cases {
			found, err := s.Read().Events(t.Context(), c.from, c.limit)
			if err != nil {
				t.Fatal(err)
			}
			texts := make([]string, len(found))
			for i, event := range found {
				texts[i] = string(event.Data)
			}
			if got := fmt.Sprint(texts); got != c.want {
				t.Errorf("from %v: %s, want %s", c.from, got, c.want)
			}
		}
		blocks, err := s.Read().Blocks(t.Context(), 3, 2)
		if err != nil || len(blocks) != 2 || blocks[0].Height != 3 || len(blocks[1].Events) != 2 {
			t.Errorf("blocks %v, %v", blocks, err)
		}
	})
}

// TestTheChainHolds checks more blocks than are read at once.
func TestTheChainHolds(t *testing.T) {
	t.Parallel()
	onBothMigrated(t, func(t *testing.T, s *store.Store) {
		const count = 600
		for i := range count {
			journal(t, s, fmt.Sprint(i))
		}
		previous, height := store.Genesis, int64(0)
		for block, err := range s.Read().EachBlock(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			height++
			if block.Height != height || block.Previous != previous || block.Hash != block.Seal() {
				t.Fatalf("block %d does not follow", block.Height)
			}
			previous = block.Hash
		}
		if height != count {
			t.Errorf("%d blocks", height)
		}
	})
}

func TestASecondBlockInACommitPanics(t *testing.T) {
	t.Parallel()
	onBothMigrated(t, func(t *testing.T, s *store.Store) {
		tx := begin(t, s)
		if _, _, err := tx.Append(t.Context(), at(0), eventsOf("one")); err != nil {
			t.Fatal(err)
		}
		defer func() {
			if recover() == nil {
				t.Error("no panic")
			}
		}()
		_, _, _ = tx.Append(t.Context(), at(0), eventsOf("two"))
	})
}

// TestTheJournalIsReadInParts: by heights, by cursor and as hashes of blocks, each
// with its own columns.
func TestTheJournalIsReadInParts(t *testing.T) {
	t.Parallel()
	onBothMigrated(t, func(t *testing.T, s *store.Store) {
		for _, name := range []string{"one", "two", "three"} {
			journal(t, s, name)
		}
		for range 2 { // The second time with statements that are known.
			between, err := s.Read().Between(t.Context(), 2, 3)
			if err != nil {
				t.Fatal(err)
			}
			from, err := s.Read().Events(t.Context(), store.Cursor{Height: 2}, 99)
			if err != nil {
				t.Fatal(err)
			}
			wantSame(t, "events", from, between)
			if found, err := s.Read().Blocks(t.Context(), 1, 99); err != nil || len(found) != 3 || len(found[2].Events) != 1 {
				t.Errorf("%+v, %v", found, err)
			}
		}
	})
}
