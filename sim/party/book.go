package party

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"sync"

	"github.com/hansa-network/hansa/sim"
)

// The sides of a participant that keep one book together.
const (
	walletSide   = "wallet"
	acquirerSide = "acquirer"
	tillSide     = "till"
)

// tornMax is how much of a book's end may be unreadable after a crash. Nothing
// of it was ever answered for, because a flush ends before the next one begins.
const tornMax = 1 << 20

// A book is a file of JSON lines, each with the side that wrote it and its
// record. What is appended becomes durable with the next commit; those who
// commit at the same time share one flush. It is safe for concurrent use.
type book struct {
	file  *os.File
	lines []line // read at the start, until forgetPast

	mu       sync.Mutex // guards what follows
	buffer   []byte
	appended int // lines so far

	disk    sync.Mutex // held while flushing; guards what follows
	durable int        // lines
	broken  error      // why nothing can be written any more
}

type line map[string]json.RawMessage

// openBook opens the book, or makes one. A torn end is cut off.
func openBook(name string) (*book, error) {
	file, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_APPEND, fileRights) //nolint:gosec // As in openKey.
	if err != nil {
		return nil, fmt.Errorf("open book: %w", err)
	}
	b := &book{file: file}
	if err := errors.Join(b.read(), syncFolder(filepath.Dir(name))); err != nil {
		return nil, errors.Join(fmt.Errorf("open book %s: %w", name, err), file.Close())
	}
	return b, nil
}

func (b *book) read() error {
	text, err := io.ReadAll(b.file)
	if err != nil {
		return err
	}
	rest := text
	for {
		end := bytes.IndexByte(rest, '\n')
		if end < 0 {
			break
		}
		var l line
		if json.Unmarshal(rest[:end], &l) != nil || len(l) != 1 {
			break
		}
		b.lines = append(b.lines, l)
		rest = rest[end+1:]
	}
	if len(rest) > tornMax {
		return fmt.Errorf("line %d is unreadable, and %d bytes follow", len(b.lines)+1, len(rest))
	}
	if len(rest) > 0 {
		return errors.Join(b.file.Truncate(int64(len(text)-len(rest))), b.file.Sync())
	}
	return nil
}

// past returns the records of a side that were read at the start.
func (b *book) past(side string) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for _, l := range b.lines {
			if record, ok := l[side]; ok && !yield(record) {
				return
			}
		}
	}
}

// forgetPast frees what was read at the start.
func (b *book) forgetPast() { b.lines = nil }

// side returns the book as one side sees it.
func (b *book) side(name string) sim.Book { return page{b, name} }

type page struct {
	book *book
	side string
}

// Append adds a record, which is durable after the next commit.
func (p page) Append(record []byte) {
	p.book.mu.Lock()
	defer p.book.mu.Unlock()
	p.book.buffer = append(p.book.buffer, `{"`+p.side+`":`...)
	p.book.buffer = append(append(p.book.buffer, record...), "}\n"...)
	p.book.appended++
}

// commit returns once everything that was appended before is durable. After a
// fault nothing is known of the file's end, and every commit fails.
func (b *book) commit() error {
	b.mu.Lock()
	wanted := b.appended
	b.mu.Unlock()
	b.disk.Lock()
	defer b.disk.Unlock()
	if b.broken != nil || b.durable >= wanted {
		return b.broken
	}
	b.mu.Lock()
	lines, upTo := b.buffer, b.appended
	b.buffer = nil
	b.mu.Unlock()
	_, err := b.file.Write(lines)
	if err == nil {
		err = b.file.Sync()
	}
	if err != nil {
		b.broken = fmt.Errorf("write book: %w", err)
		return b.broken
	}
	b.durable = upTo
	return nil
}

// close makes durable what was appended and closes the file.
func (b *book) close() error {
	return errors.Join(b.commit(), b.file.Close())
}
