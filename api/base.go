package api

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/hansa-network/hansa"
)

// About how many bytes an input has, and a base beside it.
const (
	inputSize = 256
	baseSize  = 512
)

// A message is what components are taken from: a request, or an answer together
// with the request that it answers.
type message struct {
	method    string
	scheme    string
	authority string
	target    string // path and query as sent
	status    int    // of an answer
	header    http.Header
	request   *message // that an answer belongs to

	signature signature // of the request of an answer
	unsigned  error     // why there is none that can be read
}

// RequestBase returns the signature base (RFC 9421 section 2.5) of a request for
// one member of Signature-Input, such as ("@method");created=1;keyid="nets#1".
// It verifies nothing: it is there to be compared, line by line, with the base
// that another implementation computed. It refuses with BadSignature what cannot
// be a base. The origin is as for VerifyRequest.
func RequestBase(r *http.Request, origin, input string) (string, error) {
	m, err := received(r, origin)
	if err != nil {
		return "", err
	}
	return baseOf(m, input)
}

// AnswerBase is RequestBase for an answer to request, where members of input
// that carry ;req are taken from the request.
func AnswerBase(answer Answer, request *http.Request, origin, input string) (string, error) {
	m, err := received(request, origin)
	if err != nil {
		return "", err
	}
	return baseOf(answer.message(m), input)
}

func baseOf(m *message, text string) (string, error) {
	in, ok := parseInput(text)
	if !ok {
		return "", hansa.Refuse(hansa.BadSignature, "not a signature input in canonical form")
	}
	base, err := m.base(in)
	return string(base), err
}

// received reads a request as the server got it. The origin, for example
// https://pay.example, is what the other side was told to call. It is an argument
// because behind a proxy the message does not know it, and because a Host field
// is only a claim: believing it would let a request for one host be sent to another.
func received(r *http.Request, origin string) (*message, error) {
	scheme, host, ok := strings.Cut(strings.ToLower(origin), "://")
	if !ok || scheme == "" || host == "" || strings.ContainsAny(host, "/?#@ ") {
		return nil, fmt.Errorf("public origin %q is not scheme://host", origin)
	}
	target := r.RequestURI
	if target == "" {
		target = r.URL.RequestURI()
	}
	if !strings.HasPrefix(target, "/") {
		return nil, hansa.Refuse(hansa.BadSignature, "request target is not a path")
	}
	return &message{method: r.Method, scheme: scheme, authority: normalAuthority(scheme, host), target: target, header: r.Header}, nil
}

// sent reads a request as the client is about to send it, or has sent it.
func sent(r *http.Request) (*message, error) {
	host := r.Host
	if host == "" {
		host = r.URL.Host
	}
	if host == "" || r.URL.Scheme == "" {
		return nil, fmt.Errorf("request to %q has no absolute address", r.URL)
	}
	method := r.Method
	if method == "" {
		method = http.MethodGet
	}
	scheme := strings.ToLower(r.URL.Scheme)
	authority := normalAuthority(scheme, host)
	return &message{method: method, scheme: scheme, authority: authority, target: r.URL.RequestURI(), header: r.Header}, nil
}

// normalAuthority is RFC 9421 section 2.2.3: lower case, no default port.
func normalAuthority(scheme, host string) string {
	host = strings.ToLower(host)
	switch scheme {
	case "https":
		return strings.TrimSuffix(host, ":443")
	case "http":
		return strings.TrimSuffix(host, ":80")
	}
	return host
}

// base returns the signature base for an input.
func (m *message) base(in input) ([]byte, error) {
	text := make([]byte, 0, len(in.text)+baseSize)
	for i, one := range in.components {
		value, err := m.component(one)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(in.components[:i], func(before component) bool { return before.text == one.text }) {
			return nil, hansa.Refuse(hansa.BadSignature, "%s is covered twice", one.text)
		}
		if !printable(value) {
			return nil, hansa.Refuse(hansa.BadSignature, "the value of %s is not plain text", one.text)
		}
		text = append(append(append(text, one.text...), ": "...), value...)
		text = append(text, '\n')
	}
	text = append(text, `"@signature-params": `...)
	return append(text, in.text...), nil
}

// component returns the value of a component. The parameters that we know are
// ;req, and ;key with it on the field signature.
func (m *message) component(c component) (string, error) {
	if c.name == "" || c.name != strings.ToLower(c.name) {
		return "", hansa.Refuse(hansa.BadSignature, "a component has no lower-case name")
	}
	label, ok := c.ofRequest()
	switch {
	case len(c.params) == 0:
		return m.value(c.name)
	case m.request == nil || !ok:
		return "", hansa.Refuse(hansa.BadSignature, "component %s is not supported", c.text)
	case label == "":
		return m.request.value(c.name)
	}
	return m.request.labelled(label)
}

// labelled returns the signature of the request if label is the one it carries.
func (m *message) labelled(label string) (string, error) {
	if m.unsigned != nil {
		return "", m.unsigned
	}
	if m.signature.label != label {
		return "", hansa.Refuse(hansa.BadSignature, "the request carries no such signature")
	}
	return m.signature.text, nil
}

// value returns a derived component (RFC 9421 section 2.2) or a field.
func (m *message) value(name string) (string, error) {
	path, query, _ := strings.Cut(m.target, "?")
	switch {
	case name == "@status" && m.request != nil:
		return strconv.Itoa(m.status), nil
	case strings.HasPrefix(name, "@") && m.request != nil:
		return "", hansa.Refuse(hansa.BadSignature, "an answer has no %s", name)
	case name == "@method":
		return m.method, nil
	case name == "@target-uri":
		return m.scheme + "://" + m.authority + m.target, nil
	case name == "@authority":
		return m.authority, nil
	case name == "@scheme":
		return m.scheme, nil
	case name == "@path":
		return path, nil
	case name == "@query":
		return "?" + query, nil
	case strings.HasPrefix(name, "@"):
		return "", hansa.Refuse(hansa.BadSignature, "component %q is not supported", name)
	}
	return m.field(name)
}

// field joins the lines of one field as RFC 9421 section 2.1 says.
func (m *message) field(name string) (string, error) {
	lines := m.header.Values(name)
	if len(lines) == 0 {
		return "", hansa.Refuse(hansa.BadSignature, "covered field %s is missing", name)
	}
	if len(lines) == 1 {
		return strings.TrimSpace(lines[0]), nil
	}
	values := make([]string, len(lines))
	for i, line := range lines {
		values[i] = strings.TrimSpace(line)
	}
	return strings.Join(values, ", "), nil
}

// printable tells if value is visible ASCII, spaces and tabs. A line break in a
// value would let one field pass for two.
func printable(value string) bool {
	for i := range len(value) {
		if c := value[i]; c != '\t' && (c < ' ' || c > '~') {
			return false
		}
	}
	return true
}
