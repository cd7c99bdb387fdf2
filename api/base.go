package api

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/dunglas/httpsfv"

	"github.com/hansa-network/hansa"
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

func baseOf(m *message, input string) (string, error) {
	dictionary, err := httpsfv.UnmarshalDictionary([]string{"base=" + input})
	if err != nil {
		return "", hansa.Refuse(hansa.BadSignature, "not a signature input")
	}
	member, _ := dictionary.Get("base")
	list, ok := member.(httpsfv.InnerList)
	if !ok || len(dictionary.Names()) != 1 {
		return "", hansa.Refuse(hansa.BadSignature, "not a signature input")
	}
	base, _, err := m.base(list)
	return base, err
}

// received reads a request as the server got it. The origin, for example
// https://pay.example, is what the other side was told to call. It is an argument
// because behind a proxy the message does not know it, and because a Host field
// is only a claim: believing it would let a request for one host be sent to another.
func received(r *http.Request, origin string) (*message, error) {
	public, err := url.Parse(origin)
	if err != nil || public.Host == "" || public.Path != "" || public.RawQuery != "" {
		return nil, fmt.Errorf("public origin %q is not scheme://host", origin)
	}
	target := r.RequestURI
	if target == "" {
		target = r.URL.RequestURI()
	}
	if !strings.HasPrefix(target, "/") {
		return nil, hansa.Refuse(hansa.BadSignature, "request target is not a path")
	}
	scheme := strings.ToLower(public.Scheme)
	authority := normalAuthority(scheme, public.Host)
	return &message{method: r.Method, scheme: scheme, authority: authority, target: target, header: r.Header}, nil
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

// base returns the signature base for list, and the covered components as they
// are written there.
func (m *message) base(list httpsfv.InnerList) (base string, covered []string, err error) {
	var text strings.Builder
	for _, item := range list.Items {
		identifier, value, err := m.component(item)
		if err != nil {
			return "", nil, err
		}
		if slices.Contains(covered, identifier) {
			return "", nil, hansa.Refuse(hansa.BadSignature, "%s is covered twice", identifier)
		}
		if !printable(value) {
			return "", nil, hansa.Refuse(hansa.BadSignature, "the value of %s is not plain text", identifier)
		}
		covered = append(covered, identifier)
		text.WriteString(identifier + ": " + value + "\n")
	}
	params, err := httpsfv.Marshal(list)
	if err != nil {
		return "", nil, hansa.Refuse(hansa.BadSignature, "not a signature input")
	}
	return text.String() + `"@signature-params": ` + params, covered, nil
}

// component returns the identifier as RFC 9421 writes it and the value. The
// parameters that we know are ;req, and ;key with it on the field signature.
func (m *message) component(item httpsfv.Item) (identifier, value string, err error) {
	name, isText := item.Value.(string)
	identifier, err = httpsfv.Marshal(item)
	if err != nil || !isText || name == "" || name != strings.ToLower(name) {
		return "", "", hansa.Refuse(hansa.BadSignature, "a component has no lower-case name")
	}
	plain := strconv.Quote(name)
	label, _ := item.Params.Get("key")
	switch from := m.request; {
	case identifier == plain:
		value, err = m.value(name)
	case from != nil && identifier == plain+";req":
		value, err = from.value(name)
	case from != nil && name == "signature" && identifier == requestSignature(label):
		value, err = from.labelled(label)
	default:
		return "", "", hansa.Refuse(hansa.BadSignature, "component %s is not supported", identifier)
	}
	return identifier, value, err
}

// requestSignature names the request's signature of that label in an answer.
func requestSignature(label any) string {
	return fmt.Sprintf(`"signature";req;key="%v"`, label)
}

// labelled returns the signature of the request if label is the one it carries.
func (m *message) labelled(label any) (string, error) {
	signature, err := readSignature(m.header)
	if err != nil {
		return "", err
	}
	if signature.label != label {
		return "", hansa.Refuse(hansa.BadSignature, "the request carries no such signature")
	}
	return ":" + base64.StdEncoding.EncodeToString(signature.bytes) + ":", nil
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
	values := make([]string, len(lines))
	for i, line := range lines {
		values[i] = strings.TrimSpace(line)
	}
	return strings.Join(values, ", "), nil
}

// printable tells if value is visible ASCII, spaces and tabs. A line break in a
// value would let one field pass for two.
func printable(value string) bool {
	return !strings.ContainsFunc(value, func(r rune) bool { return r != '\t' && (r < ' ' || r > '~') })
}
