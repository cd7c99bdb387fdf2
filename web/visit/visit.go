// Package visit is the first page of a demo: a visitor pays a make-believe store
// with a make-believe wallet, in each of the three ways, and sees what both sides
// book. It is plain HTML that works without scripts. It knows nothing of how a
// payment is made: a Sandbox plays it.
package visit

import (
	"context"
	"embed"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/web/language"
	"github.com/hansa-network/hansa/web/page"
)

// A Sandbox plays payments with money that does not exist. It is safe for
// concurrent use.
type Sandbox interface {
	// World returns who can pay and where.
	World(ctx context.Context) (World, error)
	// Play makes one payment with a new payer, who accepts everything, follows it
	// to its end, and returns its reference. An expected no is a Refusal.
	Play(ctx context.Context, wish Wish) (reference string, err error)
	// Look returns how a payment of a store stands, and both sides' books. It
	// refuses NotFound.
	Look(ctx context.Context, store, reference string) (Scene, error)
}

// A World is what a visitor can choose from.
type World struct {
	Wallets []Wallet
	Shops   []Shop
}

// A Wallet is an app that can pay.
type Wallet struct {
	ID       string
	Name     string
	Country  string         // ISO 3166-1 alpha-2
	Currency money.Currency // of its payers' accounts
}

// A Shop is a store that can be paid.
type Shop struct {
	ID       string
	Name     string
	City     string
	Country  string // ISO 3166-1 alpha-2
	Currency money.Currency
}

// A Wish is a payment that a visitor wants to see.
type Wish struct {
	Wallet string
	Store  string
	Amount money.Amount
	Mode   member.Mode
}

// A Scene is a payment together with the books of its wallet and its acquirer.
type Scene struct {
	Payment api.Payment
	Wallet  Book
	Store   Book
}

// A Book is one side's ledger. A line above zero means that the store is owed
// more, or that the payers have got something back.
type Book struct {
	Owner string // its name
	Total money.Amount
	Lines []Line // newest first
}

// A Line is one booking.
type Line struct {
	Reference string
	Amount    money.Amount
	At        time.Time
}

// Config is what the page stands on.
type Config struct {
	Sandbox Sandbox
	Log     *slog.Logger
}

// Limits of the page.
const (
	formMax    = 4 << 10          // bytes of the form
	playsMax   = 16               // payments that are played at a time
	linesMax   = 6                // of a book that are shown
	playWithin = 25 * time.Second // from the button to the answer
)

//go:embed page.html style.css texts
var files embed.FS

type pages struct {
	Config
	page      *page.Page
	languages []language.Language
	playing   chan struct{} // one place for each payment that is played
}

// New returns the handler of "/" and of its stylesheet. It is safe for
// concurrent use. It panics if what is embedded does not fit together.
func New(config Config) http.Handler {
	p := &pages{
		Config: config, page: page.New("the first page", files, config.Log), languages: language.Read(files), playing: make(chan struct{}, playsMax),
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", p.show)
	mux.HandleFunc("POST /{$}", p.pay)
	mux.HandleFunc("GET /style.css", p.page.ServeStyle)
	// A page of another origin must not pay through a visitor's browser.
	return http.NewCrossOriginProtection().Handler(mux)
}

// show answers GET /. The query says what was paid before, so that a page can be
// loaded again without paying again.
func (p *pages) show(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	view := p.viewOf(r, query)
	view.Refused = hansa.Reason(query.Get("refused"))
	if err := p.fill(r.Context(), view); err != nil {
		p.fail(w, view, err)
		return
	}
	if reference := query.Get("reference"); reference != "" {
		scene, err := p.Sandbox.Look(r.Context(), view.Store, reference)
		if err != nil {
			p.fail(w, view, err)
			return
		}
		view.Scene = &scene
	}
	p.write(w, http.StatusOK, view)
}

// pay answers POST /. It leads back to a page that shows what came of it.
func (p *pages) pay(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, formMax)
	if err := r.ParseForm(); err != nil {
		http.Error(w, "the form cannot be read", http.StatusBadRequest)
		return
	}
	view := p.viewOf(r, r.PostForm)
	if err := p.fill(r.Context(), view); err != nil {
		p.fail(w, view, err)
		return
	}
	wish, problem := view.wish()
	if problem != "" {
		view.Problem = problem
		p.write(w, http.StatusUnprocessableEntity, view)
		return
	}
	reference, err := p.play(r.Context(), wish)
	next := url.Values{
		"wallet": {view.Wallet}, "store": {view.Store}, "amount": {view.Amount}, "mode": {view.Mode}, "lang": {view.Language.Tag},
	}
	reason, refused := hansa.ReasonOf(err)
	switch {
	case refused:
		next.Set("refused", string(reason))
	case err != nil:
		p.fail(w, view, err)
		return
	default:
		next.Set("reference", reference)
	}
	http.Redirect(w, r, "/?"+next.Encode()+"#outcome", http.StatusSeeOther)
}

// play plays a payment if there is a place for it.
func (p *pages) play(ctx context.Context, wish Wish) (string, error) {
	select {
	case p.playing <- struct{}{}:
		defer func() { <-p.playing }()
	default:
		return "", hansa.Refuse(hansa.Overloaded, "too many visitors pay at this moment")
	}
	ctx, cancel := context.WithTimeout(ctx, playWithin)
	defer cancel()
	return p.Sandbox.Play(ctx, wish)
}

// fail shows the page without what could not be had. A fault is logged, not told.
func (p *pages) fail(w http.ResponseWriter, view *view, err error) {
	if reason, refused := hansa.ReasonOf(err); refused {
		view.Refused = reason
		p.write(w, http.StatusNotFound, view)
		return
	}
	p.Log.Error("cannot show the first page", slog.Any("error", err))
	view.Refused = api.Internal
	p.write(w, http.StatusInternalServerError, view)
}

func (p *pages) write(w http.ResponseWriter, status int, view *view) {
	p.page.Write(w, status, view.Language.Tag, view)
}
