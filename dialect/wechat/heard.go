package wechat

import (
	"fmt"
	"net/http"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
)

// Error codes of the protocol that prove something. All others, SYSTEMERROR and BANKERROR
// above all, leave open what has happened.
const (
	errUserPaying      = "USERPAYING"
	errOrderNotExist   = "ORDERNOTEXIST"
	errNotEnough       = "NOTENOUGH"
	errCodeExpired     = "AUTHCODEEXPIRE"
	errSystem          = "SYSTEMERROR"
	errTradeOverdue    = "TRADE_OVERDUE"
	errAccountAbnormal = "USER_ACCOUNT_ABNORMAL"
)

// States of a payment, as an inquiry tells them.
const (
	tradeSuccess    = "SUCCESS"
	tradeRefund     = "REFUND" // paid, and then given back in part or whole
	tradeNotPaid    = "NOTPAY"
	tradeClosed     = "CLOSED"
	tradeRevoked    = "REVOKED"
	tradeUserPaying = "USERPAYING"
	tradePayError   = "PAYERROR"
)

// declined is the reason for an error code that is a final no to a payment.
func declined(code string) (hansa.Reason, bool) {
	switch code {
	case errNotEnough:
		return hansa.InsufficientFunds, true
	case errCodeExpired:
		return hansa.CodeExpired, true
	case "AUTH_CODE_ERROR", "AUTH_CODE_INVALID":
		return hansa.CodeInvalid, true
	case errAccountAbnormal:
		return hansa.PayerBlocked, true
	case "RULELIMIT":
		return hansa.WalletLimit, true
	case "NOTSUPORTCARD", "BUYER_MISMATCH", "TRADE_ERROR":
		return hansa.PaymentDeclined, true
	}
	return "", false
}

// hear reads an answer, if it is one of this wallet to this call.
func (d *Dialect) hear(call api.WalletCall, answer api.Answer, wallet api.Client) (fields, error) {
	if answer.Status != http.StatusOK {
		return nil, fmt.Errorf("%s answers with status %d: %w", wallet.ID, answer.Status, errUnclear)
	}
	said, err := readFields(answer.Body)
	switch {
	case err != nil:
		return nil, fmt.Errorf("answer of %s: %w", wallet.ID, err)
	case said["return_code"] != success:
		// It is not signed: anybody could have said so.
		return nil, fmt.Errorf("%s did not take the call: %w", wallet.ID, errUnclear)
	case !d.verify(said):
		return nil, fmt.Errorf("the signature of %s does not hold: %w", wallet.ID, errUnclear)
	case said["mch_id"] != wallet.ID || said["appid"] != d.appID:
		return nil, fmt.Errorf("%s answers somebody else: %w", wallet.ID, errUnclear)
	case said["out_trade_no"] != "" && said["out_trade_no"] != numberOf(call.Ask.Reference, ofPayment):
		return nil, fmt.Errorf("%s answers of another payment: %w", wallet.ID, errUnclear)
	case said["result_code"] != success && said["result_code"] != failure:
		return nil, fmt.Errorf("%s gives no result: %w", wallet.ID, errUnclear)
	}
	return said, nil
}

// Heard is what WeChat Pay says of a payment. An error is silence: the wallet was not
// understood, or what it says proves nothing. The answer to an inquiry that finds the
// payment refunded is that it was paid.
func (d *Dialect) Heard(call api.WalletCall, _ api.Message, answer api.Answer, wallet api.Client) (api.WalletAnswer, error) {
	said, err := d.hear(call, answer, wallet)
	if err != nil {
		return api.WalletAnswer{}, err
	}
	told := api.WalletAnswer{Reference: call.Ask.Reference}
	failed := said["result_code"] == failure
	reason, final := declined(said["err_code"])
	switch {
	case call.Kind == api.CallCancel:
		return cancelHeard(told, said)
	case !failed && call.Kind == api.CallInquire:
		return stateHeard(told, said, call.Ask)
	case !failed:
		return paidHeard(told, said, call.Ask)
	case said["err_code"] == errUserPaying:
		told.Status, told.Until = api.AnswerAwaitingPayer, &call.Ask.PayerUntil
		return told, nil
	case call.Kind == api.CallInquire && said["err_code"] == errOrderNotExist:
		told.Status = api.AnswerNotFound
		return told, nil
	case call.Kind == api.CallAsk && final:
		told.Status, told.Reason = api.AnswerDeclined, string(reason)
		return told, nil
	}
	return told, fmt.Errorf("%s answers %.32q: %w", wallet.ID, said["err_code"], errUnclear)
}

