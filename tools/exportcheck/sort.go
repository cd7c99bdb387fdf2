package main

import (
	"bufio"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"slices"
	"strings"
)

// sortedAtOnce is how many bytes of records are sorted in memory. More go to a file.
const sortedAtOnce = 64 << 20

// A record is what a line says, under a key by which it meets others.
type record struct {
	key    string
	fields []string
}

func (r record) compare(other record) int {
	return cmp.Or(strings.Compare(r.key, other.key), slices.Compare(r.fields, other.fields))
}

// A sorter takes records in any order, however many, and returns them in the order of
// their keys. Its zero value is ready; it must be closed.
type sorter struct {
	memory  int // bytes; zero: sortedAtOnce
	records []record
	bytes   int
	file    *os.File
	ends    []int64 // of the sorted parts in the file
}

func (s *sorter) add(key string, fields ...string) error {
	s.records = append(s.records, record{key, fields})
	s.bytes += len(key)
	for _, field := range fields {
		s.bytes += len(field)
	}
	const ofEach = 64 // bytes of a record beside its texts, about
	if s.bytes+ofEach*len(s.records) < cmp.Or(s.memory, sortedAtOnce) {
		return nil
	}
	return s.put()
}

// put sorts what is in memory and writes it to the file.
func (s *sorter) put() error {
	if s.file == nil {
		file, err := os.CreateTemp("", "exportcheck-*")
		if err != nil {
			return err
		}
		s.file, s.ends = file, []int64{0}
		_ = os.Remove(file.Name()) // Without a name it goes with this process. Some systems let it go only when it is closed.
	}
	slices.SortFunc(s.records, record.compare)
	var text []byte
	out := bufio.NewWriter(s.file)
	end := s.ends[len(s.ends)-1]
	for _, r := range s.records {
		text = appendText(binary.AppendUvarint(text[:0], uint64(len(r.fields))), r.key)
		for _, field := range r.fields {
			text = appendText(text, field)
		}
		if _, err := out.Write(text); err != nil {
			return err
		}
		end += int64(len(text))
	}
	clear(s.records)
	s.records, s.bytes, s.ends = s.records[:0], 0, append(s.ends, end)
	return out.Flush()
}

func appendText(to []byte, text string) []byte {
	return append(binary.AppendUvarint(to, uint64(len(text))), text...)
}

func (s *sorter) close() error {
	if s.file == nil {
		return nil
	}
	err := s.file.Close()
	if gone := os.Remove(s.file.Name()); gone != nil && !errors.Is(gone, fs.ErrNotExist) {
		err = errors.Join(err, gone)
	}
	return err
}

// each returns all records in order.
func (s *sorter) each() iter.Seq2[record, error] {
	return func(yield func(record, error) bool) {
		if s.file == nil {
			slices.SortFunc(s.records, record.compare)
			for _, r := range s.records {
				if !yield(r, nil) {
					return
				}
			}
			return
		}
		if err := errors.Join(s.put(), s.merge(yield)); err != nil {
			yield(record{}, fmt.Errorf("sort: %w", err))
		}
	}
}

// A part is a sorted part of the file, and the record that it has come to.
type part struct {
	in    *bufio.Reader
	first record
}

// merge returns the records of all parts, always the least of their first ones.
func (s *sorter) merge(yield func(record, error) bool) error {
	var parts []*part
	for i, end := range s.ends[1:] {
		p := &part{in: bufio.NewReaderSize(io.NewSectionReader(s.file, s.ends[i], end-s.ends[i]), 1<<16)}
		if more, err := p.step(); err != nil {
			return err
		} else if more {
			parts = append(parts, p)
		}
	}
	byFirst := func(a, b *part) int { return a.first.compare(b.first) }
	slices.SortFunc(parts, byFirst)
	for len(parts) > 0 {
		least := parts[0]
		if !yield(least.first, nil) {
			return nil
		}
		more, err := least.step()
		if err != nil {
			return err
		}
		parts = parts[1:]
		if more {
			at, _ := slices.BinarySearchFunc(parts, least, byFirst)
			parts = slices.Insert(parts, at, least)
		}
	}
	return nil
}

// step reads the next record, and reports whether there is one.
func (p *part) step() (bool, error) {
	count, err := binary.ReadUvarint(p.in)
	if errors.Is(err, io.EOF) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	p.first = record{fields: make([]string, count)}
	if p.first.key, err = p.text(); err != nil {
		return false, err
	}
	for i := range p.first.fields {
		if p.first.fields[i], err = p.text(); err != nil {
			return false, err
		}
	}
	return true, nil
}

func (p *part) text() (string, error) {
	length, err := binary.ReadUvarint(p.in)
	if err != nil {
		return "", err
	}
	text := make([]byte, length)
	_, err = io.ReadFull(p.in, text)
	return string(text), err
}

// groups returns the records of one key after the other. common says what is one key.
func (s *sorter) groups(common func(key string) string) iter.Seq2[[]record, error] {
	return func(yield func([]record, error) bool) {
		var group []record
		for r, err := range s.each() {
			if err != nil {
				yield(nil, err)
				return
			}
			if len(group) > 0 && common(group[0].key) != common(r.key) {
				if !yield(group, nil) {
					return
				}
				group = group[:0]
			}
			group = append(group, r)
		}
		if len(group) > 0 {
			yield(group, nil)
		}
	}
}

// itself says that a key is one.
func itself(key string) string { return key }
