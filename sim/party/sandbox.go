package party

import (
	"context"
	"net/http"
	"net/netip"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
)

// Limits of the sandbox.
const (
	waitFor   = 25 * time.Second // for the outcome of a payment
	waitMax   = 20               // seconds that a till can be asked to wait
	latestMax = 50               // entries of a book that are shown
)

// Sandbox returns what plays payers and tills by name, to be mounted under
// /sandbox/. It speaks plain JSON without signatures and answers this machine
// only.
//
//	POST /sandbox/wallets/{wallet}/payers                             opens a payer
//	GET  /sandbox/wallets/{wallet}/payers/{payer}                     what the payer's app shows
//	POST /sandbox/wallets/{wallet}/payers/{payer}/codes               shows a payment code
//	POST /sandbox/wallets/{wallet}/payers/{payer}/scan                scans a code
//	POST /sandbox/wallets/{wallet}/payers/{payer}/pay                 scans a code and accepts
//	POST /sandbox/wallets/{wallet}/payers/{payer}/prompts/{reference} answers a prompt
//	POST /sandbox/wallets/{wallet}/behaviour                          lets the wallet misbehave
//	GET  /sandbox/wallets/{wallet}/book                               its ledger
//	GET  /sandbox/acquirers/{acquirer}/book                           its ledger
//	GET  /sandbox/stores                                              stores, contracts and printed codes
//	POST /sandbox/tills/{store}/sales                                 scans a payer's code
//	POST /sandbox/tills/{store}/orders                                shows an order
//	POST /sandbox/tills/{store}/private-codes                         shows a code that its acquirer alone understands
//	GET  /sandbox/tills/{store}/orders/{order}
//	POST /sandbox/tills/{store}/orders/{order}/cancel
//	GET  /sandbox/tills/{store}/payments/{reference}
//	POST /sandbox/tills/{store}/payments/{reference}/cancel
//	POST /sandbox/tills/{store}/payments/{reference}/refunds
func (all *Parties) Sandbox() http.Handler {
	mux := http.NewServeMux()
	for pattern, serve := range map[string]func(*http.Request) (any, error){
		"POST /sandbox/wallets/{wallet}/payers":                             all.openPayer,
		"GET /sandbox/wallets/{wallet}/payers/{payer}":                      all.showPayer,
		"POST /sandbox/wallets/{wallet}/payers/{payer}/codes":               all.showCode,
		"POST /sandbox/wallets/{wallet}/payers/{payer}/scan":                all.scanCode,
		"POST /sandbox/wallets/{wallet}/payers/{payer}/pay":                 all.payCode,
		"POST /sandbox/wallets/{wallet}/payers/{payer}/prompts/{reference}": all.answerPrompt,
		"POST /sandbox/wallets/{wallet}/behaviour":                          all.misbehave,
		"GET /sandbox/wallets/{wallet}/book":                                all.showWalletBook,
		"GET /sandbox/acquirers/{acquirer}/book":                            all.showAcquirerBook,
		"GET /sandbox/stores":                                               all.showStores,
		"POST /sandbox/tills/{store}/sales":                                 all.sell,
		"POST /sandbox/tills/{store}/orders":                                all.makeOrder,
		"POST /sandbox/tills/{store}/private-codes":                         all.showPrivate,
		"GET /sandbox/tills/{store}/orders/{order}":                         all.showOrder,
		"POST /sandbox/tills/{store}/orders/{order}/cancel":                 all.cancelOrder,
		"GET /sandbox/tills/{store}/payments/{reference}":                   all.showPayment,
		"POST /sandbox/tills/{store}/payments/{reference}/cancel":           all.cancelPayment,
		"POST /sandbox/tills/{store}/payments/{reference}/refunds":          all.refundPayment,
	} {
		mux.HandleFunc(pattern, all.played(serve))
	}
	mux.HandleFunc("/sandbox/", func(w http.ResponseWriter, _ *http.Request) {
		writeProblem(w, hansa.Refuse(hansa.NotFound, "the sandbox has no such thing"))
	})
	// A page of another origin must not play with the sandbox through a browser.
	return http.NewCrossOriginProtection().Handler(mux)
}

// played serves one route for this machine.
func (all *Parties) played(serve func(*http.Request) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if !fromHere(r) {
			writeProblem(w, hansa.Refuse(hansa.NotFound, "the sandbox answers its own machine only"))
			return
		}
		ctx, cancel := context.WithTimeout(r.Context(), waitFor)
		defer cancel()
		answer, err := serve(r.WithContext(ctx))
		if err != nil {
			if _, refused := hansa.ReasonOf(err); !refused {
				all.config.Log.Error("the sandbox failed", "path", r.URL.Path, "error", err)
			}
			writeProblem(w, err)
			return
		}
		w.Header().Set("Content-Type", api.MediaJSON)
		w.Header().Set("Cache-Control", "no-store")
		_, _ = w.Write(api.Encode(answer))
	}
}

// fromHere reports whether a request comes from this machine.
func fromHere(r *http.Request) bool {
	from, err := netip.ParseAddrPort(r.RemoteAddr)
	return err == nil && from.Addr().Unmap().IsLoopback()
}

// read decodes the body; none at all is as good as an empty object.
func read(r *http.Request, into any) error {
	body, err := api.ReadBody(r.Body, api.BodyMax)
	if err != nil {
		return err
	}
	if len(body) == 0 {
		body = []byte("{}")
	}
	return api.Decode(body, into)
}

// latest returns the last entries, the newest first.
func latest[T any](entries []T) []T {
	shown := []T{}
	for i := len(entries) - 1; i >= 0 && len(shown) < latestMax; i-- {
		shown = append(shown, entries[i])
	}
	return shown
}
