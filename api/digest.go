package api

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"net/http"

	"github.com/dunglas/httpsfv"

	"github.com/hansa-network/hansa"
)

// Digest returns the Content-Digest field (RFC 9530, sha-256) of body.
func Digest(body []byte) string {
	sum := sha256.Sum256(body)
	return "sha-256=:" + base64.StdEncoding.EncodeToString(sum[:]) + ":"
}

// checkDigest recomputes the digest from the raw bytes. A digest of another
// algorithm may stand beside ours and is not looked at. No field at all is fine
// here: the signature decides whether one was needed.
func checkDigest(header http.Header, body []byte) error {
	lines := header.Values("Content-Digest")
	if len(lines) == 0 {
		return nil
	}
	digests, err := httpsfv.UnmarshalDictionary(lines)
	if err != nil {
		return hansa.Refuse(hansa.BadSignature, "content-digest is not a dictionary")
	}
	member, _ := digests.Get("sha-256")
	item, _ := member.(httpsfv.Item)
	claimed, ok := item.Value.([]byte)
	if !ok {
		return hansa.Refuse(hansa.BadSignature, "content-digest has no sha-256")
	}
	sum := sha256.Sum256(body)
	if subtle.ConstantTimeCompare(claimed, sum[:]) != 1 {
		return hansa.Refuse(hansa.BadSignature, "content-digest differs from the body")
	}
	return nil
}
