package reading

// A Code names a finding. It is stable: programs branch on it.
type Code string

// Findings about any text.
const (
	Unknown       Code = "unknown"       // no kind of payment code that we know
	NotUTF8       Code = "not_utf8"      // bytes that are no text
	HiddenText    Code = "hidden_text"   // a character that is not seen but changes what is seen
	NotComposed   Code = "not_composed"  // text not in Unicode normal form C
	NotASCII      Code = "not_ascii"     // other letters where the standard wants the 95 printable ones
	MixedScripts  Code = "mixed_scripts" // letters of two scripts in one name that look alike
	TooLong       Code = "too_long"      // more characters than the standard allows
	TooShort      Code = "too_short"     // ends before all is there
	Empty         Code = "empty"         // a value without characters
	Format        Code = "format"        // a value that is not of its format
	Missing       Code = "missing"       // a mandatory value is not there
	Twice         Code = "twice"         // a value stands there twice
	Contradiction Code = "contradiction" // two values exclude each other
	Trailing      Code = "trailing"      // something follows the end
	Surrounded    Code = "surrounded"    // a scanner's spaces, line ends or byte order mark around the text were dropped
	Reserved      Code = "reserved"      // a number or value that the standard keeps for later
	Checksum      Code = "checksum"      // check digits do not fit: misread or altered
	AmountFormat  Code = "amount_format" // not an amount
	AmountZero    Code = "amount_zero"   // an amount of nothing
	SignedElse    Code = "signed_else"   // carries a signature of another scheme, whose keys are closed to us: not verified
)
