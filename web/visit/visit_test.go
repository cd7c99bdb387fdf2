package visit_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/web/visit"
)

// A stage is a Sandbox that plays what a test wants.
type stage struct {
	played []visit.Wish
	refuse error
	scene  visit.Scene
}

func (s *stage) World(context.Context) (visit.World, error) {
	return visit.World{
		Wallets: []visit.Wallet{{ID: "alipay", Name: "Alipay", Country: "CN", Currency: "CNY"}, {ID: "vipps", Name: "Vipps", Country: "NO", Currency: "NOK"}},
		Shops: []visit.Shop{
			{ID: "bergen-cafe", Name: "Bryggen Kafe", City: "Bergen", Country: "NO", Currency: "NOK"},
			{ID: "reykjavik-wool", Name: "Lopapeysa", City: "Reykjavík", Country: "IS", Currency: "ISK"},
		},
	}, nil
}

func (s *stage) Play(_ context.Context, wish visit.Wish) (string, error) {
	s.played = append(s.played, wish)
	return "pay_1", s.refuse
}

func (s *stage) Look(_ context.Context, store, reference string) (visit.Scene, error) {
	if store != "bergen-cafe" || reference != "pay_1" {
		return visit.Scene{}, hansa.Refuse(hansa.NotFound, "no such payment")
	}
	return s.scene, s.refuse
}

func approved(t *testing.T) visit.Scene {
	t.Helper()
	rate, err := money.NewRate("CNY", "NOK", "1.38105")
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	return visit.Scene{
		Payment: api.Payment{
			Reference: "pay_1", Status: "approved", Wallet: "alipay", Acquirer: "nets", Store: "bergen-cafe",
			OrderAmount: money.New(100_00, "NOK"), DebitAmount: money.New(72_41, "CNY"), Rate: &rate,
		},
		Wallet: visit.Book{Owner: "Alipay", Total: money.New(172_41, "CNY"), Lines: []visit.Line{
			{Reference: "pay_1", Amount: money.New(72_41, "CNY"), At: at}, {Reference: "pay_0", Amount: money.New(100_00, "CNY"), At: at},
		}},
		Store: visit.Book{Owner: "Nets", Total: money.New(300_00, "NOK"), Lines: []visit.Line{{Reference: "pay_1", Amount: money.New(100_00, "NOK"), At: at}}},
	}
}

func pageOn(s *stage) http.Handler {
	return visit.New(visit.Config{Sandbox: s, Log: slog.New(slog.DiscardHandler)})
}

func get(handler http.Handler, target, accept string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, target, nil)
	r.Header.Set("Accept-Language", accept)
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	return w
}

func submit(handler http.Handler, form url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	return w
}

func form(wallet, store, amount, mode string) url.Values {
	return url.Values{"wallet": {wallet}, "store": {store}, "amount": {amount}, "mode": {mode}, "lang": {"en"}}
}

// wantTexts fails unless the page has all of the texts.
func wantTexts(t *testing.T, w *httptest.ResponseRecorder, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(w.Body.String(), text) {
			t.Errorf("%q is missing in:\n%s", text, w.Body)
		}
	}
}

