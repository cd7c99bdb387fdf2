package main

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
)

// TestASorterNeedsLittleMemory: whatever goes through the file comes back in order, as
// does what fits into memory.
func TestASorterNeedsLittleMemory(t *testing.T) {
	t.Parallel()
	for _, memory := range []int{0, 1, 100, 5000} {
		draw := rand.New(rand.NewPCG(1, uint64(memory)))
		s := sorter{memory: memory}
		var want []record
		for range draw.IntN(500) {
			r := record{key: strconv.Itoa(draw.IntN(50))}
			for range draw.IntN(4) {
				r.fields = append(r.fields, strconv.Itoa(draw.IntN(20)))
			}
			want = append(want, r)
			if err := s.add(r.key, r.fields...); err != nil {
				t.Fatal(err)
			}
		}
		slices.SortFunc(want, record.compare)
		var got []record
		for group, err := range s.groups(itself) {
			if err != nil {
				t.Fatal(err)
			}
			if len(got) > 0 && got[len(got)-1].key == group[0].key {
				t.Errorf("memory %d: key %s comes twice", memory, group[0].key)
			}
			got = append(got, group...)
		}
		if !slices.EqualFunc(want, got, func(a, b record) bool { return a.compare(b) == 0 }) {
			t.Errorf("memory %d: want %v, got %v", memory, want, got)
		}
		if err := s.close(); err != nil {
			t.Error(err)
		}
	}
}
