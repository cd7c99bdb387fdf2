package store

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"sync"
)

// keysOfRun is how many keys of a shard are gathered before they are written as a run.
const keysOfRun = 16384

// A fingerprint stands for a natural key: one that comes from outside, counts for ever
// and has no order in time. Two keys with one fingerprint are a fault.
type fingerprint [16]byte

// fingerprintOf returns 16 bytes of the SHA-256 of words, which are told apart by
// their lengths.
func fingerprintOf(words ...string) fingerprint {
	var whole []byte
	for _, word := range words {
		whole = binary.AppendUvarint(whole, uint64(len(word)))
		whole = append(whole, word...)
	}
	sum := sha256.Sum256(whole)
	return fingerprint(sum[:len(fingerprint{})])
}

// A catalogue says under which number the row of a natural key stands. What it knows
// was committed: its newest keys, which are in memory, and runs of older ones, sorted,
// which are in the database behind a filter in memory. Whatever other nodes or
// earlier programs have entered it reads before it is asked. So nothing in the
// database has to be in the order of keys that have none.
//
// Who has the turn to write may ask it as it is, and alone changes it.
type catalogue struct {
	ofRun int // how many keys of a shard make a run

	mutex    sync.RWMutex // taken to change what follows, and to read it without the turn
	numbered int64        // the newest number that it knows
	shards   [shardCount]shard
}

// A shard is one part of all keys. Each is written when it is full, and each at
// another time, so that no commit has to write much.
type shard struct {
	fresh map[fingerprint]int64 // numbers of the keys that are in no run
	runs  []keyRun              // oldest first
}

// through is the number up to which all keys of the shard are in runs.
func (s *shard) through() int64 {
	if len(s.runs) == 0 {
		return 0
	}
	return s.runs[len(s.runs)-1].number
}

// follow reads what was entered since, up to a number.
func (c *catalogue) follow(ctx context.Context, q querier, numbered int64) error {
	if numbered < c.numbered {
		return fmt.Errorf("%d keys have numbers, after %d had", numbered, c.numbered)
	}
	if numbered == c.numbered {
		return nil
	}
	runs, err := keyRuns.all(ctx, q, "WHERE number > $1 ORDER BY number, shard", c.numbered)
	if err != nil {
		return err
	}
	entered, err := newKeys.all(ctx, q, "WHERE number > $1 ORDER BY number", c.numbered)
	if err != nil {
		return err
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	for _, run := range runs {
		c.shards[run.shard].add(run)
	}
	for _, keys := range entered {
		c.remember(keys)
	}
	c.numbered = numbered
	return nil
}

// learn takes over what a transaction has entered, and has written as runs.
func (c *catalogue) learn(entered keyList, runs []keyRun) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	for _, run := range runs {
		c.shards[run.shard].add(run)
	}
	c.remember(entered)
	c.numbered = entered.number
}

// remember knows the keys of a list, but for those that are in a run.
func (c *catalogue) remember(list keyList) {
	for i, key := range list.fingerprints() {
		s, at := &c.shards[key.shard()], list.numberOf(i)
		if at <= s.through() {
			continue
		}
		if s.fresh == nil {
			s.fresh = make(map[fingerprint]int64)
		}
		s.fresh[key] = at
	}
}

// add knows a run, which holds all keys that were fresh until then.
func (s *shard) add(run keyRun) {
	s.fresh = nil
	s.runs = append(s.runs, run)
}

// look returns the number of a key that is fresh, or else the places of the pages that
// may hold it.
func (c *catalogue) look(key fingerprint) (number int64, places []int64) {
	s := &c.shards[key.shard()]
	if at, ok := s.fresh[key]; ok {
		return at, nil
	}
	for _, run := range s.runs {
		if run.filter.mayHold(key) {
			places = append(places, run.placeOf(key))
		}
	}
	return 0, places
}

