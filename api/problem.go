package api

import (
	"errors"

	"github.com/hansa-network/hansa"
)

// Internal is the reason of a Problem that no Refusal stands behind: a fault of
// the machine. Whether anything happened is open, so the same request may and
// should be sent again.
const Internal hansa.Reason = "internal"

// Retry tells the other side what is worth sending after a refusal.
type Retry string

// What is worth sending.
const (
	RetryNever       Retry = "never"        // this will be refused again: correct it or let it be
	RetrySameRequest Retry = "same_request" // the same request id and body, signed anew
	RetryNewRequest  Retry = "new_request"  // a new request id, once what the reason says has changed
)

// A Problem is how a refusal or a fault is told (RFC 9457), as MediaProblem.
type Problem struct {
	Type     string       `json:"type"` // where docs/reasons.md explains the reason
	Title    string       `json:"title"`
	Status   int          `json:"status"` // of HTTP
	Detail   string       `json:"detail,omitempty"`
	Reason   hansa.Reason `json:"reason"`
	Instance string       `json:"instance,omitempty"` // a path of this API, if the problem is about one thing
	Retry    Retry        `json:"retry"`
}

const reasonsPage = "https://github.com/hansa-network/hansa/blob/main/docs/reasons.md#"

// ProblemOf tells err to the other side. A Refusal is told with its reason and
// detail, anything else as Internal without a word of what it was. A Refusal with
// a reason that Problems does not have is a bug and panics.
func ProblemOf(err error) Problem {
	refusal, refused := errors.AsType[*hansa.Refusal](err)
	if !refused {
		refusal = &hansa.Refusal{Reason: Internal}
	}
	row := rowOf(refusal.Reason)
	return Problem{
		Type: reasonsPage + string(row.Reason), Title: row.Title, Status: row.Status,
		Detail: refusal.Detail, Reason: row.Reason, Retry: row.Retry,
	}
}
