package vipps

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
)

// The kinds of documents that codes are kept as.
const (
	redirectCode = "redirect"
	callbackCode = "callback"
)

// The pictures that may be asked for.
const (
	accepted   = "image/*, image/png, image/svg+xml or text/targetUrl"
	extSVG     = ".svg"
	extPNG     = ".png"
	extNothing = "" // the text itself
)

// codeID is what a merchant may call a code. No dot: behind it stands the kind of picture.
var codeID = regexp.MustCompile(`^[-_+%æøåÆØÅ\w ]{1,128}$`)

// codes answers what the QR API owns.
func (c *call) codes() api.Answer {
	get, put, remove := c.Request.Method == http.MethodGet, c.Request.Method == http.MethodPut, c.Request.Method == http.MethodDelete
	switch {
	case c.is("qr", "v1"):
		return c.only(http.MethodPost, c.asMerchant(keyless, c.oneTimeCode))
	case c.is("qr", "v1", "merchant-redirect") && get:
		return c.asMerchant(keyless, c.listRedirects)()
	case c.is("qr", "v1", "merchant-redirect"):
		return c.only(http.MethodPost, c.asMerchant(keyless, c.createRedirect), http.MethodGet)
	case c.is("qr", "v1", "merchant-redirect", "") && put:
		return c.asMerchant(keyless, c.updateRedirect)()
	case c.is("qr", "v1", "merchant-redirect", "") && remove:
		return c.asMerchant(keyless, func() api.Answer { return c.removeCode(redirectCode) })()
	case c.is("qr", "v1", "merchant-redirect", ""):
		return c.only(http.MethodGet, c.asMerchant(keyless, c.readRedirect), http.MethodPut, http.MethodDelete)
	case c.is("qr", "v1", "merchant-callback"):
		return c.only(http.MethodGet, c.asMerchant(keyless, c.listCallbacks))
	case c.is("qr", "v1", "merchant-callback", "") && put:
		return c.asMerchant(keyless, c.putCallback)()
	case c.is("qr", "v1", "merchant-callback", "") && remove:
		return c.asMerchant(keyless, func() api.Answer { return c.removeCode(callbackCode) })()
	case c.is("qr", "v1", "merchant-callback", ""):
		return c.only(http.MethodGet, c.asMerchant(keyless, c.readCallback), http.MethodPut, http.MethodDelete)
	case c.is("qr", "v1", "merchant-callback", "mobilepay", ""):
		return c.only(http.MethodPut, c.asMerchant(keyless, c.beacon))
	case c.is("qr", "v1", "exchange"):
		return c.only(http.MethodPost, c.asMerchant(keyless, c.exchange))
	case c.is("qr", "v1", "exchange", "customer"):
		return c.only(http.MethodPost, c.asMerchant(keyless, c.exchangeCustomer))
	}
	return c.refuse(noSuchPath)
}

// refuseCode writes a problem as the QR API does. Its exchanges have a form of their own.
func (c *call) refuseCode(p problem) api.Answer {
	if len(c.path) > 2 && c.path[2] == "exchange" {
		type body struct {
			Title  string  `json:"title"`
			Status int     `json:"status"`
			Detail string  `json:"detail"`
			Extra  []extra `json:"extraDetails,omitempty"`
		}
		return p.frame(answered(p.Status, body{p.Title, p.Status, p.Detail, p.Extra}))
	}
	type body struct {
		Type     string  `json:"type"`
		Title    string  `json:"title"`
		Status   int     `json:"status"`
		Detail   string  `json:"detail"`
		Instance string  `json:"instance"`
		Invalid  []extra `json:"invalidParams,omitempty"`
	}
	answer := answered(p.Status, body{"https://httpstatuses.io/" + strconv.Itoa(p.Status), p.Title, p.Status, p.Detail, c.traceID(), p.Extra})
	answer = p.frame(answer)
	answer.Header.Set("Content-Type", "application/json; charset=utf-8")
	return answer
}

// oneTimeCode answers POST /qr/v1: the code of an order that is open here.
func (c *call) oneTimeCode() api.Answer {
	picture, wrong := c.wantedPicture()
	if wrong.Status != 0 {
		return c.refuse(wrong)
	}
	var asked struct {
		URL string `json:"url"`
	}
	if wrong := c.read(&asked); wrong.Status != 0 {
		return c.refuse(wrong)
	}
	noPage := problem{Status: http.StatusBadRequest, Title: "Validation error", Detail: "The url is not that of a payment's page here."}
	order, ours := strings.CutPrefix(strings.TrimSpace(asked.URL), api.CheckoutLink(c.Origin, ""))
	if !ours {
		return c.refuse(noPage)
	}
	sale, err := c.counter.SaleOf(order)
	if reason, _ := hansa.ReasonOf(err); reason == hansa.NotFound || err == nil && sale.Order == nil {
		return c.refuse(noPage)
	}
	if err != nil {
		return c.fail(reading, err)
	}
	left := int64(sale.Order.ExpiresAt.Sub(c.Now) / time.Second)
	if !slices.Contains([]string{"open", "held"}, sale.Order.Status) || left <= 0 {
		return c.refuse(problem{Status: http.StatusBadRequest, Title: "Order timeout", Detail: "The payment has ended."})
	}
	type body struct {
		URL       string `json:"url"`
		ExpiresIn int64  `json:"expiresIn"`
	}
	return answered(http.StatusOK, body{picture.of(api.CheckoutLink(c.Origin, sale.Order.Order)), left})
}

