package main

import (
	"context"
	"fmt"
	"net/http"

	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/outbound"
	"github.com/hansa-network/hansa/sim"
)

// overHTTP lets the switch and the wallets listen on loopback, and pays as tills
// do: four messages a payment, each signed by its sender and verified.
func (n *benchNetwork) overHTTP(ctx context.Context) (pay, error) {
	wallets, err := n.listen(ctx, benchWallet{n})
	if err != nil {
		return nil, err
	}
	if n.world, err = n.join(wallets); err != nil {
		return nil, err
	}
	if err := n.enrol(ctx); err != nil {
		return nil, err
	}
	var origins []string
	for i, node := range n.nodes {
		node.engine.calls = n.wired[i]
		// The demo's way: the origin is what the request says.
		origin, err := n.listen(ctx, node.api(""))
		if err != nil {
			return nil, err
		}
		origins = append(origins, origin)
	}
	return n.tills(origins), nil
}

// listen serves handler on a free port until ctx ends, and returns its address.
func (n *benchNetwork) listen(ctx context.Context, handler http.Handler) (string, error) {
	listener, err := listen(ctx, "127.0.0.1:0", false)
	if err != nil {
		return "", err
	}
	n.serving.Go(func() {
		if err := serve(ctx, listener, handler); err != nil {
			n.first().log.Error("a server of the measurement ended", "error", err)
		}
	})
	return "http://" + listener.Addr().String(), nil
}

// tills pay through their acquirers' clients, each at the node of its origin.
func (n *benchNetwork) tills(origins []string) pay {
	clients := make(map[string]*outbound.Client)
	for id, key := range n.keys {
		clients[id] = &outbound.Client{
			KeyID: api.KeyID(id, 1), Key: key, Transport: n.first().transport, Now: n.first().now, Nonce: nonce, Keys: n.switchKey,
		}
	}
	return func(ctx context.Context, sale benchSale) error {
		peer := outbound.Peer{Participant: sim.Operator, URL: origins[sale.client%len(origins)] + "/v1"}
		var paid api.Payment
		call := outbound.Call{Method: http.MethodPost, Path: "/payments", Body: sale.ask, Into: &paid}
		if err := clients[sale.acquirer].Do(ctx, peer, call); err != nil {
			return fmt.Errorf("pay: %w", err)
		}
		return approved(paid)
	}
}

// switchKey finds the switch's own key.
func (n *benchNetwork) switchKey(keyID string) (api.Key, string, bool) {
	return api.Key{Public: publicOf(n.first().secrets.key)}, sim.Operator, keyID == switchKeyID
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
	keys := func(keyID string) (api.Key, bool) { key, _, ok := n.switchKey(keyID); return key, ok }
	origin := "http://" + r.Host
	if _, err := api.VerifyRequest(r, body, origin, keys, n.first().now()); err != nil {
		return err
	}
	var ask api.Ask
	if err := api.Decode(body, &ask); err != nil {
		return err
	}
	wallet := n.issuers[ask.Code[:len("70dddd")]]
	document := api.Encode(granted(ask))
	w.Header().Set("Content-Type", api.MediaJSON)
	signing := api.Signing{KeyID: api.KeyID(wallet, 1), Key: n.keys[wallet], Now: n.first().now()}
	if err := api.SignResponse(api.Answer{Status: http.StatusOK, Header: w.Header(), Body: document}, r, origin, signing); err != nil {
		return err
	}
	_, err := w.Write(document)
	return err
}