// TestAVisitorPays in all three ways, and comes back to a page that can be loaded
// again without paying again.
func TestAVisitorPays(t *testing.T) {
	t.Parallel()
	s := &stage{scene: approved(t)}
	handler := pageOn(s)
	first := get(handler, "/", "")
	wantTexts(t, first, `<html lang="en">`, "Alipay", "Bryggen Kafe", `value="cpm" checked`, `value="static"`, `value="dynamic"`, `value="100.00"`)
	for _, mode := range []string{"cpm", "static", "dynamic"} {
		w := submit(handler, form("alipay", "bergen-cafe", "100.00", mode))
		target := w.Header().Get("Location")
		if w.Code != http.StatusSeeOther || !strings.HasSuffix(target, "#outcome") {
			t.Fatalf("%s: %d to %q", mode, w.Code, target)
		}
		shown := get(handler, strings.TrimSuffix(target, "#outcome"), "")
		wantTexts(t, shown, "Bryggen Kafe is paid 100.00 NOK", "72.41 CNY", "1 CNY = 1.38105 NOK",
			"<title>Paid · Hansa</title>", "<dd>100.00 CNY</dd>", "<dd>&#43;72.41 CNY</dd>", "<dd>172.41 CNY</dd>",
			"Owed to Bryggen Kafe by Nets", "<dd>200.00 NOK</dd>", "<dd>300.00 NOK</dd>", `value="`+mode+`" checked`)
	}
	want := []visit.Wish{
		{Wallet: "alipay", Store: "bergen-cafe", Amount: money.New(100_00, "NOK"), Mode: member.ConsumerPresented},
		{Wallet: "alipay", Store: "bergen-cafe", Amount: money.New(100_00, "NOK"), Mode: member.Static},
		{Wallet: "alipay", Store: "bergen-cafe", Amount: money.New(100_00, "NOK"), Mode: member.Dynamic},
	}
	if diff := cmp.Diff(want, s.played); diff != "" {
		t.Errorf("played (-want +got):\n%s", diff)
	}
}

// TestARefusalIsToldInWords, with the reason that the network gave.
func TestARefusalIsToldInWords(t *testing.T) {
	t.Parallel()
	s := &stage{refuse: hansa.Refuse(hansa.UseTillCode, "at most 500.00 CNY")}
	handler := pageOn(s)
	w := submit(handler, form("alipay", "bergen-cafe", "1000.00", "static"))
	shown := get(handler, strings.TrimSuffix(w.Header().Get("Location"), "#outcome"), "")
	wantTexts(t, shown, "Bryggen Kafe is not paid", "The sticker may not carry this amount", "<title>Not paid · Hansa</title>", `value="1000.00"`)
	s.refuse = nil
	s.scene = approved(t)
	s.scene.Payment.Status, s.scene.Payment.Reason = "declined", string(hansa.PayerBlocked)
	shown = get(handler, "/?wallet=alipay&store=bergen-cafe&reference=pay_1", "")
	wantTexts(t, shown, "Bryggen Kafe is not paid", "The payer may not pay")
	shown = get(handler, "/?refused=Call+this+number", "")
	wantTexts(t, shown, "Something broke on our side")
	if strings.Contains(shown.Body.String(), "Call this number") {
		t.Error("the page repeats what an address says")
	}
	shown = get(handler, "/?wallet=alipay&store=bergen-cafe&reference=pay_2", "")
	wantTexts(t, shown, "There is no such payment.")
	if shown.Code != http.StatusNotFound {
		t.Errorf("status %d", shown.Code)
	}
}

// TestAFormIsChecked before anything is played.
func TestAFormIsChecked(t *testing.T) {
	t.Parallel()
	s := &stage{}
	handler := pageOn(s)
	for name, tt := range map[string]struct {
		form url.Values
		want string
	}{
		"no amount":      {form("alipay", "bergen-cafe", "ten", "cpm"), "Type an amount"},
		"nothing":        {form("alipay", "bergen-cafe", "0", "cpm"), "Type an amount"},
		"negative":       {form("alipay", "bergen-cafe", "-1", "cpm"), "Type an amount"},
		"decimals":       {form("alipay", "reykjavik-wool", "100.50", "cpm"), "fewer decimals"},
		"unknown wallet": {form("nobody", "bergen-cafe", "1", "cpm"), "Choose a wallet"},
		"unknown store":  {form("alipay", "nowhere", "1", "cpm"), "Choose a wallet"},
		"unknown way":    {form("alipay", "bergen-cafe", "1", "guess"), "Choose a wallet"},
		"markup":         {form("alipay", "bergen-cafe", `"><script>alert(1)</script>`, "cpm"), "&#34;&gt;&lt;script&gt;"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := submit(handler, tt.form)
			if w.Code != http.StatusUnprocessableEntity {
				t.Errorf("status %d", w.Code)
			}
			wantTexts(t, w, tt.want, `role="alert"`)
		})
	}
	t.Cleanup(func() { // After all of them.
		if len(s.played) != 0 {
			t.Errorf("played %v", s.played)
		}
	})
}

