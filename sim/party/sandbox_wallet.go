package party

import (
	"net/http"

	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/sim"
)

// plenty is what a payer has whose balance nobody names, in minor units.
const plenty = 1_000_000_000_00

// openPayer is POST /sandbox/wallets/{wallet}/payers.
func (all *Parties) openPayer(r *http.Request) (any, error) {
	p, err := all.findWallet(r.PathValue("wallet"))
	if err != nil {
		return nil, err
	}
	var wish struct {
		Balance *money.Amount  `json:"balance,omitempty"`
		Accepts sim.Acceptance `json:"accepts,omitempty"`
		Funding string         `json:"funding,omitempty"`

		Purses []sim.PurseMoney `json:"purses,omitempty"`
		PIN    string           `json:"pin,omitempty"`
	}
	if err := read(r, &wish); err != nil {
		return nil, err
	}
	payer := sim.Payer{ID: p.newID("payer"), Accepts: wish.Accepts, Funding: wish.Funding, Purses: wish.Purses, PIN: wish.PIN}
	if payer.Accepts == "" {
		payer.Accepts = sim.AcceptsAlways
	}
	if wish.Balance != nil {
		payer.Balance = *wish.Balance
	} else if terms := p.wallet.Terms(); !terms.NoBalance {
		payer.Balance = money.New(plenty, terms.Debits)
	}
	fault := p.step(func() {
		if err = p.wallet.Open(payer); err == nil {
			payer, err = p.wallet.Payer(payer.ID)
		}
	})
	return payer, firstOf(fault, err)
}

// An App is what a payer sees.
type App struct {
	sim.Payer

	IssuedBy string              `json:"issued_by,omitempty"` // who keeps the money, where it is not the wallet itself
	Prompts  []sim.WalletPayment `json:"prompts"`
	Payments []sim.WalletPayment `json:"payments"` // newest first
}

// showPayer is GET /sandbox/wallets/{wallet}/payers/{payer}.
func (all *Parties) showPayer(r *http.Request) (any, error) {
	p, payer, err := all.findPayer(r)
	if err != nil {
		return nil, err
	}
	app := App{Payer: payer, IssuedBy: p.wallet.Terms().IssuedBy}
	fault := p.step(func() {
		p.wallet.Look(payer.ID, p.now())
		app.Payer, err = p.wallet.Payer(payer.ID)
		app.Prompts, app.Payments = p.wallet.Prompts(payer.ID), latest(p.wallet.PaymentsOf(payer.ID))
	})
	return app, firstOf(fault, err)
}

// findPayer returns the wallet and the payer that the path names.
func (all *Parties) findPayer(r *http.Request) (p *Party, payer sim.Payer, err error) {
	if p, err = all.findWallet(r.PathValue("wallet")); err != nil {
		return nil, payer, err
	}
	fault := p.step(func() { payer, err = p.wallet.Payer(r.PathValue("payer")) })
	return p, payer, firstOf(fault, err)
}

// showCode is POST /sandbox/wallets/{wallet}/payers/{payer}/codes.
func (all *Parties) showCode(r *http.Request) (any, error) {
	p, payer, err := all.findPayer(r)
	if err != nil {
		return nil, err
	}
	return p.fetchCode(r.Context(), payer.ID)
}

// scanned is what a payer scans, and the amount typed at a printed code.
type scanned struct {
	Text   string        `json:"text"`
	Amount *money.Amount `json:"amount,omitempty"`
	PIN    string        `json:"pin,omitempty"` // to pay, where the wallet wants one
}

// scanCode is POST /sandbox/wallets/{wallet}/payers/{payer}/scan.
func (all *Parties) scanCode(r *http.Request) (any, error) {
	p, payer, err := all.findPayer(r)
	if err != nil {
		return nil, err
	}
	var code scanned
	if err := read(r, &code); err != nil {
		return nil, err
	}
	return p.scan(r.Context(), payer.ID, code.Text, code.Amount)
}

