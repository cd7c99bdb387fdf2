package web

import (
	"context"
	"encoding/hex"
	"net/http"
	"strconv"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
)

// A Desk answers messages by the routes of the API where it is known who asks:
// without HTTP and signatures, within the same bounds. It measures what the rest
// costs, and must
// never stand behind a listener. It is safe for concurrent use.
type Desk struct{ server *server }

// NewDesk returns a desk of the API that New serves.
func NewDesk(config Config) *Desk { return &Desk{newServer(config)} }

// Answer lets participant ask for what the method and path of request name, with
// that body. The answer is as over HTTP, but for its signature and for fields that
// say nothing about the outcome. A stream is refused with hansa.Unsupported.
func (d *Desk) Answer(ctx context.Context, participant string, request *http.Request, body []byte) api.Answer {
	x := &exchange{server: d.server, r: request, started: d.server.Now()}
	defer x.leave()
	reply, err := d.handle(ctx, x, participant, body)
	switch {
	case err != nil:
		problem := api.ProblemOf(err)
		answer := api.Answer{Status: problem.Status, Header: make(http.Header), Body: api.Encode(problem)}
		if seconds := retryAfter(problem.Reason); seconds > 0 {
			answer.Header.Set("Retry-After", strconv.Itoa(seconds))
		}
		return answer
	case reply.raw != nil:
		return api.Answer{Status: reply.status, Body: reply.raw}
	}
	return api.Answer{Status: reply.status, Body: api.Encode(reply.document)}
}

func (d *Desk) handle(ctx context.Context, x *exchange, participant string, body []byte) (reply, error) {
	found, _ := d.server.find(x.r)
	if !x.enter(found) {
		return reply{}, hansa.Refuse(hansa.Overloaded, "too many requests at a time")
	}
	if err := x.claim(participant); err != nil {
		return reply{}, err
	}
	if found.handle == nil {
		return reply{}, hansa.Refuse(hansa.NotFound, "no such path")
	}
	x.worked = x.started
	chance := d.server.Chance()
	x.call = call{
		exchange: x, r: x.r, participant: participant, keyID: api.KeyID(participant, 1), nonce: nonceOf(chance), signedAt: x.started.Truncate(time.Second),
		body: body, query: x.r.URL.Query(), directory: d.server.Directory(), chance: chance,
	}
	answer, err := found.handle(d.server, ctx, &x.call)
	if answer.stream != nil {
		return reply{}, hansa.Refuse(hansa.Unsupported, "a desk answers once")
	}
	return answer, err
}

// nonceOf is as long as that of a signature.
func nonceOf(chance hansa.Chance) string {
	drawn := chance.Draw("nonce of a desk")
	return hex.EncodeToString(drawn[:16])
}
