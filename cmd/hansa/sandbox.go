package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/sim/party"
)

// A sandbox plays wallets and tills of a demo.
type sandbox struct{ url string }

// A wish is one payment to be played.
type wish struct {
	Wallet   string
	Store    string
	Acquirer string // whose till or code is used; empty: the store's first
	Mode     member.Mode
	Amount   money.Amount
}

// play makes a payment with a fresh payer who has enough money and accepts what
// is asked, and follows it to its end.
func (s sandbox) play(ctx context.Context, p wish) (party.Paid, error) {
	var payer struct {
		Payer string `json:"payer"`
	}
	if err := s.post(ctx, "/wallets/"+url.PathEscape(p.Wallet)+"/payers", map[string]any{"accepts": "always"}, &payer); err != nil {
		return party.Paid{}, err
	}
	app := "/wallets/" + url.PathEscape(p.Wallet) + "/payers/" + url.PathEscape(payer.Payer)
	switch p.Mode {
	case member.ConsumerPresented:
		return s.sell(ctx, app, p)
	case member.Static:
		text, err := s.printed(ctx, p)
		if err != nil {
			return party.Paid{}, err
		}
		return s.scan(ctx, app, map[string]any{"text": text, "amount": p.Amount})
	case member.Dynamic:
		var order api.Order
		if err := s.post(ctx, p.till()+"/orders", p.at(map[string]any{"amount": p.Amount}), &order); err != nil {
			return party.Paid{}, err
		}
		return s.scan(ctx, app, map[string]any{"text": order.Code})
	}
	panic("unknown mode " + string(p.Mode))
}

// sell lets the payer show a code and the till scan it.
func (s sandbox) sell(ctx context.Context, app string, p wish) (party.Paid, error) {
	var code api.PaymentCode
	if err := s.post(ctx, app+"/codes", map[string]any{}, &code); err != nil {
		return party.Paid{}, err
	}
	var sale party.Sale
	err := s.post(ctx, p.till()+"/sales", p.at(map[string]any{"code": code.Code, "amount": p.Amount}), &sale)
	return party.Paid{Reference: sale.Reference, Status: sale.Status, Reason: sale.Reason, Receipt: sale.Receipt}, err
}

// scan lets the payer scan a code and accept.
func (s sandbox) scan(ctx context.Context, app string, code map[string]any) (party.Paid, error) {
	var paid party.Paid
	err := s.post(ctx, app+"/pay", code, &paid)
	return paid, err
}

// approve lets a visitor from China pay an order that waits, whoever made it.
func (s sandbox) approve(ctx context.Context, order api.Order, _ string) error {
	var payer struct {
		Payer string `json:"payer"`
	}
	if err := s.post(ctx, "/wallets/alipay/payers", map[string]any{"accepts": "always"}, &payer); err != nil {
		return err
	}
	paid, err := s.scan(ctx, "/wallets/alipay/payers/"+url.PathEscape(payer.Payer), map[string]any{"text": order.Code})
	if err == nil && paid.Status != "approved" {
		err = hansa.Refuse(hansa.NotAllowedNow, "the payment is %s", paid.Status)
	}
	return err
}

func (p wish) till() string { return "/tills/" + url.PathEscape(p.Store) }

// at adds the acquirer to what a till is asked, if one is named.
func (p wish) at(body map[string]any) map[string]any {
	if p.Acquirer != "" {
		body["acquirer"] = p.Acquirer
	}
	return body
}

// printed is the text of the store's sticker.
func (s sandbox) printed(ctx context.Context, p wish) (string, error) {
	var shops api.Page[party.Shop]
	if err := s.do(ctx, http.MethodGet, "/stores", nil, &shops); err != nil {
		return "", err
	}
	for _, shop := range shops.Items {
		for _, till := range shop.Tills {
			if shop.Store == p.Store && (p.Acquirer == "" || p.Acquirer == till.Acquirer) && len(till.Codes) > 0 {
				return till.Codes[0].Text, nil
			}
		}
	}
	return "", hansa.Refuse(hansa.NotFound, "no printed code of %q", p.Store)
}

func (s sandbox) post(ctx context.Context, path string, body, into any) error {
	return s.do(ctx, http.MethodPost, path, body, into)
}

// do makes one call. What the sandbox refuses is a Refusal.
func (s sandbox) do(ctx context.Context, method, path string, body, into any) error {
	var text []byte
	if body != nil {
		text = api.Encode(body)
	}
	request, err := http.NewRequestWithContext(ctx, method, s.url+path, bytes.NewReader(text))
	if err != nil {
		return fmt.Errorf("ask the demo: %w", err)
	}
	if body != nil {
		request.Header.Set("Content-Type", api.MediaJSON)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("ask the demo: %w", err)
	}
	defer response.Body.Close() //nolint:errcheck // It is only read.
	answer, err := io.ReadAll(io.LimitReader(response.Body, 4<<20))
	if err != nil {
		return fmt.Errorf("ask the demo: %w", err)
	}
	if response.StatusCode >= http.StatusBadRequest {
		var problem api.Problem
		if err := json.Unmarshal(answer, &problem); err != nil || problem.Reason == "" {
			return errors.New("the demo answers " + response.Status)
		}
		return &hansa.Refusal{Reason: problem.Reason, Detail: problem.Detail}
	}
	if err := json.Unmarshal(answer, into); err != nil {
		return fmt.Errorf("read the demo's answer: %w", err)
	}
	return nil
}
