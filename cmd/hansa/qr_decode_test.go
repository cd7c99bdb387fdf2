package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/draw"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa/qr/epc"
	"github.com/hansa-network/hansa/qr/reading"
	"github.com/hansa-network/hansa/qr/symbol"
)

// commanded runs the command line in this process.
func commanded(t *testing.T, args ...string) (status int, out, problems string) {
	t.Helper()
	var printed, said bytes.Buffer
	status = run(t.Context(), args, &printed, &said)
	return status, printed.String(), said.String()
}

// processReading runs the command line as a process with a standard input.
func processReading(t *testing.T, input io.Reader, args ...string) (status int, out, problems string) {
	t.Helper()
	var printed, said bytes.Buffer
	command := exec.CommandContext(t.Context(), os.Args[0], args...)
	command.Env = append(os.Environ(), asBinary+"=1")
	command.Stdin, command.Stdout, command.Stderr = input, &printed, &said
	_ = command.Run() // The status says it.
	return command.ProcessState.ExitCode(), printed.String(), said.String()
}

// readings decodes the JSON objects that decode has printed.
func readings(t *testing.T, out string) []decoded {
	t.Helper()
	var all []decoded
	for decoder := json.NewDecoder(strings.NewReader(out)); ; {
		var one decoded
		err := decoder.Decode(&one)
		if err == io.EOF {
			return all
		}
		if err != nil {
			t.Fatalf("%v in %s", err, out)
		}
		all = append(all, one)
	}
}

// emvco is a text with its checksum.
func emvco(t *testing.T, objects ...string) string {
	t.Helper()
	args := []string{"qr", "encode", "mpm"}
	for _, object := range objects {
		args = append(args, "--object", object)
	}
	status, out, problems := commanded(t, args...)
	if status != 0 {
		t.Fatal(problems)
	}
	return strings.TrimSuffix(out, "\n")
}

func pixCode(t *testing.T) string {
	t.Helper()
	return emvco(t, "26.00=br.gov.bcb.pix", "26.01=+5581900000000", "52=0000", "53=986", "58=BR", "59=Test", "60=Recife", "62.05=***")
}

func TestDecodeSaysWhatACodeHolds(t *testing.T) {
	t.Parallel()
	text := pixCode(t)
	status, out, problems := commanded(t, "qr", "decode", text)
	read := readings(t, out)
	if status != 0 || len(read) != 1 || read[0].Kind != "mpm/pix" || !read[0].Valid || problems != "" {
		t.Fatalf("status %d, %s, %s", status, out, problems)
	}
	want := reading.Field{Place: "59", Name: "name", Value: "Test"}
	if len(read[0].Fields) < 8 || !cmp.Equal(fieldAt(read[0], "59"), want) {
		t.Errorf("fields %+v", read[0].Fields)
	}
	if !strings.HasPrefix(out, "{\n  \"kind\": \"mpm/pix\",\n") || strings.Contains(out, `"text"`) {
		t.Errorf("printed %s", out)
	}
	altered := strings.Replace(text, "Recife", "Racife", 1)
	status, out, problems = commanded(t, "qr", "decode", altered)
	read = readings(t, out)
	if status != 1 || read[0].Valid || read[0].Findings[0].Code != reading.Checksum || problems != "" {
		t.Errorf("status %d, %s, %s", status, out, problems)
	}
	status, out, _ = commanded(t, "qr", "decode", "no code of anybody")
	if read = readings(t, out); status != 1 || read[0].Kind != "" || read[0].Findings[0].Code != reading.Unknown {
		t.Errorf("status %d, %s", status, out)
	}
}

func fieldAt(read decoded, place reading.Place) reading.Field {
	for _, field := range read.Fields {
		if field.Place == place {
			return field
		}
	}
	return reading.Field{}
}

// picture returns a PNG or GIF without a code in it.
func picture(t *testing.T, encode func(io.Writer, image.Image) error) []byte {
	t.Helper()
	var encoded bytes.Buffer
	if err := encode(&encoded, image.NewGray(image.Rect(0, 0, 64, 64))); err != nil {
		t.Fatal(err)
	}
	return encoded.Bytes()
}

