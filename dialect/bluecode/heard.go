package bluecode

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/money"
)

// errUnclear is what a wallet says that proves nothing: whoever asked inquires.
var errUnclear = errors.New("this proves nothing")

// hear reads an answer, unless it is about another payment.
func hear(call api.WalletCall, answer api.Answer) (said outcome, err error) {
	if answer.Status == http.StatusUnauthorized || answer.Status >= http.StatusInternalServerError {
		return said, fmt.Errorf("status %d: %w", answer.Status, errUnclear)
	}
	if api.CheckJSON(answer.Body) != nil || json.Unmarshal(answer.Body, &said) != nil {
		return said, fmt.Errorf("an answer that is none: %w", errUnclear)
	}
	about := call.Ask.Reference
	switch {
	case said.Payment != nil:
		about = said.Payment.MerchantTxID
	case said.Status != nil:
		about = said.Status.MerchantTxID
	}
	if about != call.Ask.Reference {
		return said, fmt.Errorf("an answer about another payment: %w", errUnclear)
	}
	return said, nil
}

// Heard is what a wallet says of a payment. An error is silence: the wallet was not
// understood, or what it says proves nothing. The protocol repeats neither the payee nor
// what the store is owed: these are as they were asked.
func (*Merchant) Heard(call api.WalletCall, _ api.Message, answer api.Answer, wallet api.Client) (api.WalletAnswer, error) {
	told := api.WalletAnswer{Reference: call.Ask.Reference}
	said, err := hear(call, answer)
	if err != nil {
		return told, fmt.Errorf("%s: %w", wallet.ID, err)
	}
	if call.Kind == api.CallCancel {
		return told, cancelHeard(&told, said)
	}
	switch {
	case said.Payment != nil:
		return told, stateHeard(&told, call.Ask, *said.Payment)
	case said.Result == resultProcessing:
		told.Status, told.Until = api.AnswerAwaitingPayer, &call.Ask.PayerUntil
		return told, nil
	case call.Kind == api.CallInquire && said.ErrorCode == codeTransactionNotFound:
		told.Status = api.AnswerNotFound
		return told, nil
	}
	reason, final := declines(said.ErrorCode)
	if call.Kind == api.CallInquire || !final {
		return told, fmt.Errorf("%s answers %.32q: %w", wallet.ID, said.ErrorCode, errUnclear)
	}
	told.Status, told.Reason = api.AnswerDeclined, string(reason)
	return told, nil
}

// stateHeard reads where a payment stands.
func stateHeard(told *api.WalletAnswer, ask api.Ask, p payment) error {
	switch p.State {
	case stateApproved, stateRefunded:
		told.Status, told.Payee, told.OrderAmount = api.AnswerPaid, ask.Payee.Store, ask.OrderAmount
		told.DebitAmount = money.New(p.TotalAmount, money.Currency(p.Currency))
		return nil
	case stateProcessing, stateRegistered:
		told.Status, told.Until = api.AnswerAwaitingPayer, &ask.PayerUntil
		return nil
	case stateDeclined:
		reason, known := declines(p.Code)
		if !known {
			reason = hansa.PaymentDeclined
		}
		told.Status, told.Reason = api.AnswerDeclined, string(reason)
		return nil
	case stateFailure:
		told.Status, told.Reason = api.AnswerDeclined, string(hansa.PaymentDeclined)
		return nil
	case stateCanceled, stateCancelledShop:
		told.Status = api.AnswerCancelled
		return nil
	}
	return fmt.Errorf("a payment is %.32q: %w", p.State, errUnclear)
}

// cancelHeard reads the answer to a cancel. A payment that came to nothing before is as
// good as cancelled: its id is used up.
func cancelHeard(told *api.WalletAnswer, said outcome) error {
	if said.Result == resultOK && said.Payment != nil {
		switch said.Payment.State {
		case stateCanceled, stateCancelledShop, stateDeclined, stateFailure:
			told.Status = api.AnswerCancelled
			return nil
		}
	}
	return fmt.Errorf("a cancel is answered with %.32q: %w", said.Result+said.ErrorCode, errUnclear)
}

// Carried is what a wallet says of a movement. An error is silence: it is told again.
func (*Merchant) Carried(call api.WalletCall, sent api.Message, answer api.Answer, wallet api.Client) (api.Carried, error) {
	carried := api.Carried{Movement: call.Carry.Movement}
	said, err := hear(call, answer)
	if err != nil {
		return carried, fmt.Errorf("%s: %w", wallet.ID, err)
	}
	switch {
	case said.Result == resultOK && said.Payment != nil && isCarriedOut(sent.URL, said.Payment.State):
		carried.Status = api.AnswerDone
		return carried, nil
	case sent.URL == refundPath && said.Result == resultError:
		if reason, final := refuses(said.ErrorCode); final {
			carried.Status, carried.Reason = api.AnswerRefused, string(reason)
			return carried, nil
		}
	}
	return carried, fmt.Errorf("%s answers %.32q: %w", wallet.ID, said.Result+said.ErrorCode, errUnclear)
}

// isCarriedOut reports whether a payment stands as a call wants it to.
func isCarriedOut(path, state string) bool {
	switch path {
	case statusPath:
		return state == stateApproved || state == stateRefunded
	case cancelPath:
		return state == stateCanceled || state == stateCancelledShop
	case refundPath:
		return state == stateRefunded
	}
	return false
}

// declines is the reason for an error code that is a final no to a payment. All others
// leave open what has happened.
func declines(code string) (hansa.Reason, bool) {
	switch code {
	case codeInsufficientFunds:
		return hansa.InsufficientFunds, true
	case codeLimitExceeded, codeAmountTooHigh:
		return hansa.WalletLimit, true
	case codeCancelledByUser:
		return hansa.DeclinedByPayer, true
	case codeFraudDetected:
		return hansa.PayerBlocked, true
	case codeInvalidBarcode:
		return hansa.CodeInvalid, true
	case codeInvalidState, codeIssuerNotSupported, codeInvalidParameter, codeBranchNotFound:
		return hansa.PaymentDeclined, true
	}
	return "", false
}

// refuses is the reason for an error code that is a final no to a refund.
func refuses(code string) (hansa.Reason, bool) {
	switch code {
	case codeAmountTooHigh:
		return hansa.RefundTooLarge, true
	case codeInvalidState:
		return hansa.NotAllowedNow, true
	case codeFraudDetected:
		return hansa.PayerBlocked, true
	}
	return "", false
}
