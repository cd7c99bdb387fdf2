package sim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"iter"

	"github.com/hansa-network/hansa/api"
)

// A Book keeps what a party appends, in order. A party answers nobody before its
// keeper has made durable what was appended for the answer.
type Book interface {
	Append(record []byte)
}

// Paper is a Book in memory. It is not safe for concurrent use.
type Paper struct {
	records [][]byte
}

// Append adds a record at the end.
func (p *Paper) Append(record []byte) { p.records = append(p.records, record) }

// Records returns all records from the first. A party made from them is equal to
// the one that appended them.
func (p *Paper) Records() iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for _, record := range p.records {
			if !yield(record) {
				return
			}
		}
	}
}

// replay reads every record of past into the rows that apply takes over.
func replay[T any](past iter.Seq[[]byte], apply func(T)) error {
	for record := range past {
		var rows T
		decoder := json.NewDecoder(bytes.NewReader(record))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&rows); err != nil {
			return fmt.Errorf("read book record %q: %w", record, err)
		}
		apply(rows)
	}
	return nil
}

// keep appends rows as one line of JSON.
func keep[T any](book Book, rows T) { book.Append(api.Encode(rows)) }
