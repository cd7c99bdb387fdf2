package bluecode

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
)

// Secrets of a client. Whoever shows the second one talks to the protocol's sandbox:
// its barcodes then have their meaning. A client may have both, or one.
const (
	Secret        = "secret"
	SandboxSecret = "sandbox_secret"
)

// tokenLife is how long an access token is good for. A token to refresh it is good for as
// long as the client's secrets stay as they are.
const (
	tokenLife    = 24 * time.Hour
	kindAccess   = "access"
	kindRefresh  = "refresh"
	tokenPartsIs = 5
)

// A caller is a client that has shown a secret of its own.
type caller struct {
	client  api.Client
	sandbox bool
}

// identify finds who calls, by Basic or Bearer (RFC 7617, RFC 6750).
func (d *Dialect) identify(q api.Question) (caller, error) {
	refused := hansa.Refuse(hansa.UnknownKey, "the credentials are not known here")
	scheme, shown, _ := strings.Cut(q.Request.Header.Get("Authorization"), " ")
	switch strings.ToLower(scheme) {
	case "basic":
		id, secret, ok := q.Request.BasicAuth()
		if known, holds := identifyBySecret(q, id, secret); ok && holds {
			return known, nil
		}
	case "bearer":
		if known, ok := d.believe(q, kindAccess, strings.TrimSpace(shown)); ok {
			return known, nil
		}
	}
	return caller{}, refused
}

func identifyBySecret(q api.Question, id, secret string) (caller, bool) {
	client, known := q.Clients(Name, id)
	if !known || secret == "" {
		return caller{}, false
	}
	sum := sha256.Sum256([]byte(secret))
	shown := hex.EncodeToString(sum[:])
	for _, name := range []string{Secret, SandboxSecret} {
		if subtle.ConstantTimeCompare([]byte(shown), []byte(client.Secrets[name])) == 1 {
			return caller{client, name == SandboxSecret}, true
		}
	}
	return caller{}, false
}

// token answers POST /oauth2/token (RFC 6749): client credentials and refresh tokens are
// granted for access tokens. Codes are not, since there is no page that hands them out.
func (d *Dialect) token(q api.Question) api.Answer {
	form, err := url.ParseQuery(string(q.Body))
	if err != nil || q.Request.Method != http.MethodPost || len(q.Body) > api.BodyMax {
		return tokenRefused(http.StatusBadRequest, "invalid_request")
	}
	id, secret, basic := q.Request.BasicAuth()
	if !basic {
		id, secret = form.Get("client_id"), form.Get("client_secret")
	}
	known, ok := identifyBySecret(q, id, secret)
	if !ok {
		return tokenRefused(http.StatusUnauthorized, "invalid_client")
	}
	switch form.Get("grant_type") {
	case "client_credentials":
	case "refresh_token":
		earlier, ok := d.believe(q, kindRefresh, form.Get("refresh_token"))
		if !ok || earlier.client.ID != known.client.ID || earlier.sandbox != known.sandbox {
			return tokenRefused(http.StatusBadRequest, "invalid_grant")
		}
	default: // A text from outside.
		return tokenRefused(http.StatusBadRequest, "unsupported_grant_type")
	}
	granted := told(http.StatusOK, map[string]any{
		"access_token": d.issue(known, kindAccess, q.Now.Add(tokenLife)), "refresh_token": d.issue(known, kindRefresh, time.Time{}),
		"token_type": "Bearer", "expires_in": int64(tokenLife / time.Second), "scope": "merchant-api",
	})
	granted.Header.Set("Cache-Control", "no-store")
	return granted
}

func tokenRefused(status int, why string) api.Answer {
	return told(status, map[string]string{"error": why})
}

// issue writes a token: kind, client, which of its secrets, and the second since 1970 at
// which it ends, under a seal. A zero time is no end.
func (d *Dialect) issue(to caller, kind string, until time.Time) string {
	end := int64(0)
	if !until.IsZero() {
		end = until.Unix()
	}
	id := base64.RawURLEncoding.EncodeToString([]byte(to.client.ID))
	text := strings.Join([]string{kind, id, secretName(to.sandbox), strconv.FormatInt(end, 10)}, ".")
	return text + "." + d.seal(text, to)
}

func secretName(sandbox bool) string {
	if sandbox {
		return SandboxSecret
	}
	return Secret
}

// seal covers the secret as well: a new one makes the client's old tokens void.
func (d *Dialect) seal(text string, of caller) string {
	mac := hmac.New(sha256.New, d.secret)
	mac.Write([]byte(text + "." + of.client.Secrets[secretName(of.sandbox)]))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// believe returns whose token it is, if it is one of ours and its time is not over.
func (d *Dialect) believe(q api.Question, kind, token string) (caller, bool) {
	parts := strings.Split(token, ".")
	if len(parts) != tokenPartsIs || parts[0] != kind {
		return caller{}, false
	}
	id, err := base64.RawURLEncoding.DecodeString(parts[1])
	client, known := q.Clients(Name, string(id))
	if err != nil || !known {
		return caller{}, false
	}
	of := caller{client, parts[2] == SandboxSecret}
	text := strings.Join(parts[:tokenPartsIs-1], ".")
	if client.Secrets[secretName(of.sandbox)] == "" || !hmac.Equal([]byte(d.seal(text, of)), []byte(parts[tokenPartsIs-1])) {
		return caller{}, false
	}
	end, err := strconv.ParseInt(parts[3], 10, 64)
	return of, err == nil && (end == 0 || q.Now.Unix() < end)
}
