package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/hansa-network/hansa/qr"
	"github.com/hansa-network/hansa/qr/reading"
)

// Limits of what is decoded at a time.
const (
	codeTextMax = 64 << 10 // bytes of one text: a QR symbol holds less than 3 KiB
	pictureMax  = 32 << 20 // bytes of a picture
)

// standardInput stands for it where a file is named.
const standardInput = "-"

// qrDecodeCommand says what payment codes hold: one text, the symbols in a
// picture, or many texts as JSON lines.
type qrDecodeCommand struct {
	Text  string `arg:"" name:"text|image" optional:"" help:"The text of a code, or a PNG or JPEG file; - reads either from standard input."`
	Keys  string `help:"Verify codes of this network by the keys in this folder." type:"existingdir" placeholder:"DIR"`
	JSONL string `name:"jsonl" help:"Decode one JSON object a line, by its member payload; - reads standard input." placeholder:"FILE"`
}

// Validate finds what is wrong with the command line itself.
func (c *qrDecodeCommand) Validate() error {
	switch {
	case c.JSONL != "" && c.Text != "":
		return errors.New("a text and --jsonl exclude each other")
	case c.JSONL != "":
		return wantFile(c.JSONL)
	case c.Text == "":
		return errors.New("expected a text, a picture or --jsonl")
	case isFile(c.Text) || looksLikePath(c.Text):
		return wantFile(c.Text)
	}
	return nil
}

// isFile reports whether there is something of that name. A text is hardly ever.
func isFile(text string) bool {
	_, err := os.Stat(text)
	return err == nil
}

func (c *qrDecodeCommand) Run(env *environment) error {
	read, err := c.reader(env)
	if err != nil {
		return err
	}
	if c.JSONL != "" {
		return c.lines(env, read)
	}
	answers, err := c.decode(read)
	if err != nil {
		return err
	}
	for _, answer := range answers {
		if err := writeIndented(env.out, answer); err != nil {
			return err
		}
	}
	if !slices.ContainsFunc(answers, func(a decoded) bool { return !a.Valid }) {
		return nil
	}
	return errSilent
}

// A reader says what a text holds.
type reader func(text string) reading.Reading

// reader returns qr.Read, or a reader that knows the keys of the folder as well.
func (c *qrDecodeCommand) reader(env *environment) (reader, error) {
	if c.Keys == "" {
		return qr.Read, nil
	}
	keys, err := readCodeKeys(c.Keys)
	if err != nil {
		return nil, err
	}
	directory := qr.Directory{Key: keys.key}
	return func(text string) reading.Reading { return qr.Verify(text, directory, env.now()).Reading }, nil
}

// decoded is what one code holds. Text is set where it came out of a picture.
type decoded struct {
	Text string `json:"text,omitempty"`
	reading.Reading
}

// decode finds out whether there is a text or a picture, and reads it.
func (c *qrDecodeCommand) decode(read reader) ([]decoded, error) {
	if c.Text != standardInput && !isFile(c.Text) {
		return decodeText(c.Text, read)
	}
	content, err := readNamed(c.Text)
	switch {
	case err != nil:
		return nil, err
	case c.Text == standardInput && !isPicture(content):
		return decodeText(withoutLineEnd(string(content)), read)
	case isText(content):
		return nil, fmt.Errorf("%[1]s: neither a PNG nor a JPEG; if it holds the text of a code: hansa qr decode - < %[1]s", c.Text)
	}
	return decodePicture(content, c.Text, read)
}

// withoutLineEnd drops the last line end of standard input: it belongs to the pipe
// and not to the code.
func withoutLineEnd(text string) string {
	return strings.TrimSuffix(strings.TrimSuffix(text, "\n"), "\r")
}

func decodeText(text string, read reader) ([]decoded, error) {
	if len(text) > codeTextMax {
		return nil, fmt.Errorf("a text of %d bytes is no payment code: at most %d are read", len(text), codeTextMax)
	}
	return []decoded{{Reading: read(text)}}, nil
}

// readNamed reads the file of that name, or standard input.
func readNamed(name string) ([]byte, error) {
	in, err := openNamed(name)
	if err != nil {
		return nil, err
	}
	defer in.Close() //nolint:errcheck // It is only read.
	content, err := readContent(in)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", spoken(name), err)
	}
	return content, nil
}

// openNamed opens the file of that name, or standard input. While that is waited
// for, a signal ends the process at once: there is nothing to bring to an end.
func openNamed(name string) (io.ReadCloser, error) {
	if name != standardInput {
		return os.Open(name)
	}
	signal.Reset(os.Interrupt, syscall.SIGTERM)
	return os.Stdin, nil
}

// spoken is how people are told of a file.
func spoken(name string) string {
	if name == standardInput {
		return "standard input"
	}
	return name
}

// readContent reads a text or a picture as a whole.
func readContent(in io.Reader) ([]byte, error) {
	content, err := io.ReadAll(io.LimitReader(in, pictureMax+1))
	switch {
	case err != nil:
		return nil, err
	case len(content) == 0:
		return nil, errors.New("is empty")
	case len(content) > pictureMax:
		return nil, fmt.Errorf("has more than %d MiB", pictureMax>>20)
	}
	return content, nil
}

// looksLikePath reports what no code looks like: then a missing file is a slip of
// the hand, and not an unknown code.
func looksLikePath(text string) bool {
	pictures := []string{".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".tif", ".tiff", ".heic", ".pdf", ".svg"}
	starts := func(prefix string) bool { return strings.HasPrefix(text, prefix) }
	return !strings.Contains(text, "://") &&
		(slices.Contains(pictures, strings.ToLower(filepath.Ext(text))) || slices.ContainsFunc([]string{"/", "./", "../", "~/"}, starts))
}

// wantFile refuses what is neither standard input nor a file.
func wantFile(name string) error {
	if name == standardInput {
		return nil
	}
	about, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s does not exist", name)
	case err != nil:
		return err
	case about.IsDir():
		return fmt.Errorf("%s is a folder", name)
	}
	return nil
}
