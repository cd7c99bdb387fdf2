package store

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
)

// ErrDamaged says that a block cannot be read as it was written. It is about that
// block alone.
var ErrDamaged = errors.New("the block is damaged")

// The events of a block are kept together, as its body. Its first byte says how.
const (
	bodyPlain   = 0 // their bytes
	bodyDeflate = 1 // how many bytes they are, and these compressed (RFC 1951)
)

const (
	plainBodyMax = 2 << 10  // bytes; what is not larger is not worth to be compressed
	bodyMax      = 64 << 20 // bytes of all events of a block
	// deflateMax is how many bytes at most RFC 1951 makes of one.
	deflateMax = 1032
)

// A press makes bodies. It keeps what is large and may be used again.
type press struct {
	plain      []byte
	compressed bytes.Buffer
	writer     *flate.Writer
}

// body returns the events as one text: how many there are, and then of each its
// subject, wallet, acquirer and bytes, with their lengths in front. All numbers are
// varints.
func (p *press) body(events []Event) ([]byte, error) {
	p.plain = binary.AppendUvarint(p.plain[:0], uint64(len(events)))
	for _, event := range events {
		for _, part := range [...]string{event.Subject, event.Wallet, event.Acquirer} {
			p.plain = append(binary.AppendUvarint(p.plain, uint64(len(part))), part...)
		}
		p.plain = append(binary.AppendUvarint(p.plain, uint64(len(event.Data))), event.Data...)
	}
	if len(p.plain) > bodyMax {
		return nil, fmt.Errorf("%d events of %d bytes are too large for a block", len(events), len(p.plain))
	}
	if len(p.plain) <= plainBodyMax {
		return slices.Concat([]byte{bodyPlain}, p.plain), nil
	}
	p.compressed.Reset()
	p.compressed.WriteByte(bodyDeflate)
	p.compressed.Write(binary.AppendUvarint(nil, uint64(len(p.plain))))
	if p.writer == nil {
		p.writer, _ = flate.NewWriter(&p.compressed, flate.BestSpeed) // It knows this level.
	} else {
		p.writer.Reset(&p.compressed)
	}
	if _, err := p.writer.Write(p.plain); err != nil {
		return nil, err
	}
	if err := p.writer.Close(); err != nil {
		return nil, err
	}
	return bytes.Clone(p.compressed.Bytes()), nil
}

// readBody returns the events of a body. Whatever the body is, no more memory is
// taken than its size allows.
func readBody(body []byte) ([]Event, error) {
	plain, err := plainBody(body)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	const partsOfEvent = 4 // each at least one byte
	count, plain, ok := cutNumber(plain)
	if !ok || count == 0 || count > uint64(len(plain))/partsOfEvent {
		return nil, fmt.Errorf("%w: it has no events", ErrDamaged)
	}
	events := make([]Event, count)
	for i := range events {
		var parts [partsOfEvent][]byte
		for j := range parts {
			if parts[j], plain, ok = cutPart(plain); !ok {
				return nil, fmt.Errorf("%w: event %d is cut off", ErrDamaged, i)
			}
		}
		events[i] = Event{Subject: string(parts[0]), Wallet: string(parts[1]), Acquirer: string(parts[2]), Data: parts[3]}
	}
	if len(plain) > 0 {
		return nil, fmt.Errorf("%w: %d bytes are left over", ErrDamaged, len(plain))
	}
	return events, nil
}

// plainBody returns the bytes of a body as they were before they were compressed.
func plainBody(body []byte) ([]byte, error) {
	if len(body) == 0 {
		return nil, errors.New("it is empty")
	}
	form, rest := body[0], body[1:]
	if form == bodyPlain {
		return rest, nil
	}
	size, rest, ok := cutNumber(rest)
	if form != bodyDeflate || !ok || size > bodyMax || size > deflateMax*uint64(len(rest)) {
		return nil, fmt.Errorf("its form is %d", form)
	}
	source := bytes.NewReader(rest)
	plain := make([]byte, size)
	reader := flate.NewReader(source)
	if _, err := io.ReadFull(reader, plain); err != nil {
		return nil, err
	}
	if n, err := reader.Read(make([]byte, 1)); n > 0 || !errors.Is(err, io.EOF) || source.Len() > 0 {
		return nil, errors.New("it does not end where it should")
	}
	return plain, nil
}

func cutNumber(from []byte) (number uint64, rest []byte, ok bool) {
	number, size := binary.Uvarint(from)
	if size <= 0 {
		return 0, nil, false
	}
	return number, from[size:], true
}

// cutPart cuts off a part with its length in front.
func cutPart(from []byte) (part, rest []byte, ok bool) {
	size, rest, ok := cutNumber(from)
	if !ok || size > uint64(len(rest)) {
		return nil, nil, false
	}
	return rest[:size:size], rest[size:], true
}
