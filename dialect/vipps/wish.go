package vipps

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Limits of a create request.
const (
	valueMax          = 65_000_000 // minor units
	descriptionMin    = 3          // characters
	descriptionMax    = 100        // characters
	metadataMax       = 5          // pairs
	metadataKeyMax    = 100        // characters
	metadataValueMax  = 500        // characters
	personalQRMin     = 5          // characters
	customerMax       = 255        // characters of a personal QR or a token
	sizeMin           = 100        // pixels
	sizeMax           = 2000       // pixels
	sizeUsual         = 1024       // pixels
	urlMax            = 2048       // bytes
	lifeUsual         = 10 * time.Minute
	lifeMin           = 10 * time.Minute
	lifeMax           = 24 * time.Hour // of an order of the network; Vipps itself waits up to sixty days
	personalQRBy      = "https://qr.vipps.no/28/2/01/031/"
	personalQRVersion = "?v=1"
)

// The formats of a QR code.
const (
	textTarget = "TEXT/TARGETURL"
	imageSVG   = "IMAGE/SVG+XML"
	imagePNG   = "IMAGE/PNG"
)

var (
	referenceForm = regexp.MustCompile(`^[a-zA-Z0-9-]{8,64}$`)
	phoneForm     = regexp.MustCompile(`^[0-9]{10,15}$`)
)

// A wish is the body of a create request, as far as this network can honour or must
// refuse what it asks.
type wish struct {
	Amount              *amount           `json:"amount"`
	PaymentMethod       *method           `json:"paymentMethod"`
	Reference           string            `json:"reference"`
	UserFlow            string            `json:"userFlow"`
	Customer            *customer         `json:"customer"`
	CustomerInteraction string            `json:"customerInteraction"`
	ReturnURL           string            `json:"returnUrl"`
	ReceiptURL          string            `json:"receiptUrl"`
	PaymentDescription  *string           `json:"paymentDescription"`
	QRFormat            *qrFormat         `json:"qrFormat"`
	ExpiresAt           *moment           `json:"expiresAt"`
	Metadata            map[string]string `json:"metadata"`
	Profile             profileWish       `json:"profile"`
	Receipt             json.RawMessage   `json:"receipt"`
	MinimumUserAge      *int64            `json:"minimumUserAge"`
	Shipping            json.RawMessage   `json:"shipping"`
	BlockedSources      json.RawMessage   `json:"blockedSources"`
}

// A moment is a time by RFC 3339, whose letters may be small.
type moment struct{ time.Time }

// UnmarshalJSON reads a moment. An error is a text that is none.
func (m *moment) UnmarshalJSON(text []byte) error { return m.Time.UnmarshalJSON(bytes.ToUpper(text)) }

type method struct {
	Type string `json:"type"`
}

type profileWish struct {
	Scope string `json:"scope"`
}

// A customer is who should pay, known by one of three things.
type customer struct {
	PhoneNumber   string `json:"phoneNumber"`
	PersonalQR    string `json:"personalQr"`
	CustomerToken string `json:"customerToken"`
}

// code is what a till would have scanned: the personal code as it is, the token of a
// check-in, which is one, and for a number the personal code that says it.
func (c *customer) code() string {
	switch {
	case c == nil:
		return ""
	case c.PersonalQR != "":
		return c.PersonalQR
	case c.CustomerToken != "":
		return c.CustomerToken
	}
	return personalQRBy + c.PhoneNumber + personalQRVersion
}

type qrFormat struct {
	Format string `json:"format"`
	Size   *int64 `json:"size"`
}

func (f *qrFormat) format() string {
	if f == nil {
		return imageSVG
	}
	return f.Format
}

func (f *qrFormat) size() int64 {
	if f == nil || f.Size == nil {
		return sizeUsual
	}
	return *f.Size
}

// expiresIn is how long the order stays open, in seconds.
func (w wish) expiresIn(now time.Time) int64 {
	if w.ExpiresAt == nil {
		return int64(lifeUsual / time.Second)
	}
	return int64(w.ExpiresAt.Sub(now) / time.Second)
}

