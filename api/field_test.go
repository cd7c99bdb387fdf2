package api_test

import (
	"crypto/ed25519"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/hansa-network/hansa/api"
)

// TestStrangeTextsTravel: what may stand in a field is escaped where it must be.
func TestStrangeTextsTravel(t *testing.T) {
	t.Parallel()
	const keyID, nonce = `a"b\c`, `"\\\"" ;,=()`
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, origin+"/v1/payments", nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := api.SignRequest(r, nil, signingOf(keyID, nonce)); err != nil {
		t.Fatal(err)
	}
	verified, err := api.VerifyRequest(arrive(t, r), nil, origin, keysOf(keyID), signedAt)
	if err != nil || verified.KeyID != keyID || verified.Nonce != nonce {
		t.Errorf("verified %+v, %v", verified, err)
	}
}

// TestAnotherDigestMayStandBesideOurs and is not looked at.
func TestAnotherDigestMayStandBesideOurs(t *testing.T) {
	t.Parallel()
	body := []byte(`{}`)
	for name, digest := range map[string][]string{
		"before":          {"sha-512=:AAAA:, " + api.Digest(body)},
		"behind":          {api.Digest(body) + " ,\tsha-512=:AAAA:"},
		"in another line": {"sha-512=:AAAA:", api.Digest(body)},
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/v1/payments", nil)
		r.Header.Set("Content-Type", api.MediaJSON)
		r.Header["Content-Digest"] = digest
		const input = `("@method" "@target-uri" "content-type" "content-digest");created=1795348800;keyid="nets#1";nonce="n1";tag="hansa-v1"`
		base, err := api.RequestBase(r, origin, input)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Signature-Input", "x="+input)
		r.Header.Set("Signature", "x=:"+base64Of(ed25519.Sign(keyOf("nets#1"), []byte(base)))+":")
		_, err = api.VerifyRequest(r, body, origin, keysOf("nets#1"), signedAt)
		t.Log(name)
		wantReason(t, "", err)
	}
}
