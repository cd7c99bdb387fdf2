package photo_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/draw"
	"image/gif"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/qr/photo"
	"github.com/hansa-network/hansa/qr/symbol"
)

const (
	sticker = "https://qr.vipps.no/28/2/05/031/k1sk1s"
	scale   = 4 // pixels of a module
)

// drawn returns a symbol in two colours, with its quiet zone.
func drawn(t testing.TB, text string, paper, ink color.Color) *image.NRGBA {
	t.Helper()
	s, err := symbol.New(text, symbol.Options{})
	if err != nil {
		t.Fatal(err)
	}
	const quiet = 4
	side := (s.Size() + 2*quiet) * scale
	picture := image.NewNRGBA(image.Rect(0, 0, side, side))
	for y := range side {
		for x := range side {
			picture.Set(x, y, paper)
			if s.Dark(x/scale-quiet, y/scale-quiet) {
				picture.Set(x, y, ink)
			}
		}
	}
	return picture
}

func encoded(t testing.TB, picture image.Image) []byte {
	t.Helper()
	var file bytes.Buffer
	if err := png.Encode(&file, picture); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// redrawn copies a picture into one of another kind.
func redrawn(into draw.Image, from image.Image) image.Image {
	draw.Draw(into, from.Bounds(), from, image.Point{}, draw.Src)
	return into
}

// TestKindsOfPicturesAreRead reads one symbol in every way in which a PNG or a JPEG
// holds pixels.
func TestKindsOfPicturesAreRead(t *testing.T) {
	t.Parallel()
	plain := drawn(t, sticker, color.White, color.Black)
	bounds := plain.Bounds()
	red := drawn(t, sticker, color.NRGBA{255, 240, 240, 255}, color.NRGBA{160, 0, 30, 255})
	asJPEG := func(picture image.Image) []byte {
		var file bytes.Buffer
		if err := jpeg.Encode(&file, picture, nil); err != nil {
			t.Fatal(err)
		}
		return file.Bytes()
	}
	colours := color.Palette{color.NRGBA{}, color.White, color.Black}
	tests := map[string][]byte{
		"PNG, two colours":             symbolPNG(t, sticker),
		"PNG, grey":                    encoded(t, redrawn(image.NewGray(bounds), plain)),
		"PNG, grey of 16 bits":         encoded(t, redrawn(image.NewGray16(bounds), plain)),
		"PNG, red":                     encoded(t, red),
		"PNG, red of 16 bits":          encoded(t, redrawn(image.NewNRGBA64(bounds), red)),
		"PNG, transparent paper":       encoded(t, drawn(t, sticker, color.NRGBA{}, color.Black)),
		"PNG, transparent, 16 bits":    encoded(t, redrawn(image.NewNRGBA64(bounds), drawn(t, sticker, color.NRGBA{}, color.Black))),
		"PNG, palette and transparent": encoded(t, redrawn(image.NewPaletted(bounds, colours), drawn(t, sticker, color.NRGBA{}, color.Black))),
		"PNG, half transparent ink":    encoded(t, drawn(t, sticker, color.NRGBA{}, color.NRGBA{A: 128})),
		"JPEG, grey":                   asJPEG(redrawn(image.NewGray(bounds), plain)),
		"JPEG, red":                    asJPEG(red),
	}
	for name, file := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff([]string{sticker}, textsOf(t, file)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func symbolPNG(t testing.TB, text string) []byte {
	t.Helper()
	s, err := symbol.New(text, symbol.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s.PNG(scale)
}

func textsOf(t testing.TB, file []byte) []string {
	t.Helper()
	found, err := photo.Read(file)
	if err != nil {
		t.Error(err)
	}
	var texts []string
	for _, f := range found {
		texts = append(texts, f.Text)
	}
	return texts
}

// TestAllCodesAreReadInOrder puts symbols and bars on one sheet, some of them turned
// and one seen in a mirror.
func TestAllCodesAreReadInOrder(t *testing.T) {
	t.Parallel()
	sheet := image.NewGray(image.Rect(0, 0, 800, 700))
	draw.Draw(sheet, sheet.Bounds(), image.White, image.Point{}, draw.Src)
	put := func(picture image.Image, x, y int) {
		draw.Draw(sheet, picture.Bounds().Add(image.Pt(x, y)), picture, image.Point{}, draw.Src)
	}
	two, three := drawn(t, "two", color.White, color.Black), drawn(t, "three", color.White, color.Black)
	side := two.Bounds().Dx()
	turned, mirrored := image.NewGray(image.Rect(0, 0, side, side)), image.NewGray(image.Rect(0, 0, side, side))
	for y := range side {
		for x := range side {
			turned.Set(x, y, two.At(side-1-x, side-1-y))
			mirrored.Set(x, y, three.At(side-1-x, y))
		}
	}
	put(drawn(t, "one", color.White, color.Black), 50, 60)
	put(turned, 300, 40)
	put(mirrored, 550, 70)
	put(drawn(t, "four", color.Black, color.White), 50, 400)
	bars, err := symbol.NewCode128("988022229999")
	if err != nil {
		t.Fatal(err)
	}
	put(drawnBars(bars), 300, 420)
	found, err := photo.Read(encoded(t, sheet))
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, f := range found {
		texts = append(texts, f.Text)
	}
	if diff := cmp.Diff([]string{"one", "two", "three", "four", "988022229999"}, texts); diff != "" {
		t.Fatal(diff)
	}
	near, far := 4*scale, side-4*scale
	corners := [][4]image.Point{
		{{50 + near, 60 + near}, {50 + far, 60 + near}, {50 + far, 60 + far}, {50 + near, 60 + far}},
		{{300 + far, 40 + far}, {300 + near, 40 + far}, {300 + near, 40 + near}, {300 + far, 40 + near}},
		{{550 + far, 70 + near}, {550 + near, 70 + near}, {550 + near, 70 + far}, {550 + far, 70 + far}},
	}
	for i, want := range corners {
		for k, corner := range want {
			const slack = 2 // pixels
			if d := found[i].Corners[k].Sub(corner); max(d.X, -d.X, d.Y, -d.Y) > slack {
				t.Errorf("%q: want corners %v, got %v", found[i].Text, want, found[i].Corners)
				break
			}
		}
	}
}

// drawnBars draws bars that are 80 pixels high.
func drawnBars(bars symbol.Bars) image.Image {
	const quiet, unit = 10, 3
	picture := image.NewGray(image.Rect(0, 0, unit*(bars.Size()+2*quiet), 80))
	for x := range picture.Rect.Dx() {
		for y := range picture.Rect.Dy() {
			picture.Set(x, y, color.White)
			if bars.Dark(x/unit - quiet) {
				picture.Set(x, y, color.Black)
			}
		}
	}
	return picture
}

// TestFilesThatAreRefused names the format, or what is wrong with it.
func TestFilesThatAreRefused(t *testing.T) {
	t.Parallel()
	blank := image.NewGray(image.Rect(0, 0, 100, 100))
	var asGIF bytes.Buffer
	if err := gif.Encode(&asGIF, blank, nil); err != nil {
		t.Fatal(err)
	}
	whole := symbolPNG(t, sticker)
	tests := []struct {
		name string
		file string
		want hansa.Reason
		says string
	}{
		{"nothing", "", hansa.Unsupported, "an empty file"},
		{"a text", "00020101021129370016A000000677010111", hansa.Unsupported, "a text"},
		{"a letter cut", strings.Repeat("x", 1023) + "å", hansa.Unsupported, "a text"},
		{"a GIF", asGIF.String(), hansa.Unsupported, "a GIF"},
		{"a WebP", "RIFF\x24\x00\x00\x00WEBPVP8 ", hansa.Unsupported, "a WebP"},
		{"a HEIC", "\x00\x00\x00\x18ftypheic", hansa.Unsupported, "a HEIC"},
		{"an AVIF", "\x00\x00\x00\x18ftypavif", hansa.Unsupported, "an AVIF"},
		{"a PDF", "%PDF-1.7\n", hansa.Unsupported, "a PDF"},
		{"an SVG", `<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg">`, hansa.Unsupported, "an SVG"},
		{"a BMP", "BM\x00\x00", hansa.Unsupported, "a BMP"},
		{"a TIFF", "MM\x00*", hansa.Unsupported, "a TIFF"},
		{"bytes", "\x00\x01\x02\xFF", hansa.Unsupported, "unknown format"},
		{"a long file", strings.Repeat("\x00", 32<<20+1), hansa.TooLarge, "32 MiB"},
		{"half a PNG", string(whole[:len(whole)/2]), hansa.Malformed, "the PNG is damaged"},
		{"the beginning of a PNG", string(whole[:20]), hansa.Malformed, "the PNG is damaged"},
		{"the beginning of a JPEG", "\xFF\xD8\xFF\xE0\x00\x10JFIF", hansa.Malformed, "the JPEG is damaged"},
		{"a PNG that unpacks to gigabytes", string(resized(whole, 100_000, 100_000)), hansa.TooLarge, "100000 times 100000"},
		{"a blank PNG", string(encoded(t, blank)), hansa.NotFound, "no symbol"},
		{"one pixel", string(encoded(t, image.NewGray(image.Rect(0, 0, 1, 1)))), hansa.NotFound, "no symbol"},
		{"one row", string(encoded(t, image.NewGray(image.Rect(0, 0, 1000, 1)))), hansa.NotFound, "no symbol"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			found, err := photo.Read([]byte(test.file))
			if reason, _ := hansa.ReasonOf(err); reason != test.want || !strings.Contains(err.Error(), test.says) {
				t.Errorf("want %s (%s), got %v and %d codes", test.want, test.says, err, len(found))
			}
		})
	}
}

// resized changes the size that a PNG says it has, and the checksum of that.
func resized(file []byte, width, height uint32) []byte {
	const header, checksum = 12, 29 // where the name of the first chunk is, and its checksum
	file = bytes.Clone(file)
	binary.BigEndian.PutUint32(file[header+4:], width)
	binary.BigEndian.PutUint32(file[header+8:], height)
	binary.BigEndian.PutUint32(file[checksum:], crc32.ChecksumIEEE(file[header:checksum]))
	return file
}

// TestWorkIsBounded reads pictures that are made of nothing but what looks like a
// mark, or like bars. They must come to an end.
func TestWorkIsBounded(t *testing.T) {
	t.Parallel()
	dice := rand.New(rand.NewPCG(1, 2))
	noise := image.NewGray(image.Rect(0, 0, 640, 480))
	for i := range noise.Pix {
		noise.Pix[i] = uint8(dice.IntN(256))
	}
	marks := image.NewGray(image.Rect(0, 0, 640, 480))
	for y := range 480 {
		for x := range 640 {
			ring := max(x/2%9-4, 4-x/2%9, y/2%9-4, 4-y/2%9)
			if ring == 4 || ring == 2 {
				marks.SetGray(x, y, color.Gray{255})
			}
		}
	}
	for name, picture := range map[string]image.Image{"noise": noise, "marks": marks} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			found, err := photo.Read(encoded(t, picture))
			if reason, _ := hansa.ReasonOf(err); reason != hansa.NotFound {
				t.Errorf("want %s, got %v and %d codes", hansa.NotFound, err, len(found))
			}
		})
	}
}

