package web

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/payment"
)

// read reads what a payer has scanned: a code of ours, or a private one, about which its
// acquirer is asked.
func (s *server) read(ctx context.Context, c *call, text string) (hub.Scanned, error) {
	if err := checkCodeText(text); err != nil {
		return hub.Scanned{}, err
	}
	acquirer, private := c.directory.Decoder(text)
	if !private {
		return s.scanned(c, text)
	}
	return s.decode(ctx, c, acquirer, text)
}

// decode asks an acquirer what a private code of its asks. The question leaves nothing
// behind. The answer is the acquirer's wish for an order, which is made once however often
// it is asked: under the request id that the acquirer gives it.
func (s *server) decode(ctx context.Context, c *call, acquirer member.Participant, text string) (hub.Scanned, error) {
	asker, err := c.directory.Participant(c.participant)
	if err == nil {
		err = asker.MayStart(member.Wallet)
	}
	if err == nil {
		err = acquirer.MayStart(member.Acquirer)
	}
	if err != nil {
		return hub.Scanned{}, err
	}
	decoded, err := s.askAcquirer(ctx, c, acquirer, api.DecodeCode{Code: text, Wallet: asker.ID})
	if err != nil {
		return hub.Scanned{}, decodeRefused(err)
	}
	switch decoded.Kind {
	case api.DecodedStore:
		return hub.Scanned{Store: decoded.Store, Acquirer: acquirer.ID}, nil
	case api.DecodedOrder:
		return s.enterDecoded(ctx, c, acquirer, decoded)
	}
	return hub.Scanned{}, hansa.Refuse(hansa.CodeInvalid, "its acquirer says neither order nor store")
}

// askAcquirer waits for the acquirer's answer, and meanwhile takes no room from those who
// work. Silence is a fault.
func (s *server) askAcquirer(ctx context.Context, c *call, acquirer member.Participant, ask api.DecodeCode) (api.Decoded, error) {
	if s.Decode == nil {
		return api.Decoded{}, hansa.Refuse(hansa.AcquirerSilent, "%s cannot be asked", acquirer.ID)
	}
	select {
	case s.waiting <- struct{}{}:
		defer func() { <-s.waiting }()
	default:
		return api.Decoded{}, hansa.Refuse(hansa.Overloaded, "too many wait for others")
	}
	c.leave()
	decoded, err := s.Decode(ctx, acquirer, ask)
	if _, refused := hansa.ReasonOf(err); err != nil && !refused {
		s.Log.Warn("an acquirer does not say what its code asks", slog.String("acquirer", acquirer.ID), slog.Any("error", err))
	}
	return decoded, err
}

// decodeRefused says to a wallet why a private code was not decoded.
func decodeRefused(err error) error {
	reason, refused := hansa.ReasonOf(err)
	switch reason { //nolint:exhaustive // What else an acquirer says is not about the code.
	case hansa.CodeUnknown, hansa.CodeUsed, hansa.CodeExpired, hansa.CodeRevoked, hansa.CodeInvalid,
		hansa.OrderNotOpen, hansa.OrderPaid, hansa.OrderExpired, hansa.AcquirerSilent:
		return hansa.Refuse(reason, "its acquirer says so")
	case hansa.NotFound:
		return hansa.Refuse(hansa.CodeUnknown, "its acquirer does not know it")
	case hansa.Overloaded, hansa.Unavailable, hansa.TooManyRequests:
		return hansa.Refuse(hansa.AcquirerSilent, "its acquirer has too much to do")
	}
	if refused {
		return hansa.Refuse(hansa.CodeInvalid, "its acquirer refuses it")
	}
	return hansa.Refuse(hansa.AcquirerSilent, "scan again")
}

// enterDecoded makes the order that an acquirer has told, in its name. An answer that is
// another one than before is none.
func (s *server) enterDecoded(ctx context.Context, c *call, acquirer member.Participant, decoded api.Decoded) (hub.Scanned, error) {
	operation, err := s.orderDecoded(decoded, c.started)
	if err == nil {
		err = checkTexts(hansa.Malformed, text{"request_id", decoded.RequestID, requestIDMax})
	}
	if reason, refused := hansa.ReasonOf(err); refused && reason != hansa.OrderExpired {
		err = hansa.Refuse(hansa.CodeInvalid, "its acquirer asks for what no order is: %s", reason)
	}
	if err != nil {
		return hub.Scanned{}, err
	}
	result, err := s.Do(ctx, hub.Request{
		Participant: acquirer.ID, Client: acquirer.Acquirer.Client, ID: decoded.RequestID, Memo: decoded.Memo,
		Body: append([]byte("decode\n"), api.Encode(decoded)...), Chance: hansa.Chance(c.chance.Draw("decoded order")), Operation: operation,
	})
	if err != nil {
		return hub.Scanned{}, fmt.Errorf("enter a decoded order: %w", err)
	}
	switch reason, _ := hansa.ReasonOf(result.Refusal); reason { //nolint:exhaustive // All others are told as they are.
	case hansa.RequestIDReused:
		return hub.Scanned{}, hansa.Refuse(hansa.CodeInvalid, "its acquirer says something else than before")
	case hansa.NotFound:
		return hub.Scanned{}, hansa.Refuse(hansa.CodeInvalid, "its acquirer has no such store or terminal")
	}
	return hub.Scanned{Order: result.Order.ID}, result.Refusal
}

// orderDecoded is the order that an acquirer has told.
func (s *server) orderDecoded(decoded api.Decoded, now time.Time) (hub.MakeOrder, error) {
	wish := api.MakeOrder{
		Store: decoded.Store, Terminal: decoded.Terminal, OrderReference: decoded.OrderReference, CaptureLater: decoded.CaptureLater,
	}
	if decoded.Amount != nil {
		wish.Amount = *decoded.Amount
	}
	operation, err := s.orderWished(wish, now)
	if decoded.ExpiresAt == nil || err != nil {
		return operation, err
	}
	if operation.ExpiresIn = min(decoded.ExpiresAt.Sub(now), payment.OrderAtMost); operation.ExpiresIn <= 0 {
		return operation, hansa.Refuse(hansa.OrderExpired, "it expired at %s", decoded.ExpiresAt.UTC().Format(time.RFC3339))
	}
	return operation, nil
}