// TestDecodeNamesWhatItCannotRead: what is neither a text nor a picture that can
// be read is told apart from a bad code, and by its name.
func TestDecodeNamesWhatItCannotRead(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	file := func(name string, content []byte) string {
		full := filepath.Join(folder, name)
		if err := os.WriteFile(full, content, 0o600); err != nil {
			t.Fatal(err)
		}
		return full
	}
	asGIF := func(w io.Writer, picture image.Image) error { return gif.Encode(w, picture, nil) }
	for name, c := range map[string]struct {
		args   []string
		status int
		says   string
	}{
		"nothing":            {nil, 2, "expected a text, a picture or --jsonl"},
		"text and lines":     {[]string{"x", "--jsonl", file("both.jsonl", nil)}, 2, "exclude each other"},
		"no such picture":    {[]string{"sticker.jpg"}, 2, "sticker.jpg does not exist"},
		"no such path":       {[]string{"./codes/sticker"}, 2, "./codes/sticker does not exist"},
		"no such lines":      {[]string{"--jsonl", filepath.Join(folder, "none")}, 2, "does not exist"},
		"a folder":           {[]string{folder}, 2, "is a folder"},
		"a folder of lines":  {[]string{"--jsonl", folder}, 2, "is a folder"},
		"an empty file":      {[]string{file("empty.png", nil)}, 1, "empty.png: is empty"},
		"a text file":        {[]string{file("code.txt", []byte("000201"))}, 1, "neither a PNG nor a JPEG; if it holds the text of a code: hansa qr decode - < "},
		"a GIF":              {[]string{file("code.gif", picture(t, asGIF))}, 1, "code.gif: unsupported_media: a GIF: only PNG and JPEG are read"},
		"half a PNG":         {[]string{file("half.png", picture(t, png.Encode)[:40])}, 1, "half.png: malformed: the PNG is damaged"},
		"a PNG without code": {[]string{file("plain.png", picture(t, png.Encode))}, 1, "plain.png: not_found: "},
		"a program":          {[]string{file("code.bin", []byte("\x7fELF\x00\x01"))}, 1, "a file of unknown format: only PNG and JPEG are read"},
		"an SVG":             {[]string{file("code.svg", []byte("<svg/>"))}, 1, "an SVG: only PNG and JPEG are read"},
		"a long text":        {[]string{strings.Repeat("0", codeTextMax+1)}, 1, "a text of 65537 bytes is no payment code"},
		"no keys":            {[]string{"x", "--keys", filepath.Join(folder, "none")}, 2, "--keys"},
		"a folder no keys":   {[]string{"x", "--keys", folder}, 1, "read a key"},
	} {
		status, out, problems := commanded(t, append([]string{"qr", "decode"}, c.args...)...)
		if status != c.status || out != "" || !strings.HasPrefix(problems, "hansa: ") || !strings.Contains(problems, c.says) || strings.Count(problems, "\n") != 1 {
			t.Errorf("%s: status %d, %q, %q", name, status, out, problems)
		}
	}
}

// TestDecodeReadsEverySymbol of a picture, in the order of the picture.
func TestDecodeReadsEverySymbol(t *testing.T) {
	t.Parallel()
	texts := []string{pixCode(t), "no code of anybody"}
	side := image.NewGray(image.Rect(0, 0, 1000, 500))
	draw.Draw(side, side.Bounds(), image.White, image.Point{}, draw.Src)
	for i, text := range texts {
		square, err := symbol.New(text, symbol.Options{})
		if err != nil {
			t.Fatal(err)
		}
		drawn, err := png.Decode(bytes.NewReader(square.PNG(5)))
		if err != nil {
			t.Fatal(err)
		}
		draw.Draw(side, drawn.Bounds().Add(image.Pt(500*i, 0)), drawn, image.Point{}, draw.Src)
	}
	var encoded bytes.Buffer
	if err := jpeg.Encode(&encoded, side, nil); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "two.jpg")
	if err := os.WriteFile(file, encoded.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	status, out, problems := commanded(t, "qr", "decode", file)
	read := readings(t, out)
	if status != 1 || problems != "" || len(read) != 2 || read[0].Text != texts[0] || !read[0].Valid || read[1].Text != texts[1] || read[1].Valid {
		t.Errorf("status %d, %s, %s", status, out, problems)
	}
}

// TestDecodeReadsBytesByTheirCharset: a transfer says itself in which character
// set it is written, whatever the symbol says of it.
func TestDecodeReadsBytesByTheirCharset(t *testing.T) {
	t.Parallel()
	transfer := epc.Transfer{Charset: epc.Cyrillic, Name: "Кафе", IBAN: "AT611904300234573201"}
	content, err := epc.EncodeBytes(transfer)
	if err != nil {
		t.Fatal(err)
	}
	square, err := symbol.NewBytes(content, symbol.Unannounced, symbol.Options{})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "bill.png")
	if err := os.WriteFile(file, square.PNG(4), 0o600); err != nil {
		t.Fatal(err)
	}
	status, out, problems := commanded(t, "qr", "decode", file)
	if read := readings(t, out); status != 0 || fieldAt(read[0], "line 6").Value != transfer.Name || read[0].Text != "" || problems != "" {
		t.Errorf("status %d, %s, %s", status, out, problems)
	}
}

