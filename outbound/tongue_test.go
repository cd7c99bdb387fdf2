package outbound_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/outbound"
	"github.com/hansa-network/hansa/payment"
)

// A plainTongue says POST, or refuses to say anything. It understands no answer.
type plainTongue struct{ refusal error }

func (p plainTongue) Call(api.WalletCall, api.Question) (api.Message, error) {
	return api.Message{Method: http.MethodPost, URL: "/pay"}, p.refusal
}

func (plainTongue) Heard(api.WalletCall, api.Message, api.Answer, api.Client) (api.WalletAnswer, error) {
	return api.WalletAnswer{}, errors.New("not understood")
}

func (plainTongue) Carried(api.WalletCall, api.Message, api.Answer, api.Client) (api.Carried, error) {
	return api.Carried{}, errors.New("not understood")
}

// TestOnlyWhatWasNotSaidIsUnsent: an answer that is not understood, and a wallet that is
// not there, may both stand behind a debit.
func TestOnlyWhatWasNotSaidIsUnsent(t *testing.T) {
	t.Parallel()
	heard := 0
	there := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { heard++ }))
	t.Cleanup(there.Close)
	gone := httptest.NewServer(nil)
	gone.Close()
	transport := outbound.NewTransport(true)
	t.Cleanup(transport.Close)
	for name, test := range map[string]struct {
		refusal error
		at      string
		want    payment.Event
		heard   int
	}{
		"refused by the dialect": {hansa.Refuse(hansa.UnknownKey, "no secret"), there.URL, payment.Unsent{}, 0},
		"not understood":         {nil, there.URL, payment.Silent{}, 1},
		"nobody there":           {nil, gone.URL, payment.Silent{}, 0},
	} {
		heard = 0
		translated := outbound.Translated{Tongue: plainTongue{test.refusal}, Transport: transport, Now: noon}
		call := api.WalletCall{Kind: api.CallAsk, Endpoint: test.at}
		if got := outbound.Heard(translated.Ask(t.Context(), call)); got != test.want || heard != test.heard {
			t.Errorf("%s: %T, and the wallet heard %d", name, got, heard)
		}
		call.Kind = api.CallCarry
		carried, err := translated.Carry(t.Context(), call)
		if got := outbound.CarriedOut("mov_1", carried, err); got != (payment.MovementSilent{ID: "mov_1"}) {
			t.Errorf("%s: a movement: %T", name, got)
		}
	}
}
