package symbol

import "github.com/hansa-network/hansa"

// A Length is a length on paper, in micrometres.
type Length int

// Millimetre is what printers count in.
const Millimetre Length = 1000

const (
	moduleMin = Millimetre / 3    // finer ones drown in the ink of ordinary printers
	printMax  = 5000 * Millimetre // the largest page that every reader of PDF takes

	// A symbol is read from ten times its side, as long as a camera whose picture
	// is as wide as the distance and has 1,200 pixels across gives each module two.
	distancePerSide   = 10
	distancePerModule = 600
)

// ModuleOf returns the side of one module where the symbol, quiet zone included,
// is printed with that side. It refuses with hansa.CodeInvalid a print whose
// modules are finer than a third of a millimetre, and one wider than five metres.
func (s Symbol) ModuleOf(side Length) (Length, error) {
	module := side / s.modulesAcross()
	switch {
	case side > printMax:
		return 0, hansa.Refuse(hansa.CodeInvalid, "a print of %d mm is wider than %d mm", side/Millimetre, printMax/Millimetre)
	case module < moduleMin:
		return 0, hansa.Refuse(hansa.CodeInvalid,
			"modules of %d µm are too fine to be printed and read: this symbol needs %d mm for its %d modules and the quiet zone",
			module, s.finest()/Millimetre+1, s.Size())
	}
	return module, nil
}

// SideOf returns the side of the print, quiet zone included, where one module has
// that side. It refuses what ModuleOf refuses.
func (s Symbol) SideOf(module Length) (Length, error) {
	if module > printMax { // before a product that no number holds
		module = printMax
	}
	side := module * s.modulesAcross()
	_, err := s.ModuleOf(side)
	return side, err
}

// SideFrom returns the smallest side of a print, quiet zone included, that a
// telephone reads from that distance. It refuses what ModuleOf refuses.
func (s Symbol) SideFrom(distance Length) (Length, error) {
	module := max(distance/distancePerSide/Length(s.Size()), distance/distancePerModule, moduleMin)
	return s.SideOf(module + 1) // Divisions round down.
}

// finest returns the smallest side of a print.
func (s Symbol) finest() Length { return moduleMin * s.modulesAcross() }

// modulesAcross returns the modules on a side of a print.
func (s Symbol) modulesAcross() Length { return Length(s.Size() + 2*quietZone) }
