package alipay_test

import (
	"bufio"
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/api/apitest"
	"github.com/hansa-network/hansa/money"
)

// recordedAt is a time in the middle of all recordings.
var recordedAt = time.Date(2026, 11, 21, 22, 39, 0, 0, time.UTC)

// recorded reads a request as it was recorded, byte for byte.
func recorded(t testing.TB, file string) (*http.Request, []byte) {
	t.Helper()
	r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(readFile(t, filepath.Join("recorded", file)))))
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return r, body
}

func recordings(t testing.TB) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "recorded", "*.http"))
	if err != nil || len(files) != 9 {
		t.Fatalf("%d recordings, %v", len(files), err)
	}
	for i := range files {
		files[i] = filepath.Base(files[i])
	}
	return files
}

// TestEveryRecordedRequestIsAnswered replays what the official clients sent, one after the
// other to one network, and shows what it is asked in our own words and what it answers.
func TestEveryRecordedRequestIsAnswered(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	n.now = recordedAt
	before := approved(api.AskPayment{RequestID: "EARLIER", Amount: money.New(100, "EUR"), Store: "kafe-oslo"})
	before.Reference = "202607010001"
	n.counter.sales["EARLIER"] = &api.Sale{RequestID: "EARLIER", Payment: &before}
	for _, file := range recordings(t) {
		if strings.Contains(file, "SANDBOX") {
			continue // They have the request ids of others, and a test of their own.
		}
		r, body := recorded(t, file)
		if !n.dialect.Owns(r) {
			t.Errorf("%s is nobody's", file)
			continue
		}
		n.counter.said = nil
		answer := n.dialect.Answer(n.question(r, body))
		verifySigned(t, "POST "+r.URL.Path+"\n5Y5XSR7C3046QJ05345.", answer)
		text := strings.Join(n.counter.said, "\n") + "\n\n" + shown(answer)
		apitest.Golden(t, filepath.Join("answers", strings.TrimSuffix(file, ".http")+".txt"), text)
	}
}

// verifySigned verifies an answer as the documents describe it, with the network's key: the
// path and id of the request, the time of the answer, and its body.
func verifySigned(t *testing.T, begins string, answer api.Answer) {
	t.Helper()
	fields := make(map[string]string)
	for line := range strings.Lines(shown(answer)) {
		if name, value, found := strings.Cut(strings.TrimSpace(line), ": "); found {
			fields[name] = value
		}
	}
	_, escaped, _ := strings.Cut(fields["signature"], "signature=")
	text, err := url.QueryUnescape(escaped)
	if err != nil {
		t.Fatal(err)
	}
	signature, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte(begins + fields["response-time"] + "." + string(answer.Body)))
	if err := rsa.VerifyPKCS1v15(&privateKey(t, "network.pem").PublicKey, crypto.SHA256, sum[:], signature); err != nil {
		t.Error(err)
	}
}

// TestTheSandboxPathIsTheSame shows that a sandbox client, which signs another path, gets
// what others get.
func TestTheSandboxPathIsTheSame(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	n.now = recordedAt
	for _, file := range recordings(t) {
		if !strings.Contains(file, "SANDBOX") {
			continue
		}
		r, body := recorded(t, file)
		answer := n.dialect.Answer(n.question(r, body))
		want(t, file, "SUCCESS S", result(decoded(t, answer.Body), "result"))
		if text := shown(answer); !strings.Contains(text, "client-id: SANDBOX_5Y5XSR7C3046QJ\n") {
			t.Errorf("%s is answered to another client:\n%s", file, text)
		}
	}
}

// TestAChangedByteIsRefused changes each recorded request in one place.
func TestAChangedByteIsRefused(t *testing.T) {
	t.Parallel()
	for _, file := range recordings(t) {
		for name, spoil := range map[string]func(r *http.Request, body []byte) []byte{
			"a byte of the body": func(_ *http.Request, body []byte) []byte { body[len(body)-2] ^= 1; return body },
			"a byte more":        func(_ *http.Request, body []byte) []byte { return append(body, '\n') },
			"other path": func(r *http.Request, body []byte) []byte {
				r.URL.Path = strings.Replace(r.URL.Path, "/v1/", "//v1/", 1)
				return body
			},
			"other time": func(r *http.Request, body []byte) []byte {
				r.Header.Set("Request-Time", recordedAt.Format(time.RFC3339))
				return body
			},
		} {
			n := newNetwork(t)
			n.now = recordedAt
			r, body := recorded(t, file)
			body = spoil(r, body)
			answer := n.dialect.Answer(n.question(r, body))
			want(t, fmt.Sprintf("%s, %s", file, name), "INVALID_SIGNATURE F", result(decoded(t, answer.Body), "result"))
			want(t, file, []string(nil), n.counter.said)
		}
	}
}

// TestTheNamesOfAnswersFieldsAreInSmallLetters writes an answer as a server does: two
// clients look the names up letter by letter.
func TestTheNamesOfAnswersFieldsAreInSmallLetters(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	_, answer := n.send("/ams/api/v1/payments/inquiryPayment", `{"paymentRequestId":"1"}`)
	for _, name := range []string{"signature", "response-time", "client-id"} {
		if len(answer.Header[name]) != 1 {
			t.Errorf("no field %s in %v", name, answer.Header)
		}
	}
}
