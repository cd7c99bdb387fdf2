package api

import (
	"bytes"
	"crypto/sha256"
	"net/http"
	"strings"

	"github.com/hansa-network/hansa"
)

// Digest returns the Content-Digest field (RFC 9530, sha-256) of body.
func Digest(body []byte) string {
	sum := sha256.Sum256(body)
	text := append(make([]byte, 0, digestSize), "sha-256="...)
	return string(appendBytes(text, sum[:]))
}

// digestSize is what the field has.
const digestSize = len("sha-256=::") + (sha256.Size+2)/3*4

// checkDigest recomputes the digest from the raw bytes. A digest of another
// algorithm may stand beside ours and is not looked at. No field at all is fine
// here: the signature decides whether one was needed.
func checkDigest(header http.Header, body []byte) error {
	lines := header.Values("Content-Digest")
	if len(lines) == 0 {
		return nil
	}
	if len(lines) == 1 && lines[0] == Digest(body) {
		return nil // As nearly everybody writes it.
	}
	f := fieldReader{strings.Join(lines, ", ")}
	sum, found := sha256.Sum256(body), false
	for more := true; more; more = f.comma() {
		name, isName := f.key()
		equals := f.take("=")
		value, isBytes := f.bytes()
		if !isName || !equals || !isBytes {
			return hansa.Refuse(hansa.BadSignature, "content-digest is not a dictionary of byte sequences")
		}
		if name != "sha-256" {
			continue
		}
		if found = bytes.Equal(value, sum[:]); !found {
			return hansa.Refuse(hansa.BadSignature, "content-digest differs from the body")
		}
	}
	switch {
	case f.rest != "":
		return hansa.Refuse(hansa.BadSignature, "content-digest is not a dictionary of byte sequences")
	case !found:
		return hansa.Refuse(hansa.BadSignature, "content-digest has no sha-256")
	}
	return nil
}