// TestDecodeReadsStandardInput: a text without the line end of the pipe, or a picture.
func TestDecodeReadsStandardInput(t *testing.T) {
	t.Parallel()
	text := pixCode(t)
	_, drawn, _ := commanded(t, "qr", "encode", text, "--png")
	for name, c := range map[string]struct {
		input  string
		status int
		text   string
	}{
		"a text":                 {text, 0, ""},
		"a text and a line end":  {text + "\n", 0, ""},
		"a text and a long one":  {text + "\r\n", 0, ""},
		"a picture":              {drawn, 0, text},
		"a broken text":          {text[:40], 1, ""},
		"bytes that are no text": {"\xff\xfe\x00", 1, ""},
	} {
		status, out, problems := processReading(t, strings.NewReader(c.input), "qr", "decode", "-")
		read := readings(t, out)
		if status != c.status || len(read) != 1 || read[0].Valid != (status == 0) || read[0].Text != c.text || problems != "" {
			t.Errorf("%s: status %d, %s, %s", name, status, out, problems)
		}
		if status == 0 && !read[0].Strict {
			t.Errorf("%s: %+v", name, read[0].Findings)
		}
	}
	if status, out, problems := processReading(t, strings.NewReader(""), "qr", "decode", "-"); status != 1 || out != "" || !strings.Contains(problems, "is empty") {
		t.Errorf("nothing: status %d, %s, %s", status, out, problems)
	}
}

// jsonLine is an object of a JSONL file.
func jsonLine(text string) string {
	quoted, err := json.Marshal(text)
	if err != nil {
		panic(err)
	}
	return fmt.Sprintf(`{"note": "x", "payload": %s, "other": {"payload": 1}}`, quoted)
}

