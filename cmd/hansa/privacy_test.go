package main

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/sim"
)

// A wire keeps all bytes of all connections that a listener accepts.
type wire struct {
	net.Listener

	mutex sync.Mutex
	lines []*line
}

// A line is one connection of a wire.
type line struct {
	net.Conn

	wire     *wire
	heard    bytes.Buffer // guarded by the wire's mutex, like answered
	answered bytes.Buffer
}

func (w *wire) Accept() (net.Conn, error) {
	connection, err := w.Listener.Accept()
	if err != nil {
		return nil, err
	}
	w.mutex.Lock()
	defer w.mutex.Unlock()
	l := &line{Conn: connection, wire: w}
	w.lines = append(w.lines, l)
	return l, nil
}

func (l *line) Read(into []byte) (int, error) {
	n, err := l.Conn.Read(into)
	l.wire.mutex.Lock()
	defer l.wire.mutex.Unlock()
	l.heard.Write(into[:n])
	return n, err
}

func (l *line) Write(text []byte) (int, error) {
	n, err := l.Conn.Write(text)
	l.wire.mutex.Lock()
	defer l.wire.mutex.Unlock()
	l.answered.Write(text[:n])
	return n, err
}

// An overheard exchange is one request and its whole answer.
type overheard struct {
	reader string // participant whose key signed; empty: nobody's
	path   string
	answer []byte // head and body
}

// exchanges reads what went over the wire so far.
func (w *wire) exchanges(t *testing.T) []overheard {
	t.Helper()
	w.mutex.Lock()
	defer w.mutex.Unlock()
	var all []overheard
	for _, l := range w.lines {
		requests, answers := bufio.NewReader(bytes.NewReader(l.heard.Bytes())), bufio.NewReader(bytes.NewReader(l.answered.Bytes()))
		for {
			request, err := http.ReadRequest(requests)
			if err != nil {
				break
			}
			if _, err := io.Copy(io.Discard, request.Body); err != nil {
				break
			}
			answer, err := http.ReadResponse(answers, request)
			if err != nil {
				break // It is on its way.
			}
			body, err := io.ReadAll(answer.Body)
			if err != nil {
				break
			}
			var head bytes.Buffer
			if err := answer.Header.Write(&head); err != nil {
				t.Fatal(err)
			}
			all = append(all, overheard{signerOf(request), request.URL.Path, append(head.Bytes(), body...)})
		}
	}
	return all
}

// signerOf is the participant in the key id of a signature.
func signerOf(r *http.Request) string {
	_, rest, _ := strings.Cut(r.Header.Get("Signature-Input"), `keyid="`)
	id, _, _ := strings.Cut(rest, "#")
	return id
}

// TestStoresSeeNothingOfAPayerButTheToken: whatever acquirers, stores and tills
// are answered, are posted, can look at or keep is searched for every payer's
// name and for what the network makes of it.
func TestStoresSeeNothingOfAPayerButTheToken(t *testing.T) {
	t.Parallel()
	w := &wire{}
	n := openNetwork(t, func(listener net.Listener) net.Listener { w.Listener = listener; return w })
	boxes := make(map[string]*postbox)
	for _, id := range acquirers() {
		boxes[id] = postboxOf(t, n, id)
	}
	n.liveThroughADay(t)
	pages := n.pages(t)
	for _, id := range acquirers() {
		n.isDelivered(t, id)
	}
	secrets := n.namesOfPayers(t)
	if len(secrets) < 30 {
		t.Fatalf("only %d names to search for", len(secrets))
	}
	searched, tokens := 0, 0
	search := func(where, reader string, text []byte) {
		searched++
		tokens += bytes.Count(text, []byte(`"payer":"payer_`))
		for name, wallet := range secrets {
			if wallet != reader && bytes.Contains(text, []byte(name)) {
				t.Errorf("%s names a payer of %s, %s, in %.200q", where, wallet, name, text)
			}
		}
	}
	for _, one := range w.exchanges(t) {
		isWalletSide := strings.HasPrefix(one.path, "/sandbox/wallets/")
		if !isWalletSide {
			search(one.path+" for "+one.reader, one.reader, one.answer)
		}
	}
	if searched < 200 || tokens < 30 {
		t.Errorf("only %d answers were overheard, with %d tokens", searched, tokens)
	}
	for id, box := range boxes {
		for _, body := range box.bodies() {
			search("a webhook of "+id, "", body)
		}
		search("the book of "+id, "", acquirersLines(t, n, id))
	}
	for _, page := range pages {
		search("the first page", "", page)
	}
	for event, err := range n.read().EachEvent(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		search("the journal", "", event.Data)
	}
}

