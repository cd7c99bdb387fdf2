package wechat

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/hansa-network/hansa/api"
)

// Limits of a message. It is one element with as many elements in it as it has fields,
// and nothing in those but text.
const (
	fieldsMax = 128
	root      = "xml"
)

// fields are a message of the protocol. A field that is empty is one that is not there.
type fields map[string]string

// sign seals all fields, under HMAC-SHA256.
func (d *Dialect) sign(f fields) { f["sign"] = f.seal(d.key) }

// seal is the HMAC-SHA256 of the fields in the order of their names, in upper-case
// hexadecimal.
func (f fields) seal(key string) string {
	var text strings.Builder
	for _, name := range slices.Sorted(maps.Keys(f)) {
		if name != "sign" && f[name] != "" {
			text.WriteString(name + "=" + f[name] + "&")
		}
	}
	text.WriteString("key=" + key)
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(text.String()))
	return strings.ToUpper(hex.EncodeToString(mac.Sum(nil)))
}

// verify reports whether the fields are sealed by whoever has the key. No other algorithm
// is believed, whatever a message says of itself.
func (d *Dialect) verify(f fields) bool {
	return f["sign"] != "" && !f.isAmbiguous() && hmac.Equal([]byte(f["sign"]), []byte(f.seal(d.key)))
}

// isAmbiguous reports a value that could be several fields under the same seal, since
// what is sealed does not say where a value ends.
func (f fields) isAmbiguous() bool {
	for _, value := range f {
		_, after, found := strings.Cut(value, "&")
		if found && strings.Contains(after, "=") {
			return true
		}
	}
	return false
}

// write writes the fields in the order of their names.
func (f fields) write() []byte {
	var text bytes.Buffer
	text.WriteString("<" + root + ">")
	for _, name := range slices.Sorted(maps.Keys(f)) {
		if f[name] == "" {
			continue
		}
		text.WriteString("<" + name + ">")
		// A buffer takes all that is written to it.
		_ = xml.EscapeText(&text, []byte(f[name]))
		text.WriteString("</" + name + ">")
	}
	text.WriteString("</" + root + ">")
	return text.Bytes()
}

// readFields reads a message. It believes no declaration of a document type, so that
// there are no entities but the five of XML, and no attribute, comment or depth.
func readFields(body []byte) (fields, error) {
	if len(body) > api.BodyMax {
		return nil, fmt.Errorf("more than %d bytes: %w", api.BodyMax, errUnclear)
	}
	r := reader{decoder: xml.NewDecoder(bytes.NewReader(body)), fields: make(fields)}
	for {
		token, err := r.decoder.RawToken()
		if errors.Is(err, io.EOF) && r.ended {
			return r.fields, nil
		}
		if err == nil {
			err = r.take(token)
		}
		if err != nil {
			return nil, fmt.Errorf("not a message (%v): %w", err, errUnclear) //nolint:errorlint // What it is exactly is for people.
		}
	}
}

// A reader is on its way through a message.
type reader struct {
	decoder *xml.Decoder
	fields  fields
	begun   bool
	ended   bool
	name    string // of the field that is being read
	text    strings.Builder
}

func (r *reader) take(token xml.Token) error {
	switch token := token.(type) {
	case xml.StartElement:
		return r.open(token)
	case xml.EndElement:
		return r.shut(token.Name)
	case xml.CharData:
		if r.name == "" {
			if len(bytes.TrimSpace(token)) > 0 {
				return errors.New("text outside of a field")
			}
			return nil
		}
		r.text.Write(token)
		return nil
	case xml.ProcInst:
		if token.Target == "xml" && !r.begun {
			return nil
		}
		return errors.New("an instruction")
	case xml.Comment, xml.Directive:
		return errors.New("a comment or declaration")
	}
	return errors.New("not XML")
}

func (r *reader) open(element xml.StartElement) error {
	name := element.Name.Local
	switch {
	case r.ended || r.name != "" || element.Name.Space != "" || len(element.Attr) > 0:
		return errors.New("an element where none can be")
	case !r.begun && name != root:
		return errors.New("another root")
	case !r.begun:
		r.begun = true
		return nil
	case len(r.fields) >= fieldsMax:
		return errors.New("too many fields")
	}
	if _, twice := r.fields[name]; twice {
		return errors.New("a field twice")
	}
	r.name = name
	r.text.Reset()
	return nil
}

func (r *reader) shut(name xml.Name) error {
	switch {
	case name.Space != "":
		return errors.New("another name space")
	case r.name != "" && name.Local == r.name:
		r.fields[r.name] = r.text.String()
		r.name = ""
		return nil
	case r.name == "" && r.begun && !r.ended && name.Local == root:
		r.ended = true
		return nil
	}
	return errors.New("an end without a beginning")
}