func TestDecodeLines(t *testing.T) {
	t.Parallel()
	text := pixCode(t)
	file := filepath.Join(t.TempDir(), "codes.jsonl")
	lines := []string{jsonLine(text), jsonLine("no code"), "\t" + jsonLine(strings.Replace(text, "Test", "T\u202et", 1)) + "\r", jsonLine(text)}
	if err := os.WriteFile(file, []byte("\ufeff"+strings.Join(lines, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	status, out, problems := commanded(t, "qr", "decode", "--jsonl", file)
	var valid []bool
	for printed := range strings.Lines(out) {
		var one map[string]json.RawMessage
		if err := json.Unmarshal([]byte(printed), &one); err != nil || len(one) != 6 {
			t.Fatalf("%v in %s", err, printed)
		}
		valid = append(valid, string(one["valid"]) == "true")
	}
	if want := []bool{true, false, false, true}; status != 1 || problems != "" || !cmp.Equal(valid, want) {
		t.Errorf("status %d, %v, %s", status, valid, problems)
	}
	if err := os.WriteFile(file, []byte(lines[0]+"\n"+lines[3]+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if status, out, problems = commanded(t, "qr", "decode", "--jsonl", file); status != 0 || strings.Count(out, "\n") != 2 || problems != "" {
		t.Errorf("status %d, %s, %s", status, out, problems)
	}
}

// TestDecodeJudgesCodesOfTheField: what is known of each stands beside it, and is
// passed over by the command.
func TestDecodeJudgesCodesOfTheField(t *testing.T) {
	t.Parallel()
	status, out, problems := commanded(t, "qr", "decode", "--jsonl", filepath.Join("..", "..", "qr", "testdata", "vectors.jsonl"))
	read := readings(t, out)
	if status != 1 || problems != "" {
		t.Errorf("status %d, %s", status, problems)
	}
	at := 0
	for printed := range strings.Lines(readText(t, "qr/testdata/vectors.jsonl")) {
		var known struct {
			Kind   string
			Valid  bool
			Strict bool
		}
		if err := json.Unmarshal([]byte(printed), &known); err != nil || at == len(read) {
			t.Fatal(err, at)
		}
		got := read[at]
		at++
		isMPM := strings.HasPrefix(known.Kind, "mpm/")
		if got.Valid != known.Valid || known.Valid && isMPM && got.Strict != known.Strict ||
			known.Kind != "mpm/synthetic" && !slices.Contains(got.Kinds, known.Kind) {
			t.Errorf("line %d: valid %t, strict %t, %q, want %+v", at, got.Valid, got.Strict, got.Kinds, known)
		}
	}
	if at != len(read) || at < 212 {
		t.Errorf("%d codes, %d readings", at, len(read))
	}
}

// TestDecodeNamesABadLine and stops there, after the readings of those before.
func TestDecodeNamesABadLine(t *testing.T) {
	t.Parallel()
	const noObject = `want a JSON object with a member "payload" that is a text`
	for input, says := range map[string]string{
		"text":                              noObject,
		"[]":                                noObject,
		`"000201"`:                          noObject,
		"{}":                                noObject,
		`{"Payload": "x"}`:                  noObject,
		`{"payload": 1}`:                    noObject,
		`{"payload": null}`:                 noObject,
		`{"payload": ["x"]}`:                noObject,
		`{"payload": "x", "payload": "y"}`:  `the member "payload" stands there twice`,
		`{"payload": "x"`:                   "the JSON object has no end",
		`{"payload": "x`:                    "the JSON object has no end",
		`{"payload": "x"} {"payload": "y"}`: "something follows the JSON object",
		`{"payload": "x",}`:                 "not JSON: ",
		"{\"payload\": \"a\tb\"}":           "not JSON: ",
		jsonLine(strings.Repeat("x", codeTextMax)): "more than 65536 bytes",
	} {
		file := filepath.Join(t.TempDir(), "codes.jsonl")
		if err := os.WriteFile(file, []byte(jsonLine("x")+"\n"+jsonLine("y")+"\n"+input+"\n"+jsonLine("z")+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		status, out, problems := commanded(t, "qr", "decode", "--jsonl", file)
		if status != 1 || strings.Count(out, "\n") != 2 || !strings.HasPrefix(problems, "hansa: line 3: "+says) {
			t.Errorf("%.40s: status %d, %d lines, %s", input, status, strings.Count(out, "\n"), problems)
		}
	}
}

// TestDecodePassesOverBlankLines: many files end with one.
func TestDecodePassesOverBlankLines(t *testing.T) {
	t.Parallel()
	status, out, problems := processReading(t, strings.NewReader(jsonLine("x")+"\n\n \r\n"+jsonLine("y")+"\n\n"), "qr", "decode", "--jsonl", "-")
	if status != 1 || strings.Count(out, "\n") != 2 || problems != "" {
		t.Errorf("status %d, %q, %s", status, out, problems)
	}
}

// TestDecodeTakesALineOfFullLength, to the byte.
func TestDecodeTakesALineOfFullLength(t *testing.T) {
	t.Parallel()
	full := strings.Repeat("x", codeTextMax-len(jsonLine("")))
	for _, end := range []string{"", "\n", "\r\n"} {
		status, out, problems := processReading(t, strings.NewReader(jsonLine(full)+end), "qr", "decode", "--jsonl", "-")
		if status != 1 || strings.Count(out, "\n") != 1 || problems != "" {
			t.Errorf("%q: status %d, %s", end, status, problems)
		}
	}
}

// TestDecodeKeepsBrokenTextBroken: half of a surrogate pair and bytes that are no
// UTF-8 are not turned into characters that a code could hold.
func TestDecodeKeepsBrokenTextBroken(t *testing.T) {
	t.Parallel()
	for input, broken := range map[string]bool{
		`{"payload": "\ud800"}`:         true,
		"{\"payload\": \"\xff\"}":       true,
		`{"payload": "\ufffd \udfff"}`:  true,
		`{"payload": "\uFFFD"}`:         false,
		"{\"payload\": \"\ufffd\"}":     false,
		`{"payload": "\ud83d\ude00 ☕"}`: false,
	} {
		text, err := payloadOf([]byte(input))
		if err != nil || strings.Contains(text, "\xff") != broken {
			t.Errorf("%s: %q, %v", input, text, err)
		}
	}
}

// TestDecodeAnswersLineByLine: whoever waits for an answer before the next line is
// not kept waiting.
func TestDecodeAnswersLineByLine(t *testing.T) {
	t.Parallel()
	command := exec.CommandContext(t.Context(), os.Args[0], "qr", "decode", "--jsonl", "-")
	command.Env = append(os.Environ(), asBinary+"=1")
	in, err := command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	answers := json.NewDecoder(out)
	for range 3 {
		if _, err := io.WriteString(in, jsonLine("no code")+"\n"); err != nil {
			t.Fatal(err)
		}
		var answer reading.Reading
		if err := answers.Decode(&answer); err != nil || answer.Valid {
			t.Fatalf("%+v, %v", answer, err)
		}
	}
	if err := in.Close(); err != nil {
		t.Fatal(err)
	}
	_ = command.Wait() // The status says it.
	if status := command.ProcessState.ExitCode(); status != 1 {
		t.Errorf("status %d", status)
	}
}
