// Command typescript reads the OpenAPI document and writes what of the TypeScript client
// follows from it: a type for each message, and a function for each operation, as plain
// modules with declarations beside them. It is called with the document and the folder.
// Of OpenAPI it knows what our document uses, and fails at anything else.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "typescript:", err)
		os.Exit(1)
	}
}

func run(arguments []string) error {
	if len(arguments) != 2 {
		return errors.New("want the document and a folder")
	}
	text, err := os.ReadFile(arguments[0]) //nolint:gosec // The Makefile names the document and the folder.
	if err != nil {
		return err
	}
	files, err := generate(text)
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if err := os.WriteFile(filepath.Join(arguments[1], name), []byte(files[name]), 0o600); err != nil { //nolint:gosec // As above.
			return err
		}
	}
	return nil
}

// A document is what is read of OpenAPI 3.1.
type document struct {
	Paths      map[string]map[string]json.RawMessage `json:"paths"`
	Components struct {
		Parameters map[string]parameter `json:"parameters"`
		Schemas    map[string]schema    `json:"schemas"`
	} `json:"components"`
}

// An operation of the document.
type operation struct {
	OperationID string      `json:"operationId"`
	Summary     string      `json:"summary"`
	Description string      `json:"description"`
	Parameters  []parameter `json:"parameters"`
	RequestBody struct {
		Content map[string]content `json:"content"`
	} `json:"requestBody"`
	Responses map[string]struct {
		Content map[string]content `json:"content"`
	} `json:"responses"`

	method, path string
}

type content struct {
	Schema schema `json:"schema"`
}

type parameter struct {
	Ref         string `json:"$ref"`
	Name        string `json:"name"`
	In          string `json:"in"`
	Description string `json:"description"`
	Required    bool   `json:"required"`
	Schema      schema `json:"schema"`
}

// A schema, as far as messages need it.
type schema struct {
	Ref         string            `json:"$ref"`
	Type        string            `json:"type"`
	Description string            `json:"description"`
	Enum        []any             `json:"enum"`
	Properties  map[string]schema `json:"properties"`
	Required    []string          `json:"required"`
	Items       *schema           `json:"items"`
	OneOf       []schema          `json:"oneOf"`
}

const (
	mediaJSON   = "application/json"
	mediaStream = "text/event-stream"
	head        = "// Written by tools/typescript from the OpenAPI document. Do not edit.\n\n"
)

// generate returns the text of each file.
func generate(text []byte) (map[string]string, error) {
	var d document
	if err := json.Unmarshal(text, &d); err != nil {
		return nil, err
	}
	operations, err := d.operations()
	if err != nil {
		return nil, err
	}
	messages, err := d.messages()
	if err != nil {
		return nil, err
	}
	declared, err := d.declared(operations)
	if err != nil {
		return nil, err
	}
	return map[string]string{
		"messages.d.ts": head + messages, "operations.js": head + called(operations), "operations.d.ts": head + declared,
	}, nil
}

// operations lists the operations by path and method, with their parameters resolved.
func (d document) operations() ([]operation, error) {
	var all []operation
	for _, path := range slices.Sorted(maps.Keys(d.Paths)) {
		var shared []parameter
		if text, ok := d.Paths[path]["parameters"]; ok {
			if err := json.Unmarshal(text, &shared); err != nil {
				return nil, err
			}
		}
		for _, method := range slices.Sorted(maps.Keys(d.Paths[path])) {
			if method == "parameters" {
				continue
			}
			var o operation
			if err := json.Unmarshal(d.Paths[path][method], &o); err != nil {
				return nil, fmt.Errorf("%s %s: %w", method, path, err)
			}
			o.method, o.path = strings.ToUpper(method), path
			o.Parameters = append(slices.Clone(shared), o.Parameters...)
			for i, p := range o.Parameters {
				if p.Ref != "" {
					o.Parameters[i] = d.Components.Parameters[p.Ref[strings.LastIndexByte(p.Ref, '/')+1:]]
				}
				if o.Parameters[i].Name == "" {
					return nil, fmt.Errorf("%s: a parameter without a name", o.OperationID)
				}
			}
			all = append(all, o)
		}
	}
	return all, nil
}

