package vipps

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/hansa-network/hansa/api"
)

const locationMax = 36 // characters of a description where a code hangs

// A callback is a code at which payers check in.
type callback struct {
	Location string `json:"location"`
}

type callbackBody struct {
	MerchantSerialNumber string `json:"merchantSerialNumber"`
	MerchantQRID         string `json:"merchantQrId"`
	LocationDescription  string `json:"locationDescription"`
	QRImageURL           string `json:"qrImageUrl"`
	QRContent            string `json:"qrContent"`
}

// putCallback answers PUT /qr/v1/merchant-callback/{merchantQrId}.
func (c *call) putCallback() api.Answer {
	var asked struct {
		Location *string `json:"locationDescription"`
	}
	if wrong := c.read(&asked); wrong.Status != 0 {
		return c.refuse(wrong)
	}
	switch {
	case !codeID.MatchString(c.path[3]):
		return c.refuse(badRequest.about("MerchantQrId", "The field MerchantQrId must match the regular expression '"+codeID.String()+"'."))
	case asked.Location == nil || !between(*asked.Location, 0, locationMax):
		return c.refuse(badRequest.about("LocationDescription", "The field LocationDescription is required and has at most 36 characters."))
	}
	document := api.Document{ID: c.path[3], Body: api.Encode(callback{*asked.Location})}
	if err := c.counter.PutDocument(callbackCode, document); err != nil {
		return c.failCode(err)
	}
	return api.Answer{Status: http.StatusOK, Header: http.Header{}}
}

// readCallback answers GET /qr/v1/merchant-callback/{merchantQrId}.
func (c *call) readCallback() api.Answer {
	picture, wrong := c.queriedPicture()
	if wrong.Status != 0 {
		return c.refuse(wrong)
	}
	document, err := c.counter.Document(callbackCode, c.path[3])
	if err != nil {
		return c.failCode(err)
	}
	return answered(http.StatusOK, c.shownCallback(document, picture))
}

// listCallbacks answers GET /qr/v1/merchant-callback.
func (c *call) listCallbacks() api.Answer {
	picture, wrong := c.queriedPicture()
	if wrong.Status != 0 {
		return c.refuse(wrong)
	}
	documents, err := c.counter.Documents(callbackCode)
	if err != nil {
		return c.failCode(err)
	}
	list := []callbackBody{}
	for _, document := range documents {
		list = append(list, c.shownCallback(document, picture))
	}
	return answered(http.StatusOK, list)
}

// queriedPicture reads QrImageFormat and QrImageSize.
func (c *call) queriedPicture() (picture, problem) {
	query := c.Request.URL.Query()
	switch strings.ToUpper(query.Get("QrImageFormat")) {
	case "", "SVG":
		return picture{extension: extSVG}, problem{}
	case "PNG":
		return pngOf(query.Get("QrImageSize"), "QrImageSize")
	}
	return picture{}, badRequest.about("QrImageFormat", "The field must be PNG or SVG.")
}

// readCallback reads what putCallback wrote.
func readCallback(document api.Document) callback {
	var code callback
	if err := json.Unmarshal(document.Body, &code); err != nil {
		panic(fmt.Sprintf("callback code %q: %v", document.ID, err))
	}
	return code
}

func (c *call) shownCallback(document api.Document, picture picture) callbackBody {
	code := readCallback(document)
	address := c.codeAddress(callbackCode, document.ID)
	return callbackBody{c.client.ID, document.ID, code.Location, picture.of(address), address}
}

// beacon answers PUT /qr/v1/merchant-callback/mobilepay/{beaconId}. Codes that MobilePay
// has printed lead to MobilePay: to say that one leads here would be a promise that
// nobody keeps.
func (c *call) beacon() api.Answer {
	return c.refuse(problem{
		Status: http.StatusForbidden, Title: "Forbidden", Detail: "Codes that MobilePay has printed do not lead here: print a code of /qr/v1/merchant-callback.",
	})
}

// exchange answers POST /qr/v1/exchange: the number that a personal code says by itself.
func (c *call) exchange() api.Answer {
	var asked struct {
		QRCode    string   `json:"qrCode"`
		Requested []string `json:"requestedData"`
	}
	if wrong := c.read(&asked); wrong.Status != 0 {
		return c.refuse(wrong)
	}
	if refusal := requested(asked.Requested); refusal.Status != 0 {
		return c.refuse(refusal)
	}
	if asked.QRCode == "" {
		return c.refuse(invalidExchange.about("qrCode", "The complete data contained in the QR code is required."))
	}
	number, ok := numberIn(asked.QRCode)
	if !ok {
		return c.refuse(invalidExchange.about("qrCode", "This code does not say a number, and the network tells nobody's."))
	}
	type body struct {
		MSISDN  string `json:"msisdn"`
		Version string `json:"version"`
	}
	return answered(http.StatusOK, body{number, "1.0"})
}

// exchangeCustomer answers POST /qr/v1/exchange/customer. A token of a check-in is a
// payment code, behind which the network tells nobody's number.
func (c *call) exchangeCustomer() api.Answer {
	var asked struct {
		Customer  *customer `json:"customer"`
		Requested []string  `json:"requestedData"`
	}
	if wrong := c.read(&asked); wrong.Status != 0 {
		return c.refuse(wrong)
	}
	if refusal := requested(asked.Requested); refusal.Status != 0 {
		return c.refuse(refusal)
	}
	if asked.Customer == nil || asked.Customer.CustomerToken == "" {
		return c.refuse(invalidExchange.about("customer", "Customer object is required."))
	}
	return c.refuse(invalidExchange.about("customer", "The token stands for no number that the network tells."))
}

// invalidExchange is what an exchange says of a request that cannot be.
var invalidExchange = problem{Status: http.StatusBadRequest, Title: "Bad request", Detail: "The request body contains one or more invalid parameters."}

// requested refuses to tell anything but a number.
func requested(data []string) problem {
	for _, wanted := range data {
		if wanted != "MSISDN" {
			return invalidExchange.about("requestedData", "Only MSISDN can be requested.")
		}
	}
	return problem{}
}

// numberIn returns the number that a personal code of Vipps says in clear.
func numberIn(code string) (string, bool) {
	rest, personal := strings.CutPrefix(code, personalQRBy)
	number, _, _ := strings.Cut(rest, "?")
	return number, personal && phoneForm.MatchString(number)
}
