package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// lines decodes a file of JSON lines. It holds one line at a time.
func (c *qrDecodeCommand) lines(env *environment, read reader) error {
	in, err := openNamed(c.JSONL)
	if err != nil {
		return err
	}
	defer in.Close() //nolint:errcheck // It is only read.
	out := bufio.NewWriterSize(env.out, codeTextMax)
	valid, err := decodeLines(env.context, in, out, read)
	if err := errors.Join(err, out.Flush()); err != nil {
		return err
	}
	if !valid {
		return errSilent
	}
	return nil
}

// decodeLines writes the reading of every line, and says whether all are valid.
// Whoever sends line by line is answered line by line.
func decodeLines(ctx context.Context, in io.Reader, out *bufio.Writer, read reader) (valid bool, err error) {
	lines := bufio.NewReaderSize(in, codeTextMax+len("\r\n"))
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	valid = true
	for number := 1; ctx.Err() == nil; number++ {
		line, err := nextLine(lines)
		if errors.Is(err, io.EOF) {
			return valid, nil
		}
		if err != nil {
			return false, fmt.Errorf("line %d: %w", number, err)
		}
		if number == 1 {
			line = bytes.TrimPrefix(line, []byte("\ufeff")) // Some editors put it in front of a file.
		}
		if len(bytes.TrimSpace(line)) == 0 {
			continue // As at the end of many files.
		}
		text, err := payloadOf(line)
		if err != nil {
			return false, fmt.Errorf("line %d: %w", number, err)
		}
		answer := read(text)
		valid = valid && answer.Valid
		if err := encoder.Encode(answer); err != nil {
			return false, err
		}
		if lines.Buffered() == 0 {
			if err := out.Flush(); err != nil {
				return false, err
			}
		}
	}
	return false, ctx.Err()
}

// nextLine returns a line without its end, good until the next one is read, and
// io.EOF behind the last.
func nextLine(lines *bufio.Reader) ([]byte, error) {
	line, err := lines.ReadSlice('\n')
	if err == io.EOF && len(line) > 0 {
		err = nil
	}
	line = bytes.TrimSuffix(bytes.TrimSuffix(line, []byte("\n")), []byte("\r"))
	if errors.Is(err, bufio.ErrBufferFull) || len(line) > codeTextMax {
		return nil, fmt.Errorf("more than %d bytes", codeTextMax)
	}
	return line, err
}

var errNoPayload = errors.New(`want a JSON object with a member "payload" that is a text`)

// payloadOf returns the member payload of a JSON object. Unlike encoding/json it
// allows one reading only: a name in other letters is another name, and a member
// given twice is none.
func payloadOf(line []byte) (string, error) {
	decoder := json.NewDecoder(bytes.NewReader(line))
	if opened, err := decoder.Token(); err != nil || opened != json.Delim('{') {
		return "", errNoPayload
	}
	var payload json.RawMessage
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return "", notJSON(err)
		}
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			return "", notJSON(err)
		}
		if name != "payload" {
			continue
		}
		if payload != nil {
			return "", errors.New(`the member "payload" stands there twice`)
		}
		payload = value
	}
	if _, err := decoder.Token(); err != nil {
		return "", notJSON(err)
	}
	if _, err := decoder.Token(); err != io.EOF {
		return "", errors.New("something follows the JSON object")
	}
	return textOf(payload)
}

// textOf reads a JSON string. What is no Unicode in it, broken UTF-8 or half of a
// surrogate pair, stays broken: encoding/json writes U+FFFD there, which looks
// like a character of the code.
func textOf(value json.RawMessage) (string, error) {
	if len(value) == 0 || value[0] != '"' {
		return "", errNoPayload
	}
	var text string
	if err := json.Unmarshal(value, &text); err != nil {
		return "", notJSON(err)
	}
	const replacement = "\uFFFD"
	meant := bytes.Count(value, []byte(replacement)) + bytes.Count(bytes.ToLower(value), []byte(`\ufffd`))
	if strings.Count(text, replacement) > meant {
		return strings.ReplaceAll(text, replacement, "\xff"), nil
	}
	return text, nil
}

func notJSON(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("the JSON object has no end")
	}
	return fmt.Errorf("not JSON: %w", err)
}
