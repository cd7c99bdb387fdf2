package wechat

import (
	"encoding/hex"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
)

// A Party is the other side: a make-believe WeChat Pay, which shares the key of the
// dialect and the number of the merchant. It is safe for concurrent use.
type Party struct {
	dialect  *Dialect
	merchant string // mch_id
}

// NewParty returns the party that knows this merchant number.
func NewParty(c Config, merchant string) *Party { return &Party{New(c), merchant} }

// payerWait is how long a user may take to type the password.
const payerWait = 30 * time.Second

// Asked reads a call as the wallet gets it: the reverse of Call. Of what the protocol
// does not carry, such as the payee's city, nothing is there. It refuses BadSignature,
// and Malformed what is no call.
func (p *Party) Asked(q api.Question) (api.WalletCall, error) {
	said, err := readFields(q.Body)
	if err != nil {
		return api.WalletCall{}, hansa.Refuse(hansa.Malformed, "not a message")
	}
	if !p.dialect.verify(said) || said["mch_id"] != p.merchant || said["appid"] != p.dialect.appID {
		return api.WalletCall{}, hansa.Refuse(hansa.BadSignature, "the signature does not hold")
	}
	call := api.WalletCall{Ask: api.Ask{Reference: ofPayment + said["out_trade_no"]}, Wallet: api.Client{Dialect: Name, ID: p.merchant}}
	path := q.Request.URL.Path
	switch {
	case strings.HasSuffix(path, payPath):
		err = readAsk(&call, said)
		call.Ask.PayerUntil = q.Now.Add(payerWait)
	case strings.HasSuffix(path, inquirePath):
		call.Kind = api.CallInquire
	case strings.HasSuffix(path, reversePath):
		call.Kind, call.Stop = api.CallCancel, api.Stop{Reference: call.Ask.Reference}
	case strings.HasSuffix(path, refundPath):
		err = readRefund(&call, said)
	default:
		err = errUnclear
	}
	if err != nil || said["out_trade_no"] == "" {
		return api.WalletCall{}, hansa.Refuse(hansa.Malformed, "not a call")
	}
	return call, nil
}

func readAsk(call *api.WalletCall, said fields) (err error) {
	call.Kind, call.Ask.Code, call.Ask.Payee.Name = api.CallAsk, said["auth_code"], said["body"]
	if !IsCode(call.Ask.Code) {
		return fmt.Errorf("code: %w", errUnclear)
	}
	if call.Ask.DebitAmount, err = readAmount(said["total_fee"], said["fee_type"]); err != nil {
		return err
	}
	call.Ask.Payee.Store, call.Ask.OrderAmount, err = readAttached(said["attach"])
	return err
}

func readRefund(call *api.WalletCall, said fields) (err error) {
	call.Kind = api.CallCarry
	call.Carry = api.Carry{Movement: ofMovement + said["out_refund_no"], Payment: call.Ask.Reference, Kind: "refund"}
	if call.Carry.DebitAmount, err = readAmount(said["refund_fee"], said["refund_fee_type"]); err != nil {
		return err
	}
	call.Ask.DebitAmount, err = readAmount(said["total_fee"], said["refund_fee_type"])
	return err
}

// Answered says what became of a payment, as WeChat Pay does: the reverse of Heard.
// Without a status it says that something went wrong in the wallet itself.
func (p *Party) Answered(q api.Question, call api.WalletCall, told api.WalletAnswer) api.Answer {
	said := p.answer(call, q.Chance)
	switch told.Status {
	case "":
		said.fail(errSystem)
	case api.AnswerPaid:
		said["total_fee"] = strconv.FormatInt(told.DebitAmount.Value, 10)
		said["fee_type"] = string(told.DebitAmount.Currency)
		said["attach"] = attached(told.Payee, told.OrderAmount)
		said["trade_state"] = tradeSuccess
	case api.AnswerAwaitingPayer:
		said["trade_state"] = tradeUserPaying
		if call.Kind != api.CallInquire {
			said.fail(errUserPaying)
		}
	case api.AnswerDeclined:
		said["trade_state"] = tradePayError
		if call.Kind != api.CallInquire {
			said.fail(codeFor(hansa.Reason(told.Reason)))
		}
	case api.AnswerCancelled:
		said["trade_state"], said["recall"] = tradeRevoked, "N"
		if call.Kind == api.CallAsk {
			said.fail("ORDERREVERSED")
		}
	case api.AnswerNotFound:
		said.fail(errOrderNotExist)
	default:
		panic("wechat: a wallet says " + told.Status)
	}
	return p.send(said)
}

// codeFor is the error code for a reason: the first that means it.
func codeFor(reason hansa.Reason) string {
	for _, code := range []string{errNotEnough, errCodeExpired, "AUTH_CODE_INVALID", errAccountAbnormal, "RULELIMIT"} {
		if meant, _ := declined(code); meant == reason {
			return code
		}
	}
	return "TRADE_ERROR"
}

// CarriedOut says what became of a refund: the reverse of Carried. Without a status it is
// as above.
func (p *Party) CarriedOut(q api.Question, call api.WalletCall, carried api.Carried) api.Answer {
	said := p.answer(call, q.Chance)
	said["out_refund_no"] = numberOf(call.Carry.Movement, ofMovement)
	switch carried.Status {
	case "":
		said.fail(errSystem)
	case api.AnswerDone:
		said["refund_fee"] = strconv.FormatInt(call.Carry.DebitAmount.Value, 10)
		said["refund_fee_type"] = string(call.Carry.DebitAmount.Currency)
	default:
		said.fail(errAccountAbnormal)
	}
	return p.send(said)
}

// Refused answers what Asked did not take. Such an answer is not signed.
func (p *Party) Refused(_ api.Question, err error) api.Answer {
	why := "the call is not in form"
	if reason, _ := hansa.ReasonOf(err); reason == hansa.BadSignature {
		why = "the signature does not hold"
	}
	return written(fields{"return_code": failure, "return_msg": why})
}

func (p *Party) answer(call api.WalletCall, chance hansa.Chance) fields {
	drawn := chance.Draw("wechat answer")
	return fields{
		"return_code": success, "return_msg": "OK", "result_code": success, "appid": p.dialect.appID, "mch_id": p.merchant,
		"nonce_str": hex.EncodeToString(drawn[:nonceBytes]), "out_trade_no": numberOf(call.Ask.Reference, ofPayment),
	}
}

func (f fields) fail(code string) { f["result_code"], f["err_code"] = failure, code }

func (p *Party) send(said fields) api.Answer {
	p.dialect.sign(said)
	return written(said)
}

func written(said fields) api.Answer {
	return api.Answer{Status: http.StatusOK, Header: http.Header{"Content-Type": {mediaOfText}}, Body: said.write()}
}
