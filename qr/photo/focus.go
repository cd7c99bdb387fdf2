package photo

import "math"

// A focus undoes blur along a line through bars: each pixel is told from those
// around it, with a weight for each distance from 0 on. An empty one leaves the
// line as it is.
type focus []float64

// blurs are the ones that are tried, from the least on: the standard deviation of
// a bell in pixels, and the share of noise in the light. Where there is little
// noise, more of what the blur has left over may be brought back.
var blurs = [...]struct{ deviation, noise float64 }{
	{0.5, 1e-2}, {0.8, 1e-2}, {1, 1e-2}, {1.3, 1e-4}, {1.6, 1e-3}, {1.6, 1e-4}, {2, 1e-3},
}

// newFocus undoes a blur by the filter of Wiener: it brings back each wave of light
// as far as it is not lost in the noise.
func newFocus(deviation, noise float64) focus {
	const (
		reach  = 24  // pixels
		period = 128 // of the longest wave
	)
	weights := make(focus, reach+1)
	for wave := range period {
		frequency := float64(min(wave, period-wave)) / period
		passed := math.Exp(-2 * math.Pi * math.Pi * deviation * deviation * frequency * frequency)
		gain := passed / (passed*passed + noise)
		for distance := range weights {
			weights[distance] += gain * math.Cos(2*math.Pi*float64(wave*distance)/period) / period
		}
	}
	return weights
}

// sharpen returns the light in focus.
func (f focus) sharpen(light []int) []int {
	if len(f) == 0 {
		return light
	}
	sharp := make([]int, len(light))
	for i := range light {
		sum := f[0] * float64(light[i])
		for distance, weight := range f[1:] {
			left, right := max(i-distance-1, 0), min(i+distance+1, len(light)-1)
			sum += weight * float64(light[left]+light[right])
		}
		sharp[i] = int(math.Round(sum))
	}
	return sharp
}
