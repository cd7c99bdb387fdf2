package checkout_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/web/checkout"
)

// offer is an order of a café as it stands.
func offer(status string) checkout.Offer {
	return checkout.Offer{
		Order: api.Order{
			Order: "ord_1", Status: status, Code: "CODE-OF-ORDER", Amount: money.New(100_00, "NOK"), OrderReference: `bill <1>`,
		},
		Payee:   api.Payee{Name: "Kafé & Bryggen", City: "Bergen", Country: "NO"},
		Wallets: []string{"Alipay", "Vipps"}, ReturnURL: "https://shop.example/back?a=1&b=2",
	}
}

// ask asks for a page where the order ord_1 stands as status says.
func ask(t *testing.T, status, method, target string, pay func(context.Context, api.Order) error) *httptest.ResponseRecorder {
	t.Helper()
	pages := checkout.New(checkout.Config{
		Look: func(_ context.Context, order string) (checkout.Offer, error) {
			if order != "ord_1" {
				return checkout.Offer{}, hansa.Refuse(hansa.NotFound, "no such order")
			}
			return offer(status), nil
		},
		Draw: func(text string, pixels int) ([]byte, error) {
			if text != "CODE-OF-ORDER" {
				t.Errorf("%q is drawn", text)
			}
			if pixels == 0 {
				return []byte("<svg/>"), nil
			}
			return make([]byte, pixels), nil
		},
		Pay: pay, Log: slog.New(slog.DiscardHandler),
	})
	recorder := httptest.NewRecorder()
	request := httptest.NewRequest(method, target, nil)
	request.Header.Set("Accept-Language", "nb-NO,en;q=0.5")
	pages.ServeHTTP(recorder, request)
	return recorder
}

func TestAPageSaysHowTheOrderStands(t *testing.T) {
	t.Parallel()
	for status, want := range map[string]struct{ says, saysNot []string }{
		"open":    {[]string{"Betal Kafé &amp; Bryggen", "100.00 NOK", "/checkout/ord_1.svg", "Alipay, Vipps", `http-equiv="refresh"`}, []string{"shop.example", "<form"}},
		"held":    {[]string{"Bekreft betalingen", `http-equiv="refresh"`}, []string{".svg", "shop.example"}},
		"paid":    {[]string{"Betalt", "har fått 100.00 NOK", `href="https://shop.example/back?a=1&amp;b=2"`}, []string{".svg", "refresh"}},
		"closed":  {[]string{"avbrutt", "shop.example"}, []string{".svg", "refresh"}},
		"expired": {[]string{"Tiden", "shop.example"}, []string{".svg", "refresh"}},
	} {
		t.Run(status, func(t *testing.T) {
			t.Parallel()
			page := ask(t, status, http.MethodGet, "/checkout/ord_1", nil)
			if page.Code != http.StatusOK || page.Header().Get("Content-Language") != "nb" {
				t.Errorf("status %d in %q", page.Code, page.Header().Get("Content-Language"))
			}
			for _, text := range append(want.says, "bill &lt;1&gt;") {
				if !strings.Contains(page.Body.String(), text) {
					t.Errorf("it does not say %q:\n%s", text, page.Body)
				}
			}
			for _, text := range want.saysNot {
				if strings.Contains(page.Body.String(), text) {
					t.Errorf("it says %q", text)
				}
			}
		})
	}
}

func TestAnOrderThatIsNotThere(t *testing.T) {
	t.Parallel()
	for _, target := range []string{"/checkout/ord_2", "/checkout/ord_2.svg", "/checkout/ord_1.exe"} {
		page := ask(t, "open", http.MethodGet, target, nil)
		if page.Code != http.StatusNotFound || !strings.Contains(page.Body.String(), "Det finnes ingen slik bestilling") {
			t.Errorf("%s: status %d\n%s", target, page.Code, page.Body)
		}
	}
}

func TestItsCodeAlone(t *testing.T) {
	t.Parallel()
	for target, want := range map[string]struct {
		media string
		size  int
	}{
		"/checkout/ord_1.svg":            {"image/svg+xml", 6},
		"/checkout/ord_1.png":            {"image/png", 480},
		"/checkout/ord_1.png?size=100":   {"image/png", 100},
		"/checkout/ord_1.png?size=99999": {"image/png", 2000},
		"/checkout/ord_1.png?size=-1":    {"image/png", 480},
	} {
		picture := ask(t, "open", http.MethodGet, target, nil)
		if picture.Code != http.StatusOK || picture.Header().Get("Content-Type") != want.media || picture.Body.Len() != want.size {
			t.Errorf("%s: %d %s of %d bytes", target, picture.Code, picture.Header().Get("Content-Type"), picture.Body.Len())
		}
	}
}

func TestAMakeBelievePayer(t *testing.T) {
	t.Parallel()
	if page := ask(t, "open", http.MethodPost, "/checkout/ord_1", nil); page.Code != http.StatusNotFound {
		t.Errorf("without make-believe payers: status %d", page.Code)
	}
	paid := ""
	pays := func(_ context.Context, order api.Order) error { paid = order.Order; return nil }
	if page := ask(t, "open", http.MethodGet, "/checkout/ord_1", pays); !strings.Contains(page.Body.String(), "<form") {
		t.Error("there is no button")
	}
	page := ask(t, "open", http.MethodPost, "/checkout/ord_1?lang=de", pays)
	if page.Code != http.StatusSeeOther || page.Header().Get("Location") != "/checkout/ord_1?lang=de" || paid != "ord_1" {
		t.Errorf("status %d to %q, paid %q", page.Code, page.Header().Get("Location"), paid)
	}
	refuses := func(context.Context, api.Order) error { return hansa.Refuse(hansa.OrderPaid, "it is paid") }
	page = ask(t, "open", http.MethodPost, "/checkout/ord_1", refuses)
	if page.Header().Get("Location") != "/checkout/ord_1?refused=order_paid" {
		t.Errorf("it leads to %q", page.Header().Get("Location"))
	}
	page = ask(t, "open", http.MethodGet, "/checkout/ord_1?refused=<script>", refuses)
	if strings.Contains(page.Body.String(), "<script") {
		t.Error("what stands in the address is repeated")
	}
}
