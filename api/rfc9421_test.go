package api_test

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa/api"
)

// A vector is an example of RFC 9421: a request, or an answer to it, and what its
// signature base and signature must be.
type vector struct {
	Section string
	Origin  string
	Request struct {
		Method, Target string
		Fields         [][2]string
	}
	Status    int
	Fields    [][2]string
	Input     string
	Algorithm string
	Signature string // empty where we have no key of that kind to verify it with
	Base      []string
}

// TestVectorsOfTheRFC builds the base of the RFC's examples and verifies the RFC's
// signatures over it, with the standard library where the algorithm is not ours.
func TestVectorsOfTheRFC(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/rfc9421.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Keys    map[string]string
		Vectors []vector
	}
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	for _, v := range file.Vectors {
		t.Run(v.Section, func(t *testing.T) {
			t.Parallel()
			base := v.base(t)
			if diff := cmp.Diff(strings.Join(v.Base, "\n"), base); diff != "" {
				t.Fatalf("base (-want +got):\n%s", diff)
			}
			if v.Signature != "" && !verifies(t, v.Algorithm, unbase64(t, file.Keys[v.Algorithm]), base, unbase64(t, v.Signature)) {
				t.Error("the signature of the RFC does not verify over our base")
			}
		})
	}
}

func (v vector) base(t *testing.T) string {
	t.Helper()
	request := httptest.NewRequestWithContext(t.Context(), v.Request.Method, v.Request.Target, nil)
	fill(request.Header, v.Request.Fields)
	base, err := api.RequestBase(request, v.Origin, v.Input)
	if v.Status != 0 {
		answer := api.Answer{Status: v.Status, Header: http.Header{}}
		fill(answer.Header, v.Fields)
		base, err = api.AnswerBase(answer, request, v.Origin, v.Input)
	}
	if err != nil {
		t.Fatal(err)
	}
	return base
}

func fill(header http.Header, fields [][2]string) {
	for _, field := range fields {
		header.Add(field[0], field[1])
	}
}

func verifies(t *testing.T, algorithm string, key []byte, base string, signature []byte) bool {
	t.Helper()
	sum := sha256.Sum256([]byte(base))
	switch algorithm {
	case "ed25519":
		return api.Key{Public: ed25519.PublicKey(key)}.Verify([]byte(base), signature)
	case "hmac-sha256":
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(base))
		return hmac.Equal(mac.Sum(nil), signature)
	case "ecdsa-p256-sha256":
		public, err := x509.ParsePKIXPublicKey(key)
		if err != nil {
			t.Fatal(err)
		}
		r, s := new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:])
		return ecdsa.Verify(public.(*ecdsa.PublicKey), sum[:], r, s)
	}
	t.Fatalf("no key for %s", algorithm)
	return false
}

func unbase64(t *testing.T, text string) []byte {
	t.Helper()
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func base64Of(raw []byte) string { return base64.StdEncoding.EncodeToString(raw) }

// TestTransformationsOfTheRFC is appendix B.4: what may happen to a message on its
// way without breaking the signature, and what may not.
func TestTransformationsOfTheRFC(t *testing.T) {
	t.Parallel()
	const (
		input     = `("@method" "@path" "@authority" "accept");created=1618884473;keyid="test-key-ed25519"`
		signature = "ZT1kooQsEHpZ0I1IjCqtQppOmIqlJPeo7DHR3SoMn0s5JZ1eRGS0A+vyYP9t/LXlh5QMFFQ6cpLt2m0pmj3NDA=="
		public    = "JrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs="
	)
	for name, tt := range map[string]struct {
		origin, method, target string
		accept                 []string
		want                   bool
	}{
		"original":         {"https://example.org", "GET", "/demo?name1=Value1&Name2=value2", []string{"application/json", "*/*"}, true},
		"query added":      {"https://example.org", "GET", "/demo?name1=Value1&Name2=value2&param=added", []string{"application/json", "*/*"}, true},
		"lines joined":     {"https://example.org", "GET", "/demo", []string{"application/json, */*"}, true},
		"spaces at ends":   {"https://example.org", "GET", "/demo", []string{"  application/json ", "*/*\t"}, true},
		"method":           {"https://example.org", "POST", "/demo", []string{"application/json", "*/*"}, false},
		"authority":        {"https://example.com", "GET", "/demo", []string{"application/json", "*/*"}, false},
		"path":             {"https://example.org", "GET", "/other", []string{"application/json", "*/*"}, false},
		"lines in reverse": {"https://example.org", "GET", "/demo", []string{"*/*", "application/json"}, false},
	} {
		r := httptest.NewRequestWithContext(t.Context(), tt.method, tt.target, nil)
		r.Header["Accept"] = tt.accept
		base, err := api.RequestBase(r, tt.origin, input)
		if err != nil {
			t.Fatal(err)
		}
		if got := verifies(t, "ed25519", unbase64(t, public), base, unbase64(t, signature)); got != tt.want {
			t.Errorf("%s: verifies %t, want %t", name, got, tt.want)
		}
	}
}
