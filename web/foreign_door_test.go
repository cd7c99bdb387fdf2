package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/api/apitest"
	"github.com/hansa-network/hansa/dialect/alipay"
	"github.com/hansa-network/hansa/dialect/bluecode"
	"github.com/hansa-network/hansa/dialect/nexi"
	"github.com/hansa-network/hansa/dialect/vipps"
	"github.com/hansa-network/hansa/web"
)

// spoken are all dialects of callers, with keys and secrets that never change.
func spoken(t *testing.T) []web.Spoken {
	t.Helper()
	return []web.Spoken{
		{Name: alipay.Name, Dialect: alipay.New(alipay.Config{Key: rsaKey(t, "network")})},
		{Name: bluecode.Name, Dialect: bluecode.New([32]byte{1})},
		{Name: nexi.Name, Dialect: nexi.Dialect{}},
		{Name: vipps.Name, Dialect: vipps.New([32]byte{2})},
	}
}

// foreignPaths are one of each protocol, and what its callers send with every request.
var foreignPaths = []struct {
	path   string
	header http.Header
}{
	{"/ams/api/v1/payments/pay", http.Header{"Client-Id": {"shop"}}},
	{"/v4/payment", nil},
	{"/oauth2/token", nil},
	{"/v1/payments", http.Header{"Authorization": {"a-bare-key"}}},
	{"/epayment/v1/payments", nil},
	{"/accesstoken/get", nil},
	{"/qr/v1/merchant-redirect", nil},
}

// TestWhatIsRefusedAtTheDoorIsSaidInTheCallersProtocol: a body that is too long, too many
// at a time, a fault of ours, none of which any dialect has looked at.
func TestWhatIsRefusedAtTheDoorIsSaidInTheCallersProtocol(t *testing.T) {
	t.Parallel()
	var got strings.Builder
	tell := func(name string, handler http.Handler, body string) {
		fmt.Fprintf(&got, "%s\n", name)
		for _, to := range foreignPaths {
			r := httptest.NewRequest(http.MethodPost, origin+to.path, strings.NewReader(body))
			r.Header = to.header.Clone()
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, r)
			fmt.Fprintf(&got, "  %-26s %d %s\n", to.path, w.Code, w.Header().Get("Content-Type"))
			if wait := w.Header().Get("Retry-After"); wait != "" {
				fmt.Fprintf(&got, "    again after %s s\n", wait)
			}
			if signature := w.Header()["signature"]; len(signature) > 0 { //nolint:staticcheck // As the protocol writes it.
				fmt.Fprintf(&got, "    signed\n")
			}
			fmt.Fprintf(&got, "    %s\n", w.Body)
		}
	}
	c := newCrowd(t)
	config := c.config()
	config.Dialects = spoken(t)
	tell("too long", web.New(config), strings.Repeat("x", api.BodyMax+1))

	config.Full = func() bool { return false }
	full := fullOf(c, config)
	tell("too many at a time", full, "{}")
	c.goHome()

	faulty := config
	for i, of := range config.Dialects {
		faulty.Dialects[i].Dialect = falling{of.Dialect}
	}
	tell("a fault", web.New(faulty), "{}")
	apitest.Golden(t, "refused_at_the_door.txt", got.String())
}

// fullOf is a switch at which every place is taken.
func fullOf(c *crowd, config web.Config) http.Handler {
	config.Do = c.blocking
	c.handler = web.New(config)
	c.come("nets", 512, true)
	c.come("vipps", 512, true)
	return c.handler
}

// falling panics at whatever it is asked.
type falling struct{ web.Dialect }

func (falling) Answer(api.Question) api.Answer { panic("a bug") }

// TestASystemOfAMerchantLeavesRoomForOthers: it counts among what its participant holds,
// and hears in its own words that this is too much. Nothing is done for it then.
func TestASystemOfAMerchantLeavesRoomForOthers(t *testing.T) {
	t.Parallel()
	c := newCrowd(t)
	c.enrolClients()
	config := c.config()
	config.Do = c.blocking
	asked := false
	config.Dialects = []web.Spoken{{Name: "plain", Dialect: plain{func(question api.Question) {
		client, _ := question.Clients("plain", "cafe")
		_, err := question.Serve(client).MakeOrder(orderWish("1"), nil)
		wantReason(t, hansa.TooManyRequests, err)
		asked = true
	}}}}
	c.handler = web.New(config)
	c.come("nets", 768, true)
	w := httptest.NewRecorder()
	c.handler.ServeHTTP(w, httptest.NewRequest(http.MethodPost, origin+"/plain/", nil))
	if w.Code != http.StatusTeapot || !strings.Contains(w.Body.String(), "too_many_requests") || !asked {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	c.goHome()
}
