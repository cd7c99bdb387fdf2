package alipay_test

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/hansa-network/hansa/api"
)

const inquirePath = "/ams/api/v1/payments/inquiryPayment"

// A letter is a request that a test spoils before it is sent.
type letter struct {
	*http.Request

	body []byte
	key  *rsa.PrivateKey
}

// sign signs the letter anew, with another hash or a text of its own if they are given.
func (l *letter) sign(t *testing.T, hash crypto.Hash, text string) {
	t.Helper()
	if text == "" {
		text = "POST " + l.URL.Path + "\n" + l.Header.Get("Client-Id") + "." + l.Header.Get("Request-Time") + "." + string(l.body)
	}
	sum := sha256.Sum256([]byte(text))
	digest := sum[:]
	if hash == crypto.SHA512 {
		long := sha512.Sum512([]byte(text))
		digest = long[:]
	}
	signature, err := rsa.SignPKCS1v15(nil, l.key, hash, digest)
	if err != nil {
		t.Fatal(err)
	}
	l.Header.Set("Signature", "algorithm=RSA256,keyVersion=1,signature="+url.QueryEscape(base64.StdEncoding.EncodeToString(signature)))
}

// set sets a field and signs the letter anew.
func set(t *testing.T, name, value string) func(l *letter) {
	t.Helper()
	return func(l *letter) {
		l.Header.Set(name, value)
		l.sign(t, crypto.SHA256, "")
	}
}

// replace changes the Signature field.
func replace(old, by string) func(l *letter) {
	return func(l *letter) {
		l.Header.Set("Signature", strings.Replace(l.Header.Get("Signature"), old, by, 1))
	}
}

