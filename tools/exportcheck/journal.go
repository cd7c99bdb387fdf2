package main

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"strconv"
	"strings"
)

// genesis is what the first block of a partition names as the one before it.
var genesis = strings.Repeat("0", 64)

// A place is where a block stands. No number in it is below zero.
type place struct{ partition, height int64 }

// key sorts blocks as they follow each other.
func (p place) key() string { return ordered(p.partition) + ordered(p.height) }

// inKey is the length of a key, which those of events begin with.
const inKey = 16

func ordered(number int64) string {
	return string(binary.BigEndian.AppendUint64(nil, uint64(number))) //nolint:gosec // It is not below zero.
}

func numberIn(key string) int64 {
	return int64(binary.BigEndian.Uint64([]byte(key))) //nolint:gosec // As it was written.
}

type block struct {
	place

	previous, hash string
	events         []string
}

// checkJournal recomputes every hash and follows the chain of each partition from its
// first block.
func (e *export) checkJournal(findings *findings) error {
	before := block{hash: genesis}
	listed, begun := 0, false
	for group, err := range e.journal.groups(func(key string) string { return key[:inKey] }) {
		if err != nil {
			return err
		}
		at := place{numberIn(group[0].key), numberIn(group[0].key[inKey/2:])}
		known := eventsOf(at, group, findings)
		for _, r := range group {
			if len(r.key) > inKey {
				continue
			}
			b := block{at, r.fields[0], r.fields[1], r.fields[2:]}
			if !begun || at.partition != before.partition {
				begun, before = true, block{place: place{partition: at.partition}, hash: genesis}
			}
			b.check(before, known, findings)
			listed += len(b.events)
			before = b
		}
	}
	findings.must(listed == e.events, "blocks list %d events, and there are %d", listed, e.events)
	return nil
}

// eventsOf returns the stated hashes of a block's events, by index.
func eventsOf(at place, group []record, findings *findings) map[int64]string {
	known := make(map[int64]string)
	for _, r := range group {
		if len(r.key) == inKey {
			continue
		}
		index := numberIn(r.key[inKey:])
		stated, computed := r.fields[0], r.fields[1]
		_, twice := known[index]
		findings.must(!twice, "partition %d: event %d of block %d comes twice", at.partition, index, at.height)
		findings.must(stated == computed, "partition %d: event %d of block %d has another hash", at.partition, index, at.height)
		known[index] = stated
	}
	return known
}

// check holds a block to the one before it and to its events.
func (b block) check(before block, known map[int64]string, findings *findings) {
	findings.must(b.height == before.height+1, "partition %d: block %d comes after block %d", b.partition, b.height, before.height)
	findings.must(b.previous == before.hash, "partition %d: block %d does not name the hash of block %d", b.partition, b.height, before.height)
	findings.must(b.hash == b.sum(), "partition %d: block %d has another hash", b.partition, b.height)
	for index, hash := range b.events {
		findings.must(known[int64(index)] == hash, "partition %d: event %d of block %d is not the one that the block lists", b.partition, index, b.height)
	}
}

// sum is the hash that the block must have.
func (b block) sum() string {
	lines := append([]string{strconv.FormatInt(b.partition, 10), strconv.FormatInt(b.height, 10), b.previous}, b.events...)
	sum := sha256.Sum256([]byte(strings.Join(lines, "\n")))
	return hex.EncodeToString(sum[:])
}
