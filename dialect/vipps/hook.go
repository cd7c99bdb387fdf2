package vipps

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
)

const (
	hooksPerEvent = 5
	hookURLMax    = 512 // bytes
	checkedIn     = "user.checked-in.v1"
)

// subscribable are the events that a webhook may be for.
func subscribable() []string {
	list := []string{checkedIn}
	for _, name := range []string{
		eventCreated, eventAborted, eventExpired, eventCancelled, eventCaptured, eventRefunded, eventAuthorized, eventTerminated,
	} {
		list = append(list, subscription(name))
	}
	return list
}

// subscription is what a webhook asks for to hear of a payment's events of a name.
func subscription(name string) string { return "epayments.payment." + strings.ToLower(name) + ".v1" }

// registerHook answers POST /webhooks/v1/webhooks. A request that is repeated under its
// Idempotency-Key gets the same webhook again.
func (c *call) registerHook() api.Answer {
	var asked struct {
		URL    string   `json:"url"`
		Events []string `json:"events"`
	}
	if wrong := c.read(&asked); wrong.Status != 0 {
		return c.refuse(wrong)
	}
	if !reachable(asked.URL) {
		return c.refuse(badRequest.about("url", "The field is required, an address of https of at most 512 characters."))
	}
	if len(asked.Events) == 0 {
		return c.refuse(badRequest.about("events", "The field is required and not empty."))
	}
	slices.Sort(asked.Events)
	hook := c.newHook(asked.URL, slices.Compact(asked.Events))
	hooks, err := c.counter.Hooks()
	if err != nil {
		return c.fail(settling, err)
	}
	if at := slices.IndexFunc(hooks, func(other api.Hook) bool { return other.ID == hook.ID }); at >= 0 {
		if earlier := hooks[at]; earlier.URL != hook.URL || !slices.Equal(earlier.Events, hook.Events) {
			return c.refuse(keyTaken(c.key))
		}
		return registered(hooks[at])
	}
	for _, event := range hook.Events {
		if !slices.Contains(subscribable(), event) {
			return c.refuse(badRequest.about("events", "There is no such event as one of these."))
		}
		if len(hooksFor(hooks, event)) >= hooksPerEvent {
			return c.refuse(badRequest.about("events", "At most 5 webhooks can be registered for "+event+"."))
		}
	}
	if err := c.counter.AddHook(hook); err != nil {
		return c.fail(settling, err)
	}
	return registered(hook)
}

func registered(hook api.Hook) api.Answer {
	type body struct {
		ID     string `json:"id"`
		Secret string `json:"secret"`
	}
	return answered(http.StatusCreated, body{hook.ID, hook.Secret})
}

// newHook draws an id and a secret of 64 bytes.
func (c *call) newHook(address string, events []string) api.Hook {
	drawn := c.Chance.Draw("hook")
	if c.key != "" {
		drawn = hansa.Chance(sha256.Sum256([]byte("hook " + c.client.ID + " " + c.key))).Draw("hook")
	}
	first, second := c.Chance.Draw("hook secret 1"), c.Chance.Draw("hook secret 2")
	secret := base64.StdEncoding.EncodeToString(append(first[:], second[:]...))
	return api.Hook{ID: uuid(drawn), URL: address, Secret: secret, Events: events}
}

// uuid writes 16 bytes of chance as RFC 9562 does, version 4.
func uuid(drawn [32]byte) string {
	drawn[6], drawn[8] = drawn[6]&0x0f|0x40, drawn[8]&0x3f|0x80
	text := hex.EncodeToString(drawn[:16])
	return text[:8] + "-" + text[8:12] + "-" + text[12:16] + "-" + text[16:20] + "-" + text[20:]
}

// reachable reports whether notices can be posted to an address.
func reachable(address string) bool {
	parsed, err := url.Parse(address)
	return err == nil && len(address) <= hookURLMax && parsed.Scheme == "https" && parsed.Host != "" && parsed.User == nil && parsed.Fragment == ""
}

// hooksFor returns the webhooks that want to hear of an event.
func hooksFor(hooks []api.Hook, event string) []api.Hook {
	return slices.DeleteFunc(slices.Clone(hooks), func(h api.Hook) bool { return !slices.Contains(h.Events, event) })
}

// listHooks answers GET /webhooks/v1/webhooks.
func (c *call) listHooks() api.Answer {
	type webhook struct {
		ID     string   `json:"id"`
		URL    string   `json:"url"`
		Events []string `json:"events"`
	}
	hooks, err := c.counter.Hooks()
	if err != nil {
		return c.fail(settling, err)
	}
	list := []webhook{}
	for _, h := range hooks {
		list = append(list, webhook{h.ID, h.URL, h.Events})
	}
	type body struct {
		Webhooks []webhook `json:"webhooks"`
	}
	return answered(http.StatusOK, body{list})
}

// deleteHook answers DELETE /webhooks/v1/webhooks/{id}.
func (c *call) deleteHook() api.Answer {
	err := c.counter.RemoveHook(c.path[3])
	if reason, _ := hansa.ReasonOf(err); reason == hansa.NotFound {
		return c.refuse(problem{Status: http.StatusNotFound, Title: "Not Found", Detail: "There is no such webhook."})
	}
	if err != nil {
		return c.fail(settling, err)
	}
	return api.Answer{Status: http.StatusNoContent, Header: http.Header{}}
}
