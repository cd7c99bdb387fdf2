package vipps

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
)

const (
	ttlMin = 300     // seconds
	ttlMax = 1 << 31 // seconds, one more than allowed
	noEnd  = -1      // expiresIn of a code that stays
)

// targetForm is what the QR API lets a code lead to.
var targetForm = regexp.MustCompile(`^https:\/\/[\w\.]+([\w#!:.?+=&%@\-\/]+)?$`)

// A redirect is a code that leads to a page of the merchant's choice, which may change.
type redirect struct {
	RedirectURL string     `json:"redirect_url"`
	ExpiresAt   *time.Time `json:"expires_at,omitempty"`
}

// createRedirect answers POST /qr/v1/merchant-redirect.
func (c *call) createRedirect() api.Answer {
	picture, wrong := c.wantedPicture()
	if wrong.Status != 0 {
		return c.refuse(wrong)
	}
	var asked struct {
		ID          string `json:"id"`
		RedirectURL string `json:"redirectUrl"`
		TTL         *int64 `json:"ttl"`
	}
	if wrong := c.read(&asked); wrong.Status != 0 {
		return c.refuse(wrong)
	}
	switch {
	case !codeID.MatchString(asked.ID):
		return c.refuse(badRequest.about("Id", "The field Id must match the regular expression '"+codeID.String()+"'."))
	case !leads(asked.RedirectURL):
		return c.refuse(wrongTarget())
	case asked.TTL != nil && (*asked.TTL < ttlMin || *asked.TTL >= ttlMax):
		return c.refuse(badRequest.about("Ttl", "The field Ttl must be from 300 to 2147483647."))
	}
	if _, err := c.redirect(asked.ID); err == nil {
		type body struct {
			ID string `json:"id"`
		}
		return answered(http.StatusConflict, body{asked.ID})
	} else if reason, _ := hansa.ReasonOf(err); reason != hansa.NotFound {
		return c.failCode(err)
	}
	code := redirect{RedirectURL: asked.RedirectURL}
	if asked.TTL != nil {
		end := c.Now.Add(time.Duration(*asked.TTL) * time.Second).UTC()
		code.ExpiresAt = &end
	}
	return c.keepRedirect(asked.ID, code, picture)
}

// updateRedirect answers PUT /qr/v1/merchant-redirect/{id}.
func (c *call) updateRedirect() api.Answer {
	picture, wrong := c.wantedPicture()
	if wrong.Status != 0 {
		return c.refuse(wrong)
	}
	var asked struct {
		RedirectURL string `json:"redirectUrl"`
	}
	if wrong := c.read(&asked); wrong.Status != 0 {
		return c.refuse(wrong)
	}
	if !leads(asked.RedirectURL) {
		return c.refuse(wrongTarget())
	}
	code, err := c.redirect(c.path[3])
	if err != nil {
		return c.failCode(err)
	}
	code.RedirectURL = asked.RedirectURL
	return c.keepRedirect(c.path[3], code, picture)
}

// readRedirect answers GET /qr/v1/merchant-redirect/{id}.
func (c *call) readRedirect() api.Answer {
	picture, wrong := c.wantedPicture()
	if wrong.Status != 0 {
		return c.refuse(wrong)
	}
	code, err := c.redirect(c.path[3])
	if err != nil {
		return c.failCode(err)
	}
	return answered(http.StatusOK, c.shownRedirect(c.path[3], code, picture))
}

// listRedirects answers GET /qr/v1/merchant-redirect.
func (c *call) listRedirects() api.Answer {
	picture, wrong := c.wantedPicture()
	if wrong.Status != 0 {
		return c.refuse(wrong)
	}
	documents, err := c.counter.Documents(redirectCode)
	if err != nil {
		return c.failCode(err)
	}
	list := []redirectBody{}
	for _, document := range documents {
		if code := readRedirect(document); !code.over(c.Now) {
			list = append(list, c.shownRedirect(document.ID, code, picture))
		}
	}
	return answered(http.StatusOK, list)
}

func (c *call) keepRedirect(id string, code redirect, picture picture) api.Answer {
	if err := c.counter.PutDocument(redirectCode, api.Document{ID: id, Body: api.Encode(code)}); err != nil {
		return c.failCode(err)
	}
	return answered(http.StatusOK, c.shownRedirect(id, code, picture))
}

type redirectBody struct {
	ID          string `json:"id"`
	URL         string `json:"url"`
	RedirectURL string `json:"redirectUrl"`
	ExpiresIn   int64  `json:"expiresIn"`
}

func (c *call) shownRedirect(id string, code redirect, picture picture) redirectBody {
	left := int64(noEnd)
	if code.ExpiresAt != nil {
		left = int64(code.ExpiresAt.Sub(c.Now) / time.Second)
	}
	return redirectBody{id, picture.of(c.codeAddress(redirectCode, id)), code.RedirectURL, left}
}

// redirect reads a code whose time is not over.
func (c *call) redirect(id string) (redirect, error) {
	document, err := c.counter.Document(redirectCode, id)
	if err != nil {
		return redirect{}, err
	}
	code := readRedirect(document)
	if code.over(c.Now) {
		return redirect{}, hansa.Refuse(hansa.NotFound, "the code's time is over")
	}
	return code, nil
}

func (r redirect) over(now time.Time) bool { return r.ExpiresAt != nil && !now.Before(*r.ExpiresAt) }

// readRedirect reads what keepRedirect wrote.
func readRedirect(document api.Document) redirect {
	var code redirect
	if err := json.Unmarshal(document.Body, &code); err != nil {
		panic(fmt.Sprintf("redirect code %q: %v", document.ID, err))
	}
	return code
}

// leads reports whether a code may lead to an address.
func leads(address string) bool {
	return len(address) <= urlMax && targetForm.MatchString(address) && returnable(address)
}

func wrongTarget() problem {
	return badRequest.about("RedirectUrl", "The field RedirectUrl must match the regular expression '"+targetForm.String()+"'.")
}
