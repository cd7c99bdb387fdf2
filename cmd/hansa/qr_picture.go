package main

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
)

// decodePicture reads every code in a picture.
func decodePicture(_ []byte, name string, _ reader) ([]decoded, error) {
	return nil, fmt.Errorf("%s: pictures cannot be read yet", spoken(name))
}

// isPicture reports a picture of any format, so that those which cannot be read
// are refused as pictures and not as texts.
func isPicture(content []byte) bool {
	isDrawing := bytes.HasPrefix(content, []byte("%PDF-")) || bytes.HasPrefix(content, []byte("<svg"))
	return isDrawing || strings.HasPrefix(http.DetectContentType(content), "image/")
}
