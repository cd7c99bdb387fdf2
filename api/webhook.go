package api

import (
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/hansa-network/hansa"
)

// Limits of a webhook (Standard Webhooks 1.0).
const (
	WebhookTolerance     = 5 * time.Minute // between its time and ours, both ways
	webhookSignaturesMax = 8
	webhookIDMax         = 128
)

// WebhookSigning is what a webhook is signed with. While keys are being changed,
// the old and the new one sign. Private keys give v1a signatures; secrets that
// were shared with the receiver give v1 signatures.
type WebhookSigning struct {
	Keys    []ed25519.PrivateKey
	Secrets [][]byte
}

// WebhookKeys is what a receiver accepts: one signature by one of these is enough.
type WebhookKeys struct {
	Keys    []ed25519.PublicKey
	Secrets [][]byte
}

// SignWebhook sets webhook-id, webhook-timestamp and webhook-signature. The id
// stays the same at every retry and holds no full stop; now is the time of this
// try. An error is a fault of the caller.
func SignWebhook(header http.Header, id string, body []byte, p WebhookSigning, now time.Time) error {
	if id == "" || len(id) > webhookIDMax || strings.Contains(id, ".") || !printable(id) {
		return fmt.Errorf("sign webhook: id %q", id)
	}
	timestamp := strconv.FormatInt(now.Unix(), 10)
	content := webhookContent(id, timestamp, body)
	var signatures []string
	for _, key := range p.Keys {
		signatures = append(signatures, "v1a,"+base64.StdEncoding.EncodeToString(ed25519.Sign(key, content)))
	}
	for _, secret := range p.Secrets {
		signatures = append(signatures, "v1,"+base64.StdEncoding.EncodeToString(webhookMAC(secret, content)))
	}
	if len(signatures) == 0 || len(signatures) > webhookSignaturesMax {
		return fmt.Errorf("sign webhook %s: %d keys", id, len(signatures))
	}
	header.Set("webhook-id", id)
	header.Set("webhook-timestamp", timestamp)
	header.Set("webhook-signature", strings.Join(signatures, " "))
	return nil
}

// VerifyWebhook verifies a webhook from the raw bytes of its body. Whoever acts
// on it also remembers the id, because a retry is a webhook as good as the first.
// Refusals: Unsigned, BadSignature, SignatureExpired.
func VerifyWebhook(header http.Header, body []byte, keys WebhookKeys, now time.Time) error {
	id, timestamp := header.Get("webhook-id"), header.Get("webhook-timestamp")
	signatures := strings.Fields(header.Get("webhook-signature"))
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	switch {
	case id == "" || timestamp == "" || len(signatures) == 0:
		return hansa.Refuse(hansa.Unsigned, "need webhook-id, webhook-timestamp and webhook-signature")
	case len(id) > webhookIDMax || strings.Contains(id, ".") || len(signatures) > webhookSignaturesMax:
		return hansa.Refuse(hansa.BadSignature, "webhook-id or webhook-signature is not in form")
	case err != nil || strconv.FormatInt(seconds, 10) != timestamp:
		return hansa.Refuse(hansa.BadSignature, "webhook-timestamp is not a number of seconds")
	case now.Sub(time.Unix(seconds, 0)).Abs() > WebhookTolerance:
		return hansa.Refuse(hansa.SignatureExpired, "webhook-timestamp is more than %s from now", WebhookTolerance)
	}
	content := webhookContent(id, timestamp, body)
	for _, signature := range signatures {
		if keys.accept(signature, content) {
			return nil
		}
	}
	return hansa.Refuse(hansa.BadSignature, "no signature by a key that is accepted")
}

// accept tells if one of the keys made the signature. The version in the header
// chooses only among the keys of that kind, so that a public key is never used
// as a secret.
func (k WebhookKeys) accept(signature string, content []byte) bool {
	version, text, _ := strings.Cut(signature, ",")
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return false
	}
	switch version {
	case "v1a":
		for _, key := range k.Keys {
			if (Key{Public: key}).Verify(content, raw) {
				return true
			}
		}
	case "v1":
		for _, secret := range k.Secrets {
			if len(secret) > 0 && hmac.Equal(raw, webhookMAC(secret, content)) {
				return true
			}
		}
	}
	return false
}

// webhookContent is what is signed. An id without a full stop keeps the three
// parts apart.
func webhookContent(id, timestamp string, body []byte) []byte {
	return append([]byte(id+"."+timestamp+"."), body...)
}

func webhookMAC(secret, content []byte) []byte {
	mac := hmac.New(sha256.New, secret)
	mac.Write(content)
	return mac.Sum(nil)
}
