package vipps

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/hansa-network/hansa/api"
)

// A problem is a refusal in the protocol's words (RFC 7807). Its zero value is none.
type problem struct {
	Status int
	Title  string
	Detail string
	Code   int // of a domain error; zero: the form of the request is wrong
	Extra  []extra
	Wait   int // seconds, after which the same request may be sent again; zero: it does not help
}

// An extra names what is wrong with the request, or the code of a domain error.
type extra struct {
	Name   string `json:"name"`
	Reason string `json:"reason"`
}

// seeExtra is the detail where the extra details say all.
const seeExtra = "See extraDetails for further details"

// Problems that no payment stands behind.
var (
	badRequest   = problem{Status: http.StatusBadRequest, Title: "Bad Request", Detail: seeExtra}
	unauthorized = problem{Status: http.StatusUnauthorized, Title: "Unauthorized", Detail: seeExtra}
	forbidden    = problem{Status: http.StatusForbidden, Title: "Forbidden", Detail: seeExtra}
	noSuchPath   = problem{Status: http.StatusNotFound, Title: "Not Found", Detail: "There is nothing at this address."}
	noSuchMethod = problem{Status: http.StatusMethodNotAllowed, Title: "Method Not Allowed", Detail: "This address has no such method."}
	tooLarge     = problem{Status: http.StatusRequestEntityTooLarge, Title: "Payload Too Large", Detail: "The body is longer than any request here."}
	tooMany      = problem{Status: http.StatusTooManyRequests, Title: "Too Many Requests", Detail: "Wait a minute, and send the same request again.", Wait: 60}
	busy         = problem{Status: http.StatusTooManyRequests, Title: "Too Many Requests", Detail: "Wait a second, and send the same request again.", Wait: 1}
)

// domain is a problem with a code of its own.
func domain(status, code int, title, detail string) problem {
	return problem{Status: status, Title: title, Detail: detail, Code: code}
}

// about returns the problem with one thing more that is wrong.
func (p problem) about(name, reason string) problem {
	p.Extra = append(slices.Clip(p.Extra), extra{name, reason})
	return p
}

// refuse writes a problem as the part of the protocol does that was called.
func (c *call) refuse(p problem) api.Answer {
	if c.path[0] == "qr" {
		return c.refuseCode(p)
	}
	type body struct {
		Type     string  `json:"type"`
		Title    string  `json:"title"`
		Status   int     `json:"status"`
		Detail   string  `json:"detail"`
		Instance string  `json:"instance"`
		TraceID  string  `json:"traceId"`
		Extra    []extra `json:"extraDetails"`
	}
	details := p.Extra
	if p.Code != 0 {
		details = append([]extra{{"ErrorCode", strconv.Itoa(p.Code)}}, details...)
	}
	if details == nil {
		details = []extra{}
	}
	answer := answered(p.Status, body{
		Type: "https://httpstatuses.io/" + strconv.Itoa(p.Status), Title: p.Title, Status: p.Status, Detail: p.Detail,
		Instance: c.instance(), TraceID: c.traceID(), Extra: details,
	})
	return p.frame(answer)
}

// frame sets the header fields of a problem.
func (p problem) frame(answer api.Answer) api.Answer {
	answer.Header.Set("Content-Type", "application/problem+json; charset=utf-8")
	if p.Status == http.StatusUnauthorized {
		answer.Header.Set("WWW-Authenticate", "Bearer")
	}
	if p.Wait > 0 {
		answer.Header.Set("Retry-After", strconv.Itoa(p.Wait))
	}
	return answer
}

// instance is the path without the part that names the API.
func (c *call) instance() string { return "/" + strings.Join(c.path[1:], "/") }

// wrongMember says what is wrong with JSON that was understood as such.
func wrongMember(err error) string {
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		kind, _, _ := strings.Cut(wrong.Value, " ")
		return "The field " + wrong.Field + " must not be this " + kind + "."
	}
	return "The body is not the JSON that is expected."
}
