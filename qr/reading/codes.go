package reading

// A Code names a finding. It is stable: programs branch on it.
type Code string

// Findings about any text.
const (
	Unknown         Code = "unknown"          // no kind of payment code that we know
	NotUTF8         Code = "not_utf8"         // bytes that are no text
	HiddenText      Code = "hidden_text"      // a character that is not seen but changes what is seen
	NotComposed     Code = "not_composed"     // text not in Unicode normal form C
	NotASCII        Code = "not_ascii"        // other letters where the standard wants the 95 printable ones
	MixedScripts    Code = "mixed_scripts"    // letters of two scripts in one name that look alike
	TooLong         Code = "too_long"         // more characters than the standard allows
	TooShort        Code = "too_short"        // ends before all is there
	Empty           Code = "empty"            // a value without characters
	Format          Code = "format"           // a value that is not of its format
	Missing         Code = "missing"          // a mandatory value is not there
	Twice           Code = "twice"            // a value stands there twice
	Contradiction   Code = "contradiction"    // two values exclude each other
	Trailing        Code = "trailing"         // something follows the end
	Surrounded      Code = "surrounded"       // a scanner's spaces, line ends or byte order mark around the text were dropped
	Reserved        Code = "reserved"         // a number or value that the standard keeps for later
	Checksum        Code = "checksum"         // check digits do not fit: misread or altered
	AmountFormat    Code = "amount_format"    // not an amount
	AmountZero      Code = "amount_zero"      // an amount of nothing
	SignedElse      Code = "signed_else"      // carries a signature of another scheme, whose keys are closed to us: not verified
	LengthInBytes   Code = "length_in_bytes"  // a length counts bytes where the standard counts characters
	PercentEncoded  Code = "percent_encoded"  // encoded for a link on its way here
	Misplaced       Code = "misplaced"        // not first or last, where the standard wants it
	LowerCase       Code = "lower_case"       // small letters where the standard wants capitals
	AmountScale     Code = "amount_scale"     // more decimals than the currency has
	UnknownCurrency Code = "unknown_currency" // no currency in use
	StaticAmount    Code = "static_amount"    // a code for many payers that fixes the amount
	NoReference     Code = "no_reference"     // a code for one payment that does not say which
	Channel         Code = "channel"          // shown in another way than it is used: a sign of a replaced code
	NewerVersion    Code = "newer_version"    // of a later version of the standard, unknown to older readers
	TooMany         Code = "too_many"         // more findings than any code in the field has: the others are not listed
)

// Findings about our own signed codes. docs/codes.md says when each arises.
const (
	SignatureUnverified Code = "signature_unverified"   // of the right form; whose it is only a directory of keys can tell
	SignatureMissing    Code = "signature_missing"      // stripped, in part or altogether
	SignatureForm       Code = "signature_form"         // not in the one form and place in which signatures are written
	SignatureWrong      Code = "signature_wrong"        // altered, or made by someone else
	KeyUnknown          Code = "key_unknown"            // no key of that id
	KeyWeak             Code = "key_weak"               // a key under which anybody can make signatures, or nobody
	KeyNotYetValid      Code = "key_not_yet_valid"      // its time has not come
	KeyRetired          Code = "key_retired"            // its time is over
	KeyWithdrawn        Code = "key_withdrawn"          // taken out of use, as when it has leaked
	KeyOfOtherIssuer    Code = "key_of_other_issuer"    // a good key, but not of the party that may issue codes for this store
	NotRegistered       Code = "not_registered"         // no code of that id was issued
	Withdrawn           Code = "withdrawn"              // issued once, and taken back
	Expired             Code = "expired"                // its time is over
	ExpiresTooLate      Code = "expires_too_late"       // good for longer than such a code may be
	OwnTemplateTwice    Code = "own_template_twice"     // two answers to the question who is paid
	CriticalUnknown     Code = "critical_unknown"       // an object that may change what the code means, of a later version
	AmountWithStoreCode Code = "amount_with_store_code" // on a sticker the payer types the amount
	TipAdded            Code = "tip_added"              // the amount of an order is what is paid
	CurrencyDiffers     Code = "currency_differs"       // not the currency that the directory has
	CountryDiffers      Code = "country_differs"        // not the country that the directory has
	NameDiffers         Code = "name_differs"           // not the name or city that the directory has, and nothing like it
	LookAlike           Code = "look_alike"             // people may take the name for another one that is registered
	Downgraded          Code = "downgraded"             // not signed, though this payee's codes always are
)

// Findings about payment links.
const (
	PlainHTTP   Code = "plain_http"   // over plain HTTP: whoever carries the link or its answer can change both
	UserPart    Code = "user_part"    // a user in front of the host, which may look like a host itself
	Port        Code = "port"         // a port, behind which another server may answer
	ForeignHost Code = "foreign_host" // a host that is not the scheme's, though it looks like it
	Fragment    Code = "fragment"     // a part that is never sent to the host
	BadEscape   Code = "bad_escape"   // a percent sign that readers decode differently, or that hides a plain character
	Backslash   Code = "backslash"    // a slash to some readers and not to others
	WhiteSpace  Code = "white_space"  // white space inside, which some readers drop
)

// Findings about numeric codes.
const (
	Spaced        Code = "spaced"          // spaces between the groups of a number were dropped
	LooksLikeCard Code = "looks_like_card" // a number that may be that of a payment card, and must not be logged
)