// FuzzRead reads any small file.
func FuzzRead(f *testing.F) {
	f.Add(symbolPNG(f, sticker))
	f.Add(encoded(f, image.NewGray(image.Rect(0, 0, 3, 2))))
	bars, err := symbol.NewCode128("98802222")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(bars.PNG(2))
	f.Fuzz(func(t *testing.T, file []byte) {
		for _, config := range []func() (image.Config, error){
			func() (image.Config, error) { return png.DecodeConfig(bytes.NewReader(file)) },
			func() (image.Config, error) { return jpeg.DecodeConfig(bytes.NewReader(file)) },
		} {
			if c, err := config(); err == nil && c.Width*c.Height > 1<<16 {
				t.Skip("takes too long to be worth it")
			}
		}
		found, err := photo.Read(file)
		if _, refused := hansa.ReasonOf(err); refused == (len(found) > 0) || err != nil && !refused {
			t.Errorf("%d codes and %v", len(found), err)
		}
	})
}

// BenchmarkRead reads one clean picture of a camera's size.
func BenchmarkRead(b *testing.B) {
	s, err := symbol.New(payloads[8].text, symbol.Options{})
	if err != nil {
		b.Fatal(err)
	}
	file := scene{unit: 4}.shoot(b, sheetOf(s), 1)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := photo.Read(file); err != nil {
			b.Fatal(err)
		}
	}
}
