package hub

import (
	"slices"
	"strings"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/fx"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/merchant"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/payment"
	"github.com/hansa-network/hansa/store"
)

// FetchCodes registers payment codes for one payer of the wallet that asks.
// Codes were drawn by the caller, with the wallet's own issuer prefix.
type FetchCodes struct {
	Payer string
	Codes []string
}

func (FetchCodes) name() string { return "fetch_codes" }

func (op FetchCodes) wants(w *want, r Request) {
	for _, code := range op.Codes {
		w.code(code)
	}
	w.person(w.batch.hub.personReference(r.Participant, op.Payer))
}

func (op FetchCodes) apply(b *batch, r Request) (Result, string, error) {
	wallet, err := b.directory.Participant(r.Participant)
	if err != nil {
		return Result{}, "", err
	}
	if err := b.directory.MayPay(wallet, b.now); err != nil {
		return Result{}, "", err
	}
	for i, code := range op.Codes {
		if _, taken := b.codes.read(code); taken || slices.Contains(op.Codes[:i], code) {
			return Result{}, "", hansa.Refuse(hansa.Overloaded, "drawn twice: ask again")
		}
	}
	person := b.person(wallet.ID, op.Payer, r)
	var result Result
	var subject []string
	for _, text := range op.Codes {
		code := store.PaymentCode{Code: text, Wallet: wallet.ID, Payer: person, ExpiresAt: b.now.Add(payment.CodeFor)}
		b.codes.write(text, code)
		result.Codes = append(result.Codes, code)
		subject = append(subject, prefixCode+"_"+text)
	}
	return result, strings.Join(subject, " "), nil
}

func (FetchCodes) recall(b *batch, subject string) Result { return b.recallAny(subject) }

// Ask is flow A: a till scanned a payer's code. Code is its text and Issuer the
// digits by which it routes.
type Ask struct {
	Code           string
	Issuer         string
	Amount         money.Amount
	Store          string
	Terminal       string
	OrderReference string
	Part           int
	CaptureLater   bool
}

func (Ask) name() string { return "ask" }

func (op Ask) wants(w *want, r Request) {
	b := w.batch
	w.code(op.Code)
	w.store(op.Store)
	w.terminal(op.Terminal)
	w.misses(terminalMisses(op.Terminal, b.now))
	w.misses(acquirerMisses(r.Participant, b.now))
	if s, ok := b.stores.known(op.Store); ok {
		w.reference(merchantReference(s.Merchant, op.OrderReference, op.Part))
	}
	if code, ok := b.codes.known(op.Code); ok {
		w.person(code.Payer)
	}
	if wallet, err := b.directory.Issuer(op.Issuer); err == nil {
		w.walletPosition(wallet.ID)
	}
}

func (op Ask) apply(b *batch, r Request) (Result, string, error) {
	place, err := b.till(r.Participant, op.Store, op.Terminal)
	if err != nil {
		return Result{}, "", err
	}
	if err := b.mayGuess(op.Terminal, r.Participant); err != nil {
		return Result{}, "", err
	}
	code, wallet, err := b.freshCode(op, r)
	if err != nil {
		return Result{}, "", err
	}
	if err := payableAt(place.store, op.Amount); err != nil {
		return Result{}, "", err
	}
	reference := merchantReference(place.store.Merchant, op.OrderReference, op.Part)
	if err := b.referenceIsFree(reference); err != nil {
		return Result{}, "", err
	}
	start := payment.Start{
		ID: b.newID(prefixPayment, r), Flow: payment.TillScans, Mode: member.ConsumerPresented,
		Wallet: wallet, Acquirer: place.acquirer, Store: place.store, Terminal: op.Terminal,
		OrderReference: op.OrderReference, Part: op.Part, Code: op.Code, CaptureLater: op.CaptureLater,
		Payer: code.Payer, PayerToken: b.hub.payerToken(code.Payer, place.acquirer.ID),
	}
	if start.Contract, err = place.store.ContractWith(place.acquirer.ID, wallet.ID, b.now); err != nil {
		return Result{}, "", err
	}
	if start.Corridor, err = b.directory.Corridor(wallet.ID, place.store.Country, start.Mode, place.store.Category, b.now); err != nil {
		return Result{}, "", err
	}
	if start.Terms, err = b.price(op.Amount, wallet, place.acquirer, start.Contract, start.Corridor); err != nil {
		return Result{}, "", err
	}
	p, err := b.begin(start, r)
	if err != nil {
		return Result{}, "", err
	}
	code.Payment = p.ID
	b.codes.write(code.Code, code)
	b.references.write(reference, store.Reference{Key: reference, Holder: p.ID})
	return Result{Payment: p}, p.ID, nil
}

func (Ask) recall(b *batch, subject string) Result { return b.recallPayment(subject) }