// A picture is the form in which a code is wanted: an extension of its address.
type picture struct {
	extension string
	size      string // of a PNG, in pixels
}

// of is the address of the picture of what stands at an address.
func (p picture) of(address string) string {
	if p.extension == extPNG {
		return address + p.extension + "?size=" + p.size
	}
	return address + p.extension
}

// wantedPicture reads Accept and Size.
func (c *call) wantedPicture() (picture, problem) {
	h := c.Request.Header
	switch strings.ToLower(h.Get("Accept")) {
	case "text/targeturl":
		return picture{extension: extNothing}, problem{}
	case "", "*/*", "image/*", "image/svg+xml":
		return picture{extension: extSVG}, problem{}
	case "image/png":
		return pngOf(h.Get("Size"), "Size")
	}
	return picture{}, problem{Status: http.StatusUnsupportedMediaType, Title: "Unsupported Media Type", Detail: "Accept must be " + accepted + "."}
}

// pngOf is a PNG of so many pixels; empty: of the usual size.
func pngOf(size, name string) (picture, problem) {
	if size == "" {
		return picture{extPNG, strconv.Itoa(sizeUsual)}, problem{}
	}
	if pixels, err := strconv.Atoi(size); err != nil || pixels < sizeMin || pixels > sizeMax {
		return picture{}, badRequest.about(name, "The field must be from 100 to 2000.")
	}
	return picture{extPNG, size}, problem{}
}

// codeAddress is where a code of the client is found.
func (c *call) codeAddress(kind, id string) string {
	return c.Origin + "/qr/to/" + url.PathEscape(c.client.ID) + "/" + kind + "/" + url.PathEscape(id)
}

// removeCode answers a DELETE of a code.
func (c *call) removeCode(kind string) api.Answer {
	if _, err := c.counter.Document(kind, c.path[3]); err != nil {
		return c.failCode(err)
	}
	if err := c.counter.RemoveDocument(kind, c.path[3]); err != nil {
		return c.failCode(err)
	}
	return api.Answer{Status: http.StatusOK, Header: http.Header{}}
}

// failCode answers what became of no document.
func (c *call) failCode(err error) api.Answer {
	if reason, _ := hansa.ReasonOf(err); reason == hansa.NotFound {
		return c.refuse(problem{Status: http.StatusNotFound, Title: "Not Found", Detail: "There is no such code."})
	}
	return c.fail(settling, err)
}

// scanned answers whoever scanned a code of a merchant: GET /qr/to/{msn}/{kind}/{id}, the
// pictures of it, and the form of a check-in. It needs no credentials.
func (c *call) scanned() api.Answer {
	if !c.is("qr", "to", "", "", "") || c.path[3] != redirectCode && c.path[3] != callbackCode {
		return c.refuse(noSuchPath)
	}
	client, known := c.Clients(Name, c.path[2])
	if !known {
		return c.refuse(noSuchPath)
	}
	c.client, c.counter = client, c.Serve(client)
	id, extension := c.path[4], extNothing
	if at := strings.LastIndexByte(id, '.'); at >= 0 {
		id, extension = id[:at], id[at:]
	}
	if c.path[3] == callbackCode && extension == extNothing && c.Request.Method == http.MethodPost {
		return c.checkIn(id)
	}
	return c.only(http.MethodGet, func() api.Answer { return c.shown(id, extension) })
}

// shown is where a code leads, or its picture.
func (c *call) shown(id, extension string) api.Answer {
	switch extension {
	case extNothing:
		return c.lead(c.path[3], id)
	case extSVG:
		return c.draw(c.path[3], id, 0)
	case extPNG:
		png, wrong := pngOf(c.Request.URL.Query().Get("size"), "size")
		if wrong.Status != 0 {
			return c.refuse(wrong)
		}
		pixels, _ := strconv.Atoi(png.size) // pngOf has read it.
		return c.draw(c.path[3], id, pixels)
	}
	return c.refuse(noSuchPath)
}

// lead brings whoever scanned a code to where it leads.
func (c *call) lead(kind, id string) api.Answer {
	if kind == callbackCode {
		return c.askIn(id)
	}
	code, err := c.redirect(id)
	if err != nil {
		return c.failCode(err)
	}
	return api.Answer{Status: http.StatusFound, Header: http.Header{"Location": {code.RedirectURL}, "Cache-Control": {"no-store"}}}
}

// draw answers with the picture of a code.
func (c *call) draw(kind, id string, pixels int) api.Answer {
	_, err := c.counter.Document(kind, id)
	if kind == redirectCode {
		_, err = c.redirect(id)
	}
	if err != nil {
		return c.failCode(err)
	}
	image, err := c.Draw(c.codeAddress(kind, id), pixels)
	if err != nil {
		return c.fail(reading, err)
	}
	contentType := "image/png"
	if pixels == 0 {
		contentType = "image/svg+xml"
	}
	return api.Answer{Status: http.StatusOK, Header: http.Header{"Content-Type": {contentType}}, Body: image}
}
