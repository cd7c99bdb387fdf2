package party

import (
	"context"
	"crypto/sha256"
	"net/http"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/sim"
)

// A DecodeEar is another protocol in which an acquirer is asked what its private codes ask.
type DecodeEar interface {
	AskedToDecode(question api.Question) (api.DecodeCode, error)
	Decodes(question api.Question, decoded api.Decoded, notify string) api.Answer
	Refused(question api.Question, err error) api.Answer
}

// privateFor is how long a private order code is good for.
const privateFor = 10 * time.Minute

// sealKey is what the party seals its private codes with.
func (p *Party) sealKey() []byte {
	sum := sha256.Sum256(append([]byte("private codes\n"), p.key.Seed()...))
	return sum[:]
}

// decode is POST /decode.
func (p *Party) decode(_ *http.Request, body []byte) (reply sim.Reply[api.Decoded], err error) {
	var ask api.DecodeCode
	if err := api.Decode(body, &ask); err != nil {
		return reply, err
	}
	reply.Answer, err = p.tellPrivate(ask.Code)
	return reply, err
}

// tellPrivate tells the network what a code asks. An order has one judge of who pays it: the
// wallet's book until the network was told of it, and the network from then on. So the
// network is told of none that was paid at home.
func (p *Party) tellPrivate(text string) (api.Decoded, error) {
	decoded, err := sim.DecodePrivate(p.id, p.sealKey(), text)
	if err != nil || p.wallet == nil || decoded.RequestID == "" {
		return decoded, err
	}
	fault := p.step(func() {
		if err = p.wallet.CheckUnpaid(decoded.RequestID); err == nil {
			p.acquirer.Tell(decoded.RequestID)
		}
	})
	return decoded, firstOf(fault, err)
}

// decodeForeign answers the same question in another protocol.
func (p *Party) decodeForeign(w http.ResponseWriter, r *http.Request) {
	ear := p.config.DecodeEars[p.id]
	body, err := api.ReadBody(r.Body, api.BodyMax)
	question := api.Question{Request: r, Body: body, Now: p.now(), Chance: p.config.Chance()}
	var ask api.DecodeCode
	if err == nil {
		ask, err = ear.AskedToDecode(question)
	}
	var decoded api.Decoded
	if err == nil {
		decoded, err = p.tellPrivate(ask.Code)
	}
	if err != nil {
		p.report(r, err)
		writeForeign(w, ear.Refused(question, err))
		return
	}
	writeForeign(w, ear.Decodes(question, decoded, ""))
}

// showPrivate is POST /sandbox/tills/{store}/private-codes: a code that only the till's
// acquirer understands, of an order or, without an amount, of the store.
func (all *Parties) showPrivate(r *http.Request) (any, error) {
	var wish struct {
		Amount         *money.Amount `json:"amount,omitempty"`
		Acquirer       string        `json:"acquirer,omitempty"`
		OrderReference string        `json:"order_reference,omitempty"`
	}
	if err := read(r, &wish); err != nil {
		return nil, err
	}
	tills, err := all.tills(r, wish.Acquirer)
	if err != nil {
		return nil, err
	}
	at := tills[0]
	code := sim.PrivateCode{Store: at.store}
	if wish.Amount != nil {
		code.Amount, code.Terminal, code.OrderReference = wish.Amount, at.terminal(), at.orderReference(wish.OrderReference)
		code.ExpiresAt = at.party.now().Add(privateFor).Truncate(time.Second)
	}
	text, err := code.Text(at.party.id, at.party.sealKey())
	return struct {
		Code string `json:"code"`
	}{text}, err
}

// isLocal reports whether a code is one of the wallet's own scheme, which is looked for
// before anything else: of those the switch never hears. Once it was told of an order, for
// the app of another wallet, the order is paid through the network by the own users too.
func (p *Party) isLocal(text string) bool {
	if p.acquirer == nil || !sim.IsPrivate(p.id, text) {
		return false
	}
	decoded, err := sim.DecodePrivate(p.id, p.sealKey(), text)
	p.mu.Lock()
	defer p.mu.Unlock()
	return err != nil || !p.acquirer.HasTold(decoded.RequestID)
}

// payLocally pays by a code of the wallet's own scheme, in its own book alone.
func (p *Party) payLocally(payer sim.Payer, code scanned) (Paid, error) {
	decoded, err := sim.DecodePrivate(p.id, p.sealKey(), code.Text)
	if err != nil {
		return Paid{}, err
	}
	if decoded.Amount == nil {
		decoded.Amount = code.Amount
	}
	if decoded.Amount == nil {
		return Paid{}, hansa.Refuse(hansa.InvalidAmount, "a printed code needs an amount")
	}
	if code.PIN == "" && payer.Accepts == sim.AcceptsAlways {
		code.PIN = payer.PIN
	}
	consent := sim.Consent{
		Reference: p.newID("local"), Order: decoded.RequestID, Payer: payer.ID, Payee: api.Payee{Store: decoded.Store}, OrderAmount: *decoded.Amount,
		Refused: payer.Accepts == sim.AcceptsNever, PIN: code.PIN,
	}
	if decoded.ExpiresAt != nil {
		consent.Before = *decoded.ExpiresAt
	}
	var made sim.WalletPayment
	fault := p.step(func() {
		if p.acquirer.HasTold(consent.Order) {
			err = hansa.Refuse(hansa.NotAllowedNow, "another wallet has scanned this code: scan it again")
			return
		}
		made, err = p.wallet.PayLocally(consent, p.now())
	})
	paid := Paid{Reference: made.Reference, Status: made.Outcome, Reason: string(made.Reason), Local: true}
	if paid.Status == "" {
		paid.Status = string(made.State)
	}
	return paid, firstOf(fault, err)
}

// scanLocally says what a code of the wallet's own scheme asks.
func (p *Party) scanLocally(_ context.Context, text string, amount *money.Amount) (Scan, error) {
	decoded, err := sim.DecodePrivate(p.id, p.sealKey(), text)
	if err != nil {
		return Scan{}, err
	}
	scan := Scan{Kind: decoded.Kind, Payee: api.Payee{Store: decoded.Store}, Currency: p.wallet.Terms().Debits, Local: true}
	if decoded.Amount != nil {
		amount = decoded.Amount
	}
	if amount != nil {
		scan.Quote = &api.Quote{Payee: scan.Payee, OrderAmount: *amount, DebitAmount: *amount}
	}
	return scan, nil
}
