package vipps

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/hansa-network/hansa/api"
)

// How long an access token is good for.
const (
	tokenLife      = 3599 * time.Second // of /accesstoken/get
	shortTokenLife = 15 * time.Minute   // of /miami/v1/token
)

// tokenHeader is that of every token, and no other is believed: a JSON Web Token
// (RFC 7519) under HMAC-SHA256.
const tokenHeader = `{"alg":"HS256","typ":"JWT"}` //nolint:gosec // It says how a token is sealed, and is none.

// A claim is what a token says. It stands for credentials rather than for a sales unit,
// since a partner's are good for many.
type claim struct {
	Subject     string `json:"sub"` // the client that asked for it
	Credentials string `json:"cred"`
	NotBefore   int64  `json:"nbf"` // seconds since 1970
	Expires     int64  `json:"exp"`
}

// accessToken answers POST /accesstoken/get.
func (c *call) accessToken() api.Answer {
	h := c.Request.Header
	if !c.shows(h.Get("client_id"), h.Get("client_secret")) {
		return c.refuseToken("the client_id or client_secret is not valid")
	}
	if !holds(c.client, "Ocp-Apim-Subscription-Key", h.Get("Ocp-Apim-Subscription-Key")) {
		return c.refuseToken("the Ocp-Apim-Subscription-Key is not valid")
	}
	type token struct {
		TokenType    string `json:"token_type"`
		ExpiresIn    string `json:"expires_in"`
		ExtExpiresIn string `json:"ext_expires_in"`
		ExpiresOn    string `json:"expires_on"`
		NotBefore    string `json:"not_before"`
		Resource     string `json:"resource"`
		AccessToken  string `json:"access_token"`
	}
	claimed, text := c.dialect.issue(c.client, c.Now, tokenLife)
	seconds := strconv.FormatInt(int64(tokenLife/time.Second), 10)
	return uncached(answered(http.StatusOK, token{
		TokenType: "Bearer", ExpiresIn: seconds, ExtExpiresIn: seconds,
		ExpiresOn: strconv.FormatInt(claimed.Expires, 10), NotBefore: strconv.FormatInt(claimed.NotBefore, 10),
		Resource: c.Origin, AccessToken: text,
	}))
}

// shortToken answers POST /miami/v1/token (RFC 6749, section 4.4).
func (c *call) shortToken() api.Answer {
	form, err := url.ParseQuery(string(c.Body))
	if grant := form.Get("grant_type"); err != nil || grant != "" && grant != "client_credentials" {
		return uncached(answered(http.StatusBadRequest, tokenProblem{
			Error: "unsupported_grant_type", Description: "only client_credentials is granted", TraceID: c.traceID(),
		}))
	}
	id, secret, _ := c.Request.BasicAuth()
	if !c.shows(id, secret) {
		return c.refuseToken("the client_id or client_secret is not valid")
	}
	type token struct {
		TokenType   string `json:"token_type"`
		ExpiresIn   string `json:"expires_in"`
		AccessToken string `json:"access_token"`
	}
	_, text := c.dialect.issue(c.client, c.Now, shortTokenLife)
	return uncached(answered(http.StatusOK, token{"Bearer", strconv.FormatInt(int64(shortTokenLife/time.Second), 10), text}))
}

// tokenProblem is a refusal in the words of OAuth 2.0.
type tokenProblem struct {
	Error       string `json:"error"`
	Description string `json:"error_description"`
	TraceID     string `json:"trace_id"`
}

func (c *call) refuseToken(why string) api.Answer {
	return uncached(answered(http.StatusUnauthorized, tokenProblem{"invalid_client", why, c.traceID()}))
}

// uncached forbids to keep an answer, which holds a secret.
func uncached(answer api.Answer) api.Answer {
	answer.Header.Set("Cache-Control", "no-store")
	return answer
}

// shows finds the client by its Merchant-Serial-Number, or without one by its client id,
// and reports whether it shows its credentials.
func (c *call) shows(id, secret string) bool {
	name := c.Request.Header.Get("Merchant-Serial-Number")
	if name == "" {
		name = id
	}
	client, known := c.Clients(Name, name)
	c.client = client
	return known && holds(client, "client_id", id) && holds(client, "client_secret", secret)
}

// holds reports whether shown is the client's secret of that name.
func holds(client api.Client, name, shown string) bool {
	want := client.Secrets[name]
	sum := sha256.Sum256([]byte(shown))
	return want != "" && shown != "" && subtle.ConstantTimeCompare([]byte(strings.ToLower(want)), []byte(hex.EncodeToString(sum[:]))) == 1
}

// credentialsOf names the credentials of a client without telling them.
func credentialsOf(client api.Client) string {
	sum := sha256.Sum256([]byte(client.Secrets["client_id"] + " " + client.Secrets["client_secret"]))
	return hex.EncodeToString(sum[:16])
}

func (d *Dialect) issue(client api.Client, now time.Time, life time.Duration) (claim, string) {
	claimed := claim{Subject: client.ID, Credentials: credentialsOf(client), NotBefore: now.Unix(), Expires: now.Add(life).Unix()}
	text := base64.RawURLEncoding.EncodeToString([]byte(tokenHeader)) + "." + base64.RawURLEncoding.EncodeToString(api.Encode(claimed))
	return claimed, text + "." + d.seal(text)
}

func (d *Dialect) seal(text string) string {
	mac := hmac.New(sha256.New, d.secret)
	mac.Write([]byte(text))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// believe returns what a token says, if it is one of ours and its time is not over.
func (d *Dialect) believe(token string, now time.Time) (claim, bool) {
	at := strings.LastIndexByte(token, '.')
	if at < 0 || !hmac.Equal([]byte(d.seal(token[:at])), []byte(token[at+1:])) {
		return claim{}, false
	}
	head, body, _ := strings.Cut(token[:at], ".")
	if head != base64.RawURLEncoding.EncodeToString([]byte(tokenHeader)) {
		return claim{}, false
	}
	text, err := base64.RawURLEncoding.DecodeString(body)
	if err != nil {
		return claim{}, false
	}
	var claimed claim
	if err := json.Unmarshal(text, &claimed); err != nil {
		return claim{}, false
	}
	return claimed, now.Unix() < claimed.Expires
}