// find returns the numbers of keys, zero for those that were never entered.
func (c *catalogue) find(ctx context.Context, s *session, keys []fingerprint) ([]int64, error) {
	numbers, places := make([]int64, len(keys)), make([][]int64, len(keys))
	c.mutex.RLock()
	for i, key := range keys {
		numbers[i], places[i] = c.look(key)
	}
	c.mutex.RUnlock()
	wanted := slices.Concat(places...)
	if len(wanted) == 0 {
		return numbers, nil
	}
	pages := make(map[int64]keyPage)
	err := pagesByPlace.read(ctx, s, wanted, func(read []keyPage) error {
		for _, page := range read {
			pages[page.place] = page
		}
		return nil
	})
	if err = errors.Join(err, s.flush(ctx)); err != nil {
		return nil, err
	}
	for i, key := range keys {
		for _, place := range places[i] {
			numbers[i] = max(numbers[i], pages[place].find(key))
		}
	}
	return numbers, nil
}

// findFor returns the number of a key for somebody who has not the turn to write, zero
// if it was never entered. What others have entered since it looks for in the
// database: first among the newest keys, then in the runs, to which these may have
// moved meanwhile.
func (c *catalogue) findFor(ctx context.Context, q querier, key fingerprint) (int64, error) {
	c.mutex.RLock()
	known := c.numbered
	at, places := c.look(key)
	c.mutex.RUnlock()
	if at != 0 {
		return at, nil
	}
	for keys, err := range newKeys.each(ctx, q, "WHERE number > $1 ORDER BY number", known) {
		if err != nil {
			return 0, err
		}
		all := keys.fingerprints()
		if i := slices.Index(all, key); i >= 0 {
			return keys.numberOf(i), nil
		}
	}
	for run, err := range keyRuns.each(ctx, q, "WHERE number > $1 ORDER BY number, shard", known) {
		if err != nil {
			return 0, err
		}
		if run.shard == key.shard() && run.filter.mayHold(key) {
			places = append(places, run.placeOf(key))
		}
	}
	for _, place := range places {
		for page, err := range keyPages.each(ctx, q, "WHERE place = $1", place) {
			if err != nil {
				return 0, err
			}
			at = max(at, page.find(key))
		}
	}
	return at, nil
}

// enter writes the keys that a commit gives numbers to, and the runs that are due with
// it, which it returns.
func (c *catalogue) enter(ctx context.Context, s *session, entered keyList) ([]keyRun, error) {
	if err := newKeys.write(ctx, s, []keyList{entered}); err != nil {
		return nil, err
	}
	added := make([][]numberedKey, shardCount)
	for i, key := range entered.fingerprints() {
		added[key.shard()] = append(added[key.shard()], numberedKey{key, entered.numberOf(i)})
	}
	var runs []keyRun
	for i, more := range added {
		if len(more) == 0 || len(c.shards[i].fresh)+len(more) < c.limit(i) {
			continue
		}
		run, pages := runOf(i, entered.number, c.shards[i].sorted(more))
		if err := keyPages.write(ctx, s, pages); err != nil {
			return nil, err
		}
		runs = append(runs, run)
	}
	if len(runs) == 0 {
		return nil, nil
	}
	if err := keyRuns.write(ctx, s, runs); err != nil {
		return nil, err
	}
	_, err := s.run(ctx, "DELETE FROM new_keys WHERE number <= $1", c.inRuns(entered.number, runs))
	return runs, err
}

// limit is how many keys make the next run of a shard. The first runs are smaller, each
// by another number of keys.
func (c *catalogue) limit(shard int) int {
	if len(c.shards[shard].runs) > 0 {
		return c.ofRun
	}
	return max(1, c.ofRun*(shard+1)/shardCount)
}

// sorted returns all keys that are in no run, with more.
func (s *shard) sorted(more []numberedKey) []numberedKey {
	for key, at := range s.fresh {
		more = append(more, numberedKey{key, at})
	}
	slices.SortFunc(more, numberedKey.compare)
	return more
}

// inRuns returns the number up to which all keys are in runs once there are also these,
// which end with the last number.
func (c *catalogue) inRuns(last int64, runs []keyRun) int64 {
	least := last
	for i := range c.shards {
		if !slices.ContainsFunc(runs, func(run keyRun) bool { return run.shard == i }) {
			least = min(least, c.shards[i].through())
		}
	}
	return least
}
