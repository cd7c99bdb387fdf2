package hub

import (
	"fmt"
	"slices"

	"github.com/hansa-network/hansa/ledger"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/payment"
)

// Fill does requests in one commit in which their payments live all of their lives:
// each call to a wallet is answered before the next request is looked at. It leaves what
// the same requests and answers leave one after the other, by the same rules, and is for
// filling a database to see how it behaves when it is large.
type Fill struct {
	Requests []Request
	Answer   func(Call) payment.Event // what a wallet says to a call
}

func (Fill) name() string { return "fill" }

func (op Fill) wants(w *want, _ Request) {
	for _, r := range op.Requests {
		w.request(r)
	}
	w.everyPosition()
}

// everyPosition asks for all positions that a payment can touch.
func (w *want) everyPosition() {
	var currencies []money.Currency
	participants := w.batch.directory.Participants()
	for _, p := range participants {
		if p.Holds(member.Wallet) {
			currencies = append(currencies, p.Wallet.Settles)
			w.position(ledger.OfWallet(p.ID), p.Wallet.Settles)
		}
		for _, branch := range p.Branches {
			currencies = append(currencies, branch.Currency)
			w.position(ledger.OfAcquirer(branch.ID), branch.Currency)
		}
	}
	slices.Sort(currencies)
	for _, currency := range slices.Compact(currencies) {
		w.position(ledger.Rounding, currency)
		for _, p := range participants {
			if p.Holds(member.FXProvider) {
				w.position(ledger.OfProvider(p.ID), currency)
			}
		}
	}
}

// apply panics where a request is refused: half of what was wanted would be committed.
func (op Fill) apply(b *batch, _ Request) (Result, string, error) {
	for _, r := range op.Requests {
		result := b.fold(r)
		if result.Refusal != nil {
			panic(fmt.Sprintf("request %s of %s is refused: %v", r.ID, r.Participant, result.Refusal))
		}
		if result.Payment.ID == "" {
			continue
		}
		if err := b.answerAtOnce(result.Payment, op.Answer, r); err != nil {
			panic(fmt.Sprintf("payment %s: %v", result.Payment.ID, err))
		}
	}
	return Result{}, "", nil
}

// answerAtOnce makes the call that a payment in this batch owes.
func (b *batch) answerAtOnce(p payment.Payment, answer func(Call) payment.Event, r Request) error {
	task, due := leased(p.Task, b.now)
	if !due {
		return nil
	}
	wallet, err := b.directory.Participant(p.Wallet)
	if err != nil {
		return err
	}
	p.Task = task
	_, err = b.decide(p, answer(Call{Call: task.Call, Fence: task.Fence, Payment: p, Wallet: wallet, Payer: b.payerOf(p)}), r)
	return err
}

func (Fill) recall(*batch, string) Result { return Result{} }