// begin starts a payment and enters it into the batch.
func (b *batch) begin(start payment.Start, r Request) (payment.Payment, error) {
	if err := b.directory.MayPay(start.Wallet, b.now); err != nil {
		return payment.Payment{}, err
	}
	start.Position = b.walletPosition(start.Wallet)
	p, plan, err := payment.Begin(start, b.now)
	if err != nil {
		return payment.Payment{}, err
	}
	return b.enter(payment.Payment{}, p, plan, r), nil
}

// price returns the terms of a payment of amount.
func (b *batch) price(amount money.Amount, wallet, acquirer member.Participant, contract merchant.Contract, corridor member.Corridor) (fx.Terms, error) {
	legs := fx.Legs{Order: amount, DebitCurrency: wallet.Wallet.Debits, WalletCurrency: wallet.Wallet.Settles}
	for _, branch := range acquirer.Branches {
		if branch.ID == contract.Branch {
			legs.AcquirerCurrency = branch.Currency
		}
	}
	if legs.AcquirerCurrency == "" {
		return fx.Terms{}, hansa.Refuse(hansa.NotAccepted, "%s has no branch %s", acquirer.ID, contract.Branch)
	}
	terms, err := b.board.Price(corridor.Provider, legs, corridor.Spread, b.now)
	if err != nil {
		return terms, err
	}
	return terms, b.mayDeal(terms.Provider)
}

// mayDeal refuses where the FX provider that new terms need is suspended.
func (b *batch) mayDeal(provider string) error {
	if provider == "" {
		return nil
	}
	p, err := b.directory.Participant(provider)
	if err != nil {
		return err
	}
	return p.MayStart(member.FXProvider)
}

// A place is where a till stands.
type place struct {
	acquirer member.Participant
	store    merchant.Store
}

// till returns the store and acquirer of a till. To an acquirer without a
// contract the store does not exist.
func (b *batch) till(acquirer, storeID, terminal string) (place, error) {
	participant, err := b.directory.Participant(acquirer)
	if err != nil {
		return place{}, err
	}
	if err := participant.MayStart(member.Acquirer); err != nil {
		return place{}, err
	}
	s, ok := b.stores.read(storeID)
	if !ok || !contracts(s, acquirer) {
		return place{}, hansa.Refuse(hansa.NotFound, "no such store")
	}
	t, ok := b.terminals.read(terminal)
	if !ok || t.Store != storeID || t.Acquirer != acquirer {
		return place{}, hansa.Refuse(hansa.NotFound, "no such terminal")
	}
	return place{participant, s}, nil
}

func contracts(s merchant.Store, acquirer string) bool {
	for _, contract := range s.Contracts {
		if contract.Acquirer == acquirer {
			return true
		}
	}
	return false
}

// freshCode returns the payment code that a till scanned, and its wallet.
// Unknown ones are counted: who guesses is stopped.
func (b *batch) freshCode(op Ask, r Request) (store.PaymentCode, member.Participant, error) {
	wallet, err := b.directory.Issuer(op.Issuer)
	if err != nil {
		b.countMiss(op.Terminal, r.Participant)
		return store.PaymentCode{}, wallet, err
	}
	code, known := b.codes.read(op.Code)
	switch {
	case !known && wallet.Wallet.OwnCodes:
		return store.PaymentCode{Code: op.Code, Wallet: wallet.ID, ExpiresAt: b.now}, wallet, nil
	case !known:
		b.countMiss(op.Terminal, r.Participant)
		return code, wallet, hansa.Refuse(hansa.CodeUnknown, "this code was never issued")
	case code.Payment != "":
		return code, wallet, hansa.Refuse(hansa.CodeUsed, "this code was used")
	case !b.now.Before(code.ExpiresAt):
		return code, wallet, hansa.Refuse(hansa.CodeExpired, "this code has expired")
	}
	return code, wallet, nil
}

func terminalMisses(terminal string, now time.Time) store.MissKey {
	return store.MissKey{Scope: "terminal/" + terminal, Minute: now.Unix() / 60}
}

func acquirerMisses(acquirer string, now time.Time) store.MissKey {
	return store.MissKey{Scope: "acquirer/" + acquirer, Minute: now.Unix() / 60}
}

func (b *batch) mayGuess(terminal, acquirer string) error {
	atTerminal, _ := b.misses.read(terminalMisses(terminal, b.now))
	atAcquirer, _ := b.misses.read(acquirerMisses(acquirer, b.now))
	if atTerminal.Count >= missesOfTerminalMax || atAcquirer.Count >= missesOfAcquirerMax {
		return hansa.Refuse(hansa.TooManyMisses, "too many unknown codes: wait a minute")
	}
	return nil
}

func (b *batch) countMiss(terminal, acquirer string) {
	for _, key := range []store.MissKey{terminalMisses(terminal, b.now), acquirerMisses(acquirer, b.now)} {
		miss, _ := b.misses.read(key)
		b.misses.write(key, store.Miss{Key: key, Count: miss.Count + 1})
	}
}
