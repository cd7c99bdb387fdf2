package api

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"math"

	"github.com/hansa-network/hansa"
)

// A Cursor is the place of one event in the journal. A page begins after it; no
// cursor at all means from the beginning.
type Cursor struct {
	Partition uint16
	Height    int64 // of the block, not negative
	Index     int   // in the block, from 0
}

// cursorPrefix also names the version: another layout takes another prefix.
const (
	cursorPrefix = "cur_"
	cursorBytes  = 2 + 8 + 4
)

// String returns the text that callers hand back. They must not look into it.
// Numbers out of range are a bug and panic.
func (c Cursor) String() string {
	if c.Height < 0 || c.Index < 0 || c.Index > math.MaxInt32 {
		panic(fmt.Sprintf("cursor at height %d, index %d", c.Height, c.Index))
	}
	raw := make([]byte, 0, cursorBytes)
	raw = binary.BigEndian.AppendUint16(raw, c.Partition)
	raw = binary.BigEndian.AppendUint64(raw, uint64(c.Height))
	raw = binary.BigEndian.AppendUint32(raw, uint32(c.Index))
	return cursorPrefix + base64.RawURLEncoding.EncodeToString(raw)
}

// ParseCursor is the inverse of String. It refuses any other text with Malformed.
func ParseCursor(text string) (Cursor, error) {
	refusal := hansa.Refuse(hansa.Malformed, "not a cursor")
	if len(text) != len(cursorPrefix)+base64.RawURLEncoding.EncodedLen(cursorBytes) {
		return Cursor{}, refusal
	}
	raw, err := base64.RawURLEncoding.DecodeString(text[len(cursorPrefix):])
	if err != nil || len(raw) != cursorBytes {
		return Cursor{}, refusal
	}
	height, index := binary.BigEndian.Uint64(raw[2:]), binary.BigEndian.Uint32(raw[10:])
	if height > math.MaxInt64 || index > math.MaxInt32 {
		return Cursor{}, refusal
	}
	cursor := Cursor{binary.BigEndian.Uint16(raw), int64(height), int(index)}
	// One place has one text: this also catches a wrong prefix and stray bits.
	if cursor.String() != text {
		return Cursor{}, refusal
	}
	return cursor, nil
}
