package main

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
)

// The words of the schema.
var (
	statuses = []string{"pending", "approved", "declined", "expired", "cancelled"}
	modes    = []string{"cpm", "static", "dynamic"}
)

// An export is all that was read. The slices keep the order of the lines.
type export struct {
	lines    int
	payments map[string]payment // by reference
	order    []string           // references
	postings []posting
	balances map[shelf]int64
	blocks   []block
	events   map[place]event
}

type payment struct {
	status, wallet, acquirer string
	order, debit             amount
}

type posting struct {
	entry, payment, account, window string
	amount                          amount // the value may be below zero
}

// A shelf is where something in one currency lies.
type shelf struct{ name, currency string }

type block struct {
	partition, height int64
	previous, hash    string
	events            []string
}

type place struct{ partition, height, index int64 }

type event struct {
	hash     string // as stated
	computed string
}

// readExport reads to the end. What does not fit the schema is a breach and is
// left out; an error means that the input could not be read.
func readExport(in io.Reader, findings *findings) (*export, error) {
	e := &export{payments: make(map[string]payment), balances: make(map[shelf]int64), events: make(map[place]event)}
	buffered := bufio.NewReaderSize(in, 1<<20)
	for {
		text, err := buffered.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			findings.must(len(text) == 0, "line %d does not end: the export is cut off", e.lines+1)
			return e, nil
		}
		if err != nil {
			return nil, err
		}
		e.lines++
		if err := e.add(parseLine(bytes.TrimSuffix(text, []byte("\n")))); err != nil {
			findings.must(false, "line %d: %v", e.lines, err)
		}
	}
}

// add takes over one line.
func (e *export) add(l *line) error {
	if l.wrong != nil {
		return l.wrong
	}
	switch kind := l.text("type"); kind {
	case "payment":
		return e.addPayment(l)
	case "posting":
		return e.addPosting(l)
	case "balance":
		return e.addBalance(l)
	case "block":
		e.blocks = append(e.blocks, block{
			partition: l.number("partition", 0), height: l.number("height", 1),
			previous: l.hash("previous"), hash: l.hash("hash"), events: l.hashes("events"),
		})
		return l.end()
	case "event":
		return e.addEvent(l)
	default:
		l.fail("unknown type %q", kind)
		return l.wrong
	}
}

func (e *export) addPayment(l *line) error {
	reference := l.text("reference")
	read := payment{
		status: l.oneOf("status", statuses...), order: l.amount("order_amount"), debit: l.amount("debit_amount"),
		wallet: l.text("wallet"), acquirer: l.text("acquirer"),
	}
	l.text("store")
	l.oneOf("mode", modes...)
	if err := l.end(); err != nil {
		return err
	}
	if _, twice := e.payments[reference]; twice {
		return fmt.Errorf("payment %s comes twice", reference)
	}
	e.payments[reference] = read
	e.order = append(e.order, reference)
	return nil
}

func (e *export) addPosting(l *line) error {
	const least = -1 << 63
	read := posting{
		entry: l.text("entry"), payment: l.text("payment"), account: l.text("account"), window: l.text("window"),
		amount: amount{value: l.number("amount", least), currency: l.currency("currency")},
	}
	if read.amount.value == 0 {
		l.fail("a posting of zero")
	}
	if err := l.end(); err != nil {
		return err
	}
	e.postings = append(e.postings, read)
	return nil
}

func (e *export) addBalance(l *line) error {
	const least = -1 << 63
	at := shelf{l.text("account"), l.currency("currency")}
	sum := l.number("amount", least)
	if err := l.end(); err != nil {
		return err
	}
	if _, twice := e.balances[at]; twice {
		return fmt.Errorf("the balance of %s in %s comes twice", at.name, at.currency)
	}
	e.balances[at] = sum
	return nil
}

func (e *export) addEvent(l *line) error {
	at := place{l.number("partition", 0), l.number("height", 1), l.number("index", 0)}
	stated := l.hash("hash")
	sum := sha256.Sum256(l.bytes("data"))
	if err := l.end(); err != nil {
		return err
	}
	if _, twice := e.events[at]; twice {
		return fmt.Errorf("event %d of block %d in partition %d comes twice", at.index, at.height, at.partition)
	}
	e.events[at] = event{hash: stated, computed: hex.EncodeToString(sum[:])}
	return nil
}

// summarise says what was looked at.
func (e *export) summarise(out io.Writer, acknowledged int) {
	byStatus := make(map[string]int)
	for _, p := range e.payments {
		byStatus[p.status]++
	}
	fmt.Fprintf(out, "%d lines: %d payments, %d postings, %d balances, %d blocks, %d events\n",
		e.lines, len(e.payments), len(e.postings), len(e.balances), len(e.blocks), len(e.events))
	for _, status := range statuses {
		fmt.Fprintf(out, "%9d %s\n", byStatus[status], status)
	}
	fmt.Fprintf(out, "%9d acknowledged\n", acknowledged)
}

// sortedShelves returns the keys in an order that stays the same.
func sortedShelves[V any](of map[shelf]V) []shelf {
	return slices.SortedFunc(maps.Keys(of), func(a, b shelf) int {
		return slices.Compare([]string{a.name, a.currency}, []string{b.name, b.currency})
	})
}
