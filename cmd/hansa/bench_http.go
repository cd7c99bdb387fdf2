package main

import (
	"bytes"
	"context"
	"net/http"
	"strings"

	"github.com/hansa-network/hansa/api"
)

// overHTTP lets the nodes listen on loopback, and asks as members do: each message
// is signed by its sender, and each answer verified.
func (n *benchNetwork) overHTTP(ctx context.Context) (asking, error) {
	var origins []string
	var lines []*tillLines
	for _, node := range n.nodes {
		// The demo's way: the origin is what the request says.
		origin, err := n.listen(ctx, node.api(""))
		if err != nil {
			return nil, err
		}
		origins, lines = append(origins, origin), append(lines, n.lines(ctx, strings.TrimPrefix(origin, "http://")))
	}
	return func(ctx context.Context, ask benchAsk) (api.Answer, error) {
		at := ask.client % len(origins)
		return n.exchange(ctx, lines[at], origins[at], ask)
	}, nil
}

// lines returns connections that are closed when ctx ends.
func (n *benchNetwork) lines(ctx context.Context, address string) *tillLines {
	l := &tillLines{address: address, lines: make(map[int]*tillLine)}
	n.running.Go(func() { <-ctx.Done(); l.close() })
	return l
}

// exchange makes one request. What is refused at the door is not signed.
func (n *benchNetwork) exchange(ctx context.Context, lines *tillLines, origin string, ask benchAsk) (api.Answer, error) {
	request, err := n.signed(ctx, origin, ask)
	if err != nil {
		return api.Answer{}, err
	}
	answer, err := lines.exchange(ctx, ask.client, request)
	if err != nil || answer.Header.Get("Signature") == "" {
		return answer, err
	}
	if ask.signed != nil {
		*ask.signed = signedAsk{} // It was read, and is good for once.
	}
	_, err = api.VerifyResponse(answer, request, n.switchKeys, n.now())
	return answer, err
}

// signed returns a request that is ready to be sent: the one that was kept, if there
// is one.
func (n *benchNetwork) signed(ctx context.Context, origin string, ask benchAsk) (*http.Request, error) {
	if ask.signed != nil && ask.signed.request != nil {
		return ask.signed.again(), nil
	}
	body := ask.body()
	request, err := http.NewRequestWithContext(ctx, ask.method, origin+ask.path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	if len(body) > 0 {
		request.Header.Set("Content-Type", api.MediaJSON)
	}
	signing := api.Signing{KeyID: api.KeyID(ask.participant, 1), Key: n.keys[ask.participant], Now: n.now(), Nonce: nonce()}
	if err := api.SignRequest(request, body, signing); err != nil {
		return nil, err
	}
	if ask.signed != nil {
		*ask.signed = signedAsk{request, body}
	}
	return request, nil
}

// listen serves handler on a free port until ctx ends, and returns its address.
func (n *benchNetwork) listen(ctx context.Context, handler http.Handler) (string, error) {
	listener, err := listen(ctx, "127.0.0.1:0", false)
	if err != nil {
		return "", err
	}
	n.running.Go(func() {
		if err := serve(ctx, listener, handler); err != nil {
			quietLog().Error("a server of the measurement ended", "error", err)
		}
	})
	return "http://" + listener.Addr().String(), nil
}

// switchKeys finds the switch's own key.
func (n *benchNetwork) switchKeys(keyID string) (api.Key, bool) {
	return api.Key{Public: publicOf(n.first().secrets.key)}, keyID == switchKeyID
}

// A benchWallet is every wallet: it verifies the question and signs its yes.
type benchWallet struct{ network *benchNetwork }

func (b benchWallet) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := api.ReadBody(r.Body, api.BodyMax)
	if err == nil {
		err = b.answer(w, r, body)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
	}
}

func (b benchWallet) answer(w http.ResponseWriter, r *http.Request, body []byte) error {
	n := b.network
	origin := "http://" + r.Host
	if _, err := api.VerifyRequest(r, body, origin, n.switchKeys, n.now()); err != nil {
		return err
	}
	var ask api.Ask
	if err := api.Decode(body, &ask); err != nil {
		return err
	}
	wallet := n.issuers[ask.Code[:len("70dddd")]]
	document := api.Encode(granted(ask))
	w.Header().Set("Content-Type", api.MediaJSON)
	signing := api.Signing{KeyID: api.KeyID(wallet, 1), Key: n.keys[wallet], Now: n.now()}
	if err := api.SignResponse(api.Answer{Status: http.StatusOK, Header: w.Header(), Body: document}, r, origin, signing); err != nil {
		return err
	}
	_, err := w.Write(document)
	return err
}
