package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/payment"
)

// refusedPause is how long a till that is turned away waits until it asks anew.
const refusedPause = 50 * time.Millisecond

// An outcome is what came of one request.
type outcome struct {
	status  int
	after   time.Duration // it was said to come again then; zero: nothing was said
	payment api.Payment
	took    time.Duration
	fault   error // the measurement cannot go on
}

// isRefused reports whether there was too much to do.
func (o outcome) isRefused() bool {
	return o.status == http.StatusServiceUnavailable || o.status == http.StatusTooManyRequests
}

// pay makes one payment. Unless there is too much to do it must be approved, or at
// least be on its way.
func (a asking) pay(ctx context.Context, sale benchSale) outcome {
	o := a.tell(ctx, benchAsk{client: sale.client, participant: sale.acquirer, method: http.MethodPost, path: "/v1/payments", message: sale.ask, signed: sale.signed}, &api.Payment{})
	paid, _ := o.message.(*api.Payment)
	if o.fault != nil || o.isRefused() || paid == nil {
		return o.outcome
	}
	o.payment = *paid
	if paid.Status != string(payment.WasApproved) && paid.Status != (payment.Payment{}).Status() {
		o.fault = fmt.Errorf("payment %s is %s %s", paid.Reference, paid.Status, paid.Reason)
	}
	return o.outcome
}

// told is an outcome with the message that came with it.
type told struct {
	outcome

	message any
}

// tell asks for one thing and reads the answer into message. What is neither done
// nor refused for want of room is a fault.
func (a asking) tell(ctx context.Context, ask benchAsk, message any) told {
	answer, err := a(ctx, ask)
	seconds, _ := strconv.Atoi(answer.Header.Get("Retry-After")) // Zero where it does not say.
	o := told{outcome: outcome{status: answer.Status, after: time.Duration(seconds) * time.Second, fault: err}}
	if err != nil || o.isRefused() {
		return o
	}
	if answer.Status >= http.StatusMultipleChoices {
		o.fault = fmt.Errorf("%s %s: status %d: %s", ask.method, ask.path, answer.Status, answer.Body)
		return o
	}
	o.message, o.fault = message, api.Decode(answer.Body, message)
	return o
}

// run lets every client pay, one payment after the other, until the time is over.
func (n *benchNetwork) run(ctx context.Context, clients int, length time.Duration) (figure, error) {
	ends := time.Now().Add(length)
	runtime.GC()
	tooks := make([][]time.Duration, clients)
	refused := make([]int, clients)
	faults := make([]error, clients)
	started, spent := time.Now(), cpuTime()
	var paying sync.WaitGroup
	for client := range clients {
		paying.Go(func() {
			for {
				began := time.Now()
				// One payment each is made in any case, however busy the machine is.
				if !began.Before(ends) && len(tooks[client]) > 0 || faults[client] != nil {
					return
				}
				o := n.ask.pay(ctx, n.sale(client))
				if o.fault == nil && o.isRefused() {
					refused[client]++
					pause(ctx, refusedPause)
					continue
				}
				faults[client] = o.fault
				n.paid.add(o.payment)
				tooks[client] = append(tooks[client], time.Since(began))
			}
		})
	}
	paying.Wait()
	took, used := time.Since(started), cpuTime()-spent
	one := figureOf(slices.Concat(tooks...), took, used)
	for _, count := range refused {
		one.refused += count
	}
	return one, errors.Join(faults...)
}

// figureOf sums up what was served within some time.
func figureOf(tooks []time.Duration, within, used time.Duration) figure {
	slices.Sort(tooks)
	count := float64(len(tooks))
	return figure{
		payments: len(tooks), PerSec: count / within.Seconds(), CPU: float64(used.Microseconds()) / max(count, 1),
		P50: quantile(tooks, 0.5), P99: quantile(tooks, 0.99), P999: quantile(tooks, 0.999),
	}
}

// quantile returns milliseconds.
func quantile(sorted []time.Duration, share float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	at := min(int(share*float64(len(sorted))), len(sorted)-1)
	return float64(sorted[at].Microseconds()) / 1000
}

// paidMax is how many payments are remembered to be asked about.
const paidMax = 1024

// A paidList remembers the payments that were made last. It is safe for
// concurrent use.
type paidList struct {
	mutex    sync.Mutex
	payments []api.Payment
	next     int
}

func (l *paidList) add(paid api.Payment) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if len(l.payments) < paidMax {
		l.payments = append(l.payments, paid)
		return
	}
	l.payments[l.next%paidMax] = paid
	l.next++
}

// some returns one of them.
func (l *paidList) some(number int) api.Payment {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.payments[number%len(l.payments)]
}
