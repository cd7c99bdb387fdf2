package web

import (
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
)

// Limits of texts and numbers in requests.
const (
	requestIDMax  = 64
	idMax         = 64  // characters of an id of ours, or of a store or terminal
	nameMax       = 64  // characters of a name that people see
	payerMax      = 128 // characters of a wallet's token for a payer
	codeTextMax   = 512 // bytes of a scanned text: no symbol of ours holds more
	urlMax        = 512
	partMax       = 999
	pageItems     = 50
	pageItemsMax  = 200
	eventsRead    = 500  // of one reading of the journal
	eventsReadMax = 5000 // that one request may pass over
)

// decode reads the body into a message and checks its request id.
func decode[M any](c *call, requestID func(*M) string) (M, error) {
	var message M
	if err := api.Decode(c.body, &message); err != nil {
		return message, err
	}
	return message, c.checkRequestID(requestID(&message))
}

// checkRequestID lets clients of other protocols use what these allow.
func (c *call) checkRequestID(id string) error {
	if c.client != "" {
		return checkTexts(hansa.Malformed, text{"request_id", id, requestIDMax})
	}
	return checkRequestID(id)
}

func checkRequestID(id string) error {
	strange := func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("._:-", r))
	}
	if id == "" || len(id) > requestIDMax || strings.ContainsFunc(id, strange) {
		return hansa.Refuse(hansa.Malformed, "request_id: 1 to %d letters, digits and . _ : -", requestIDMax)
	}
	return nil
}

// A text is a member of a message together with what it may be.
type text struct {
	member string
	value  string
	max    int // characters
}

// checkTexts refuses with reason what is empty, too long, or has characters
// that no one sees.
func checkTexts(reason hansa.Reason, texts ...text) error {
	for _, t := range texts {
		if n := utf8.RuneCountInString(t.value); n == 0 || n > t.max || strings.ContainsFunc(t.value, unseen) {
			return hansa.Refuse(reason, "%s: 1 to %d characters that can be seen", t.member, t.max)
		}
	}
	return nil
}

// unseen reports control, format and separator characters: what could break a
// line, turn the direction of writing or hide.
func unseen(r rune) bool {
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co) || r == utf8.RuneError
}

// checkTill checks what a till says of where it stands.
func checkTill(store, terminal, orderReference string, part int) error {
	err := checkTexts(hansa.Malformed, text{"store", store, idMax}, text{"terminal", terminal, idMax})
	if err != nil {
		return err
	}
	if err := checkTexts(hansa.InvalidName, text{"order_reference", orderReference, nameMax}); err != nil {
		return err
	}
	if part < 0 || part > partMax {
		return hansa.Refuse(hansa.Malformed, "part: 1 to %d", partMax)
	}
	return nil
}

// checkCodeText bounds a scanned text before anything looks into it.
func checkCodeText(code string) error {
	if code == "" || len(code) > codeTextMax {
		return hansa.Refuse(hansa.CodeInvalid, "code: 1 to %d bytes", codeTextMax)
	}
	return nil
}

// id returns the part of the path called name. What cannot be an id is not found.
func (c *call) id(name string) (string, error) {
	id := c.r.PathValue(name)
	if !isID(id) {
		return "", hansa.Refuse(hansa.NotFound, "no such %s", name)
	}
	return id, nil
}

// isID reports letters, digits and the signs that ids are made of.
func isID(id string) bool {
	strange := func(r rune) bool { return r > '~' || r <= ' ' || strings.ContainsRune(`%/?#"\`, r) }
	return id != "" && len(id) <= idMax && !strings.ContainsFunc(id, strange)
}

// idParameter returns a parameter that is an id, or nothing where it is absent.
func (c *call) idParameter(name string) (string, error) {
	id := c.query.Get(name)
	if c.query.Has(name) && !isID(id) {
		return "", hansa.Refuse(hansa.Malformed, "%s: not an id", name)
	}
	return id, nil
}

// number returns a parameter that is a whole number between bounds.
func (c *call) number(name string, least, most, absent int) (int, error) {
	if !c.query.Has(name) {
		return absent, nil
	}
	value, err := strconv.Atoi(c.query.Get(name))
	if err != nil || value < least || value > most || strconv.Itoa(value) != c.query.Get(name) {
		return 0, hansa.Refuse(hansa.Malformed, "%s: %d to %d", name, least, most)
	}
	return value, nil
}

// seconds returns the parameter wait.
func (c *call) seconds(most, absent time.Duration) (time.Duration, error) {
	seconds, err := c.number("wait", 0, int(most/time.Second), int(absent/time.Second))
	return time.Duration(seconds) * time.Second, err
}

// limit returns the parameter limit.
func (c *call) limit() (int, error) { return c.number("limit", 1, pageItemsMax, pageItems) }
