package store

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"sort"
)

// How keys are divided. The first bits of a fingerprint say in which shard its key is,
// and those behind them, in which page of a run.
const (
	shardCount    = 64
	pagesOfShard  = 64
	pagesOfRun    = shardCount * pagesOfShard // of as many shards as there are
	filterBits    = 16                        // for each key: one of a thousand strangers passes
	filterBlock   = 64                        // bytes in which all bits of a key lie, so that memory is read once
	filterTests   = 7                         // bits of a key
	fingerprintIn = 24                        // bytes that a key and its number take
)

// pageOfAll returns the page of the key, counted through all shards.
func (f fingerprint) pageOfAll() int { return int(binary.BigEndian.Uint16(f[:2])) * pagesOfRun >> 16 }

func (f fingerprint) shard() int { return f.pageOfAll() / pagesOfShard }

// A numberedKey is a key and the number under which its row stands.
type numberedKey struct {
	key    fingerprint
	number int64
}

func (k numberedKey) compare(other numberedKey) int {
	return cmp.Or(bytes.Compare(k.key[:], other.key[:]), cmp.Compare(k.number, other.number))
}

// A keyList are the keys that one commit has entered, in the order of their numbers.
type keyList struct {
	number int64 // of the last
	body   []byte
}

var newKeys = &table[keyList]{name: "new_keys", key: []string{"number"}, columns: keyListColumns, once: true}

func keyListColumns(b *binding, l *keyList) {
	number(b, "number", &l.number)
	blob(b, "body", &l.body)
}

func listOf(last int64, keys []fingerprint) keyList {
	var body []byte
	for _, key := range keys {
		body = append(body, key[:]...)
	}
	return keyList{last, body}
}

// numberOf returns the number of one of the keys.
func (l keyList) numberOf(place int) int64 {
	return l.number - int64(len(l.body)/len(fingerprint{})-1-place)
}

func (l keyList) fingerprints() []fingerprint {
	keys := make([]fingerprint, len(l.body)/len(fingerprint{}))
	for i := range keys {
		keys[i] = fingerprint(l.body[i*len(fingerprint{}):])
	}
	return keys
}

// A keyRun are keys of a shard, sorted: all that were entered up to a number and are
// in no run before it. The keys stand in its pages.
type keyRun struct {
	number int64
	shard  int
	filter filter
}

var keyRuns = &table[keyRun]{name: "key_runs", key: []string{"number", "shard"}, columns: keyRunColumns, once: true}

func keyRunColumns(b *binding, r *keyRun) {
	number(b, "number", &r.number)
	number(b, "shard", &r.shard)
	blob(b, "filter", (*[]byte)(&r.filter))
}

// placeOf is where the page is that holds a key, if the run does.
func (r keyRun) placeOf(key fingerprint) int64 {
	return r.number*pagesOfRun + int64(key.pageOfAll())
}

// A keyPage is a page of a run: keys with their numbers.
type keyPage struct {
	place int64
	body  []byte
}

var keyPages = &table[keyPage]{name: "key_pages", key: []string{"place"}, columns: keyPageColumns, once: true}

func keyPageColumns(b *binding, p *keyPage) {
	number(b, "place", &p.place)
	blob(b, "body", &p.body)
}

var pagesByPlace = byNumber(keyPages, "place", func(p *keyPage) int64 { return p.place })

// runOf makes a run and its pages of keys that are sorted.
func runOf(shard int, last int64, keys []numberedKey) (keyRun, []keyPage) {
	run := keyRun{last, shard, newFilter(len(keys))}
	var pages []keyPage
	for _, k := range keys {
		run.filter.add(k.key)
		place := run.placeOf(k.key)
		if len(pages) == 0 || pages[len(pages)-1].place != place {
			pages = append(pages, keyPage{place: place})
		}
		page := &pages[len(pages)-1]
		page.body = binary.BigEndian.AppendUint64(append(page.body, k.key[:]...), uint64(k.number)) //nolint:gosec // Numbers begin with 1.
	}
	return run, pages
}

// count returns how many keys are in the page.
func (p keyPage) count() int {
	if len(p.body)%fingerprintIn != 0 {
		panic(fmt.Sprintf("page %d of keys has %d bytes", p.place, len(p.body)))
	}
	return len(p.body) / fingerprintIn
}

// at returns a key of the page and its number.
func (p keyPage) at(i int) (fingerprint, int64) {
	entry := p.body[i*fingerprintIn:][:fingerprintIn]
	key := fingerprint(entry[:len(fingerprint{})])
	return key, int64(binary.BigEndian.Uint64(entry[len(key):])) //nolint:gosec // As it was written.
}

// find returns the number of a key, zero where it is not in the page.
func (p keyPage) find(key fingerprint) int64 {
	i, found := sort.Find(p.count(), func(i int) int {
		other, _ := p.at(i)
		return bytes.Compare(key[:], other[:])
	})
	if !found {
		return 0
	}
	_, number := p.at(i)
	return number
}

// A filter tells most keys that are not in a run from those that are, which all pass:
// a Bloom filter in blocks.
type filter []byte

func newFilter(keys int) filter {
	const bits = 8
	blocks := (keys*filterBits + filterBlock*bits - 1) / (filterBlock * bits)
	return make(filter, max(1, blocks)*filterBlock)
}

// block returns the block of a key, and which of its bits are the key's, nine binary
// digits for each.
func (f filter) block(key fingerprint) (block []byte, bits uint64) {
	at := int(binary.BigEndian.Uint32(key[2:])) % (len(f) / filterBlock)
	return f[at*filterBlock:][:filterBlock], binary.BigEndian.Uint64(key[8:])
}

func (f filter) add(key fingerprint) {
	block, bits := f.block(key)
	for range filterTests {
		block[bits>>3&(filterBlock-1)] |= 1 << (bits & 7)
		bits >>= 9
	}
}

func (f filter) mayHold(key fingerprint) bool {
	block, bits := f.block(key)
	for range filterTests {
		if block[bits>>3&(filterBlock-1)]&(1<<(bits&7)) == 0 {
			return false
		}
		bits >>= 9
	}
	return true
}
