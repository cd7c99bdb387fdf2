package iso20022

import (
	"bytes"
	"encoding/xml"
	"strings"

	"github.com/hansa-network/hansa"
)

// A writer writes the elements of one message. The first refusal is kept, and nothing
// after it counts.
type writer struct {
	out     bytes.Buffer
	path    []string
	refusal error
}

// write returns the message called name, whose elements root describes: the same bytes
// for the same message.
func write(name string, root node) ([]byte, error) {
	w := &writer{}
	w.out.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n" + `<Document xmlns="` + namespaceOf + name + `">` + "\n")
	w.node(root)
	w.out.WriteString("</Document>\n")
	if w.refusal != nil {
		return nil, w.refusal
	}
	return w.out.Bytes(), nil
}

// node writes an element as often as it stands.
func (w *writer) node(n node) {
	if n.isPassed() {
		return
	}
	w.path = append(w.path, n.name)
	defer func() { w.path = w.path[:len(w.path)-1] }()
	if n.leaf != nil {
		w.text(n)
		return
	}
	times := n.times()
	if times == 0 && !n.optional {
		w.refuse("it is missing")
	}
	for i := range times {
		w.indent()
		w.out.WriteString("<" + n.name + ">\n")
		for _, inside := range n.enter(i) {
			w.node(inside)
		}
		w.indent()
		w.out.WriteString("</" + n.name + ">\n")
	}
}

// text writes an element with text in it.
func (w *writer) text(n node) {
	text, currency, err := n.leaf.write()
	switch {
	case err != nil:
		w.refuse(err.Error())
		return
	case text == "" && !n.optional:
		w.refuse("it is missing")
		return
	case text == "":
		return
	}
	w.indent()
	w.out.WriteString("<" + n.name)
	if currency != "" {
		w.out.WriteString(` Ccy="` + currency + `"`)
	}
	w.out.WriteString(">")
	// A buffer takes everything, and the text was judged before.
	_ = xml.EscapeText(&w.out, []byte(text))
	w.out.WriteString("</" + n.name + ">\n")
}

func (w *writer) indent() { w.out.WriteString(strings.Repeat("  ", len(w.path))) }

func (w *writer) refuse(why string) {
	if w.refusal == nil {
		w.refusal = refusal(w.path, why)
	}
}

// refusal says what is wrong with the element at path.
func refusal(path []string, why string) error {
	return hansa.Refuse(hansa.Malformed, "%s: %s", strings.Join(path, "/"), why)
}
