package main

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strconv"
)

// The words of the schema.
var (
	statuses = []string{"pending", "approved", "declined", "expired", "cancelled"}
	modes    = []string{"cpm", "static", "dynamic"}
)

// An export is what was read: counts and balances, and all else to be met in order.
type export struct {
	lines, payments, postings, blocks, events int

	byStatus map[string]int
	balances map[shelf]int64
	entries  sorter // postings, by entry
	lives    sorter // payments, their entries and who was told of them, by reference
	journal  sorter // blocks and their events, by place
}

// A shelf is where something in one currency lies.
type shelf struct{ name, currency string }

func (e *export) close() error {
	return errors.Join(e.entries.close(), e.lives.close(), e.journal.close())
}

// read reads to the end. What does not fit the schema is a breach and is left out; an
// error means that the input could not be read, or not be put in order.
func (e *export) read(in io.Reader, findings *findings) error {
	buffered := bufio.NewReaderSize(in, 1<<20)
	for {
		text, err := buffered.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			findings.must(len(text) == 0, "line %d does not end: the export is cut off", e.lines+1)
			return nil
		}
		if err != nil {
			return err
		}
		e.lines++
		l := parseLine(bytes.TrimSuffix(text, []byte("\n")))
		if err := e.add(l); err != nil {
			return err
		}
		findings.must(l.wrong == nil, "line %d: %v", e.lines, l.wrong)
	}
}

// add takes over one line, unless that is wrong.
func (e *export) add(l *line) error {
	if !l.isRead() {
		return nil
	}
	switch kind := l.text("type"); kind {
	case "payment":
		return e.addPayment(l)
	case "posting":
		return e.addPosting(l)
	case "balance":
		e.addBalance(l)
	case "block":
		return e.addBlock(l)
	case "event":
		return e.addEvent(l)
	default:
		l.fail("unknown type %q", kind)
	}
	return nil
}

// What is known of a payment, in this order.
const (
	aPayment = "a" // its status, wallet and acquirer, and its amounts
	anEntry  = "b" // its name, and its postings
	aPromise = "c" // somebody was told that it is approved
)

func (e *export) addPayment(l *line) error {
	reference, status := l.text("reference"), l.oneOf("status", statuses...)
	order, debit := l.amount("order_amount"), l.amount("debit_amount")
	wallet, acquirer := l.text("wallet"), l.text("acquirer")
	l.text("store")
	l.oneOf("mode", modes...)
	if !l.isRight() {
		return nil
	}
	e.payments++
	e.byStatus[status]++
	return e.lives.add(reference, aPayment, status, wallet, acquirer, decimal(order.value), order.currency, decimal(debit.value), debit.currency)
}

func (e *export) addPosting(l *line) error {
	const least = -1 << 63
	entry, payment, account, window := l.text("entry"), l.text("payment"), l.text("account"), l.text("window")
	moved := amount{value: l.number("amount", least), currency: l.currency("currency")}
	if moved.value == 0 {
		l.fail("a posting of zero")
	}
	if !l.isRight() {
		return nil
	}
	e.postings++
	return e.entries.add(entry, payment, account, window, decimal(moved.value), moved.currency)
}

func (e *export) addBalance(l *line) {
	const least = -1 << 63
	at := shelf{l.text("account"), l.currency("currency")}
	sum := l.number("amount", least)
	if !l.isRight() {
		return
	}
	if _, twice := e.balances[at]; twice {
		l.fail("the balance of %s in %s comes twice", at.name, at.currency)
		return
	}
	e.balances[at] = sum
}

func (e *export) addBlock(l *line) error {
	at := place{l.number("partition", 0), l.number("height", 1)}
	fields := append([]string{l.hash("previous"), l.hash("hash")}, l.hashes("events")...)
	if !l.isRight() {
		return nil
	}
	e.blocks++
	return e.journal.add(at.key(), fields...)
}

func (e *export) addEvent(l *line) error {
	at, index := place{l.number("partition", 0), l.number("height", 1)}, l.number("index", 0)
	stated := l.hash("hash")
	sum := sha256.Sum256(l.bytes("data"))
	if !l.isRight() {
		return nil
	}
	e.events++
	return e.journal.add(at.key()+ordered(index), stated, hex.EncodeToString(sum[:]))
}

// decimal is a number as it is written among other fields.
func decimal(value int64) string { return strconv.FormatInt(value, 10) }

// amountOf reads an amount back.
func amountOf(value, currency string) amount {
	number, err := strconv.ParseInt(value, 10, 64)
	if err != nil {
		panic("decimal wrote " + value)
	}
	return amount{number, currency}
}

// summarise says what was looked at.
func (e *export) summarise(out io.Writer, acknowledged int) {
	fmt.Fprintf(out, "%d lines: %d payments, %d postings, %d balances, %d blocks, %d events\n",
		e.lines, e.payments, e.postings, len(e.balances), e.blocks, e.events)
	for _, status := range statuses {
		fmt.Fprintf(out, "%9d %s\n", e.byStatus[status], status)
	}
	fmt.Fprintf(out, "%9d acknowledged\n", acknowledged)
}
