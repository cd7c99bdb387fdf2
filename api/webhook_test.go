package api_test

import (
	"crypto/ed25519"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
)

// TestWebhooksAreStandard holds the known answer that the libraries of Standard
// Webhooks are tested with.
func TestWebhooksAreStandard(t *testing.T) {
	t.Parallel()
	header := http.Header{}
	secret := unbase64(t, "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	body, now := []byte(`{"test": 2432232314}`), time.Unix(1614265330, 0)
	err := api.SignWebhook(header, "msg_p5jXN8AQM9LWM0D4loKWxJek", body, api.WebhookSigning{Secrets: [][]byte{secret}}, now)
	if err != nil {
		t.Fatal(err)
	}
	if got := header.Get("webhook-signature"); got != "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=" {
		t.Errorf("signature %s", got)
	}
	err = api.VerifyWebhook(header, body, api.WebhookKeys{Secrets: [][]byte{secret}}, now)
	wantReason(t, "", err)
}

func TestWebhooksAreVerified(t *testing.T) {
	t.Parallel()
	public := func(name string) ed25519.PublicKey { return keyOf(name).Public().(ed25519.PublicKey) }
	known := api.WebhookKeys{Keys: []ed25519.PublicKey{public("new")}, Secrets: [][]byte{[]byte("new secret")}}
	body := []byte(`{"type":"payment.approved"}`)
	replace := func(field, old, text string) func(http.Header, *[]byte) {
		return func(h http.Header, _ *[]byte) { h.Set(field, strings.Replace(h.Get(field), old, text, 1)) }
	}
	drop := func(field string) func(http.Header, *[]byte) { return func(h http.Header, _ *[]byte) { h.Del(field) } }
	none := func(http.Header, *[]byte) {}
	for name, tt := range map[string]struct {
		want  hansa.Reason
		later time.Duration
		edit  func(http.Header, *[]byte)
		keys  api.WebhookKeys
	}{
		"either key":           {"", 0, none, known},
		"only the public key":  {"", 0, none, api.WebhookKeys{Keys: known.Keys}},
		"only the secret":      {"", 0, none, api.WebhookKeys{Secrets: known.Secrets}},
		"the old key":          {"", 0, none, api.WebhookKeys{Keys: []ed25519.PublicKey{public("old")}}},
		"five minutes later":   {"", 5 * time.Minute, none, known},
		"five minutes earlier": {"", -5 * time.Minute, none, known},
		"too late":             {hansa.SignatureExpired, 5*time.Minute + time.Second, none, known},
		"too early":            {hansa.SignatureExpired, -5*time.Minute - time.Second, none, known},

		"another key":            {hansa.BadSignature, 0, none, api.WebhookKeys{Keys: []ed25519.PublicKey{public("other")}}},
		"another secret":         {hansa.BadSignature, 0, none, api.WebhookKeys{Secrets: [][]byte{[]byte("other")}}},
		"no keys":                {hansa.BadSignature, 0, none, api.WebhookKeys{}},
		"empty keys":             {hansa.BadSignature, 0, none, api.WebhookKeys{Keys: []ed25519.PublicKey{nil}, Secrets: [][]byte{nil}}},
		"public key as a secret": {hansa.BadSignature, 0, none, api.WebhookKeys{Secrets: [][]byte{public("new")}}},
		"body":                   {hansa.BadSignature, 0, func(_ http.Header, body *[]byte) { *body = []byte(`{}`) }, known},
		"body encoded anew":      {hansa.BadSignature, 0, func(_ http.Header, body *[]byte) { *body = []byte(`{"type": "payment.approved"}`) }, known},
		"id":                     {hansa.BadSignature, 0, replace("webhook-id", "evt_1", "evt_2"), known},
		"id with a full stop":    {hansa.BadSignature, 0, replace("webhook-id", "evt_1", "evt_1.1"), known},
		"long id":                {hansa.BadSignature, 0, replace("webhook-id", "evt_1", strings.Repeat("e", 200)), known},
		"time":                   {hansa.BadSignature, 0, replace("webhook-timestamp", "800", "801"), known},
		"time with a zero":       {hansa.BadSignature, 0, replace("webhook-timestamp", "1795", "01795"), known},
		"time in words":          {hansa.BadSignature, 0, replace("webhook-timestamp", "1795", "noon"), known},
		"versions exchanged":     {hansa.BadSignature, 0, func(h http.Header, _ *[]byte) { exchangeVersions(h) }, known},
		"unknown version":        {hansa.BadSignature, 0, func(h http.Header, _ *[]byte) { h.Set("webhook-signature", "v2,AAAA") }, known},
		"not base64":             {hansa.BadSignature, 0, func(h http.Header, _ *[]byte) { h.Set("webhook-signature", "v1a,%") }, known},
		"a thousand signatures":  {hansa.BadSignature, 0, func(h http.Header, _ *[]byte) { h.Set("webhook-signature", strings.Repeat("v1a,AAAA ", 1000)) }, known},
		"id dropped":             {hansa.Unsigned, 0, drop("webhook-id"), known},
		"time dropped":           {hansa.Unsigned, 0, drop("webhook-timestamp"), known},
		"signature dropped":      {hansa.Unsigned, 0, drop("webhook-signature"), known},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			header, body := http.Header{}, append([]byte{}, body...)
			signing := api.WebhookSigning{Keys: []ed25519.PrivateKey{keyOf("old"), keyOf("new")}, Secrets: [][]byte{[]byte("new secret")}}
			if err := api.SignWebhook(header, "evt_1", body, signing, signedAt); err != nil {
				t.Fatal(err)
			}
			tt.edit(header, &body)
			wantReason(t, tt.want, api.VerifyWebhook(header, body, tt.keys, signedAt.Add(tt.later)))
		})
	}
}

// exchangeVersions calls each signature by the other's version.
func exchangeVersions(h http.Header) {
	h.Set("webhook-signature", strings.NewReplacer("v1a,", "v1,", "v1,", "v1a,").Replace(h.Get("webhook-signature")))
}

func TestSigningAWebhookNeedsItsParts(t *testing.T) {
	t.Parallel()
	one := api.WebhookSigning{Keys: []ed25519.PrivateKey{keyOf("new")}}
	for name, tt := range map[string]struct {
		id      string
		signing api.WebhookSigning
	}{
		"no id":         {"", one},
		"full stop":     {"evt.1", one},
		"line break":    {"evt\n1", one},
		"long id":       {strings.Repeat("e", 200), one},
		"no key":        {"evt_1", api.WebhookSigning{}},
		"too many keys": {"evt_1", api.WebhookSigning{Secrets: make([][]byte, 9)}},
	} {
		if err := api.SignWebhook(http.Header{}, tt.id, nil, tt.signing, signedAt); err == nil {
			t.Errorf("%s: signed", name)
		}
	}
}
