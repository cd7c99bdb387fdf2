package hub

import (
	"slices"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/fx"
	"github.com/hansa-network/hansa/member"
)

// Suspend stops what a participant may start, in one role or in all, or lets it
// go on. What was started before goes on regardless.
type Suspend struct {
	Participant string
	Role        member.Role // empty: all
	Suspended   bool
}

func (Suspend) name() string { return "suspend" }

func (Suspend) wants(*want, Request) {}

func (op Suspend) apply(b *batch, r Request) (Result, string, error) {
	if err := b.isOperator(r.Participant); err != nil {
		return Result{}, "", err
	}
	if op.Participant == r.Participant && op.Suspended {
		return Result{}, "", hansa.Refuse(hansa.NotAllowedNow, "nobody would be left to let %s go on", r.Participant)
	}
	p, err := b.directory.Participant(op.Participant)
	if err != nil {
		return Result{}, "", err
	}
	if op.Role != "" && !p.Holds(op.Role) {
		return Result{}, "", hansa.Refuse(hansa.RoleMissing, "%s is not a %s", p.ID, op.Role)
	}
	kind := "participant.suspended"
	if !op.Suspended {
		kind = "participant.resumed"
	}
	return b.reenter(p.ID, kind, op.on, r)
}

// on returns the participant as suspended, or let go on.
func (op Suspend) on(p member.Participant) member.Participant {
	if op.Role == "" {
		p.Suspended = op.Suspended
		return p
	}
	p.Roles = slices.Clone(p.Roles)
	for i := range p.Roles {
		if p.Roles[i].Role == op.Role {
			p.Roles[i].Suspended = op.Suspended
		}
	}
	return p
}

// reenter changes a participant, for the later requests of this batch as well.
func (b *batch) reenter(id, kind string, change func(member.Participant) member.Participant, r Request) (Result, string, error) {
	known, err := b.directory.Participant(id)
	if err != nil {
		return Result{}, "", err
	}
	directory, err := b.directory.With(change(known))
	if err != nil {
		return Result{}, "", err
	}
	if enrolled, ok := b.register.participants.known(id); ok {
		known = enrolled
	}
	b.directory = directory
	b.register.participants.write(id, change(known))
	b.directoryChanged = true
	b.events = append(b.events, registerEvent(kind, id, r.Participant, b.now))
	return Result{}, id, nil
}

func (Suspend) recall(*batch, string) Result { return Result{} }

func (b *batch) isOperator(participant string) error {
	p, err := b.directory.Participant(participant)
	if err != nil {
		return err
	}
	return p.MayStart(member.Operator)
}

// Authorise lets a technical service provider act for the participant that asks, or takes
// that back. What it has begun for it goes on regardless. Operators may do so for others.
type Authorise struct {
	Provider  string
	Principal string
	Suspended bool
}

func (Authorise) name() string { return "authorise" }

func (Authorise) wants(*want, Request) {}

func (op Authorise) apply(b *batch, r Request) (Result, string, error) {
	if op.Principal != r.Participant {
		if err := b.isOperator(r.Participant); err != nil {
			return Result{}, "", err
		}
	}
	provider, err := b.directory.Participant(op.Provider)
	if err != nil {
		return Result{}, "", err
	}
	if !provider.Holds(member.TechnicalServiceProvider) {
		return Result{}, "", hansa.Refuse(hansa.RoleMissing, "%s is not a %s", provider.ID, member.TechnicalServiceProvider)
	}
	authority := member.Authority{Provider: op.Provider, Principal: op.Principal, From: b.now, Suspended: op.Suspended}
	if known, ok := b.directory.Authority(op.Provider, op.Principal); ok {
		authority.From, authority.Until = known.From, known.Until
	}
	b.directory = b.directory.WithAuthority(authority)
	b.register.authorities.write(authority.Name(), authority)
	b.directoryChanged = true
	kind := "authority.given"
	if op.Suspended {
		kind = "authority.suspended"
	}
	b.events = append(b.events, registerEvent(kind, authority.Name(), r.Participant, b.now))
	return Result{}, authority.Name(), nil
}

func (Authorise) recall(*batch, string) Result { return Result{} }

// SetWebhook says where a participant's events are posted; empty: nowhere.
type SetWebhook struct{ URL string }

func (SetWebhook) name() string { return "set_webhook" }

func (SetWebhook) wants(*want, Request) {}

func (op SetWebhook) apply(b *batch, r Request) (Result, string, error) {
	return b.reenter(r.Participant, "participant.webhook", func(p member.Participant) member.Participant {
		p.Webhook = op.URL
		return p
	}, r)
}

func (SetWebhook) recall(*batch, string) Result { return Result{} }

// aheadMax is how far the clock of an FX provider may be ahead of ours.
const aheadMax = time.Minute

// PublishRates replaces standing rates of the FX provider that asks. Rates that
// could not be dealt at are refused, all of them, and those before stay.
type PublishRates struct{ Rates []fx.StandingRate }

func (PublishRates) name() string { return "publish_rates" }

func (PublishRates) wants(*want, Request) {}

func (op PublishRates) apply(b *batch, r Request) (Result, string, error) {
	p, err := b.directory.Participant(r.Participant)
	if err != nil {
		return Result{}, "", err
	}
	if err := p.MayStart(member.FXProvider); err != nil {
		return Result{}, "", err
	}
	rates, err := op.dealable(b, p.ID)
	if err != nil {
		return Result{}, "", err
	}
	for _, rate := range rates {
		b.register.rates.write(laneOf(rate.Provider, rate.Rate), rate)
	}
	b.directoryChanged = true
	b.events = append(b.events, registerEvent("rates.published", p.ID, r.Participant, b.now))
	return Result{}, p.ID, nil
}

// dealable returns the rates if each could be dealt at now.
func (op PublishRates) dealable(b *batch, provider string) ([]fx.StandingRate, error) {
	rates := slices.Clone(op.Rates)
	var references []fx.Reference
	for i, rate := range rates {
		if rate.Provider != provider {
			return nil, hansa.Refuse(hansa.NotFound, "rates of another provider")
		}
		if rate.PublishedAt.After(b.now) && !rate.PublishedAt.After(b.now.Add(aheadMax)) {
			rates[i].PublishedAt = b.now
		}
		if reference, ok := b.board.Reference(rate.Rate.Base(), rate.Rate.Quote()); ok {
			references = append(references, fx.Reference{Rate: reference, Date: b.now})
		}
	}
	board, err := fx.NewBoard(rates, references)
	if err != nil {
		return nil, err
	}
	for _, rate := range rates {
		if _, err := board.Standing(provider, rate.Rate.Base(), rate.Rate.Quote(), b.now); err != nil {
			return nil, err
		}
	}
	return rates, nil
}

func (PublishRates) recall(*batch, string) Result { return Result{} }