// liveThroughADay makes payments of all kinds and ends: paid, refused, refunded,
// cancelled, expired, with late and double answers.
func (n *network) liveThroughADay(t *testing.T) {
	t.Helper()
	nets, sticker := n.as("nets"), n.printed("bergen-cafe", "nets")
	for _, terms := range sim.WalletTerms() {
		for _, accepts := range []sim.Acceptance{sim.AcceptsAlways, sim.AcceptsNever} {
			p := n.payer(terms.ID, accepts)
			order, err := nets.order("bergen-cafe", fresh("bill"), fullPrice)
			if err != nil {
				t.Fatal(err)
			}
			sold, err := nets.ask("bergen-cafe", p.code(), fresh("bill"), fullPrice)
			if err != nil {
				t.Fatal(err)
			}
			if nets.outcome(sold.Reference) == "approved" {
				if err := nets.post("/payments/"+sold.Reference+"/refunds", api.MoveMoney{RequestID: fresh("req"), Amount: amount("1.00 NOK")}, nil); err != nil {
					t.Fatal(err)
				}
				if err := nets.get("/payments/"+sold.Reference+"/receipt", nil); err != nil {
					t.Fatal(err)
				}
			}
			for text, sum := range map[string]string{sticker: fullPrice, order.Code: ""} {
				if _, err := p.pay(text, sum); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	n.livesThroughMishaps(t)
	for _, path := range []string{"/payments?limit=200", "/events?limit=200", "/webhook", "/stores/bergen-cafe", "/store-codes?store=bergen-cafe"} {
		for _, id := range acquirers() {
			_ = n.as(id).get(path, nil) // What is refused is searched as well.
		}
	}
	for _, id := range acquirers() {
		n.acquirerBook(id)
	}
}

// livesThroughMishaps lets a silent and a late wallet end badly, and a till
// cancel.
func (n *network) livesThroughMishaps(t *testing.T) {
	t.Helper()
	for wallet, how := range map[string]sim.Misbehaviour{"epassi": sim.LateYes, "momo": sim.WrongAmount, "bluecode": sim.Silence} {
		n.behave(wallet, how)
		s := scannedByTill(t, n.payer(wallet, sim.AcceptsAlways))
		n.clock.pass(tillGivesUp)
		s.till.outcome(s.reference)
		n.behave(wallet, sim.Behaves)
		n.clock.pass(leaseOver)
		until(t, "the cancel is acknowledged", func() bool { return s.held() == 0 })
	}
	s := scannedByTill(t, n.payer("pivo", sim.AcceptsAsked))
	if _, err := s.till.cancel(s.reference); err != nil {
		t.Fatal(err)
	}
}

// namesOfPayers are the wallets' own tokens for their payers, and those under
// which the network keeps them, each with its wallet.
func (n *network) namesOfPayers(t *testing.T) map[string]string {
	t.Helper()
	names := make(map[string]string)
	for _, terms := range sim.WalletTerms() {
		book, err := os.ReadFile(filepath.Join(n.folder, "parties", terms.ID, "book.jsonl"))
		if err != nil {
			t.Fatal(err)
		}
		for _, rest := range strings.Split(string(book), `"payer":"`)[1:] {
			name, _, _ := strings.Cut(rest, `"`)
			if strings.HasPrefix(name, "payer_") && len(name) < 40 {
				names[name] = terms.ID
			}
		}
	}
	for p, err := range n.read().EachPayment(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if p.Payer != "" {
			names[p.Payer] = p.Wallet
		}
	}
	return names
}

// acquirersLines are the lines that a party has written as an acquirer.
func acquirersLines(t *testing.T, n *network, id string) []byte {
	t.Helper()
	book, err := os.ReadFile(filepath.Join(n.folder, "parties", id, "book.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	var lines [][]byte
	for line := range bytes.Lines(book) {
		if bytes.HasPrefix(line, []byte(`{"acquirer"`)) {
			lines = append(lines, line)
		}
	}
	return bytes.Join(lines, nil)
}

// pages are the first page of the demo, before and after a visitor has paid.
func (n *network) pages(t *testing.T) [][]byte {
	t.Helper()
	var pages [][]byte
	form := url.Values{"wallet": {"vipps"}, "store": {"bergen-cafe"}, "amount": {"12.00"}, "mode": {"cpm"}}
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		r, err := http.NewRequestWithContext(t.Context(), method, n.url+"/", strings.NewReader(form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(answer.Body)
		if err := answer.Body.Close(); err != nil {
			t.Error(err)
		}
		if err != nil || answer.StatusCode != http.StatusOK {
			t.Fatal(answer.Status, err)
		}
		pages = append(pages, body)
	}
	return pages
}

// TestAPayerIsAnotherTokenToEachAcquirer, and the same one whenever the payer
// comes back.
func TestAPayerIsAnotherTokenToEachAcquirer(t *testing.T) {
	t.Parallel()
	n := openNetwork(t)
	tokens := make(map[string][]string)
	ola, kari := n.payer("vipps", sim.AcceptsAlways), n.payer("vipps", sim.AcceptsAlways)
	for _, id := range []string{"nets", "vipps"} {
		for _, p := range []payer{ola, ola, kari} {
			sold, err := n.as(id).ask("bergen-cafe", p.code(), fresh("bill"), fullPrice)
			if err != nil {
				t.Fatal(err)
			}
			tokens[id] = append(tokens[id], sold.Payer)
		}
	}
	all := slices.Concat(tokens["nets"], tokens["vipps"])
	for i, a := range all {
		if !strings.HasPrefix(a, "payer_") || a == ola.id || a == kari.id {
			t.Errorf("token %q", a)
		}
		for j, b := range all[:i] {
			if same := i/3 == j/3 && i%3 < 2 && j%3 < 2; (a == b) != same {
				t.Errorf("purchases %d and %d: %s and %s", j, i, a, b)
			}
		}
	}
	// What a wallet reads of a payment names no token of an acquirer.
	var page api.Page[api.Payment]
	if err := n.as("pivo").get("/payments", &page); err != nil || len(page.Items) != 0 {
		t.Errorf("another wallet reads %v, %v", page, err)
	}
	if err := n.as("vipps").get("/payments?as=wallet", &page); err != nil || len(page.Items) != 6 {
		t.Fatal(page, err)
	}
	for _, p := range page.Items {
		if p.Acquirer == "nets" && p.Payer != "" {
			t.Errorf("the wallet reads the token %s of nets", p.Payer)
		}
	}
}

// TestAReceiptNamesNoPayer: it is one document for both sides.
func TestAReceiptNamesNoPayer(t *testing.T) {
	t.Parallel()
	n := openNetwork(t)
	reference := n.approved(t)
	p, err := n.read().Payment(t.Context(), reference)
	if err != nil {
		t.Fatal(err)
	}
	receipts := make(map[string]string)
	for _, id := range []string{"nets", "vipps"} {
		var receipt api.Receipt
		if err := n.as(id).get("/payments/"+reference+"/receipt", &receipt); err != nil {
			t.Fatal(err)
		}
		receipts[id] = string(api.Encode(receipt))
		for _, name := range []string{p.Payer, p.PayerToken, "payer"} {
			if strings.Contains(receipts[id], name) {
				t.Errorf("the receipt of %s names %s: %s", id, name, receipts[id])
			}
		}
	}
	if receipts["nets"] != receipts["vipps"] {
		t.Errorf("two receipts: %s and %s", receipts["nets"], receipts["vipps"])
	}
}
