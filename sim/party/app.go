package party

import (
	"context"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/sim"
)

// A Scan is what an app shows after its user has scanned a code. With a quote the
// user can pay; without one an amount has to be typed first.
type Scan struct {
	Kind      string         `json:"kind"` // store or order
	Payee     api.Payee      `json:"payee"`
	Currency  money.Currency `json:"currency"`
	Largest   *money.Amount  `json:"largest,omitempty"`
	Smallest  *money.Amount  `json:"smallest,omitempty"`
	Quote     *api.Quote     `json:"quote,omitempty"`
	Announced *api.Announced `json:"announced,omitempty"` // of a wallet that debits first
	Local     bool           `json:"local,omitempty"`     // a code of the wallet's own scheme
}

// A Paid is what came of a payment in the app.
type Paid struct {
	Reference string       `json:"reference,omitempty"`
	Status    string       `json:"status"`
	Reason    string       `json:"reason,omitempty"`
	Payment   *api.Payment `json:"payment,omitempty"`
	Receipt   *api.Receipt `json:"receipt,omitempty"` // where it was approved
	Local     bool         `json:"local,omitempty"`   // by a code of the wallet's own scheme: the network never heard of it
}

// fetchCode draws or fetches a payment code for a payer to show.
func (p *Party) fetchCode(ctx context.Context, payer string) (api.PaymentCode, error) {
	if p.tongue.Draw != nil {
		drawn := api.PaymentCode{Code: p.tongue.Draw(p.config.Chance()), ExpiresAt: p.now().Add(p.tongue.DrawnFor)}
		return drawn, p.step(func() { p.wallet.Show(sim.WalletCode{Code: drawn.Code, Payer: payer, Until: drawn.ExpiresAt}) })
	}
	codes, err := p.fetchCodes(ctx, api.FetchCodes{RequestID: p.newID("req"), Payer: payer, Count: 1})
	if err == nil && len(codes.Codes) != 1 {
		err = hansa.Refuse(hansa.CodeUnknown, "the switch gave %d codes", len(codes.Codes))
	}
	if err != nil {
		return api.PaymentCode{}, err
	}
	return codes.Codes[0], nil
}

func (p *Party) fetchCodes(ctx context.Context, fetch api.FetchCodes) (codes api.PaymentCodes, err error) {
	if voice := p.tongue.Voice; voice != nil {
		return askForeign(ctx, p, func() api.Message { return voice.FetchCodes(fetch, p.now()) }, voice.CodesFetched)
	}
	err = p.post(ctx, "/payment-codes", fetch, &codes)
	return codes, err
}

// scan asks what a code leads to and, once the amount is known, what it costs.
func (p *Party) scan(ctx context.Context, payer, text string, amount *money.Amount) (Scan, error) {
	if p.isLocal(text) {
		return p.scanLocally(ctx, text, amount)
	}
	if err := p.believe(ctx, text); err != nil {
		return Scan{}, err
	}
	var resolution api.Resolution
	if err := p.post(ctx, "/resolve", api.Resolve{RequestID: p.newID("req"), Code: text}, &resolution); err != nil {
		return Scan{}, err
	}
	scan := Scan{
		Kind: resolution.Kind, Payee: resolution.Payee, Currency: money.Currency(resolution.Currency),
		Largest: resolution.Largest, Smallest: resolution.Smallest, Quote: resolution.Quote,
	}
	if scan.Kind == "order" {
		amount = nil
	} else if amount == nil {
		return scan, nil
	}
	if p.wallet.Terms().Notifies || p.tongue.Voice != nil {
		announce := api.Announce{RequestID: p.newID("req"), Code: text, Payer: payer, Amount: amount}
		announced, err := p.announce(ctx, announce)
		scan.Announced, scan.Quote = &announced, &announced.Quote
		return scan, err
	}
	if scan.Quote != nil {
		return scan, nil
	}
	scan.Quote = new(api.Quote)
	err := p.post(ctx, "/quotes", api.AskQuote{RequestID: p.newID("req"), Code: text, Amount: *amount}, scan.Quote)
	return scan, err
}

func (p *Party) announce(ctx context.Context, announce api.Announce) (announced api.Announced, err error) {
	if voice := p.tongue.Voice; voice != nil {
		return askForeign(ctx, p, func() api.Message { return voice.Announce(announce, p.now()) }, voice.Announced)
	}
	err = p.post(ctx, "/announcements", announce, &announced)
	return announced, err
}

// pay scans a code, lets the payer accept what the app shows, and follows the
// payment to its end or until ctx is over. A payer who accepts nothing leaves.
func (p *Party) pay(ctx context.Context, payer sim.Payer, code scanned) (Paid, error) {
	if p.isLocal(code.Text) {
		return p.payLocally(payer, code)
	}
	scan, err := p.scan(ctx, payer.ID, code.Text, code.Amount)
	if err != nil {
		return Paid{}, err
	}
	if scan.Quote == nil {
		return Paid{}, hansa.Refuse(hansa.InvalidAmount, "a printed code needs an amount")
	}
	if code.PIN == "" && payer.Accepts == sim.AcceptsAlways {
		code.PIN = payer.PIN
	}
	refuses := payer.Accepts == sim.AcceptsNever
	if scan.Announced == nil && refuses {
		return Paid{Status: "declined", Reason: string(hansa.DeclinedByPayer)}, nil
	}
	agreed, err := p.agree(ctx, payer.ID, scan)
	if err != nil {
		return Paid{}, err
	}
	payment := agreed.Payment
	consent := sim.Consent{
		Reference: payment.Reference, Payer: payer.ID, Payee: scan.Payee, Before: agreed.DebitBefore, Refused: refuses, PIN: code.PIN,
		OrderAmount: scan.Quote.OrderAmount, DebitAmount: scan.Quote.DebitAmount,
		Printed: scan.Kind == "store", CaptureLater: agreed.CaptureLater,
	}
	if err := p.step(func() { p.wallet.Debit(consent, p.now()) }); err != nil {
		return Paid{}, err
	}
	p.ring()
	payment = p.await(ctx, payment)
	paid := Paid{Reference: payment.Reference, Status: payment.Status, Reason: payment.Reason, Payment: &payment}
	paid.Receipt, err = p.receipt(ctx, payment)
	return paid, err
}

// receipt returns the receipt of an approved payment, and none of another.
func (p *Party) receipt(ctx context.Context, payment api.Payment) (*api.Receipt, error) {
	if payment.Status != "approved" {
		return nil, nil
	}
	var receipt api.Receipt
	if err := p.get(ctx, ofPayment(payment.Reference)+"/receipt", &receipt); err != nil {
		return nil, err
	}
	return &receipt, nil
}

// agree makes the payment that the payer has accepted: it is announced already
// (flow C), or the quote is accepted now (flow B). Either says until when the
// payer may be debited.
func (p *Party) agree(ctx context.Context, payer string, scan Scan) (accepted api.Accepted, err error) {
	if a := scan.Announced; a != nil {
		return api.Accepted{Payment: a.Payment, DebitBefore: a.ExpiresAt, CaptureLater: a.CaptureLater}, nil
	}
	err = p.post(ctx, "/accepts", api.Accept{
		RequestID: p.newID("req"), Quote: scan.Quote.Quote, Payer: payer,
		OrderAmount: scan.Quote.OrderAmount, DebitAmount: scan.Quote.DebitAmount, Payee: scan.Quote.Payee.Store,
	}, &accepted)
	return accepted, err
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
