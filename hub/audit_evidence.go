package hub

import (
	"bytes"
	"context"
	"encoding/binary"
	"strings"

	"github.com/hansa-network/hansa/ledger"
	"github.com/hansa-network/hansa/payment"
	"github.com/hansa-network/hansa/store"
)

// Evidence is what other rows say of a payment: a record of the payment's id, a zero,
// the kind, and what is said, in texts that end with zeros.
const (
	isAcknowledged byte = 'a' // somebody was told that it is approved
	isBooked       byte = 'b' // an entry: its cause and its subject
	isCoded        byte = 'c' // a payment code that names it
	isListed       byte = 'l' // a list that it is in: whose, and of which side
	isRecorded     byte = 'r' // the journal: a place, a number, and what was told
	isRequested    byte = 'w' // a request that began it: its id and the participant's
)

const endOfText = "\x00"

// testify gathers what is said of a payment.
func (a *auditor) testify(id string, kind byte, said ...string) {
	parts := [][]byte{[]byte(id + endOfText), {kind}}
	for _, text := range said {
		parts = append(parts, []byte(text+endOfText))
	}
	a.evidence.add(parts...)
}

// paymentOf returns the payment that evidence is of.
func paymentOf(evidence []byte) string {
	id, _, _ := bytes.Cut(evidence, []byte(endOfText))
	return string(id)
}

// saidOf returns the kind of evidence, and what is said.
func saidOf(evidence []byte) (kind byte, said []byte) {
	_, rest, _ := bytes.Cut(evidence, []byte(endOfText))
	return rest[0], rest[1:]
}

// twoTexts are those of evidence that has two.
func twoTexts(said []byte) (one, other string) {
	one, other, _ = strings.Cut(strings.TrimSuffix(string(said), endOfText), endOfText)
	return one, other
}

// What a record of the journal means for its payment.
const (
	otherwise byte = iota
	anOutcome
	aLateYes
	aReversal
)

func meaningOf(record Record) byte {
	switch payment.Note(record.Type) { //nolint:exhaustive // The others say nothing that is checked.
	case payment.NoteApproved, payment.NoteDeclined, payment.NoteExpired, payment.NoteCancelled:
		return anOutcome
	case payment.NoteLatePaid:
		return aLateYes
	case payment.NoteReversed:
		return aReversal
	}
	return otherwise
}

// testifyRecord gathers a record of the journal. By their places the records of a
// payment come back as they were made.
func (a *auditor) testifyRecord(event store.Recorded, record Record) {
	status := record.Status
	if record.Movement != nil {
		status = "" // It is that of the movement.
	}
	var fixed [21]byte
	binary.BigEndian.PutUint64(fixed[:], uint64(event.Height))      //nolint:gosec // It is not below zero.
	binary.BigEndian.PutUint32(fixed[8:], uint32(event.Index))      //nolint:gosec // The same.
	binary.BigEndian.PutUint64(fixed[12:], uint64(record.Sequence)) //nolint:gosec // The same number comes back.
	fixed[20] = meaningOf(record)
	a.evidence.add([]byte(event.Subject+endOfText), []byte{isRecorded}, fixed[:], []byte(status))
}

// What was told of a payment by the journal.
type told struct {
	first, last int64 // numbers of its records; zero: there is none
	gap         bool  // they are not one after the other
	outcomes    int
	otherwise   string // a status that is not the payment's
	reversed    bool   // the wallet has acknowledged a cancel since it said yes too late
	all         bool   // nothing that was told is missing
}

// hear adds a record of the journal to what was told of p.
func (t *told) hear(p payment.Payment, said []byte) {
	sequence := int64(binary.BigEndian.Uint64(said[12:])) //nolint:gosec // As it was written.
	if t.last == 0 {
		t.first, t.last = sequence, sequence-1
	}
	t.gap = t.gap || sequence != t.last+1
	t.last = sequence
	if status := string(said[21:]); status != "" && status != "pending" && status != p.Status() {
		t.otherwise = status
	}
	switch said[20] {
	case anOutcome:
		t.outcomes++
	case aLateYes:
		t.reversed = false
	case aReversal:
		t.reversed = true
	}
}

// readEntries checks each entry by itself, adds up all postings, and gathers what was
// booked for each payment.
func (a *auditor) readEntries(ctx context.Context) error {
	for entry, err := range a.reader.EachEntry(ctx) {
		if err != nil {
			return err
		}
		a.checkEntry(entry)
		a.testify(entry.Payment, isBooked, string(entry.Cause), entry.Subject)
	}
	return nil
}

// readCodes gathers which payment each code names.
func (a *auditor) readCodes(ctx context.Context) error {
	for code, err := range a.reader.EachCode(ctx) {
		if err != nil {
			return err
		}
		if code.Payment != "" {
			a.testify(code.Payment, isCoded, code.Code)
		}
	}
	return nil
}

// readRequests checks that requests have the effect that they record.
func (a *auditor) readRequests(ctx context.Context) error {
	for r, err := range a.reader.EachRequest(ctx) {
		if err != nil {
			return err
		}
		a.requests.must((r.Subject == "") || r.Reason == "", "request %s of %s was refused and has an effect", r.Key.ID, r.Key.Participant)
		if r.Key.Operation == (Ask{}).name() && r.Reason == "" {
			a.testify(r.Subject, isRequested, r.Key.ID, r.Key.Participant)
		}
	}
	return nil
}

// readLists gathers in which lists payments are.
func (a *auditor) readLists(ctx context.Context) error {
	for listed, err := range a.reader.EachListed(ctx) {
		if err != nil {
			return err
		}
		a.testify(listed.Payment, isListed, listed.Side, listed.Party)
	}
	return nil
}

func (a *auditor) readAcknowledged(context.Context) error {
	if a.inquest.Acknowledged == nil {
		return nil
	}
	for reference, err := range a.inquest.Acknowledged {
		if err != nil {
			return err
		}
		a.testify(reference, isAcknowledged)
	}
	return nil
}

// A booking is an entry, or what must have one.
type booked struct {
	cause   ledger.Cause
	subject string
}

// judgeStranger takes note of evidence of a payment that is not there.
func (a *auditor) judgeStranger(evidence []byte) {
	id := paymentOf(evidence)
	switch kind, said := saidOf(evidence); kind {
	case isAcknowledged:
		a.acknowledged.must(false, "payment %s was acknowledged and is not there", id)
	case isBooked:
		cause, subject := twoTexts(said)
		a.causes.must(false, "the entry of %s of %s is of payment %s, which is not there", cause, subject, id)
	case isCoded:
		a.codes.must(false, "a code is used by no payment and names %q", id)
	case isListed:
		side, party := twoTexts(said)
		a.listed.must(false, "the %s %s has payment %s in its list, which is not there", side, party, id)
	case isRecorded:
		a.once.must(false, "the journal tells of payment %s, which is not there", id)
	case isRequested:
		request, participant := twoTexts(said)
		a.requests.must(false, "request %s of %s has no payment", request, participant)
	default:
		panic("unknown evidence " + string(kind))
	}
}
