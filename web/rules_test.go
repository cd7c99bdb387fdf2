package web_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/qr/routing"
	"github.com/hansa-network/hansa/qr/scheme"
)

// rulesAsked asks for the rules without a signature, as one who has those of
// these tags.
func (n *network) rulesAsked(tags ...string) api.Answer {
	n.t.Helper()
	return n.send("", request{method: http.MethodGet, path: "/v1/code-rules", noSign: true, edit: func(r *http.Request) {
		for _, tag := range tags {
			r.Header.Add("If-None-Match", tag)
		}
	}})
}

// published are the rules of the package, and the hosted pages of this network.
func published() routing.Rulebook {
	known := scheme.Rules()
	day, _, _ := strings.Cut(known.Version, ".")
	return routing.NewRulebook(day, append(slices.Clone(known.Rules), routing.Rule{
		Kinds: []string{scheme.OwnOrder}, Link: &routing.Link{Scheme: "https", Host: "pay.example", Path: "/checkout/"},
	}))
}

// TestCodeRulesAreThoseOfThePackage: whoever reads them has the same rules, may
// keep them for less than a day, and asks anew with their version.
func TestCodeRulesAreThoseOfThePackage(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	answer := n.rulesAsked()
	n.wantStatus(http.StatusOK, answer)
	book, err := routing.ReadRulebook(answer.Body)
	if err != nil || book.Version != published().Version || len(book.Rules) != len(published().Rules) {
		t.Errorf("%v, version %q, %d rules", err, book.Version, len(book.Rules))
	}
	table, err := routing.NewTable(book.Rules)
	if err != nil {
		t.Fatal(err)
	}
	if match := table.Match(origin + "/checkout/ord_1"); !slices.Contains(match.Kinds, scheme.OwnOrder) || match.Flaw != "" {
		t.Errorf("the page of an order is %+v", match)
	}
	if got, want := answer.Header.Get("ETag"), `"`+book.Version+`"`; got != want {
		t.Errorf("ETag %s, want %s", got, want)
	}
	if got := answer.Header.Get("Cache-Control"); got != "private, max-age=3600" {
		t.Errorf("Cache-Control %q", got)
	}
}

// TestKnownCodeRulesAreNotSentAgain, in whatever way RFC 9110 lets a client name
// the version that it has.
func TestKnownCodeRulesAreNotSentAgain(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	tag := `"` + published().Version + `"`
	for name, tags := range map[string][]string{
		"the tag": {tag}, "a weak one": {"W/" + tag}, "among others": {`"older", ` + tag}, "in a second field": {`"older"`, tag}, "any": {"*"},
	} {
		answer := n.rulesAsked(tags...)
		if answer.Status != http.StatusNotModified || len(answer.Body) != 0 || answer.Header.Get("ETag") != tag {
			t.Errorf("%s: %d, %s, %d bytes", name, answer.Status, answer.Header.Get("ETag"), len(answer.Body))
		}
	}
	for name, tags := range map[string][]string{
		"an older one": {`"older"`}, "without quotes": {published().Version}, "part of it": {tag[:len(tag)-2] + `"`}, "empty": {""},
	} {
		if answer := n.rulesAsked(tags...); answer.Status != http.StatusOK {
			t.Errorf("%s: %d", name, answer.Status)
		}
	}
}

// TestKeysOfCodesArePublished: with them alone a reader believes a code of ours.
func TestKeysOfCodesArePublished(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	ask := request{method: http.MethodGet, path: "/v1/code-keys", noSign: true}
	answer := n.send("", ask)
	n.wantStatus(http.StatusOK, answer)
	var published api.CodeKeys
	if err := json.Unmarshal(answer.Body, &published); err != nil || len(published.Keys) != 1 || published.Keys[0].ID != "codes-1" {
		t.Fatalf("%v, %s", err, answer.Body)
	}
	key, err := api.ParsePublicKey(published.Keys[0].Public)
	if err != nil || !key.Equal(public("codes-1")) || !published.Keys[0].BelievedUntil.Equal(bigBang.AddDate(1, 0, 0)) {
		t.Errorf("%v, %s", err, answer.Body)
	}
	ask.edit = func(r *http.Request) { r.Header.Set("If-None-Match", `"`+published.Version+`"`) }
	if again := n.send("", ask); again.Status != http.StatusNotModified {
		t.Errorf("known keys are sent again: %d", again.Status)
	}
}

// TestNothingElseIsKept: only rules and keys have a version.
func TestNothingElseIsKept(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	for _, path := range []string{"/healthz", "/openapi.json", "/v1/payments", "/v1/code-rules/1"} {
		answer := n.send("nets", request{method: http.MethodGet, path: path})
		if answer.Header.Get("Cache-Control") != "no-store" || answer.Header.Get("ETag") != "" {
			t.Errorf("%s: %v", path, answer.Header)
		}
	}
}
