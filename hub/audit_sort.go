package hub

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"slices"
)

// Limits of a sorter.
const (
	sortedAtOnce = 32 << 20 // bytes of records in memory, unless it is said how many
	runBuffer    = 64 << 10 // bytes of each run that are read ahead
)

// A sorter returns records by their bytes, however many there are: what is too much
// for its memory goes to a temporary file, in runs that are sorted, and comes back when
// these are merged. The first fault of the file ends it. It must be closed.
type sorter struct {
	folder string
	memory int

	records []byte
	spans   []span
	file    *os.File // nil: all fits into memory
	named   bool     // the file still has a name
	size    int64
	ends    []int64 // of the runs in the file
	fault   error
}

// A span is where a record stands.
type span struct{ from, to uint32 }

func newSorter(folder string, memory int) *sorter {
	if memory <= 0 {
		memory = sortedAtOnce
	}
	return &sorter{folder: folder, memory: memory}
}

// add takes a record, which is what its parts are together.
func (s *sorter) add(parts ...[]byte) {
	from := len(s.records)
	for _, part := range parts {
		s.records = append(s.records, part...)
	}
	s.spans = append(s.spans, span{uint32(from), uint32(len(s.records))}) //nolint:gosec // The memory is far smaller than that.
	if len(s.records) >= s.memory {
		s.spill()
	}
}

func (s *sorter) sort() {
	slices.SortFunc(s.spans, func(a, b span) int { return bytes.Compare(s.records[a.from:a.to], s.records[b.from:b.to]) })
}

// spill writes what is in memory as a run.
func (s *sorter) spill() {
	if s.fault == nil {
		s.fault = s.write()
	}
	s.records, s.spans = s.records[:0], s.spans[:0]
}

func (s *sorter) write() error {
	if s.file == nil {
		file, err := os.CreateTemp(s.folder, "hansa-audit-*")
		if err != nil {
			return err
		}
		// Without a name it goes with this process, however that ends. Some systems do
		// not let an open file go.
		s.file, s.named = file, os.Remove(file.Name()) != nil
	}
	s.sort()
	out := bufio.NewWriterSize(s.file, runBuffer)
	for _, at := range s.spans {
		record := s.records[at.from:at.to]
		var length [binary.MaxVarintLen64]byte
		head := length[:binary.PutUvarint(length[:], uint64(len(record)))]
		if _, err := out.Write(head); err != nil {
			return err
		}
		if _, err := out.Write(record); err != nil {
			return err
		}
		s.size += int64(len(head) + len(record))
	}
	s.ends = append(s.ends, s.size)
	return out.Flush()
}

// each returns all records in order, once. A record is its own until the next.
func (s *sorter) each() iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		if s.file == nil && s.fault == nil {
			s.sort()
			for _, at := range s.spans {
				if !yield(s.records[at.from:at.to], nil) {
					return
				}
			}
			return
		}
		s.spill()
		s.records, s.spans = nil, nil
		if s.fault != nil {
			yield(nil, fmt.Errorf("sort: %w", s.fault))
			return
		}
		if err := s.merge(yield); err != nil {
			yield(nil, fmt.Errorf("sort: %w", err))
		}
	}
}

// merge returns the records of all runs in order.
func (s *sorter) merge(yield func([]byte, error) bool) error {
	var merged []*run // in the order of their next records
	from := int64(0)
	for _, end := range s.ends {
		next := &run{in: bufio.NewReaderSize(io.NewSectionReader(s.file, from, end-from), runBuffer)}
		from = end
		if more, err := next.step(); err != nil {
			return err
		} else if more {
			merged = append(merged, next)
		}
	}
	slices.SortFunc(merged, (*run).compare)
	for len(merged) > 0 {
		first := merged[0]
		if !yield(first.record, nil) {
			return nil
		}
		more, err := first.step()
		if err != nil {
			return err
		}
		if !more {
			merged = merged[1:]
			continue
		}
		at, _ := slices.BinarySearchFunc(merged[1:], first, (*run).compare)
		copy(merged, merged[1:1+at])
		merged[at] = first
	}
	return nil
}

// close removes the file.
func (s *sorter) close() error {
	if s.file == nil {
		return nil
	}
	file := s.file
	s.file, s.records, s.spans = nil, nil, nil
	if err := file.Close(); err != nil || !s.named {
		return err
	}
	return os.Remove(file.Name())
}

// A run is what is left of one run of the file, with its first record at hand.
type run struct {
	in     *bufio.Reader
	record []byte
}

// step goes on to the next record, and reports whether there is one.
func (r *run) step() (bool, error) {
	length, err := binary.ReadUvarint(r.in)
	if errors.Is(err, io.EOF) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	r.record = slices.Grow(r.record[:0], int(length))[:length] //nolint:gosec // As it was written.
	_, err = io.ReadFull(r.in, r.record)
	return true, err
}

func (r *run) compare(other *run) int { return bytes.Compare(r.record, other.record) }
