package photo_test

import (
	"bytes"
	"image"
	"image/jpeg"
	"image/png"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// The frame of every picture of the corpus, in pixels.
const (
	frameWidth  = 640
	frameHeight = 480
)

// A scene says how something flat is photographed. The zero values of all but
// the unit are a perfect camera straight before a perfect print.
type scene struct {
	name     string
	unit     float64 // pixels of one module, in the middle of the picture
	turn     float64 // degrees
	lean     float64 // by how much of itself the far side is shorter than the near one
	blur     float64 // standard deviation in pixels
	noise    float64 // standard deviation in levels of grey
	gradient float64 // share of the light that is missing at the dark end
	contrast float64 // of ink against paper; 0 stands for all of it
	damage   float64 // share of the symbol that is covered by blots
	inverted bool
	jpeg     int // quality; 0 stands for PNG
}

// A print is what lies before the camera: a sheet of so many units, drawn in
// cells that are a fraction of the unit. It is paper around.
type print struct {
	width, height int // units
	dark          []bool
}

const cells = 8 // on the side of a unit

// newPrint draws the sheet whose units are dark where dark says so.
func newPrint(width, height int, dark func(x, y int) bool) print {
	sheet := print{width, height, make([]bool, width*height*cells*cells)}
	for i := range sheet.dark {
		x, y := sheet.cell(i)
		sheet.dark[i] = dark(x/cells, y/cells)
	}
	return sheet
}

func (p print) cell(i int) (x, y int) { return i % (p.width * cells), i / (p.width * cells) }

// A picture is light, row by row, from 0 to 255.
type picture struct {
	width, height int
	light         []float32
}

func newPicture(width, height int) picture {
	return picture{width, height, make([]float32, width*height)}
}

// shoot takes the picture that the scene describes. The same seed gives the same picture.
func (s scene) shoot(t testing.TB, sheet print, seed uint64) []byte {
	t.Helper()
	chance := rand.New(rand.NewPCG(seed, 2026))
	p := newPicture(frameWidth, frameHeight)
	for i := range p.light {
		p.light[i] = 255
	}
	s.project(p, s.damaged(sheet, chance), chance)
	s.shine(p, chance)
	p.blur(s.blur)
	if s.noise > 0 {
		for i := range p.light {
			p.light[i] += float32(s.noise * chance.NormFloat64())
		}
	}
	return p.encode(t, s.jpeg)
}

// project draws the sheet into the picture, each pixel as the mean of nine points.
func (s scene) project(p picture, sheet print, chance *rand.Rand) {
	const points = 3
	sin, cos := math.Sincos(s.turn * math.Pi / 180)
	centreX := float64(p.width)/2 + chance.Float64()*8 - 4
	centreY := float64(p.height)/2 + chance.Float64()*8 - 4
	// The lean tilts the sheet around a line through the middle of the picture:
	// the unit keeps its size there.
	tilt := s.lean / (2 - s.lean) / (s.unit * float64(sheet.height) / 2)
	// dark returns whether the sheet is dark where it meets the camera's ray.
	dark := func(x, y float64) bool {
		dx, dy := x-centreX, y-centreY
		scale := cells / (1 - tilt*dy) / s.unit
		u := int((cos*dx+sin*dy)*scale + float64(sheet.width*cells)/2)
		v := int((cos*dy-sin*dx)*scale + float64(sheet.height*cells)/2)
		inside := u >= 0 && v >= 0 && u < sheet.width*cells && v < sheet.height*cells
		return inside && sheet.dark[v*sheet.width*cells+u]
	}
	reach := s.unit * math.Hypot(float64(sheet.width), float64(sheet.height)) / 2 * (1 + s.lean)
	for y := range p.height {
		for x := range p.width {
			if dx, dy := float64(x)-centreX, float64(y)-centreY; dx*dx+dy*dy > reach*reach {
				continue
			}
			count := 0
			for i := range points * points {
				if dark(float64(x)+(float64(i%points)+0.5)/points, float64(y)+(float64(i/points)+0.5)/points) {
					count++
				}
			}
			p.light[y*p.width+x] = 255 * float32(points*points-count) / (points * points)
		}
	}
}

// damaged covers a share of the sheet with round blots of both colours.
func (s scene) damaged(sheet print, chance *rand.Rand) print {
	whole := float64(sheet.width * sheet.height)
	dark := slices.Clone(sheet.dark)
	for covered := 0.0; covered < s.damage*whole; {
		x, y := chance.Float64()*float64(sheet.width), chance.Float64()*float64(sheet.height)
		radius := 0.5 + chance.Float64()
		isInk := chance.IntN(2) == 0
		covered += math.Pi * radius * radius
		top, bottom := int((y-radius)*cells), int((y+radius)*cells)
		for v := max(top, 0); v <= min(bottom, sheet.height*cells-1); v++ {
			for u := range sheet.width * cells {
				if math.Hypot(float64(u)/cells-x, float64(v)/cells-y) < radius {
					dark[v*sheet.width*cells+u] = isInk
				}
			}
		}
	}
	return print{sheet.width, sheet.height, dark}
}

// shine gives paper and ink their light: of ink less, of the dark end less.
func (s scene) shine(p picture, chance *rand.Rand) {
	paper, ink := 225.0, 30.0
	if s.contrast > 0 {
		paper, ink = 128+s.contrast*100, 128-s.contrast*100
	}
	if s.inverted {
		paper, ink = ink, paper
	}
	sin, cos := math.Sincos(chance.Float64() * 2 * math.Pi)
	reach := math.Hypot(float64(p.width), float64(p.height)) / 2
	for y := range p.height {
		for x := range p.width {
			along := (cos*(float64(x)-float64(p.width)/2) + sin*(float64(y)-float64(p.height)/2)) / reach
			light := 1 - s.gradient*(along+1)/2
			share := float64(p.light[y*p.width+x]) / 255
			p.light[y*p.width+x] = float32(light * (ink + (paper-ink)*share))
		}
	}
}

// blur spreads every point of light as a bell curve.
func (p picture) blur(sigma float64) {
	if sigma == 0 {
		return
	}
	radius := int(math.Ceil(3 * sigma))
	weights := make([]float32, 2*radius+1)
	var sum float32
	for i := range weights {
		d := float64(i - radius)
		weights[i] = float32(math.Exp(-d * d / (2 * sigma * sigma)))
		sum += weights[i]
	}
	spread := func(length, step, start int) {
		line := make([]float32, length)
		for i := range line {
			line[i] = p.light[start+i*step]
		}
		for i := range line {
			var light float32
			for k, weight := range weights {
				light += weight * line[min(max(i+k-radius, 0), length-1)]
			}
			p.light[start+i*step] = light / sum
		}
	}
	for y := range p.height {
		spread(p.width, 1, y*p.width)
	}
	for x := range p.width {
		spread(p.height, p.width, x)
	}
}

// grey rounds the light to what an image of eight bits holds.
func (p picture) grey() *image.Gray {
	grey := image.NewGray(image.Rect(0, 0, p.width, p.height))
	for i, light := range p.light {
		grey.Pix[i] = uint8(min(max(light+0.5, 0), 255))
	}
	return grey
}

func (p picture) encode(t testing.TB, quality int) []byte {
	t.Helper()
	var file bytes.Buffer
	var err error
	if quality > 0 {
		err = jpeg.Encode(&file, p.grey(), &jpeg.Options{Quality: quality})
	} else {
		err = (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&file, p.grey())
	}
	if err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}
