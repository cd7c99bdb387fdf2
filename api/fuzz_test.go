package api_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"reflect"
	"testing"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
)

// FuzzDecode: whatever is accepted means the same to encoding/json and when it is
// written anew, and what is refused is refused as such and leaves nothing behind.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		`{"id":"a","amount":{"value":1,"currency":"NOK"}}`,
		`{"id":"a","amount":{"value":1,"currency":"NOK"},"lines":[{"count":1}],"labels":{"a":"\ud83d\ude00"},"color":"red","extra":[null,1e5]}`,
		`{"id":"a","amount":{"value":-0,"currency":"\u00e9"},"raw":"AQI=","lines":[],"labels":{},"tip":{"value":1,"currency":""},"paid":true}`,
		`{"id":"a","ID":"b"}`, `{"id":"\ud800"}`, `[[[[`, `{"a":{"a":{"a":{}}}}`, "\xef\xbb\xbf{}", `{"id":null}`, `-0.0E+1`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if err := api.CheckJSON(body); err == nil && !json.Valid(body) {
			t.Fatal("not JSON, but accepted")
		}
		var one, two order
		if err := api.Decode(body, &one); err != nil {
			if _, refused := hansa.ReasonOf(err); !refused {
				t.Fatalf("a fault: %v", err)
			}
			if !reflect.DeepEqual(one, order{}) {
				t.Fatalf("refused, and left behind %+v", one)
			}
			return
		}
		var other order
		strict := json.NewDecoder(bytes.NewReader(body))
		strict.DisallowUnknownFields()
		if err := strict.Decode(&other); err != nil || !reflect.DeepEqual(one, other) {
			t.Fatalf("read as %+v, and by encoding/json as %+v, %v", one, other, err)
		}
		one.Color = color{} // It reads itself, but does not write itself.
		written := api.Encode(one)
		if err := api.Decode(written, &two); err != nil && len(written) <= api.BodyMax {
			t.Fatalf("%s: %v", written, err)
		}
		if len(written) <= api.BodyMax && string(api.Encode(two)) != string(written) {
			t.Fatalf("%s became %s", written, api.Encode(two))
		}
	})
}

// FuzzSignatureFields: no text of the two fields makes a request verify, but the
// one that its signer wrote.
func FuzzSignatureFields(f *testing.F) {
	request := func(input, signature string) *http.Request {
		r := httptest.NewRequest(http.MethodGet, "/v1/payments/pay_1", nil)
		r.Header.Set("Signature-Input", input)
		r.Header.Set("Signature", signature)
		return r
	}
	const input = `hansa=("@method" "@target-uri");created=1795348800;keyid="nets#1";nonce="n1";tag="hansa-v1"`
	base, err := api.RequestBase(request("", ""), origin, input[len("hansa="):])
	if err != nil {
		f.Fatal(err)
	}
	signature := "hansa=:" + base64Of(ed25519.Sign(keyOf("nets#1"), []byte(base))) + ":"
	f.Add(input, signature)
	f.Add(`hansa=("@method";req "@target-uri");created=1795348800;keyid="nets#1";nonce="n1";tag="hansa-v1"`, signature)
	f.Add(`a=("signature";req;key="a" "@status");created=-1;expires=9;alg="none"`, "a=::")
	f.Add(`a=(), b=("x");y`, "a=:AAAA:;z, b=1.5")
	f.Fuzz(func(t *testing.T, fuzzedInput, fuzzedSignature string) {
		r := request(fuzzedInput, fuzzedSignature)
		verified, err := api.VerifyRequest(r, nil, origin, keysOf("nets#1"), signedAt)
		reason, _ := hansa.ReasonOf(err)
		switch {
		case err == nil && (fuzzedInput != input || fuzzedSignature != signature):
			t.Fatalf("verified %+v", verified)
		case err == nil:
		case reason != hansa.BadSignature && reason != hansa.UnknownKey && reason != hansa.SignatureExpired:
			t.Fatalf("reason %q: %v", reason, err)
		}
		answer := api.Answer{Status: http.StatusOK, Header: http.Header{}}
		if err := api.SignResponse(answer, r, origin, signingOf("hansa#1", "")); err != nil {
			t.Fatalf("no answer to this request can be signed: %v", err)
		}
	})
}

// FuzzCursor: a cursor has one text, and nothing else is a cursor.
func FuzzCursor(f *testing.F) {
	f.Add(api.Cursor{Partition: 1, Height: 2, Index: 3}.String())
	f.Add("cur_AAAAAAAAAAAAAAAAAAB")
	f.Fuzz(func(t *testing.T, text string) {
		cursor, err := api.ParseCursor(text)
		if err == nil && cursor.String() != text {
			t.Fatalf("%q is %+v, which is %q", text, cursor, cursor.String())
		}
		if reason, _ := hansa.ReasonOf(err); err != nil && reason != hansa.Malformed {
			t.Fatal(err)
		}
	})
}
