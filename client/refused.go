package client

import (
	"errors"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
)

// Refused is a no of the other side, signed by it. It wraps a *hansa.Refusal, so that
// hansa.ReasonOf tells its reason.
type Refused struct {
	Problem api.Problem
	After   time.Duration // that another attempt should wait; zero: it does not say
}

// Error returns the reason and the detail.
func (r *Refused) Error() string { return r.Unwrap().Error() }

// Unwrap returns the *hansa.Refusal.
func (r *Refused) Unwrap() error {
	return &hansa.Refusal{Reason: r.Problem.Reason, Detail: r.Problem.Detail}
}

// Again reports whether the same request, signed anew, is worth sending after err:
// after every fault, and after refusals that say so.
func Again(err error) bool {
	if refused, ok := errors.AsType[*Refused](err); ok {
		return refused.Problem.Retry == api.RetrySameRequest
	}
	reason, refused := hansa.ReasonOf(err)
	if !refused {
		return err != nil
	}
	for _, row := range api.Problems() {
		if row.Reason == reason {
			return row.Retry == api.RetrySameRequest
		}
	}
	return false
}