// TestAmountsAreTypedByPeople, with the separators of their language.
func TestAmountsAreTypedByPeople(t *testing.T) {
	t.Parallel()
	s := &stage{}
	handler := pageOn(s)
	w := submit(handler, form("alipay", "bergen-cafe", " 1 000,50 ", "cpm"))
	if w.Code != http.StatusSeeOther || s.played[0].Amount != money.New(1_000_50, "NOK") {
		t.Errorf("%d, played %v", w.Code, s.played)
	}
	w = submit(handler, form("alipay", "bergen-cafe", strings.Repeat("1", 8<<10), "cpm"))
	if w.Code != http.StatusBadRequest {
		t.Errorf("a long form: %d", w.Code)
	}
}

// TestThePageIsClosed: it loads nothing of others, runs nothing, and no page of
// another origin can pay through it.
func TestThePageIsClosed(t *testing.T) {
	t.Parallel()
	s := &stage{}
	handler := pageOn(s)
	w := get(handler, "/", "")
	if csp := w.Header().Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'none'; style-src 'self'") || strings.Contains(csp, "unsafe") {
		t.Errorf("policy %q", csp)
	}
	if strings.Contains(w.Body.String(), "<script") || regexp.MustCompile(`\sstyle=|\son[a-z]+=|(src|href)="(https?:)?//`).MatchString(w.Body.String()) {
		t.Errorf("the page does more than it may:\n%s", w.Body)
	}
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(form("alipay", "bergen-cafe", "1", "cpm").Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	refused := httptest.NewRecorder()
	handler.ServeHTTP(refused, r)
	if refused.Code != http.StatusForbidden || len(s.played) != 0 {
		t.Errorf("from another origin: %d, played %v", refused.Code, s.played)
	}
	style := get(handler, "/style.css", "")
	if style.Code != http.StatusOK || style.Header().Get("Content-Type") != "text/css; charset=utf-8" {
		t.Errorf("style: %d %v", style.Code, style.Header())
	}
}

// TestAFaultIsNotTold: what broke stays in the log.
func TestAFaultIsNotTold(t *testing.T) {
	t.Parallel()
	w := submit(pageOn(&stage{refuse: errors.New("disk full at /secret")}), form("alipay", "bergen-cafe", "1", "cpm"))
	if w.Code != http.StatusInternalServerError || strings.Contains(w.Body.String(), "secret") {
		t.Errorf("%d: %s", w.Code, w.Body)
	}
	wantTexts(t, w, "Something broke on our side")
}

// TestTheVisitorsLanguageIsSpoken as the browser asks, or as was chosen.
func TestTheVisitorsLanguageIsSpoken(t *testing.T) {
	t.Parallel()
	handler := pageOn(&stage{})
	for _, tt := range []struct{ target, accept, want string }{
		{"/", "", "en"},
		{"/", "fr", "en"},
		{"/", "fr;q=0.9, de-AT;q=0.8, en;q=0.7", "de"},
		{"/", "zh-CN,zh;q=0.9", "zh-Hans"},
		{"/", "no", "nb"},
		{"/", "nn-NO", "nb"},
		{"/", "pt-BR", "pt"},
		{"/?lang=fi", "de", "fi"},
		{"/?lang=xx", "sv", "sv"},
	} {
		w := get(handler, tt.target, tt.accept)
		if got := w.Header().Get("Content-Language"); got != tt.want || !strings.Contains(w.Body.String(), `<html lang="`+tt.want+`">`) {
			t.Errorf("%s %q: want %s, got %s", tt.target, tt.accept, tt.want, got)
		}
	}
}
