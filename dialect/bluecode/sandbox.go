package bluecode

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
)

// A rehearsal is a payment with a barcode of the protocol's sandbox. No wallet is asked
// and no money moves: it is a document of the client, by which its later calls find it.
type rehearsal struct {
	MerchantTxID string    `json:"m"`
	Act          act       `json:"a"`
	Currency     string    `json:"u"`
	Amount       int64     `json:"v"`
	Refunded     int64     `json:"r,omitempty"`
	Cancelled    bool      `json:"x,omitempty"`
	At           time.Time `json:"t"`
}

// An act is what a barcode of the sandbox leads to.
type act string

const (
	actApprove        act = "approve"
	actApproveLater   act = "approve later"
	actNever          act = "never"
	actInvalid        act = "invalid"
	actInvalidState   act = "invalid state"
	actLimitExceeded  act = "limit exceeded"
	actSystemFailure  act = "system failure"
	rehearsalKind         = "sandbox"
	rehearsalPrefix       = "SANDBOX"
	approvesAfter         = 5 * time.Second
	neverTimeToLiveMs     = 15_000
)

// rehearsals returns the act of a barcode of the sandbox.
func rehearsals(barcode string) (act, bool) {
	switch barcode {
	case "98802222100100123456":
		return actApprove, true
	case "98802222999900301000":
		return actApproveLater, true
	case "98802222999900315000":
		return actNever, true
	case "98888888888888888888":
		return actInvalid, true
	case "98804444000000402006":
		return actInvalidState, true
	case "98804444000000402007":
		return actLimitExceeded, true
	case "98802222999900500500":
		return actSystemFailure, true
	}
	return "", false
}

// acquirerTxID names the rehearsal of a till's id.
func acquirerTxID(merchantTxID string) string {
	sum := sha256.Sum256([]byte(merchantTxID))
	return rehearsalPrefix + strings.ToUpper(hex.EncodeToString(sum[:8]))
}

func (d *desk) rehearse(w wish, does act) (api.Answer, error) {
	earlier, err := d.rehearsedAs(w.id)
	if err == nil {
		shown := earlier.payment(d.Now)
		return told(http.StatusBadRequest, outcome{Result: resultError, ErrorCode: codeNotUnique, Payment: &shown}), nil
	}
	if !isMissing(err) {
		return api.Answer{}, err
	}
	switch does {
	case actInvalid:
		return api.Answer{}, &no{http.StatusBadRequest, codeInvalidBarcode}
	case actSystemFailure:
		return api.Answer{}, &no{http.StatusInternalServerError, codeSystemFailure}
	case actApprove, actApproveLater, actNever, actInvalidState, actLimitExceeded:
	}
	r := rehearsal{MerchantTxID: w.id, Act: does, Currency: string(w.amount.Currency), Amount: w.amount.Value, At: d.Now}
	if err := d.keep(r); err != nil {
		return api.Answer{}, err
	}
	return r.answer(d.Now), nil
}

func (d *desk) keep(r rehearsal) error {
	return d.counter.PutDocument(rehearsalKind, api.Document{ID: acquirerTxID(r.MerchantTxID), Body: api.Encode(r)})
}

// rehearsedAs finds a rehearsal by the till's id.
func (d *desk) rehearsedAs(merchantTxID string) (rehearsal, error) {
	return d.rehearsed(acquirerTxID(merchantTxID))
}

// rehearsed finds a rehearsal. There are none but for sandbox credentials.
func (d *desk) rehearsed(id string) (rehearsal, error) {
	if !d.isSandbox || !strings.HasPrefix(id, rehearsalPrefix) {
		return rehearsal{}, hansa.Refuse(hansa.NotFound, "no such transaction")
	}
	kept, err := d.counter.Document(rehearsalKind, id)
	if err != nil {
		return rehearsal{}, err
	}
	var r rehearsal
	if err := json.Unmarshal(kept.Body, &r); err != nil {
		return r, fmt.Errorf("read rehearsal: %w", err)
	}
	return r, nil
}

func (r rehearsal) answer(now time.Time) api.Answer {
	shown := r.payment(now)
	if shown.State != stateProcessing {
		return told(http.StatusOK, outcome{Result: resultOK, Payment: &shown})
	}
	status := &waiting{r.MerchantTxID, checkSoonMs, timeToLiveMs}
	if r.Act == actNever {
		status.TTL = neverTimeToLiveMs
	}
	return told(http.StatusOK, outcome{Result: resultProcessing, Status: status})
}

func (r rehearsal) payment(now time.Time) payment {
	p := payment{
		State: stateApproved, MerchantTxID: r.MerchantTxID, AcquirerTxID: acquirerTxID(r.MerchantTxID), Scheme: schemeOf(Name),
		Currency: r.Currency, TotalAmount: r.Amount, RequestedAmount: r.Amount, SlipNote: "sandbox",
	}
	switch r.Act {
	case actApprove, actInvalid, actSystemFailure:
	case actApproveLater:
		if now.Sub(r.At) < approvesAfter {
			p.State = stateProcessing
		}
	case actNever:
		p.State = stateProcessing
	case actInvalidState:
		p.State, p.Code = stateDeclined, codeInvalidState
	case actLimitExceeded:
		p.State, p.Code = stateDeclined, codeLimitExceeded
	}
	if r.Refunded == r.Amount {
		p.State = stateRefunded
	}
	if r.Cancelled {
		p.State = stateCanceled
	}
	return p
}

func (d *desk) cancelRehearsal(r rehearsal, err error) (api.Answer, error) {
	if err != nil {
		return api.Answer{}, err
	}
	if r.payment(d.Now).State != stateDeclined {
		r.Cancelled = true
	}
	if err := d.keep(r); err != nil {
		return api.Answer{}, err
	}
	return r.answer(d.Now), nil
}

func (d *desk) refundRehearsal(r rehearsal, err error) (api.Answer, error) {
	if err != nil {
		return api.Answer{}, err
	}
	amount := r.Amount - r.Refunded
	if d.fields["amount"] != "" {
		if amount, err = d.fields.minorUnits("amount"); err != nil {
			return api.Answer{}, err
		}
	}
	if r.payment(d.Now).State != stateApproved {
		return api.Answer{}, &no{http.StatusBadRequest, codeInvalidState}
	}
	if amount == 0 || amount > r.Amount-r.Refunded {
		return api.Answer{}, &no{http.StatusBadRequest, codeAmountTooHigh}
	}
	r.Refunded += amount
	if err := d.keep(r); err != nil {
		return api.Answer{}, err
	}
	shown := r.payment(d.Now)
	shown.State = stateRefunded
	return told(http.StatusOK, outcome{Result: resultOK, Payment: &shown}), nil
}
