package store

import (
	"archive/zip"
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// partMax is after how many bytes of lines a volume begins its next part, so that
// whoever looks for a block need not read the whole day.
const partMax = 1 << 20

// A blockLine is a block of a volume.
type blockLine struct {
	Partition uint16      `json:"partition"`
	Height    int64       `json:"height"`
	Previous  string      `json:"previous"`
	Hash      string      `json:"hash"`
	At        time.Time   `json:"at,omitzero"`
	Events    []eventLine `json:"events"`
}

type eventLine struct {
	Subject  string `json:"subject"`
	Wallet   string `json:"wallet"`
	Acquirer string `json:"acquirer"`
	Data     string `json:"data"`
}

func lineOf(b RecordedBlock) (blockLine, error) {
	line := blockLine{b.Partition, b.Height, b.Previous, b.Hash, b.At, nil}
	for _, event := range b.Recorded {
		if !utf8.Valid(event.Data) {
			return line, fmt.Errorf("event %d of block %d is no text", event.Index, event.Height)
		}
		line.Events = append(line.Events, eventLine{event.Subject, event.Wallet, event.Acquirer, string(event.Data)})
	}
	return line, nil
}

func (l blockLine) block() RecordedBlock {
	events := make([]Event, len(l.Events))
	for i, event := range l.Events {
		events[i] = Event{Subject: event.Subject, Wallet: event.Wallet, Acquirer: event.Acquirer, Data: []byte(event.Data)}
	}
	return Block{Partition: l.Partition, Height: l.Height, Previous: l.Previous, Hash: l.Hash, At: l.At}.with(events)
}

// A volumeWriter writes blocks as a ZIP file, whose parts are JSON lines and are
// named for the height of their first block.
type volumeWriter struct {
	archive *zip.Writer
	part    io.Writer
	size    int // of the part so far
}

func (w *volumeWriter) add(b RecordedBlock) error {
	line, err := lineOf(b)
	if err != nil {
		return err
	}
	text, err := json.Marshal(line)
	if err != nil {
		return err
	}
	if w.part == nil || w.size+len(text) > partMax {
		w.size = 0
		if w.part, err = w.archive.Create(fmt.Sprintf("%012d.jsonl", b.Height)); err != nil {
			return err
		}
	}
	w.size += len(text)
	_, err = w.part.Write(append(text, '\n'))
	return err
}

// A volumeFile is the file of a volume, opened to be read.
type volumeFile struct {
	Volume

	file  *os.File
	parts []*zip.File // in order
	first []int64     // heights at which they begin
}

// openVolume opens the file of a volume if it is the one that was made.
func openVolume(folder string, v Volume) (*volumeFile, error) {
	if v.File != filepath.Base(v.File) {
		return nil, errors.New("it is not the name of a file")
	}
	file, err := os.Open(filepath.Join(folder, v.File))
	if err != nil {
		return nil, err
	}
	opened := &volumeFile{Volume: v, file: file}
	if err := opened.index(); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return opened, nil
}

func (f *volumeFile) index() error {
	sum, size, err := sumOf(f.file)
	if err != nil {
		return err
	}
	if sum != f.Sum {
		return fmt.Errorf("its SHA-256 is %s and not %s", sum, f.Sum)
	}
	archive, err := zip.NewReader(f.file, size)
	if err != nil {
		return err
	}
	f.parts = archive.File
	for _, part := range f.parts {
		first, err := strconv.ParseInt(strings.TrimSuffix(part.Name, ".jsonl"), 10, 64)
		if err != nil {
			return err
		}
		f.first = append(f.first, first)
	}
	return nil
}

func sumOf(file *os.File) (sum string, size int64, err error) {
	hash := sha256.New()
	size, err = io.Copy(hash, io.NewSectionReader(file, 0, 1<<62))
	return hex.EncodeToString(hash.Sum(nil)), size, err
}

// EachOfVolume reads the blocks of a volume from a height on, in order. An error ends
// them.
func (r *Reader) EachOfVolume(v Volume, from int64) iter.Seq2[RecordedBlock, error] {
	return func(yield func(RecordedBlock, error) bool) {
		file, err := r.store.archive.volume(v)
		if err != nil {
			yield(RecordedBlock{}, err)
			return
		}
		file.each(from, yield)
	}
}

// each reads the blocks from a height on, and says whether more are wanted.
func (f *volumeFile) each(from int64, yield func(RecordedBlock, error) bool) {
	at, found := slices.BinarySearch(f.first, from)
	if !found {
		at = max(at-1, 0)
	}
	for _, part := range f.parts[at:] {
		more, err := eachOfPart(part, from, yield)
		if err != nil {
			yield(RecordedBlock{}, fmt.Errorf("%w: %s: %w", ErrArchive, f.File, err))
		}
		if err != nil || !more {
			return
		}
	}
}

func eachOfPart(part *zip.File, from int64, yield func(RecordedBlock, error) bool) (more bool, err error) {
	opened, err := part.Open()
	if err != nil {
		return false, err
	}
	defer opened.Close() //nolint:errcheck // It was only read.
	lines := json.NewDecoder(bufio.NewReader(opened))
	for {
		var line blockLine
		err := lines.Decode(&line)
		if errors.Is(err, io.EOF) {
			return true, nil
		}
		if err != nil {
			return false, err
		}
		if line.Height >= from && !yield(line.block(), nil) {
			return false, nil
		}
	}
}
