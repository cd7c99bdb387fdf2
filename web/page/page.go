// Package page sends what people read: an HTML page that loads nothing but what is its
// own, and its stylesheet.
package page

import (
	"bytes"
	"html/template"
	"io/fs"
	"log/slog"
	"net/http"
)

// policy lets a page load nothing but its own stylesheet and pictures.
const policy = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// A Page is a template with its stylesheet. It is safe for concurrent use.
type Page struct {
	name     string
	template *template.Template
	style    []byte
	log      *slog.Logger
}

// New returns the page of page.html and style.css in files, by its name in the log. It
// panics if they cannot be read: they are embedded.
func New(name string, files fs.FS, log *slog.Logger) *Page {
	style, err := fs.ReadFile(files, "style.css")
	if err != nil {
		panic(err)
	}
	filled := template.Must(template.ParseFS(files, "page.html")).Option("missingkey=error")
	return &Page{name: name, template: filled, style: style, log: log}
}

// Write fills in the page with view and sends it. The language is that of its texts
// (BCP 47). A template that does not fit is logged, and answered as a fault.
func (p *Page) Write(w http.ResponseWriter, status int, language string, view any) {
	var text bytes.Buffer
	if err := p.template.Execute(&text, view); err != nil {
		p.log.Error("cannot fill in a page", slog.String("page", p.name), slog.Any("error", err))
		http.Error(w, "internal error", http.StatusInternalServerError)
		return
	}
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Content-Language", language)
	header.Set("Content-Security-Policy", policy)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("Cache-Control", "no-store")
	header.Set("Vary", "Accept-Language")
	w.WriteHeader(status)
	_, _ = w.Write(text.Bytes()) // Whoever asked has gone.
}

// ServeStyle answers with the stylesheet.
func (p *Page) ServeStyle(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_, _ = w.Write(p.style) // Whoever asked has gone.
}
