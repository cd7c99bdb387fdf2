package outbound

import (
	"errors"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/payment"
)

// AskOf is the question to the wallet of p. Payer is the wallet's own token for
// its payer; empty for a code that the wallet issued itself.
func AskOf(p payment.Payment, payer string) api.Ask {
	ask := api.Ask{
		Reference: p.ID, Code: p.Code, Payer: payer,
		Payee: api.Payee{
			Store: p.Payee.Store, Name: p.Payee.Name, City: p.Payee.City, Country: p.Payee.Country, Category: p.Payee.Category,
		},
		OrderAmount: p.Terms.Order, DebitAmount: p.Terms.Debit,
		Fee: money.New(0, p.Terms.Debit.Currency), CaptureLater: p.CaptureLater, PayerUntil: p.PayerUntil,
	}
	if !p.Terms.Rate.IsZero() {
		ask.Rate = &p.Terms.Rate
	}
	return ask
}

// StopOf tells the wallet of p that it is given up.
func StopOf(p payment.Payment) api.Stop {
	return api.Stop{Reference: p.ID, Reason: string(p.Reason)}
}

// CarryOf tells a wallet to carry out m.
func CarryOf(m payment.Movement) api.Carry {
	return api.Carry{
		Movement: m.ID, Payment: m.Payment, Kind: string(m.Kind), OrderAmount: m.Amounts.Order, DebitAmount: m.Amounts.Debit,
	}
}

// Heard says what a wallet's answer about a payment means. What is not
// understood is silence, and silence proves nothing.
func Heard(answer api.WalletAnswer, err error) payment.Event {
	if errors.Is(err, ErrUnsent) {
		return payment.Unsent{}
	}
	if err != nil {
		return payment.Silent{}
	}
	switch answer.Status {
	case api.AnswerPaid:
		return payment.Paid{Echo: payment.Echo{
			Payment: answer.Reference, Order: answer.OrderAmount, Debit: answer.DebitAmount, Payee: answer.Payee,
		}}
	case api.AnswerDeclined:
		return payment.WalletDeclined{Reason: hansa.Reason(answer.Reason)}
	case api.AnswerAwaitingPayer:
		if answer.Until == nil {
			return payment.Silent{}
		}
		return payment.PayerAsked{Until: answer.Until.UTC().Truncate(time.Microsecond)}
	case api.AnswerCancelled:
		return payment.CancelAcknowledged{}
	case api.AnswerNotFound:
		return payment.Unfound{}
	}
	return payment.Silent{}
}

// CarriedOut says what a wallet's answer about a movement means.
func CarriedOut(movement string, carried api.Carried, err error) payment.Event {
	if err != nil {
		return payment.MovementSilent{ID: movement}
	}
	switch carried.Status {
	case api.AnswerDone:
		return payment.MovementAcknowledged{ID: movement}
	case api.AnswerRefused:
		return payment.MovementRefused{ID: movement, Reason: hansa.Reason(carried.Reason)}
	}
	return payment.MovementSilent{ID: movement}
}
