package main

import (
	"strings"
	"testing"
)

const described = `{
  "paths": {
    "/v1/things/{thing}": {
      "parameters": [{"$ref": "#/components/parameters/thing"}],
      "put": {
        "operationId": "setThing", "summary": "Set it",
        "parameters": [{"name": "wait", "in": "query", "description": "Seconds.", "schema": {"type": "integer"}}],
        "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}},
        "responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}}, "304": {}}
      }
    }
  },
  "components": {
    "parameters": {"thing": {"name": "thing", "in": "path", "required": true, "schema": {"type": "string"}}},
    "schemas": {
      "Thing": {"type": "object", "required": ["kind"], "properties": {
        "kind": {"type": "string", "enum": ["a", "b"]},
        "rates": {"type": "array", "items": {"oneOf": [{"$ref": "#/components/schemas/Thing"}, {"type": "null"}]}}}},
      "Why": {"type": "string", "description": "New ones may come.", "enum": ["x"]}
    }
  }
}`

func TestAnOperationIsAFunction(t *testing.T) {
	t.Parallel()
	files, err := generate([]byte(described))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"operations.js": "  setThing(thing, body, parameters = {}, options = {}) {\n    return this.call({ method: 'PUT', " +
			"path: `/v1/things/${encodeURIComponent(thing)}`, body, parameters, query: ['wait'], header: [] }, options);\n  }\n",
		"operations.d.ts": "  /** Set it. */\n  setThing(thing: string, body: messages.Thing, parameters?: {\n    /** Seconds. */\n" +
			"    wait?: number;\n  }, options?: Options): Promise<messages.Thing | null>;\n",
		"messages.d.ts": "export interface Thing {\n  kind: 'a' | 'b';\n  rates?: Array<Thing | null>;\n}\n\n" +
			"/** New ones may come. */\nexport type Why = 'x' | (string & {});\n",
	} {
		if !strings.Contains(files[name], want) {
			t.Errorf("%s: want\n%s\nin\n%s", name, want, files[name])
		}
	}
}

func TestWhatIsNotUnderstoodIsAnError(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"no JSON":         `{`,
		"a strange type":  strings.Replace(described, `"type": "integer"`, `"type": "tuple"`, 1),
		"no such pointer": strings.Replace(described, `parameters/thing"`, `parameters/other"`, 1),
		"no JSON answer":  strings.ReplaceAll(described, "application/json", "text/plain"),
	} {
		if _, err := generate([]byte(text)); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}
