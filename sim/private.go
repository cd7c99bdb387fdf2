package sim

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"strings"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/money"
)

// privateLinks are the acquirers of the sandbox that have codes of their own: Nets in the
// form of Alipay+, and Vipps.
func privateLinks() map[string]member.Link {
	return map[string]member.Link{
		"nets":  {Host: "qr.nets.example", Path: "/28100804/"},
		"vipps": {Host: "qr.vipps.example", Path: "/28/2/05/"},
	}
}

// A PrivateCode is what a private code of a make-believe acquirer asks. Nobody but the
// acquirer can read it, and all of it stands in the code.
type PrivateCode struct {
	Store          string        `json:"s"`
	Terminal       string        `json:"t,omitempty"`
	OrderReference string        `json:"r,omitempty"`
	Amount         *money.Amount `json:"a,omitempty"` // nil: a sticker
	ExpiresAt      time.Time     `json:"e,omitzero"`
}

// sealBytes is how much of a seal stands in a code.
const sealBytes = 12

// seal is what shows an acquirer that it has made a code.
func seal(acquirer string, key, said []byte) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte("private code of " + acquirer + "\n"))
	mac.Write(said)
	return mac.Sum(nil)[:sealBytes]
}

// Text is the code as the acquirer shows it. It refuses MethodNotAllowed where an acquirer
// has no codes of its own.
func (c PrivateCode) Text(acquirer string, key []byte) (string, error) {
	link, has := privateLinks()[acquirer]
	if !has {
		return "", hansa.Refuse(hansa.MethodNotAllowed, "%s has no codes of its own", acquirer)
	}
	said := api.Encode(c)
	return "https://" + link.Host + link.Path + base64.RawURLEncoding.EncodeToString(append(seal(acquirer, key, said), said...)), nil
}

// IsPrivate reports whether a scanned text is a private code of an acquirer's.
func IsPrivate(acquirer, text string) bool {
	link, has := privateLinks()[acquirer]
	return has && strings.HasPrefix(text, "https://"+link.Host+link.Path)
}

// DecodePrivate is what the acquirer answers of a code of its own: the same for the same
// code. It refuses CodeUnknown for one that it has not made.
func DecodePrivate(acquirer string, key []byte, text string) (api.Decoded, error) {
	unknown := hansa.Refuse(hansa.CodeUnknown, "%s has not made this code", acquirer)
	if !IsPrivate(acquirer, text) {
		return api.Decoded{}, unknown
	}
	raw, err := base64.RawURLEncoding.DecodeString(text[strings.LastIndexByte(text, '/')+1:])
	if err != nil || len(raw) < sealBytes || !hmac.Equal(raw[:sealBytes], seal(acquirer, key, raw[sealBytes:])) {
		return api.Decoded{}, unknown
	}
	var code PrivateCode
	if err := json.Unmarshal(raw[sealBytes:], &code); err != nil {
		return api.Decoded{}, unknown
	}
	if code.Amount == nil {
		return api.Decoded{Kind: api.DecodedStore, Store: code.Store}, nil
	}
	return api.Decoded{
		Kind: api.DecodedOrder, RequestID: "private." + hex.EncodeToString(raw[:sealBytes]), Store: code.Store, Terminal: code.Terminal,
		OrderReference: code.OrderReference, Amount: code.Amount, ExpiresAt: &code.ExpiresAt,
	}, nil
}