func badEnvelopes(t *testing.T) map[string]struct {
	want  string
	spoil func(l *letter)
} {
	t.Helper()
	type bad = struct {
		want  string
		spoil func(l *letter)
	}
	pss := func(l *letter) {
		sum := sha256.Sum256([]byte("POST " + l.URL.Path + "\nPARTY." + l.Header.Get("Request-Time") + "." + string(l.body)))
		signature, err := rsa.SignPSS(zeros{}, l.key, crypto.SHA256, sum[:], nil)
		if err != nil {
			t.Fatal(err)
		}
		l.Header.Set("Signature", "algorithm=RSA256,keyVersion=1,signature="+url.QueryEscape(base64.StdEncoding.EncodeToString(signature)))
	}
	return map[string]bad{
		"by GET":                     {"METHOD_NOT_SUPPORTED F", func(l *letter) { l.Method = http.MethodGet }},
		"by PUT":                     {"METHOD_NOT_SUPPORTED F", func(l *letter) { l.Method = http.MethodPut }},
		"a form":                     {"MEDIA_TYPE_NOT_ACCEPTABLE F", set(t, "Content-Type", "application/x-www-form-urlencoded")},
		"a form beside JSON":         {"MEDIA_TYPE_NOT_ACCEPTABLE F", func(l *letter) { l.Header.Add("Content-Type", "text/plain") }},
		"nobody":                     {"INVALID_CLIENT F", func(l *letter) { l.Header.Del("Client-Id") }},
		"an unknown client":          {"INVALID_CLIENT F", set(t, "Client-Id", "STRANGER")},
		"another's name":             {"INVALID_SIGNATURE F", set(t, "Client-Id", "5Y5XSR7C3046QJ05345")},
		"a name with a dot":          {"INVALID_CLIENT F", set(t, "Client-Id", "PARTY.1")},
		"a name with a line end":     {"INVALID_CLIENT F", set(t, "Client-Id", "PARTY\n")},
		"a name that is too long":    {"INVALID_CLIENT F", set(t, "Client-Id", strings.Repeat("P", 65))},
		"no time":                    {"INVALID_SIGNATURE F", set(t, "Request-Time", "")},
		"a time that is none":        {"INVALID_SIGNATURE F", set(t, "Request-Time", "noon")},
		"a time without an offset":   {"INVALID_SIGNATURE F", set(t, "Request-Time", "2026-11-22T12:00:00")},
		"seconds for milliseconds":   {"INVALID_SIGNATURE F", set(t, "Request-Time", "1795348800")},
		"an old time":                {"INVALID_SIGNATURE F", set(t, "Request-Time", "2026-11-22T11:54:59Z")},
		"a time to come":             {"INVALID_SIGNATURE F", set(t, "Request-Time", "2026-11-22T12:05:01Z")},
		"another time":               {"INVALID_SIGNATURE F", func(l *letter) { l.Header.Set("Request-Time", "2026-11-22T12:00:01Z") }},
		"no signature":               {"INVALID_SIGNATURE F", func(l *letter) { l.Header.Del("Signature") }},
		"a word for a signature":     {"INVALID_SIGNATURE F", func(l *letter) { l.Header.Set("Signature", "testing_signature") }},
		"no algorithm":               {"INVALID_SIGNATURE F", replace("algorithm=RSA256,", "")},
		"algorithm none":             {"INVALID_SIGNATURE F", replace("RSA256", "none")},
		"algorithm RSA512":           {"INVALID_SIGNATURE F", replace("RSA256", "RSA512")},
		"algorithm HS256":            {"INVALID_SIGNATURE F", replace("RSA256", "HS256")},
		"algorithm in small letters": {"INVALID_SIGNATURE F", replace("RSA256", "rsa256")},
		"the algorithm twice":        {"INVALID_SIGNATURE F", replace("keyVersion=1", "algorithm=RSA256")},
		"no version of a key":        {"INVALID_SIGNATURE F", replace("keyVersion=1", "keyVersion=one")},
		"a version below":            {"KEY_NOT_FOUND F", replace("keyVersion=1", "keyVersion=0")},
		"a version above":            {"KEY_NOT_FOUND F", replace("keyVersion=1", "keyVersion=2")},
		"an empty signature":         {"INVALID_SIGNATURE F", func(l *letter) { l.Header.Set("Signature", "algorithm=RSA256,keyVersion=1,signature=") }},
		"no base64":                  {"INVALID_SIGNATURE F", replace("signature=", "signature=!")},
		"broken escapes":             {"INVALID_SIGNATURE F", replace("%", "%%")},
		"a short signature":          {"INVALID_SIGNATURE F", func(l *letter) { l.Header.Set("Signature", "algorithm=RSA256,keyVersion=1,signature=QUJD") }},
		"an endless signature":       {"INVALID_SIGNATURE F", replace("signature=", "signature="+strings.Repeat("A", 4096))},
		"another hash":               {"INVALID_SIGNATURE F", func(l *letter) { l.sign(t, crypto.SHA512, "") }},
		"another padding":            {"INVALID_SIGNATURE F", pss},
		"another key": {"INVALID_SIGNATURE F", func(l *letter) {
			l.key = privateKey(t, "network.pem")
			l.sign(t, crypto.SHA256, "")
		}},
		"signed for another path": {"INVALID_SIGNATURE F", func(l *letter) {
			l.sign(t, crypto.SHA256, "POST /ams/api/v1/payments/cancel\nPARTY."+l.Header.Get("Request-Time")+"."+string(l.body))
		}},
		"signed for another method": {"INVALID_SIGNATURE F", func(l *letter) {
			l.sign(t, crypto.SHA256, "GET "+l.URL.Path+"\nPARTY."+l.Header.Get("Request-Time")+"."+string(l.body))
		}},
		"signed without the path": {"INVALID_SIGNATURE F", func(l *letter) {
			l.sign(t, crypto.SHA256, "PARTY."+l.Header.Get("Request-Time")+"."+string(l.body))
		}},
		"signed without the body": {"INVALID_SIGNATURE F", func(l *letter) {
			l.sign(t, crypto.SHA256, "POST "+l.URL.Path+"\nPARTY."+l.Header.Get("Request-Time")+".")
		}},
		"the address rewritten": {"INVALID_SIGNATURE F", func(l *letter) { l.URL.Path = strings.Replace(l.URL.Path, "/api/", "/sandbox/api/", 1) }},
		"no such operation":     {"NO_INTERFACE_DEF F", func(l *letter) { l.URL.Path += "Twice" }},
		"no such version":       {"NO_INTERFACE_DEF F", func(l *letter) { l.URL.Path = strings.Replace(l.URL.Path, "/v1/", "/v3/", 1) }},
		"no operation at all":   {"NO_INTERFACE_DEF F", func(l *letter) { l.URL.Path = l.URL.Path[:len("/ams")] }},
		"a byte of the body":    {"INVALID_SIGNATURE F", func(l *letter) { l.body = []byte(strings.Replace(string(l.body), "1", "2", 1)) }},
		"a space in the body":   {"INVALID_SIGNATURE F", func(l *letter) { l.body = append([]byte(" "), l.body...) }},
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

// TestBadEnvelopesAreRefused says no to what is not signed by whom it claims to be from,
// with the code of the protocol, and before the counter is asked anything: in AMS, in ACQP,
// and in MPP, whose wallets both ask and tell.
func TestBadEnvelopesAreRefused(t *testing.T) {
	t.Parallel()
	bad := badEnvelopes(t)
	if len(bad) < 30 {
		t.Errorf("only %d bad envelopes", len(bad))
	}
	for _, path := range []string{
		inquirePath, "/aps/api/v1/payments/pay", "/aps/api/v1/codes/getPaymentCode", "/aps/api/v1/payments/notifyPayment",
	} {
		for name, c := range bad {
			t.Run(path+" "+name, func(t *testing.T) {
				t.Parallel()
				n := newNetwork(t)
				m := n.party.Send(path, []byte(`{"paymentRequestId":"1"}`), noon)
				l := &letter{requestOf(origin, m), m.Body, privateKey(t, "party.pem")}
				c.spoil(l)
				answer := n.dialect.Answer(n.question(l.Request, l.body))
				want(t, "status", http.StatusOK, answer.Status)
				want(t, "result", c.want, result(decoded(t, answer.Body), "result"))
				want(t, "asked", []string(nil), n.counter.said)
			})
		}
	}
}

// TestAWalletAndAnAcquirerRefuseBadEnvelopes spoils what the network itself asks of a wallet,
// asks of an acquirer and tells a merchant.
func TestAWalletAndAnAcquirerRefuseBadEnvelopes(t *testing.T) {
	t.Parallel()
	for name, c := range badEnvelopes(t) {
		if name == "no such operation" || name == "no such version" || name == "no operation at all" || name == "another's name" {
			continue // Notices go to any path, and a party knows no name but its own.
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWallet(t)
			for _, ask := range []func() (api.Message, api.Question){
				func() (api.Message, api.Question) { return w.sent(w.call(api.CallAsk)) },
				func() (api.Message, api.Question) { return w.sent(w.call(api.CallCancel)) },
				func() (api.Message, api.Question) { return w.asksToDecode(w.decodeCall()) },
			} {
				m, q := ask()
				l := &letter{q.Request, m.Body, privateKey(t, "network.pem")}
				if name == "another key" {
					l.key = privateKey(t, "party.pem")
					l.sign(t, crypto.SHA256, "")
				} else {
					c.spoil(l)
				}
				q.Body = l.body
				err := w.n.party.Believes(q)
				if err == nil {
					t.Fatalf("%s is believed", m.URL)
				}
				want(t, "refused", c.want, result(decoded(t, w.n.party.Refused(q, err).Body), "result"))
				want(t, "a notice", c.want, result(decoded(t, w.n.party.Acknowledged(q).Body), "result"))
			}
		})
	}
}

// TestKeysThatAreNoneAreNotFound looks for the key of a client that has none to verify by.
func TestKeysThatAreNoneAreNotFound(t *testing.T) {
	t.Parallel()
	short := privateKey(t, "short.pem")
	for name, key := range map[string]string{
		"none":        "",
		"no PEM":      "MIIBIjANBg",
		"no key":      "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
		"a short key": publicPEM(t, short.Public()),
	} {
		n := newNetwork(t)
		client := n.clients["PARTY"]
		client.PublicKey = key
		n.clients["PARTY"] = client
		want(t, name, "KEY_NOT_FOUND F", result(n.do(inquirePath, `{"paymentRequestId":"1"}`), "result"))
	}
}

// TestEveryFormOfAnEnvelopeIsRead takes what clients write differently.
func TestEveryFormOfAnEnvelopeIsRead(t *testing.T) {
	t.Parallel()
	resigned := func(name, value string) func(l *letter) { return set(t, name, value) }
	for name, vary := range map[string]func(l *letter){
		"as the documents print it": func(l *letter) { replace(",", ", ")(l); replace(",s", ", s")(l) },
		"without a version":         replace("keyVersion=1,", ""),
		"parts in another order": func(l *letter) {
			_, signature, _ := strings.Cut(l.Header.Get("Signature"), "signature=")
			l.Header.Set("Signature", "signature="+signature+",keyVersion=1,algorithm=RSA256")
		},
		"base64 without escapes": func(l *letter) {
			plain, err := url.QueryUnescape(l.Header.Get("Signature"))
			if err != nil {
				t.Fatal(err)
			}
			l.Header.Set("Signature", plain)
		},
		"milliseconds":            resigned("Request-Time", "1795348800123"),
		"nanoseconds":             resigned("Request-Time", "1795348800123456789"),
		"with a Z":                resigned("Request-Time", "2026-11-22T12:00:00Z"),
		"with hundredths":         resigned("Request-Time", "2026-11-22T12:00:00.25Z"),
		"with +00:00":             resigned("Request-Time", "2026-11-22T12:00:00+00:00"),
		"with +0000":              resigned("Request-Time", "2026-11-22T12:00:00+0000"),
		"in China":                resigned("Request-Time", "2026-11-22T20:00:00+08:00"),
		"in figures alone":        resigned("Request-Time", "20261122200000+0800"),
		"as late as it may be":    resigned("Request-Time", "2026-11-22T11:55:00Z"),
		"a Content-Type twice":    func(l *letter) { l.Header.Add("Content-Type", "application/json") },
		"no Content-Type":         func(l *letter) { l.Header.Del("Content-Type") },
		"an empty Agent-Token":    func(l *letter) { l.Header.Set("Agent-Token", "") },
		"a doubled slash, signed": func(l *letter) { l.URL.Path = "/ams/api//v1/payments/inquiryPayment"; l.sign(t, crypto.SHA256, "") },
		"an absolute address":     func(l *letter) { l.RequestURI = origin + inquirePath },
		"a body that is laid out": func(l *letter) {
			l.body = []byte("{\n  \"paymentRequestId\": \"1\"\n}\n")
			l.sign(t, crypto.SHA256, "")
		},
		"slashes that are escaped": func(l *letter) { l.body = []byte(`{"paymentRequestId":"1","x":"a\/b"}`); l.sign(t, crypto.SHA256, "") },
		"nulls and strangers": func(l *letter) {
			l.body = []byte(`{"paymentRequestId":"1","paymentId":null,"x":[1,{"y":2}]}`)
			l.sign(t, crypto.SHA256, "")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := newNetwork(t)
			m := n.party.Send(inquirePath, []byte(`{"paymentRequestId":"1"}`), noon)
			l := &letter{requestOf(origin, m), m.Body, privateKey(t, "party.pem")}
			vary(l)
			answer := n.dialect.Answer(n.question(l.Request, l.body))
			want(t, "result", "ORDER_NOT_EXIST F", result(decoded(t, answer.Body), "result"))
			want(t, "asked", []string{"Sale 1"}, n.counter.said)
		})
	}
}

