package api_test

import (
	"crypto/ed25519"
	"encoding/json"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa/api"
)

// Vectors are messages as we sign them, for clients in other languages to be held to.
type vectors struct {
	Key          string          `json:"key"`
	KeyID        string          `json:"key_id"`
	NetworkKey   string          `json:"network_key"`
	NetworkKeyID string          `json:"network_key_id"`
	Created      int64           `json:"created"`
	Requests     []requestVector `json:"requests"`
	Answers      []answerVector  `json:"answers"`
	Webhooks     []hookVector    `json:"webhooks"`
}

type requestVector struct {
	Name   string            `json:"name"`
	Method string            `json:"method"`
	URL    string            `json:"url"`
	Body   string            `json:"body,omitempty"`
	Nonce  string            `json:"nonce"`
	Header map[string]string `json:"header"`

	request *http.Request
}

type answerVector struct {
	Name     string            `json:"name"`
	Request  string            `json:"request"`
	Status   int               `json:"status"`
	Body     string            `json:"body"`
	Header   map[string]string `json:"header"`
	Believed bool              `json:"believed"`
}

type hookVector struct {
	Name     string            `json:"name"`
	Body     string            `json:"body"`
	Header   map[string]string `json:"header"`
	Believed bool              `json:"believed"`
}

// TestVectorsOfSignatures keeps testdata/vectors.json as we sign. UPDATE_GOLDEN=1 writes
// it anew, after which other implementations may no longer agree.
func TestVectorsOfSignatures(t *testing.T) {
	t.Parallel()
	const file = "testdata/vectors.json"
	all := vectors{
		Key: api.FormatSeed(keyOf("nets#1")), KeyID: "nets#1",
		NetworkKey: api.FormatPublicKey(keyOf("hansa#1").Public().(ed25519.PublicKey)), NetworkKeyID: "hansa#1",
		Created: signedAt.Unix(), Requests: requestVectors(t),
	}
	all.Answers = answerVectors(t, all.Requests[0], all.Requests[1])
	all.Webhooks = hookVectors(t)
	text, err := json.MarshalIndent(all, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	got := string(text) + "\n"
	if os.Getenv("UPDATE_GOLDEN") == "1" {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}

func requestVectors(t *testing.T) []requestVector {
	t.Helper()
	list := []requestVector{
		{Name: "with a body", Method: http.MethodPost, URL: "/v1/payments?wait=6", Body: `{"request_id":"r-1","code":"Kärntner Straße"}`},
		{Name: "without a body", Method: http.MethodGet, URL: "/v1/payments/pay_1"},
		{Name: "escaped", Method: http.MethodGet, URL: "/v1/stores/a%2Fb%20c?q=%C3%A9&after=cur_x"},
		{Name: "put", Method: http.MethodPut, URL: "/v1/webhook", Body: `{}`},
	}
	for i := range list {
		one := &list[i]
		one.Nonce = "n-" + one.Method
		one.request = sentRequest(t, one.Method, one.URL, []byte(one.Body), one.Nonce)
		one.URL, one.Header = origin+one.URL, fields(one.request.Header)
	}
	return list
}

// answerVectors are answers to one request with a body, and to one without.
func answerVectors(t *testing.T, made, read requestVector) []answerVector {
	t.Helper()
	var list []answerVector
	for _, test := range []struct {
		name    string
		request requestVector
		media   string
		answer  api.Answer
		keyID   string
	}{
		{"made", made, api.MediaJSON, api.Answer{Status: 201, Body: []byte(`{"status":"approved"}`)}, "hansa#1"},
		{"read", read, api.MediaJSON, api.Answer{Status: 200, Body: []byte(`{"name":"Café"}`)}, "hansa#1"},
		{"refused", made, api.MediaProblem, api.Answer{Status: 409, Body: []byte(`{"reason":"code_used"}`)}, "hansa#1"},
		{"without a body", read, "", api.Answer{Status: 304}, "hansa#1"},
		{"by somebody else", read, api.MediaJSON, api.Answer{Status: 200, Body: []byte(`{}`)}, "vipps#1"},
	} {
		test.answer.Header = http.Header{}
		if test.media != "" {
			test.answer.Header.Set("Content-Type", test.media)
		}
		r := arrive(t, test.request.request)
		if err := api.SignResponse(test.answer, r, origin, signingOf(test.keyID, "")); err != nil {
			t.Fatal(err)
		}
		list = append(list, answerVector{
			Name: test.name, Request: test.request.Name, Status: test.answer.Status, Body: string(test.answer.Body),
			Header: fields(test.answer.Header), Believed: test.keyID == "hansa#1",
		})
	}
	forged := list[1]
	forged.Name, forged.Believed = "under another name", false
	forged.Header = map[string]string{}
	for name, value := range list[4].Header {
		forged.Header[name] = strings.Replace(value, "vipps#1", "hansa#1", 1)
	}
	return append(list, forged)
}

func hookVectors(t *testing.T) []hookVector {
	t.Helper()
	var list []hookVector
	for _, keys := range [][]string{{"hansa#1"}, {"hansa#2", "hansa#1"}, {"vipps#1"}} {
		one := hookVector{Name: strings.Join(keys, " and "), Body: `{"type":"order.paid","order":"ord_é"}`, Believed: keys[len(keys)-1] == "hansa#1"}
		header, signing := http.Header{}, api.WebhookSigning{}
		for _, key := range keys {
			signing.Keys = append(signing.Keys, keyOf(key))
		}
		if err := api.SignWebhook(header, "evt_1", []byte(one.Body), signing, signedAt); err != nil {
			t.Fatal(err)
		}
		one.Header = fields(header)
		list = append(list, one)
	}
	return list
}

// fields is a header with names in small letters.
func fields(header http.Header) map[string]string {
	all := make(map[string]string)
	for name := range header {
		all[strings.ToLower(name)] = header.Get(name)
	}
	return all
}
