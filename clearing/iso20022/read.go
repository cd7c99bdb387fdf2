package iso20022

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/hansa-network/hansa"
)

// A reader reads the elements of one message as they are described.
type reader struct {
	tokens    *xml.Decoder
	namespace string
	path      []string
	begun     bool // something was read, so that no declaration may come
}

// read reads the message called name into what root describes.
func read(data []byte, name string, root node) error {
	if len(data) > MaxBytes {
		return hansa.Refuse(hansa.Malformed, "over %d bytes", MaxBytes)
	}
	if !utf8.Valid(data) {
		return hansa.Refuse(hansa.Malformed, "not UTF-8")
	}
	data, _ = bytes.CutPrefix(data, []byte("\ufeff"))
	r := &reader{tokens: xml.NewDecoder(bytes.NewReader(data)), namespace: namespaceOf + name}
	return r.document(root)
}

// document reads the whole: the declaration if there is one, the root, and nothing more.
func (r *reader) document(root node) error {
	start, err := r.next()
	if err == nil && start == nil {
		err = errors.New("there is no element")
	}
	if err == nil && (start.Name.Local != "Document" || start.Name.Space != r.namespace) {
		err = fmt.Errorf("it must begin with the Document of %s", r.namespace)
	}
	if err == nil {
		err = schemaHints(start.Attr)
	}
	if err != nil {
		return refusal([]string{"Document"}, err.Error())
	}
	if err := r.inside("Document", []node{root}); err != nil {
		return err
	}
	start, err = r.next()
	switch {
	case errors.Is(err, io.EOF):
		return nil
	case err == nil && start != nil:
		err = errors.New("a second root")
	}
	return refusal(nil, err.Error())
}

// schemaHints are the attributes that the root may have: namespaces, and where a schema
// would be found, which is not looked at.
func schemaHints(attributes []xml.Attr) error {
	for _, a := range attributes {
		isNamespace := a.Name.Space == "xmlns" || a.Name.Space == "" && a.Name.Local == "xmlns"
		if !isNamespace && a.Name.Space != "http://www.w3.org/2001/XMLSchema-instance" {
			return fmt.Errorf("it has no attribute %s", a.Name.Local)
		}
	}
	return nil
}

// next returns the next element that begins, or nil where the one around it ends. There
// is nothing between elements but space.
func (r *reader) next() (*xml.StartElement, error) {
	for {
		token, err := r.tokens.Token()
		if err != nil {
			return nil, err
		}
		first := !r.begun
		r.begun = true
		switch t := token.(type) {
		case xml.StartElement:
			return &t, nil
		case xml.EndElement:
			return nil, nil
		case xml.CharData:
			if strings.Trim(string(t), " \t\r\n") != "" {
				return nil, errors.New("text between elements")
			}
		case xml.ProcInst:
			if t.Target != "xml" || !first {
				return nil, errors.New("a processing instruction")
			}
		case xml.Comment:
			return nil, errors.New("a comment")
		case xml.Directive:
			return nil, errors.New("a document type")
		}
	}
}

// inside reads what is in an element: what the nodes describe, in their order.
func (r *reader) inside(name string, nodes []node) error {
	r.path = append(r.path, name)
	defer func() { r.path = r.path[:len(r.path)-1] }()
	at, times := 0, make([]int, len(nodes))
	for {
		start, err := r.next()
		if err != nil {
			return refusal(r.path, err.Error())
		}
		if start == nil {
			return r.complete(nodes, times)
		}
		// Of two nodes of one name the second takes what the first has no place for.
		for at < len(nodes) && (nodes[at].name != start.Name.Local || times[at] > 0 && !nodes[at].many) {
			at++
		}
		if at == len(nodes) || start.Name.Space != r.namespace {
			return refusal(r.path, start.Name.Local+" does not belong here, or not once more")
		}
		if err := r.element(nodes[at], times[at], start); err != nil {
			return err
		}
		times[at]++
	}
}

// complete refuses an element in which one is missing.
func (r *reader) complete(nodes []node, times []int) error {
	for i, n := range nodes {
		if times[i] == 0 && !n.optional {
			return refusal(append(r.path, n.name), "it is missing")
		}
	}
	return nil
}

// element reads the i-th of what n describes.
func (r *reader) element(n node, i int, start *xml.StartElement) error {
	if n.isPassed() {
		return r.pass(start.Name.Local, len(r.path)+1)
	}
	if n.leaf != nil {
		return r.text(n, start)
	}
	if len(start.Attr) > 0 {
		return refusal(append(r.path, n.name), "it has no attributes")
	}
	return r.inside(n.name, n.enter(i))
}

// text reads an element with text in it, whose only attribute is a currency.
func (r *reader) text(n node, start *xml.StartElement) error {
	path := append(r.path, n.name)
	currency := ""
	for i, a := range start.Attr {
		if i > 0 || a.Name.Space != "" || a.Name.Local != "Ccy" {
			return refusal(path, fmt.Sprintf("the attribute %s does not belong here", a.Name.Local))
		}
		currency = a.Value
	}
	var text strings.Builder
	for {
		token, err := r.tokens.Token()
		if err != nil {
			return refusal(path, err.Error())
		}
		switch t := token.(type) {
		case xml.CharData:
			text.Write(t)
			continue
		case xml.EndElement:
			err = n.leaf.read(text.String(), currency)
		default:
			err = errors.New("there is more than text in it")
		}
		if err != nil {
			return refusal(path, err.Error())
		}
		return nil
	}
}

// pass reads over an element that is not for us, depth levels down.
func (r *reader) pass(name string, depth int) error {
	if depth > MaxDepth {
		return refusal(r.path, fmt.Sprintf("deeper than %d", MaxDepth))
	}
	for {
		token, err := r.tokens.Token()
		if err == nil {
			switch token.(type) {
			case xml.StartElement:
				depth++
			case xml.EndElement:
				depth--
			case xml.Comment, xml.ProcInst, xml.Directive:
				err = errors.New("neither text nor an element")
			}
		}
		switch {
		case err != nil:
			return refusal(append(r.path, name), err.Error())
		case depth > MaxDepth:
			return refusal(append(r.path, name), fmt.Sprintf("deeper than %d", MaxDepth))
		case depth == len(r.path):
			return nil
		}
	}
}
