package bluecode

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"strings"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/money"
)

// sourceShop is what a shop without a till says of itself when it registers a payment.
const sourceShop = "ecommerce"

// A wish is what a payment and a registered one have in common.
type wish struct {
	id        string // the till's
	requestID string
	amount    money.Amount
}

func (d *desk) wish() (wish, error) {
	id, err := d.fields.merchantTxID()
	if err != nil {
		return wish{}, err
	}
	amount, err := d.fields.amount()
	return wish{id, requestID(id), amount}, err
}

// requestID makes a request id of the till's id, which may have any characters.
func requestID(merchantTxID string) string {
	strange := func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("._:-", r)
	}
	if !strings.ContainsFunc(merchantTxID, strange) {
		return merchantTxID
	}
	sum := sha256.Sum256([]byte(merchantTxID))
	return hex.EncodeToString(sum[:])
}

// store is the branch that the till names, or the client's own.
func (d *desk) store() string {
	if branch := d.fields["branch_ext_id"]; branch != "" {
		return branch
	}
	return d.client.Store
}

// terminal is the client's own if it has one: tills of this protocol name themselves as
// they like. Otherwise it is what the till says.
func (d *desk) terminal() string {
	if d.client.Terminal != "" {
		return d.client.Terminal
	}
	return d.fields["terminal"]
}

// pay answers POST /payment: the till has scanned a barcode.
func (d *desk) pay() (api.Answer, error) {
	w, err := d.wish()
	if err != nil {
		return api.Answer{}, err
	}
	barcode := d.fields["barcode"]
	if barcode == "" {
		return api.Answer{}, &no{http.StatusBadRequest, codeInvalidBarcode}
	}
	if act, known := rehearsals(barcode); known && d.isSandbox {
		return d.rehearse(w, act)
	}
	if earlier, err := d.unlessUnique(w); err != nil || earlier != nil {
		return orNothing(earlier), err
	}
	paid, err := d.counter.AskPayment(api.AskPayment{
		RequestID: w.requestID, Code: barcode, Amount: w.amount, Store: d.store(), Terminal: d.terminal(), OrderReference: w.id,
	}, api.Encode(memo{MerchantTxID: w.id}))
	if err != nil {
		return api.Answer{}, err
	}
	return d.answered(api.Sale{Memo: api.Encode(memo{MerchantTxID: w.id}), Payment: &paid})
}

// unlessUnique answers a till that uses an id again. It learns what became of the first,
// so that one that does not then ask for the status cancels it rather than forget it.
func (d *desk) unlessUnique(w wish) (*api.Answer, error) {
	earlier, err := d.counter.Sale(w.requestID)
	if isMissing(err) {
		return nil, nil //nolint:nilnil // Nothing is there, and that is fine.
	}
	if err != nil {
		return nil, err
	}
	shown, err := paymentOf(earlier, d.Origin)
	if err != nil {
		return nil, err
	}
	answer := told(http.StatusBadRequest, outcome{Result: resultError, ErrorCode: codeNotUnique, Payment: &shown})
	return &answer, nil
}

// isMissing reports a refusal that says that there is nothing.
func isMissing(err error) bool {
	reason, _ := hansa.ReasonOf(err)
	return reason == hansa.NotFound
}

func orNothing(answer *api.Answer) api.Answer {
	if answer == nil {
		return api.Answer{}
	}
	return *answer
}

// register answers POST /register: the payer is to scan. A till gets the text to show as
// a symbol, a shop the page to which it sends its customer.
func (d *desk) register() (api.Answer, error) {
	w, err := d.wish()
	if err != nil {
		return api.Answer{}, err
	}
	kept := memo{
		MerchantTxID: w.id, Callback: d.fields["merchant_callback_url"], Success: d.fields["return_url_success"],
		Failure: d.fields["return_url_failure"], Cancel: d.fields["return_url_cancel"], Shop: d.fields["source"] == sourceShop,
	}
	if !isLink(kept.Callback, kept.Success, kept.Failure, kept.Cancel) {
		return api.Answer{}, hansa.Refuse(hansa.Malformed, "an address is not one")
	}
	if earlier, err := d.unlessUnique(w); err != nil || earlier != nil {
		return orNothing(earlier), err
	}
	order, err := d.counter.MakeOrder(api.MakeOrder{
		RequestID: w.requestID, Amount: w.amount, Store: d.store(), Terminal: d.terminal(), OrderReference: w.id,
	}, api.Encode(kept))
	if err != nil {
		return api.Answer{}, err
	}
	return d.answered(api.Sale{Memo: api.Encode(kept), Order: &order})
}

// isLink reports whether each text is an absolute address, or nothing.
func isLink(texts ...string) bool {
	for _, text := range texts {
		address, err := url.Parse(text)
		if text != "" && (err != nil || address.Host == "" || address.User != nil || address.Scheme != "https" && address.Scheme != "http") {
			return false
		}
	}
	return true
}