// in lists the parameters that stand in the path, the query or the header.
func (o operation) in(place string) []parameter {
	return slices.DeleteFunc(slices.Clone(o.Parameters), func(p parameter) bool { return p.In != place })
}

// choices are the parameters that the caller may leave out, as members of one object.
func (o operation) choices() []parameter { return append(o.in("query"), o.in("header")...) }

func (o operation) hasBody() bool { return len(o.RequestBody.Content) > 0 }

// streams reports whether the operation answers with nothing but a stream.
func (o operation) streams() bool {
	contents := o.success()
	_, isStream := contents[mediaStream]
	return isStream && len(contents) == 1
}

// success is what a successful answer contains.
func (o operation) success() map[string]content {
	for _, status := range []string{"200", "201"} {
		if response, ok := o.Responses[status]; ok {
			return response.Content
		}
	}
	return nil
}

// called is the module of functions.
func called(operations []operation) string {
	var b strings.Builder
	b.WriteString("/** One method for each operation. What they call is in hansa.js. */\nexport class Operations {\n")
	for i, o := range operations {
		if i > 0 {
			b.WriteByte('\n')
		}
		names := make([]string, 0, 4)
		path := o.path
		for _, p := range o.in("path") {
			names = append(names, p.Name)
			path = strings.ReplaceAll(path, "{"+p.Name+"}", "${encodeURIComponent("+p.Name+")}")
		}
		members := []string{"method: '" + o.method + "'", "path: `" + path + "`"}
		if o.hasBody() {
			names = append(names, "body")
			members = append(members, "body")
		}
		if len(o.choices()) > 0 {
			names = append(names, "parameters = {}")
			members = append(members, "parameters", "query: "+quoted(o.in("query")), "header: "+quoted(o.in("header")))
		}
		verb := "call"
		if o.streams() {
			verb = "stream"
		}
		names = append(names, "options = {}")
		fmt.Fprintf(&b, "  %s(%s) {\n    return this.%s({ %s }, options);\n  }\n",
			o.OperationID, strings.Join(names, ", "), verb, strings.Join(members, ", "))
	}
	b.WriteString("}\n")
	return b.String()
}

// quoted is a list of names in JavaScript.
func quoted(list []parameter) string {
	names := make([]string, len(list))
	for i, p := range list {
		names[i] = "'" + p.Name + "'"
	}
	return "[" + strings.Join(names, ", ") + "]"
}

// declared is the declaration of the functions.
func (d document) declared(operations []operation) (string, error) {
	var b strings.Builder
	b.WriteString("import type * as messages from './messages.js';\n" +
		"import type { Options, StreamEvent } from './hansa.js';\n\n" +
		"/** One method for each operation. An error is a Refused, which is final, or a fault. */\nexport class Operations {\n")
	for i, o := range operations {
		if i > 0 {
			b.WriteByte('\n')
		}
		line, err := o.declared()
		if err != nil {
			return "", fmt.Errorf("%s: %w", o.OperationID, err)
		}
		b.WriteString(comment("  ", o.Summary+". "+o.Description) + line)
	}
	b.WriteString("}\n")
	return b.String(), nil
}

func (o operation) declared() (string, error) {
	var arguments []string
	for _, p := range o.in("path") {
		arguments = append(arguments, p.Name+": string")
	}
	if o.hasBody() {
		body, err := typeOf(o.RequestBody.Content[mediaJSON].Schema, "messages.", "  ")
		if err != nil {
			return "", err
		}
		arguments = append(arguments, "body: "+body)
	}
	if choices := o.choices(); len(choices) > 0 {
		object := schema{Type: "object", Properties: make(map[string]schema)}
		optional := "?"
		for _, p := range choices {
			p.Schema.Description = p.Description
			object.Properties[p.Name] = p.Schema
			if p.Required {
				object.Required, optional = append(object.Required, p.Name), ""
			}
		}
		parameters, err := typeOf(object, "messages.", "  ")
		if err != nil {
			return "", err
		}
		arguments = append(arguments, "parameters"+optional+": "+parameters)
	}
	answer, err := o.answers()
	if err != nil {
		return "", err
	}
	arguments = append(arguments, "options?: Options")
	return fmt.Sprintf("  %s(%s): %s;\n", o.OperationID, strings.Join(arguments, ", "), answer), nil
}