// TestASecondKeyIsInForceBesideTheFirst verifies by the version that a request names.
func TestASecondKeyIsInForceBesideTheFirst(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	client := n.clients["PARTY"]
	client.PublicKey = string(readFile(t, "merchant_public_key.pem")) + client.PublicKey
	n.clients["PARTY"] = client
	m := n.party.Send(inquirePath, []byte(`{"paymentRequestId":"1"}`), noon)
	for version, wanted := range map[string]string{"1": "INVALID_SIGNATURE F", "2": "ORDER_NOT_EXIST F", "3": "KEY_NOT_FOUND F"} {
		r := requestOf(origin, m)
		r.Header.Set("Signature", strings.Replace(r.Header.Get("Signature"), "keyVersion=1", "keyVersion="+version, 1))
		answer := n.dialect.Answer(n.question(r, m.Body))
		want(t, version, wanted, result(decoded(t, answer.Body), "result"))
	}
}

// TestAWithdrawnClientIsNobody is what a client hears whose credentials were taken back.
func TestAWithdrawnClientIsNobody(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	delete(n.clients, "PARTY")
	want(t, "result", "INVALID_CLIENT F", result(n.do(inquirePath, `{"paymentRequestId":"1"}`), "result"))
}

// TestAnAnswerIsBelievedOnlyIfItIsTheNetworks spoils answers.
func TestAnAnswerIsBelievedOnlyIfItIsTheNetworks(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	n.counter.pays = approved
	for name, spoil := range map[string]func(m *api.Message, a *api.Answer){
		"a byte":         func(_ *api.Message, a *api.Answer) { a.Body[len(a.Body)-2] ^= 1 },
		"another path":   func(m *api.Message, _ *api.Answer) { m.URL = "/ams/api/v1/payments/cancel" },
		"another client": func(_ *api.Message, a *api.Answer) { a.Header["client-id"] = []string{"OTHER"} },
		"another time":   func(_ *api.Message, a *api.Answer) { a.Header["response-time"] = []string{"2026-11-22T12:00:01+00:00"} },
		"no signature":   func(_ *api.Message, a *api.Answer) { delete(a.Header, "signature") },
		"status 500":     func(_ *api.Message, a *api.Answer) { a.Status = http.StatusInternalServerError },
		"an old answer": func(m *api.Message, _ *api.Answer) {
			m.Header.Set("Request-Time", noon.Add(time.Hour).Format(time.RFC3339))
		},
	} {
		m, answer := n.send("/aps/api/v1/codes/inquiryCodeRules", "")
		if err := n.party.OutcomeHeard(m, answer); err != nil {
			t.Fatalf("the answer as it is: %v", err)
		}
		spoil(&m, &answer)
		if err := n.party.OutcomeHeard(m, answer); err == nil {
			t.Errorf("%s: believed", name)
		}
	}
}
