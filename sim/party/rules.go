package party

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/client"
	"github.com/hansa-network/hansa/qr"
	"github.com/hansa-network/hansa/qr/routing"
)

// rulesFor is how long a wallet believes the code rules that it has. The network wants it
// to ask at least once a day.
const rulesFor = 12 * time.Hour

// rulesMax bounds a published rulebook, in bytes.
const rulesMax = 1 << 20

// codeRules are the rules by which a wallet tells whose a scanned code is.
type codeRules struct {
	version string
	table   *routing.Table // nil: it has none yet
}

// pollRules asks for the rules until ctx is over, at once and then twice a day.
func (p *Party) pollRules(ctx context.Context) {
	for tries := 0; ; {
		wait := rulesFor
		if err := p.readRules(ctx); err != nil {
			wait = retryAfter(tries)
			tries++
			p.config.Log.Debug("cannot read the code rules", "party", p.id, "error", err)
		} else {
			tries = 0
		}
		if !pause(ctx, wait) {
			return
		}
	}
}

// readRules reads the rules anew, unless those that the wallet has are still in force.
func (p *Party) readRules(ctx context.Context) error {
	p.mu.Lock()
	known := p.rules
	p.mu.Unlock()
	asker := *p.client
	asker.AnswerMax = rulesMax
	call := client.Call{Method: http.MethodGet, Path: "/code-rules", Header: make(http.Header)}
	if known.table != nil {
		call.Header.Set("If-None-Match", `"`+known.version+`"`)
	}
	answer, err := asker.Answer(ctx, p.hub(), call)
	if err != nil || answer.Status == http.StatusNotModified {
		return err
	}
	book, err := routing.ReadRulebook(answer.Body)
	if err != nil {
		return err
	}
	table, err := routing.NewTable(book.Rules)
	if err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.rules = codeRules{book.Version, table}
	return nil
}

// believe judges a scanned code by what a wallet knows, before anybody is asked what it
// leads to. A link that the rules say is for the network is not signed: only the network,
// or the acquirer that it asks, can say what such a link means.
func (p *Party) believe(ctx context.Context, text string) error {
	if p.isForNetwork(ctx, text) {
		return nil
	}
	judged := qr.Verify(text, p.config.Switch.Codes, p.now())
	if err := judged.Refusal(); err != nil {
		return err
	}
	if judged.Kind == qr.KindPayment {
		return hansa.Refuse(hansa.CodeInvalid, "a payment code is for tills, not for apps")
	}
	return nil
}

// isForNetwork reports whether a text is a link that the code rules give to the network.
func (p *Party) isForNetwork(ctx context.Context, text string) bool {
	if !strings.Contains(text, "://") {
		return false
	}
	table := p.table()
	if table == nil {
		if err := p.readRules(ctx); err != nil {
			p.config.Log.Warn("cannot read the code rules", "party", p.id, "error", err)
		}
		if table = p.table(); table == nil {
			return false
		}
	}
	for _, kind := range table.Match(text).Kinds {
		if kind == qr.KindOrder || strings.HasPrefix(kind, "private/") {
			return true
		}
	}
	return false
}

func (p *Party) table() *routing.Table {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.rules.table
}
