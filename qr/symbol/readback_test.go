package symbol_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/oned"
	"github.com/makiuchi-d/gozxing/qrcode"

	"github.com/hansa-network/hansa/qr/symbol"
)

// readMin is how many of a hundred samples the independent reader has to read. It
// finds no corner marks in a few symbols of any writer.
const readMin = 98

// TestOthersReadBack gives the corpus to an independent reader, which must read
// nearly all of it, and nothing that is not there.
func TestOthersReadBack(t *testing.T) {
	t.Parallel()
	samples := corpus(t)
	missed := map[string]int{}
	sum := 0
	for _, s := range samples {
		got, err := readBack(t, s)
		switch {
		case err != nil:
			missed[s.kind]++
			sum++
		case got != s.content:
			t.Errorf("%s: want %q, got %q", s.kind, s.content, got)
		}
	}
	t.Logf("%d of %d were not read: %v", sum, len(samples), missed)
	if len(samples) != corpusSize || 100*sum > (100-readMin)*len(samples) {
		t.Errorf("%d of %d were not read: %v", sum, len(samples), missed)
	}
}

// readBack returns the bytes that the independent reader sees in a picture of the
// sample.
func readBack(t testing.TB, s sample) (string, error) {
	t.Helper()
	reader := qrcode.NewQRCodeReader()
	if _, ok := s.modules.(symbol.Bars); ok {
		reader = oned.NewCode128Reader()
	}
	result, err := reader.Decode(bitmap(t, s.modules.PNG(2)), map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true})
	if err != nil {
		return "", err
	}
	if parts, ok := result.GetResultMetadata()[gozxing.ResultMetadataType_BYTE_SEGMENTS].([][]byte); ok {
		return string(bytes.Join(parts, nil)), nil
	}
	return result.GetText(), nil
}

// bitmap gives the pixels of a PNG to the independent reader.
func bitmap(t testing.TB, encoded []byte) *gozxing.BinaryBitmap {
	t.Helper()
	picture, err := png.Decode(bytes.NewReader(encoded))
	if err != nil {
		t.Fatal(err)
	}
	paletted, ok := picture.(*image.Paletted)
	if !ok || len(paletted.Palette) != 2 {
		t.Fatalf("an image of type %T", picture)
	}
	grey := make([]byte, len(paletted.Pix))
	for i, index := range paletted.Pix {
		grey[i] = 255 * (1 - index) // The second colour is black.
	}
	width, height := paletted.Rect.Dx(), paletted.Rect.Dy()
	source, err := gozxing.NewPlanarYUVLuminanceSource(grey, width, height, 0, 0, width, height, false)
	if err != nil {
		t.Fatal(err)
	}
	bits, err := gozxing.NewBinaryBitmap(gozxing.NewGlobalHistgramBinarizer(source))
	if err != nil {
		t.Fatal(err)
	}
	return bits
}

// TestCorpusIsWritten writes the corpus where HANSA_SYMBOLS says, as pictures and
// one line of JSON for each, for readers in other languages. testdata/read.mjs is
// one.
func TestCorpusIsWritten(t *testing.T) {
	t.Parallel()
	folder := os.Getenv("HANSA_SYMBOLS")
	if folder == "" {
		t.Skip("HANSA_SYMBOLS names no folder")
	}
	var lines bytes.Buffer
	for i, s := range corpus(t) {
		name := fmt.Sprintf("%04d.png", i)
		if err := os.WriteFile(filepath.Join(folder, name), s.modules.PNG(3), 0o644); err != nil {
			t.Fatal(err)
		}
		line, err := json.Marshal(map[string]any{"file": name, "kind": s.kind, "hex": hex.EncodeToString([]byte(s.content)), "charset": s.charset})
		if err != nil {
			t.Fatal(err)
		}
		lines.Write(append(line, '\n'))
	}
	if err := os.WriteFile(filepath.Join(folder, "symbols.jsonl"), lines.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}
