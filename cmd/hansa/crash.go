package main

import (
	"context"
	"net/http/httptrace"
	"slices"

	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/payment"
	"github.com/hansa-network/hansa/store"
)

// A crashPoint is a moment at which a node may die so that something has happened
// and what follows from it has not.
type crashPoint string

// The crash points, in the order of a payment's life. Where a till has scanned,
// one commit keeps the request, uses the code, locks the rate and reserves: K1 to
// K4 are one moment then. Where a payer has scanned, K2 and K3 have commits of
// their own, and K4 is that of the accepted quote.
const (
	requestRead     crashPoint = "K0"  // a request was read, nothing is written
	requestKept     crashPoint = "K1"  // its id is committed, with what came of it
	codeResolved    crashPoint = "K2"  // and what the code leads to
	quoteLocked     crashPoint = "K3"  // and what the payment costs
	reserved        crashPoint = "K4"  // and the reservation; the wallet is not called
	walletAsked     crashPoint = "K5"  // the wallet has the question, its answer is not read
	walletHeard     crashPoint = "K6"  // its answer is read, and not committed
	outcomeKept     crashPoint = "K7"  // the outcome is committed, and nobody knows it
	tillAnswered    crashPoint = "K8"  // the till has it, no webhook is posted
	webhookPosted   crashPoint = "K9"  // a webhook has arrived, and is not marked
	cancelSent      crashPoint = "K10" // the wallet has the cancel, its answer is not read
	reversalHeard   crashPoint = "K11" // it has acknowledged the cancel, which is not committed
	refundReserved  crashPoint = "K12" // a refund is reserved, and the wallet is not called
	noCrash         crashPoint = ""
	beforeTheWrite             = " decided" // within the commit of a point: nothing is written
	beforeTheCommit            = " written" // all is written, and not committed
)

// A crasher is told of each point that a node passes. It is nil, and nothing is
// told, but in a test that lets a node die: no flag, setting or request leads here.
type crasher func(crashPoint)

func (c crasher) at(point crashPoint) {
	if c != nil && point != noCrash {
		c(point)
	}
}

// within tells of the points that lie in and right behind a commit, before anybody
// has heard of it.
func (c crasher) within(stage store.Stage, rows store.Rows) {
	for _, point := range keptBy(rows) {
		switch stage {
		case store.Decided:
			c.at(point + beforeTheWrite)
		case store.Written:
			c.at(point + beforeTheCommit)
		case store.Committed:
			if point != reserved && point != refundReserved { // Those lie where the wallet is about to be called.
				c.at(point)
			}
		}
	}
}

// keptBy returns the points that are passed by the commit of these rows.
func keptBy(rows store.Rows) []crashPoint {
	var points []crashPoint
	add := func(point crashPoint, passed bool) {
		if passed {
			points = append(points, point)
		}
	}
	begun := slices.ContainsFunc(rows.Payments, func(p payment.Payment) bool { return p.Version == 1 })
	scanned := slices.ContainsFunc(rows.Payments, func(p payment.Payment) bool { return p.Version == 1 && p.Flow == payment.TillScans })
	add(requestKept, len(rows.Requests) > 0)
	add(codeResolved, scanned || slices.ContainsFunc(rows.Requests, func(r store.Request) bool { return r.Key.Operation == "resolve" }))
	add(quoteLocked, scanned || len(rows.Quotes) > 0)
	add(reserved, begun)
	add(outcomeKept, slices.ContainsFunc(rows.Payments, func(p payment.Payment) bool {
		return p.Outcome != payment.Undecided && p.OutcomeAt.Equal(p.ChangedAt)
	}))
	add(refundReserved, slices.ContainsFunc(rows.Movements, func(m payment.Movement) bool {
		return m.Version == 1 && m.Task.Call == payment.CallRefund
	}))
	return points
}

// owed is the point at which a call is committed and not made.
func owed(call hub.Call) crashPoint {
	switch call.Call {
	case payment.CallAsk:
		return reserved
	case payment.CallRefund:
		return refundReserved
	case payment.CallInquire, payment.CallCancel, payment.CallCapture, payment.CallRelease, payment.NoCall:
	}
	return noCrash
}

// sent lets a call pass its point when the first byte of its answer arrives: then
// the wallet has heard all of it, and we have heard nothing.
func (c crasher) sent(ctx context.Context, call hub.Call) context.Context {
	if c == nil {
		return ctx
	}
	point := walletAsked
	if call.Call == payment.CallCancel {
		point = cancelSent
	}
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotFirstResponseByte: func() { c.at(point) }})
}

// heard is the point at which the answer to a call is read and not committed.
func heard(event payment.Event) crashPoint {
	switch event.(type) {
	case payment.Silent, payment.MovementSilent:
		return noCrash
	case payment.CancelAcknowledged:
		return reversalHeard
	}
	return walletHeard
}
