package symbol

// Masks is the number of masks.
const Masks = masks

// NewMasked draws a text as New does, but under the mask of that number.
func NewMasked(text string, options Options, number int) Symbol {
	content := content{text, Unannounced, modeByte}
	if !isASCII(text) {
		content.charset = UTF8
	}
	if options.Dense {
		content.mode = densestMode(text)
	}
	version, ok := content.smallestVersion(options.Level)
	if !ok {
		panic("symbol: too long")
	}
	masked := newGrid(version.side())
	newDrawing(content, version, options.Level).drawMasked(masked, mask(number))
	return Symbol{modules: masked}
}

// Penalty returns what the choice of the mask goes by.
func Penalty(s Symbol) int { return s.modules.penalty() }

// BytesMax returns how many bytes of ASCII fit a symbol of that version.
func BytesMax(number int, level Level) int {
	v := version(number)
	overhead := content{mode: modeByte}.bits(v)
	return (8*divide(v, level).data() - overhead) / 8
}
