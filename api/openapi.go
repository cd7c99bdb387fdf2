package api

import (
	"bytes"
	_ "embed" // holds the document
)

// openapi is openapi.yaml as JSON: a test of package web keeps the two alike.
//
//go:embed openapi.json
//go:generate go -C ../tools run ./typescript ../api/openapi.json ../sdk/typescript/src
var openapi []byte

// OpenAPI returns the description of the API as JSON (OpenAPI 3.1). The text
// that people write and read is openapi.yaml.
func OpenAPI() []byte { return bytes.Clone(openapi) }
