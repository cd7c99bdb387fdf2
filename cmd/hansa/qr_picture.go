package main

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/hansa-network/hansa/qr/epc"
	"github.com/hansa-network/hansa/qr/photo"
)

// decodePicture reads every code in a picture.
func decodePicture(picture []byte, name string, read reader) ([]decoded, error) {
	found, err := photo.Read(picture)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", spoken(name), err)
	}
	var answers []decoded
	for _, symbol := range found {
		text := symbol.Text
		if symbol.Bytes != nil && epc.Recognises(text) {
			text = string(symbol.Bytes) // Its third line says how they are to be read.
		}
		answer := decoded{Text: text, Reading: read(text)}
		if !utf8.ValidString(text) {
			answer.Text = "" // JSON has no such bytes; the fields are in its letters.
		}
		answers = append(answers, answer)
	}
	return answers, nil
}

// isPicture reports a picture of any format, so that those which cannot be read
// are refused as pictures and not as texts.
func isPicture(content []byte) bool {
	isDrawing := bytes.HasPrefix(content, []byte("%PDF-")) || bytes.HasPrefix(content, []byte("<svg"))
	return isDrawing || strings.HasPrefix(http.DetectContentType(content), "image/")
}

// isText reports what people can read.
func isText(content []byte) bool {
	return !isPicture(content) && strings.HasPrefix(http.DetectContentType(content), "text/")
}