// readWish reads a create request. First what its form lacks is told, all at once, then
// the first thing that cannot be.
func (c *call) readWish() (wish, problem) {
	var w wish
	if wrong := c.read(&w); wrong.Status != 0 {
		return w, wrong
	}
	form := badRequest
	for _, check := range []struct {
		fits         bool
		name, reason string
	}{
		{w.Amount != nil && w.Amount.Value >= 0 && w.Amount.Value <= valueMax, "amount.value", "The field is required, an integer from 0 to 65000000."},
		{w.Amount != nil && slices.Contains([]string{"NOK", "DKK", "EUR"}, w.Amount.Currency), "amount.currency", "The field is required: NOK, DKK or EUR."},
		{w.PaymentMethod != nil && slices.Contains([]string{"WALLET", "CARD"}, w.PaymentMethod.Type), "paymentMethod.type", "The field is required: WALLET or CARD."},
		{referenceForm.MatchString(w.Reference), "reference", "The field Reference must match the regular expression '" + referenceForm.String() + "'."},
		{slices.Contains([]string{pushMessage, nativeRedirect, webRedirect, qrFlow}, w.UserFlow), "userFlow", "The field is required: PUSH_MESSAGE, NATIVE_REDIRECT, WEB_REDIRECT or QR."},
		{slices.Contains([]string{"", "CUSTOMER_PRESENT", "CUSTOMER_NOT_PRESENT"}, w.CustomerInteraction), "customerInteraction", "The field must be CUSTOMER_PRESENT or CUSTOMER_NOT_PRESENT."},
		{w.PaymentDescription == nil || between(*w.PaymentDescription, descriptionMin, descriptionMax), "paymentDescription", "The field must have 3 to 100 characters."},
		{slices.Contains([]string{textTarget, imageSVG, imagePNG}, w.QRFormat.format()), "qrFormat.format", "The field must be TEXT/TARGETURL, IMAGE/SVG+XML or IMAGE/PNG."},
		{w.QRFormat.size() >= sizeMin && w.QRFormat.size() <= sizeMax, "qrFormat.size", "The field must be from 100 to 2000."},
	} {
		if !check.fits {
			form = form.about(check.name, check.reason)
		}
	}
	if len(form.Extra) > 0 {
		return w, form
	}
	return w, w.impossible(c.Now)
}

// impossible returns what is wrong with a request whose form is right.
func (w wish) impossible(now time.Time) problem {
	for _, find := range []func() problem{
		w.wrongAmount, w.wrongCustomer, w.wrongURL, w.wrongMetadata, func() problem { return w.wrongTime(now) }, w.unsupported,
	} {
		if found := find(); found.Status != 0 {
			return found
		}
	}
	return problem{}
}

func (w wish) wrongAmount() problem {
	smallest := map[string]int64{"NOK": 100, "DKK": 1, "EUR": 1}
	if w.Amount.Value < smallest[w.Amount.Currency] {
		return domain(http.StatusBadRequest, 6010, "Amount too small", "The smallest amounts are 100 øre in NOK, 1 øre in DKK and 1 cent in EUR.")
	}
	return problem{}
}

func (w wish) wrongCustomer() problem {
	c := w.Customer
	if w.UserFlow == pushMessage && (c == nil || *c == customer{}) {
		return missing("customer", "The flow PUSH_MESSAGE needs a customer.")
	}
	if c == nil {
		return problem{}
	}
	given := 0
	for _, text := range []string{c.PhoneNumber, c.PersonalQR, c.CustomerToken} {
		if text != "" {
			given++
		}
	}
	switch {
	case given > 1:
		return badRequest.about("customer", "Only one of phoneNumber, personalQr and customerToken may be given.")
	case c.PhoneNumber != "" && !phoneForm.MatchString(c.PhoneNumber):
		return domain(http.StatusBadRequest, 4070, "Invalid phone number", "A phone number is country code and number, 10 to 15 digits and nothing else.")
	case c.PersonalQR != "" && !between(c.PersonalQR, personalQRMin, customerMax):
		return invalidPersonalQR
	case !between(c.CustomerToken, 0, customerMax):
		return invalidCustomerToken
	}
	return problem{}
}