// paidHeard reads a yes, with its echo of what was paid.
func paidHeard(told api.WalletAnswer, said fields, ask api.Ask) (api.WalletAnswer, error) {
	var err error
	told.Status = api.AnswerPaid
	if said["out_trade_no"] != numberOf(ask.Reference, ofPayment) {
		return api.WalletAnswer{}, fmt.Errorf("a yes to nothing: %w", errUnclear)
	}
	if told.DebitAmount, err = readAmount(said["total_fee"], said["fee_type"]); err != nil {
		return api.WalletAnswer{}, err
	}
	if told.Payee, told.OrderAmount, err = readAttached(said["attach"]); err != nil {
		return api.WalletAnswer{}, err
	}
	return told, nil
}

// stateHeard reads what an inquiry has found.
func stateHeard(told api.WalletAnswer, said fields, ask api.Ask) (api.WalletAnswer, error) {
	switch said["trade_state"] {
	case tradeSuccess, tradeRefund:
		return paidHeard(told, said, ask)
	case tradeUserPaying, tradeNotPaid:
		told.Status, told.Until = api.AnswerAwaitingPayer, &ask.PayerUntil
		return told, nil
	case tradeClosed, tradeRevoked:
		told.Status = api.AnswerCancelled
		return told, nil
	case tradePayError:
		told.Status, told.Reason = api.AnswerDeclined, string(hansa.PaymentDeclined)
		return told, nil
	}
	return told, fmt.Errorf("a payment is %.32q: %w", said["trade_state"], errUnclear)
}

// cancelHeard reads the answer to a reversal. It alone has recall, with which the wallet
// asks to be told again; so no other answer is taken for it.
func cancelHeard(told api.WalletAnswer, said fields) (api.WalletAnswer, error) {
	if said["result_code"] == success && said["recall"] == "N" {
		told.Status = api.AnswerCancelled
		return told, nil
	}
	return told, fmt.Errorf("a reversal is answered with %.32q: %w", said["err_code"], errUnclear)
}

// Carried is what WeChat Pay says of a refund. An error is silence: it is told again.
func (d *Dialect) Carried(call api.WalletCall, _ api.Message, answer api.Answer, wallet api.Client) (api.Carried, error) {
	said, err := d.hear(call, answer, wallet)
	if err != nil {
		return api.Carried{}, err
	}
	carried := api.Carried{Movement: call.Carry.Movement}
	if call.Carry.Kind == kindCapture {
		return captureHeard(carried, said)
	}
	if said["result_code"] == success {
		back, err := readAmount(said["refund_fee"], said["refund_fee_type"])
		if err != nil || said["out_refund_no"] != numberOf(call.Carry.Movement, ofMovement) ||
			back.Value != call.Carry.DebitAmount.Value || said["refund_fee_type"] != "" && back != call.Carry.DebitAmount {
			return api.Carried{}, fmt.Errorf("%s gives back something else: %w", wallet.ID, errUnclear)
		}
		carried.Status = api.AnswerDone
		return carried, nil
	}
	switch said["err_code"] {
	case errTradeOverdue, errAccountAbnormal:
		carried.Status, carried.Reason = api.AnswerRefused, string(hansa.PaymentDeclined)
		return carried, nil
	}
	return carried, fmt.Errorf("%s answers %.32q: %w", wallet.ID, said["err_code"], errUnclear)
}

// captureHeard reads whether a payment stands that was debited when it was asked for.
func captureHeard(carried api.Carried, said fields) (api.Carried, error) {
	if said["result_code"] != success {
		return carried, fmt.Errorf("an inquiry is answered with %.32q: %w", said["err_code"], errUnclear)
	}
	switch said["trade_state"] {
	case tradeSuccess, tradeRefund:
		carried.Status = api.AnswerDone
		return carried, nil
	case tradeClosed, tradeRevoked, tradePayError:
		carried.Status, carried.Reason = api.AnswerRefused, string(hansa.PaymentCanceled)
		return carried, nil
	}
	return carried, fmt.Errorf("a payment is %.32q: %w", said["trade_state"], errUnclear)
}