// answers is the type of the operation's answer.
func (o operation) answers() (string, error) {
	if o.streams() {
		return "AsyncGenerator<StreamEvent, void, void>", nil
	}
	of, ok := o.success()[mediaJSON]
	if !ok {
		return "", errors.New("no answer in JSON")
	}
	answer, err := typeOf(of.Schema, "messages.", "  ")
	if _, unchanged := o.Responses["304"]; unchanged {
		answer += " | null"
	}
	return "Promise<" + answer + ">", err
}

// messages is the declaration of all schemas.
func (d document) messages() (string, error) {
	var b strings.Builder
	for i, name := range slices.Sorted(maps.Keys(d.Components.Schemas)) {
		one := d.Components.Schemas[name]
		text, err := typeOf(one, "", "")
		if err != nil {
			return "", fmt.Errorf("%s: %w", name, err)
		}
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(comment("", one.Description))
		if one.Type == "object" && len(one.Properties) > 0 {
			fmt.Fprintf(&b, "export interface %s %s\n", name, text)
			continue
		}
		fmt.Fprintf(&b, "export type %s = %s;\n", name, text)
	}
	return b.String(), nil
}

// typeOf is a schema as a type. The prefix stands before the names of messages.
func typeOf(s schema, prefix, indent string) (string, error) {
	switch {
	case s.Ref != "":
		return prefix + s.Ref[strings.LastIndexByte(s.Ref, '/')+1:], nil
	case len(s.OneOf) > 0:
		var list []string
		for _, one := range s.OneOf {
			text, err := typeOf(one, prefix, indent)
			if err != nil {
				return "", err
			}
			list = append(list, text)
		}
		return strings.Join(list, " | "), nil
	case len(s.Enum) > 0:
		return choiceOf(s)
	}
	switch s.Type {
	case "string", "boolean", "null":
		return s.Type, nil
	case "integer":
		return "number", nil
	case "array":
		item, err := typeOf(*s.Items, prefix, indent)
		return "Array<" + item + ">", err
	case "object":
		return objectOf(s, prefix, indent)
	}
	return "", fmt.Errorf("type %q", s.Type)
}

// choiceOf is one of some values. Where new ones may come, any text is allowed.
func choiceOf(s schema) (string, error) {
	list := make([]string, 0, len(s.Enum)+1)
	for _, value := range s.Enum {
		text, err := json.Marshal(value)
		if err != nil {
			return "", err
		}
		list = append(list, strings.ReplaceAll(string(text), `"`, "'"))
	}
	if strings.Contains(s.Description, "New ones may come") {
		list = append(list, "(string & {})")
	}
	return strings.Join(list, " | "), nil
}

func objectOf(s schema, prefix, indent string) (string, error) {
	if len(s.Properties) == 0 {
		return "Record<string, unknown>", nil
	}
	var b strings.Builder
	b.WriteString("{\n")
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		member := s.Properties[name]
		text, err := typeOf(member, prefix, indent+"  ")
		if err != nil {
			return "", fmt.Errorf("%s: %w", name, err)
		}
		key := name
		if strings.Contains(name, "-") {
			key = "'" + name + "'"
		}
		if !slices.Contains(s.Required, name) {
			key += "?"
		}
		b.WriteString(comment(indent+"  ", member.Description) + indent + "  " + key + ": " + text + ";\n")
	}
	b.WriteString(indent + "}")
	return b.String(), nil
}

// comment is a text as a comment, or nothing.
func comment(indent, text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if text == "" {
		return ""
	}
	return indent + "/** " + strings.ReplaceAll(text, "*/", "* /") + " */\n"
}
