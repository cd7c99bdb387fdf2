// Package checkout is the hosted page of an order: a payer scans its code with any
// wallet of the network, and goes back to the shop when it is paid. It is plain HTML
// that works without scripts, and knows nothing of how a payment is made.
package checkout

import (
	"context"
	"embed"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/web/language"
	"github.com/hansa-network/hansa/web/page"
)

// Root is the path under which the pages stand.
const Root = "/checkout/"

// An Offer is an order as its payer sees it.
type Offer struct {
	Order     api.Order
	Payee     api.Payee
	Wallets   []string // names of those that may pay it
	ReturnURL string   // where the payer goes afterwards; empty: nowhere
}

// Config is what the pages stand on.
type Config struct {
	// Look returns an order, or refuses NotFound.
	Look func(ctx context.Context, order string) (Offer, error)
	// Draw draws a text as PNG of so many pixels or a little less, or as SVG for zero.
	Draw func(text string, pixels int) ([]byte, error)
	// Pay lets a make-believe payer pay; nil: there are none.
	Pay func(ctx context.Context, order api.Order) error
	Log *slog.Logger
}

// pictureSide is that of a picture whose size nobody asked for, in pixels.
const (
	pictureSide    = 480
	pictureSideMax = 2000
)

//go:embed page.html style.css texts
var files embed.FS

type pages struct {
	Config

	page      *page.Page
	languages []language.Language
}

// New returns the handler of all pages under Root. It is safe for concurrent use. It
// panics if what is embedded does not fit together.
//
//	GET  /checkout/{order}       the page
//	POST /checkout/{order}       lets a make-believe payer pay
//	GET  /checkout/{order}.svg   its code alone
//	GET  /checkout/{order}.png   likewise; size=480 is its side in pixels
func New(config Config) http.Handler {
	p := &pages{
		Config: config, page: page.New("the page of an order", files, config.Log), languages: language.Read(files),
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+Root+"style.css", p.page.ServeStyle)
	mux.HandleFunc("GET "+Root+"{order}", p.show)
	mux.HandleFunc("POST "+Root+"{order}", p.pay)
	// A page of another origin must not pay through a visitor's browser.
	return http.NewCrossOriginProtection().Handler(mux)
}

// show answers a GET: the page, or its code alone.
func (p *pages) show(w http.ResponseWriter, r *http.Request) {
	order, kind, _ := strings.Cut(r.PathValue("order"), ".")
	offer, err := p.Look(r.Context(), order)
	switch {
	case kind == "svg" || kind == "png":
		p.picture(w, r, offer, err)
	case err != nil || kind != "":
		p.fail(w, r, err)
	default:
		v := p.viewOf(r)
		v.Offer, v.Refused = &offer, r.URL.Query().Get("refused")
		p.write(w, http.StatusOK, v)
	}
}

// pay answers a POST. It leads back to the page.
func (p *pages) pay(w http.ResponseWriter, r *http.Request) {
	offer, err := p.Look(r.Context(), r.PathValue("order"))
	if err == nil && p.Pay == nil {
		err = hansa.Refuse(hansa.MethodNotAllowed, "only a demonstration has make-believe payers")
	}
	if err != nil {
		p.fail(w, r, err)
		return
	}
	next := url.URL{Path: Root + offer.Order.Order}
	if chosen := r.URL.Query().Get("lang"); chosen != "" {
		next.RawQuery = "lang=" + p.viewOf(r).Language.Tag
	}
	err = p.Pay(r.Context(), offer.Order)
	reason, refused := hansa.ReasonOf(err)
	if err != nil && !refused {
		p.fail(w, r, err)
		return
	}
	if refused {
		next.RawQuery = "refused=" + string(reason)
	}
	http.Redirect(w, r, next.String(), http.StatusSeeOther)
}

// picture answers with the code alone.
func (p *pages) picture(w http.ResponseWriter, r *http.Request, offer Offer, err error) {
	if err != nil {
		p.fail(w, r, err)
		return
	}
	pixels, media := 0, "image/svg+xml"
	if strings.HasSuffix(r.URL.Path, ".png") {
		pixels, media = pictureSide, "image/png"
		if asked, err := strconv.Atoi(r.URL.Query().Get("size")); err == nil && asked > 0 {
			pixels = min(asked, pictureSideMax)
		}
	}
	drawn, err := p.Draw(offer.Order.Code, pixels)
	if err != nil {
		p.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", media)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cache-Control", "private, max-age=600")
	_, _ = w.Write(drawn) // Whoever asked has gone.
}

// fail shows that there is nothing to pay. A fault is logged, not told.
func (p *pages) fail(w http.ResponseWriter, r *http.Request, err error) {
	status := http.StatusNotFound
	if _, refused := hansa.ReasonOf(err); err != nil && !refused {
		p.Log.Error("cannot show an order", slog.Any("error", err))
		status = http.StatusInternalServerError
	}
	p.write(w, status, p.viewOf(r))
}

func (p *pages) write(w http.ResponseWriter, status int, v *view) {
	p.page.Write(w, status, v.Language.Tag, v)
}

// A view is all that a page shows.
type view struct {
	Language  language.Language
	Languages []language.Language
	Offer     *Offer // nil: there is no such order
	Refused   string // why a make-believe payer did not pay; empty otherwise
	Demo      bool
}

func (p *pages) viewOf(r *http.Request) *view {
	return &view{
		Language:  language.Choose(p.languages, r.URL.Query().Get("lang"), r.Header.Get("Accept-Language")),
		Languages: p.languages, Demo: p.Pay != nil,
	}
}

// Say returns a text with the named parts filled in.
func (v *view) Say(key string, parts ...string) string { return v.Language.Say(key, parts...) }

// Waits reports whether the page changes by itself.
func (v *view) Waits() bool {
	return v.Offer != nil && (v.Offer.Order.Status == "open" || v.Offer.Order.Status == "held")
}

// Names lists the wallets that may pay.
func (v *view) Names() string { return strings.Join(v.Offer.Wallets, ", ") }

// Why is the reason of a refusal in words. What is no reason of the network, as anybody
// may write it into an address, is not repeated.
func (v *view) Why() string {
	for _, row := range api.Problems() {
		if string(row.Reason) == v.Refused {
			return row.Title
		}
	}
	return "–"
}
