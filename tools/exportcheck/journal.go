package main

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// genesis is what the first block of a partition names as the one before it.
var genesis = strings.Repeat("0", 64)

// checkJournal recomputes every hash and follows the chain of each partition
// from its first block.
func (e *export) checkJournal(findings *findings) {
	slices.SortStableFunc(e.blocks, func(a, b block) int {
		return cmp.Or(cmp.Compare(a.partition, b.partition), cmp.Compare(a.height, b.height))
	})
	before := block{hash: genesis}
	listed := 0
	for i, b := range e.blocks {
		if i == 0 || b.partition != before.partition {
			before = block{partition: b.partition, hash: genesis}
		}
		findings.must(b.height == before.height+1, "partition %d: block %d comes after block %d", b.partition, b.height, before.height)
		findings.must(b.previous == before.hash, "partition %d: block %d does not name the hash of block %d", b.partition, b.height, before.height)
		findings.must(b.hash == b.sum(), "partition %d: block %d has another hash", b.partition, b.height)
		for index, hash := range b.events {
			listed++
			at := place{b.partition, b.height, int64(index)}
			findings.must(e.events[at].hash == hash, "partition %d: event %d of block %d is not the one that the block lists", at.partition, at.index, at.height)
		}
		before = b
	}
	findings.must(listed == len(e.events), "blocks list %d events, and there are %d", listed, len(e.events))
	for _, at := range slices.SortedFunc(maps.Keys(e.events), place.compare) {
		findings.must(e.events[at].hash == e.events[at].computed, "partition %d: event %d of block %d has another hash", at.partition, at.index, at.height)
	}
}

func (p place) compare(other place) int {
	return cmp.Or(cmp.Compare(p.partition, other.partition), cmp.Compare(p.height, other.height), cmp.Compare(p.index, other.index))
}

// sum is the hash that the block must have.
func (b block) sum() string {
	lines := append([]string{strconv.FormatInt(b.partition, 10), strconv.FormatInt(b.height, 10), b.previous}, b.events...)
	sum := sha256.Sum256([]byte(strings.Join(lines, "\n")))
	return hex.EncodeToString(sum[:])
}