func (w wish) wrongURL() problem {
	if w.UserFlow == webRedirect && w.ReturnURL == "" {
		return missing("returnUrl", "The flow WEB_REDIRECT needs a returnUrl.")
	}
	for _, text := range []string{w.ReturnURL, w.ReceiptURL} {
		if text != "" && !returnable(text) {
			return domain(http.StatusBadRequest, 4090, "Invalid URL", "An address must be one of https, or of an app's own scheme.")
		}
	}
	return problem{}
}

// returnable reports whether a browser may be sent to an address: of https, or of the
// scheme of an app.
func returnable(text string) bool {
	parsed, err := url.Parse(text)
	if err != nil || len(text) > urlMax || strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r == 0x7f }) {
		return false
	}
	switch strings.ToLower(parsed.Scheme) {
	case "https":
		return parsed.Host != "" && parsed.User == nil
	case "", "http", "javascript", "data", "vbscript", "file", "blob", "about", "view-source", "filesystem", "ftp", "ws", "wss":
		return false
	}
	return true
}

func (w wish) wrongMetadata() problem {
	if len(w.Metadata) > metadataMax {
		return domain(http.StatusBadRequest, 4100, "Metadata capacity exceeded", "There may be at most 5 pairs of metadata.")
	}
	for _, key := range slices.Sorted(maps.Keys(w.Metadata)) {
		if utf8.RuneCountInString(key) > metadataKeyMax {
			return domain(http.StatusBadRequest, 4120, "Metadata key length exceeded", "A key of the metadata may have at most 100 characters.")
		}
		if utf8.RuneCountInString(w.Metadata[key]) > metadataValueMax {
			return domain(http.StatusBadRequest, 4130, "Metadata value length exceeded", "A value of the metadata may have at most 500 characters.")
		}
	}
	return problem{}
}

func (w wish) wrongTime(now time.Time) problem {
	switch {
	case w.ExpiresAt == nil:
		return problem{}
	case w.UserFlow != qrFlow:
		return domain(http.StatusBadRequest, 5050, "Long-living payment not allowed", "Only payments with the flow QR may wait for longer here.")
	case w.ExpiresAt.Sub(now) < lifeMin:
		return domain(http.StatusBadRequest, 6120, "Expiration date is too soon", "A payment must be open for more than 10 minutes.")
	case w.ExpiresAt.Sub(now) > lifeMax:
		return domain(http.StatusBadRequest, 6110, "Expiration date is too late", "A payment may be open for at most 24 hours here.")
	case !asks(w.Receipt):
		return domain(http.StatusBadRequest, 6130, "Long living payments require a receipt", "Send a receipt together with expiresAt.")
	}
	return problem{}
}

// unsupported refuses what would be a promise that nobody keeps: to be paid by card, to
// look at the payer's age or purse, to ask for an address.
func (w wish) unsupported() problem {
	switch {
	case w.PaymentMethod.Type == "CARD":
		return domain(http.StatusBadRequest, 5070, "Payment cannot be created", "Wallets pay here, not cards.")
	case w.MinimumUserAge != nil:
		return domain(http.StatusBadRequest, 5070, "Payment cannot be created", "The wallets of this network do not tell the age of a payer.")
	case asks(w.Shipping):
		return domain(http.StatusBadRequest, 5020, "Express payment not allowed", "Express payment is not allowed for this sales unit.")
	case asks(w.BlockedSources):
		return domain(http.StatusBadRequest, 5010, "Blocking sources not applicable", "Payment sources cannot be blocked here.")
	}
	return problem{}
}

// asks reports whether a member is there and says something.
func asks(member json.RawMessage) bool {
	return !slices.Contains([]string{"", "null", "{}", "[]"}, string(member))
}

// between reports whether text has so many characters.
func between(text string, least, most int) bool {
	n := utf8.RuneCountInString(text)
	return n >= least && n <= most
}
