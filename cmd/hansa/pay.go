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
	"strings"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/sim/party"
)

// payWithin bounds a whole payment, payer and all.
const payWithin = 29 * time.Second

// payCommand makes one payment in a demo, as a till or a wallet would make it,
// with a fresh payer who has enough money and accepts what is asked.
type payCommand struct {
	URL      string `help:"Address of the demo." required:"" placeholder:"URL"`
	Wallet   string `help:"Wallet that pays." required:""`
	Store    string `help:"Store that is paid." required:""`
	Amount   string `help:"Amount in the store's currency, such as '100.00 NOK'." required:""`
	Mode     string `help:"How the code is read: the till scans the payer's (cpm), the payer scans a printed one (static) or the till's (dynamic)." enum:"cpm,static,dynamic" default:"cpm"`
	Acquirer string `help:"Acquirer whose till or code is used; the store's first if none is named."`
}

func (c payCommand) Run(env *environment) error {
	amount, err := money.ParseAmount(c.Amount)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(env.context, payWithin)
	defer cancel()
	box := sandbox{url: strings.TrimSuffix(c.URL, "/") + "/sandbox"}
	receipt, err := c.pay(ctx, box, amount)
	if err != nil {
		return err
	}
	return writeIndented(env.out, receipt)
}

// pay plays the payment and returns its receipt, or why it was not approved.
func (c payCommand) pay(ctx context.Context, box sandbox, amount money.Amount) (api.Receipt, error) {
	var payer struct {
		Payer string `json:"payer"`
	}
	if err := box.post(ctx, "/wallets/"+url.PathEscape(c.Wallet)+"/payers", map[string]any{"accepts": "always"}, &payer); err != nil {
		return api.Receipt{}, err
	}
	app := "/wallets/" + url.PathEscape(c.Wallet) + "/payers/" + url.PathEscape(payer.Payer)
	till := "/tills/" + url.PathEscape(c.Store)
	switch member.Mode(c.Mode) {
	case member.ConsumerPresented:
		var code api.PaymentCode
		if err := box.post(ctx, app+"/codes", map[string]any{}, &code); err != nil {
			return api.Receipt{}, err
		}
		var sale party.Sale
		err := box.post(ctx, till+"/sales", c.with(map[string]any{"code": code.Code, "amount": amount}), &sale)
		return receiptOf(sale.Status, sale.Reason, sale.Receipt, err)
	case member.Static:
		text, err := c.printed(ctx, box)
		if err != nil {
			return api.Receipt{}, err
		}
		return box.scan(ctx, app, map[string]any{"text": text, "amount": amount})
	case member.Dynamic:
		var order api.Order
		if err := box.post(ctx, till+"/orders", c.with(map[string]any{"amount": amount}), &order); err != nil {
			return api.Receipt{}, err
		}
		return box.scan(ctx, app, map[string]any{"text": order.Code})
	}
	panic("unknown mode " + c.Mode)
}

// with adds the acquirer to what a till is asked, if one is named.
func (c payCommand) with(wish map[string]any) map[string]any {
	if c.Acquirer != "" {
		wish["acquirer"] = c.Acquirer
	}
	return wish
}

// printed is the text of the store's sticker.
func (c payCommand) printed(ctx context.Context, box sandbox) (string, error) {
	var shops api.Page[party.Shop]
	if err := box.do(ctx, http.MethodGet, "/stores", nil, &shops); err != nil {
		return "", err
	}
	for _, shop := range shops.Items {
		for _, till := range shop.Tills {
			if shop.Store == c.Store && (c.Acquirer == "" || c.Acquirer == till.Acquirer) && len(till.Codes) > 0 {
				return till.Codes[0].Text, nil
			}
		}
	}
	return "", hansa.Refuse(hansa.NotFound, "no printed code of %q", c.Store)
}

// receiptOf is the receipt of an approved payment, or the reason of another.
func receiptOf(status, reason string, receipt *api.Receipt, err error) (api.Receipt, error) {
	switch {
	case err != nil:
		return api.Receipt{}, err
	case status == "approved" && receipt != nil:
		return *receipt, nil
	case reason == "":
		return api.Receipt{}, fmt.Errorf("the payment is %s", status)
	}
	return api.Receipt{}, fmt.Errorf("the payment is %s: %s", status, reason)
}

// A sandbox plays wallets and tills of a demo.
type sandbox struct{ url string }

// scan lets a payer scan a code and accept.
func (s sandbox) scan(ctx context.Context, app string, wish map[string]any) (api.Receipt, error) {
	var paid party.Paid
	err := s.post(ctx, app+"/pay", wish, &paid)
	return receiptOf(paid.Status, paid.Reason, paid.Receipt, err)
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
