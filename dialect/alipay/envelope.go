package alipay

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/hansa-network/hansa/api"
)

// RequestAgeMax is how far the time of a request may be from ours, in both
// directions. Nothing stops a message from being sent twice within it: what it asks
// for happens once, because it carries its own id.
const RequestAgeMax = 5 * time.Minute

// clientIDMax bounds a Client-Id, in characters.
const clientIDMax = 64

// Header fields as they are read. Their names have no case.
const (
	fieldClientID    = "Client-Id"
	fieldRequestTime = "Request-Time"
	fieldSignature   = "Signature"
)

// open finds out whose a request is. All that it returns as an error are results of
// status F.
func open(q api.Question) (api.Client, error) {
	r := q.Request
	if r.Method != http.MethodPost {
		return api.Client{}, reject(methodNotSupported, "POST, not %s", shortened(r.Method))
	}
	for _, media := range r.Header.Values("Content-Type") { // One client sends two.
		if !isJSON(media) {
			return api.Client{}, reject(mediaTypeNotAcceptable, "application/json, not %s", shortened(media))
		}
	}
	id := r.Header.Get(fieldClientID)
	if !isClientID(id) {
		return api.Client{}, reject(invalidClient, "no Client-Id")
	}
	client, known := q.Clients(Name, id)
	if !known {
		return api.Client{}, reject(invalidClient, "no client %s", id)
	}
	at := r.Header.Get(fieldRequestTime)
	said, ok := parseTime(at)
	if !ok {
		return api.Client{}, reject(invalidSignature, "Request-Time: no time in a known form")
	}
	if age := q.Now.Sub(said); age > RequestAgeMax || age < -RequestAgeMax {
		return api.Client{}, reject(invalidSignature, "Request-Time: more than %s from %s", RequestAgeMax, written(q.Now))
	}
	sent := envelope{path: r.URL.EscapedPath(), client: id, time: at, body: q.Body}
	return client, sent.verify(r.Header.Get(fieldSignature), client.PublicKey)
}

func isJSON(media string) bool {
	kind, _, _ := strings.Cut(media, ";")
	return strings.EqualFold(strings.TrimSpace(kind), api.MediaJSON)
}

// isClientID reports whether id is safe to stand in the text that is signed: a dot
// or a line end in it could shift what follows.
func isClientID(id string) bool {
	return id != "" && len(id) <= clientIDMax && strings.Trim(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-") == ""
}

// An envelope is what a signature covers, in the bytes in which it is sent.
type envelope struct {
	path   string // escaped, as it came: a doubled slash stays doubled
	client string
	time   string
	body   []byte
}

func (e envelope) text() []byte {
	return fmt.Appendf(nil, "%s %s\n%s.%s.%s", http.MethodPost, e.path, e.client, e.time, e.body)
}

// described is what the other side needs to see where its text and ours differ.
func (e envelope) described() string {
	return fmt.Sprintf("%s %s, line end, %s.%s., and %d bytes with the SHA-256 %x",
		http.MethodPost, shortened(e.path), e.client, shortened(e.time), len(e.body), sha256.Sum256(e.body))
}

// answer signs body as the answer to q. The names of the fields are written in small
// letters, because clients look them up so.
func (s signer) answer(q api.Question, body []byte) api.Answer {
	sent := envelope{path: q.Request.URL.EscapedPath(), time: written(q.Now), body: body}
	if id := q.Request.Header.Get(fieldClientID); isClientID(id) {
		sent.client = id
	}
	return api.Answer{Status: http.StatusOK, Body: body, Header: http.Header{
		"Content-Type":  {"application/json; charset=UTF-8"},
		"client-id":     {sent.client},
		"response-time": {sent.time},
		"signature":     {s.sign(sent)},
	}}
}

// message is a signed request. Where endpoint is given, path follows it.
func (s signer) message(client, endpointPath, path string, body []byte, now time.Time) api.Message {
	sent := envelope{path: endpointPath + path, client: client, time: written(now), body: body}
	return api.Message{Method: http.MethodPost, URL: path, Body: body, Header: http.Header{
		"Content-Type":   {"application/json; charset=UTF-8"},
		fieldClientID:    {sent.client},
		fieldRequestTime: {sent.time},
		fieldSignature:   {s.sign(sent)},
	}}
}

// believe verifies that an answer to a message is one of the client's. Its time must
// fit that of the message.
func believe(answer api.Answer, sent api.Message, path, publicKey string) error {
	if answer.Status != http.StatusOK {
		return fmt.Errorf("status %d", answer.Status)
	}
	told := envelope{
		path: path, client: field(answer.Header, fieldClientID), time: field(answer.Header, "Response-Time"), body: answer.Body,
	}
	if told.client != sent.Header.Get(fieldClientID) {
		return fmt.Errorf("answered as %s", shortened(told.client))
	}
	asked, okAsked := parseTime(sent.Header.Get(fieldRequestTime))
	said, okSaid := parseTime(told.time)
	if age := said.Sub(asked); !okAsked || !okSaid || age > RequestAgeMax || age < -RequestAgeMax {
		return fmt.Errorf("response time %s", shortened(told.time))
	}
	return told.verify(field(answer.Header, fieldSignature), publicKey)
}

// field returns the first value of a field, whatever the case in which its name stands
// in the map.
func field(header http.Header, name string) string {
	if value := header.Get(name); value != "" {
		return value
	}
	if values := header[strings.ToLower(name)]; len(values) > 0 {
		return values[0]
	}
	return ""
}
