package symbol

import "strings"

// Terminal returns lines of text, two modules high, that show the symbol in a
// terminal. Colours are set by escape sequences, because a symbol in the
// colours of a dark terminal is a negative that many cameras cannot read.
func (s Symbol) Terminal() string {
	const blackOnWhite, reset = "\x1b[38;5;16;48;5;231m", "\x1b[0m"
	halves := map[[2]bool]string{{false, false}: " ", {true, false}: "▀", {false, true}: "▄", {true, true}: "█"}
	var text strings.Builder
	for row := -quietZone; row < s.Size()+quietZone; row += 2 {
		text.WriteString(blackOnWhite)
		for column := -quietZone; column < s.Size()+quietZone; column++ {
			text.WriteString(halves[[2]bool{s.Dark(column, row), s.Dark(column, row+1)}])
		}
		text.WriteString(reset + "\n")
	}
	return text.String()
}

// Plain returns lines of ASCII characters alone, two for each module: # is dark.
// It is read where text is dark on light, as on paper.
func (s Symbol) Plain() string {
	var text strings.Builder
	for row := -quietZone; row < s.Size()+quietZone; row++ {
		for column := -quietZone; column < s.Size()+quietZone; column++ {
			if s.Dark(column, row) {
				text.WriteString("##")
			} else {
				text.WriteString("  ")
			}
		}
		text.WriteByte('\n')
	}
	return text.String()
}
