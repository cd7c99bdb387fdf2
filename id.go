package hansa

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"strings"
	"time"
)

// Chance is the randomness of one operation, drawn by the caller. It is an
// argument wherever something must be unpredictable, so that a simulation with
// the same seed gives the same outcome.
type Chance [32]byte

// Draw returns 32 bytes that belong to label: the same for the same label, and
// not to be foretold from those of any other label.
func (c Chance) Draw(label string) [32]byte {
	return sha256.Sum256(append(c[:], label...))
}

// idEncoding is Crockford's base 32 in lower case: it sorts as its bytes do.
var idEncoding = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// NewID returns an identifier such as "pay_06fz…": the prefix says what it names,
// 48 bits of milliseconds since 1970 make it time-ordered, 16 bits carry the
// partition, and 80 bits are chance.
func NewID(prefix string, now time.Time, partition uint16, chance Chance) string {
	var raw [18]byte
	binary.BigEndian.PutUint64(raw[:8], uint64(now.UnixMilli())<<16)
	binary.BigEndian.PutUint16(raw[6:8], partition)
	random := chance.Draw(prefix)
	copy(raw[8:], random[:10])
	return prefix + "_" + idEncoding.EncodeToString(raw[:])
}

// PartitionOf returns the partition that id carries.
// It refuses what NewID did not make with that prefix.
func PartitionOf(prefix, id string) (uint16, error) {
	text, ok := strings.CutPrefix(id, prefix+"_")
	if !ok || len(text) != idEncoding.EncodedLen(18) {
		return 0, Refuse(NotFound, "not an id of this kind")
	}
	raw, err := idEncoding.DecodeString(text)
	if err != nil {
		return 0, Refuse(NotFound, "not an id of this kind")
	}
	return binary.BigEndian.Uint16(raw[6:8]), nil
}