// payCode is POST /sandbox/wallets/{wallet}/payers/{payer}/pay.
func (all *Parties) payCode(r *http.Request) (any, error) {
	p, payer, err := all.findPayer(r)
	if err != nil {
		return nil, err
	}
	var code scanned
	if err := read(r, &code); err != nil {
		return nil, err
	}
	return p.pay(r.Context(), payer, code)
}

// answerPrompt is POST /sandbox/wallets/{wallet}/payers/{payer}/prompts/{reference}.
func (all *Parties) answerPrompt(r *http.Request) (any, error) {
	p, payer, err := all.findPayer(r)
	if err != nil {
		return nil, err
	}
	var decision sim.Decision
	if err := read(r, &decision); err != nil {
		return nil, err
	}
	reference := r.PathValue("reference")
	var payment sim.WalletPayment
	fault := p.step(func() { payment, err = p.wallet.AnswerFor(payer.ID, reference, decision, p.now()) })
	p.ring()
	return payment, firstOf(fault, err)
}

// Behaviour is how a wallet behaves from now on.
type Behaviour struct {
	Misbehaviour sim.Misbehaviour `json:"misbehaviour"` // empty: it keeps to the rules
}

// misbehave is POST /sandbox/wallets/{wallet}/behaviour.
func (all *Parties) misbehave(r *http.Request) (any, error) {
	p, err := all.findWallet(r.PathValue("wallet"))
	if err != nil {
		return nil, err
	}
	var wish Behaviour
	if err := read(r, &wish); err != nil {
		return nil, err
	}
	if wish.Misbehaviour, err = sim.ParseMisbehaviour(string(wish.Misbehaviour)); err != nil {
		return nil, err
	}
	fault := p.step(func() { p.wallet.Behaviour = wish.Misbehaviour })
	p.ring()
	return wish, fault
}

// A WalletBook is what a wallet has taken from its payers and given back.
type WalletBook struct {
	Wallet   string            `json:"wallet"`
	Debited  money.Amount      `json:"debited"`
	Returned money.Amount      `json:"returned"`
	Count    int               `json:"count"`
	Entries  []sim.WalletEntry `json:"entries"` // newest first
}

// showWalletBook is GET /sandbox/wallets/{wallet}/book.
func (all *Parties) showWalletBook(r *http.Request) (any, error) {
	p, err := all.findWallet(r.PathValue("wallet"))
	if err != nil {
		return nil, err
	}
	var entries []sim.WalletEntry
	fault := p.step(func() { entries = p.wallet.Entries() })
	currency := p.wallet.Terms().Debits
	book := WalletBook{
		Wallet: p.id, Debited: money.New(0, currency), Returned: money.New(0, currency), Count: len(entries), Entries: latest(entries),
	}
	for _, entry := range entries {
		if entry.Amount.Value < 0 {
			book.Debited.Value -= entry.Amount.Value
		} else {
			book.Returned.Value += entry.Amount.Value
		}
	}
	return book, fault
}

// An AcquirerBook is what an acquirer owes to its stores, and why.
type AcquirerBook struct {
	Acquirer string             `json:"acquirer"`
	Payables []sim.Payable      `json:"payables"`
	Count    int                `json:"count"`
	Entries  []sim.AcquirerLine `json:"entries"` // newest first
}

// showAcquirerBook is GET /sandbox/acquirers/{acquirer}/book.
func (all *Parties) showAcquirerBook(r *http.Request) (any, error) {
	p, err := all.findAcquirer(r.PathValue("acquirer"))
	if err != nil {
		return nil, err
	}
	book := AcquirerBook{Acquirer: p.id}
	fault := p.step(func() {
		lines := p.acquirer.Lines()
		book.Payables, book.Count, book.Entries = p.acquirer.Payables(), len(lines), latest(lines)
	})
	return book, fault
}
