// Package bluecode speaks version 4 of Bluecode's merchant API with tills and shops that
// were built for it: payments by a scanned barcode, registered ones that the payer scans,
// status, cancel, refund. Any wallet of the network may pay. The package translates and
// holds no rule of its own. The barcodes of the protocol's sandbox are answered here, and
// only to a client that shows sandbox credentials. A wallet whose merchant the network is
// is asked in the same protocol.
package bluecode

import (
	"net/http"
	"strings"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
)

// Name is what the dialect is called in a Client.
const Name = "bluecode"

const (
	root      = "/v4/"
	grantPath = "/oauth2/token"
)

// A Dialect answers requests of Bluecode's merchants. It is safe for concurrent use.
type Dialect struct {
	secret []byte
}

// New returns the dialect. Under the secret it signs access tokens: who changes it makes
// all tokens void.
func New(secret [32]byte) *Dialect { return &Dialect{secret: secret[:]} }

// Owns reports whether a request is of this protocol: by its path alone.
func (d *Dialect) Owns(r *http.Request) bool {
	return strings.HasPrefix(r.URL.Path, root) || r.URL.Path == grantPath
}

// A desk serves one request of a client that is known.
type desk struct {
	api.Question

	client    api.Client
	counter   api.Counter
	isSandbox bool // the client has shown sandbox credentials
	fields    fields
}

// Answer answers a request of a till. It never fails: what is refused is said in the
// words of the protocol.
func (d *Dialect) Answer(q api.Question) api.Answer {
	if q.Request.URL.Path == grantPath {
		return d.token(q)
	}
	endpoint := strings.TrimPrefix(q.Request.URL.Path, root)
	answer, err := d.serve(q, endpoint)
	if err != nil {
		return refusal(err, endpoint)
	}
	return answer
}

func (d *Dialect) serve(q api.Question, endpoint string) (api.Answer, error) {
	known, err := d.identify(q)
	if err != nil {
		return api.Answer{}, err
	}
	if q.Request.Method != http.MethodPost {
		return api.Answer{}, hansa.Refuse(hansa.MethodNotAllowed, "use POST")
	}
	said, err := readFields(q)
	if err != nil {
		return api.Answer{}, err
	}
	at := &desk{Question: q, client: known.client, counter: q.Serve(known.client), isSandbox: known.sandbox, fields: said}
	return at.serve(endpoint)
}

func (d *desk) serve(endpoint string) (api.Answer, error) {
	switch endpoint {
	case "payment":
		return d.pay()
	case "register":
		return d.register()
	case "status":
		return d.status()
	case "cancel":
		return d.cancel()
	case "refund":
		return d.refund()
	case "heartbeat":
		return d.heartbeat()
	case "receipt":
		return d.receipt()
	case "merchant_token":
		return api.Answer{}, &no{http.StatusBadRequest, codeIssuerNotSupported}
	case "loyalty/status", "rewards/redeem":
		return api.Answer{}, &no{http.StatusBadRequest, codeLoyaltyNotConfigured}
	}
	return api.Answer{}, &no{http.StatusNotFound, codeInvalidParameter}
}

// told answers with a JSON body.
func told(status int, body any) api.Answer {
	return api.Answer{Status: status, Header: http.Header{"Content-Type": {"application/json"}}, Body: api.Encode(body)}
}

// heartbeat answers POST /heartbeat: a till has started, still runs or stops. The network
// keeps no watch over tills; what can be checked is that it knows the branch.
func (d *desk) heartbeat() (api.Answer, error) {
	if _, err := d.counter.Store(d.store()); err != nil {
		return api.Answer{}, err
	}
	return told(http.StatusOK, outcome{Result: resultOK}), nil
}

// receipt answers POST /receipt: it keeps the till's receipt beside the transaction. The
// payer's own is the network's, which names the same reference.
func (d *desk) receipt() (api.Answer, error) {
	id := d.fields["acquirer_tx_id"]
	if err := d.knows(id); err != nil {
		return api.Answer{}, err
	}
	if len(d.Body) > api.MemoMax {
		return api.Answer{}, hansa.Refuse(hansa.TooLarge, "more than %d bytes", api.MemoMax)
	}
	if err := d.counter.PutDocument("receipt", api.Document{ID: id, Body: d.Body}); err != nil {
		return api.Answer{}, err
	}
	return told(http.StatusOK, outcome{Result: resultOK}), nil
}

func (d *desk) knows(acquirerTxID string) error {
	if d.isSandbox && strings.HasPrefix(acquirerTxID, rehearsalPrefix) {
		_, err := d.rehearsed(acquirerTxID)
		return err
	}
	_, err := d.counter.SaleOf(acquirerTxID)
	return err
}
