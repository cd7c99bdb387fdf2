package api

import (
	"fmt"
	"net/http"
	"slices"
	"time"
)

// An Answer is a response with its whole body.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// message is the answer to request, whose signature is read.
func (a Answer) message(request *message) *message {
	request.signature, request.unsigned = readSignature(request.header)
	return &message{status: a.Status, header: a.Header, request: request}
}

// SignResponse sets Content-Digest, Signature-Input and Signature of an answer to
// request, which the server got under origin. The signature also covers the
// request's method, target and signature, so that two answers cannot be swapped.
// Without a readable signature in the request the first two must do: that answer
// is always a refusal. An error is a fault of the caller.
func SignResponse(answer Answer, request *http.Request, origin string, p Signing) error {
	asked, err := received(request, origin)
	if err != nil {
		return fmt.Errorf("sign response: %w", err)
	}
	answer.Header.Set("Content-Digest", Digest(answer.Body))
	m := answer.message(asked)
	if err := sign(m, m.answerComponents(answer.Body), p); err != nil {
		return fmt.Errorf("sign response: %w", err)
	}
	return nil
}

// VerifyResponse verifies an answer to request, which is the one that the client
// signed and sent. The keys are those of the party that was asked: everybody has a
// key of some sort. Refusals are those of VerifyRequest.
func VerifyResponse(answer Answer, request *http.Request, keys Keys, now time.Time) (Verified, error) {
	asked, err := sent(request)
	if err != nil {
		return Verified{}, fmt.Errorf("verify response: %w", err)
	}
	m := answer.message(asked)
	return m.verify(answer.Body, m.answerComponents(answer.Body), keys, now)
}

// What a signature of an answer must cover beside the request's signature, without
// a body and with one.
var (
	answeredBare     = []component{plain("@status"), plain("content-digest"), ofRequest("@method"), ofRequest("@target-uri")}
	answeredWithBody = []component{
		plain("@status"), plain("content-digest"), plain("content-type"), ofRequest("@method"), ofRequest("@target-uri"),
	}
)

// The same with the signature of a request that carries our label.
var (
	signedBare     = append(slices.Clip(answeredBare), signatureOfRequest(signatureLabel))
	signedWithBody = append(slices.Clip(answeredWithBody), signatureOfRequest(signatureLabel))
)

func (m *message) answerComponents(body []byte) []component {
	bare, withBody := answeredBare, answeredWithBody
	switch {
	case m.request.unsigned != nil:
	case m.request.signature.label == signatureLabel:
		bare, withBody = signedBare, signedWithBody
	default:
		other := signatureOfRequest(m.request.signature.label)
		bare, withBody = append(slices.Clip(bare), other), append(slices.Clip(withBody), other)
	}
	if len(body) == 0 {
		return bare
	}
	return withBody
}
