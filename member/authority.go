package member

import (
	"maps"
	"time"

	"github.com/hansa-network/hansa"
)

// An Authority lets a technical service provider act for a principal. It is given by
// the principal, and can be taken back for it alone.
type Authority struct {
	Provider  string    `json:"provider"`
	Principal string    `json:"principal"`
	From      time.Time `json:"from"`
	Until     time.Time `json:"until,omitzero"` // zero: no end
	Suspended bool      `json:"suspended,omitempty"`
}

// Name is what the network calls the authority.
func (a Authority) Name() string { return a.Provider + " for " + a.Principal }

// MayActFor refuses where provider may not start anything for principal at now:
// RoleMissing where no authority is in force, or Suspended. Whoever acts for itself, with
// an empty provider, may. What was started before goes on regardless.
func (d *Directory) MayActFor(provider, principal string, now time.Time) error {
	if provider == "" {
		return nil
	}
	p, err := d.Participant(provider)
	if err != nil {
		return err
	}
	if err := p.MayStart(TechnicalServiceProvider); err != nil {
		return err
	}
	a, ok := d.Authority(provider, principal)
	if !ok || now.Before(a.From) || !a.Until.IsZero() && !now.Before(a.Until) {
		return hansa.Refuse(hansa.RoleMissing, "%s may not act for %s", provider, principal)
	}
	if a.Suspended {
		return hansa.Refuse(hansa.Suspended, "%s may not act for %s for now", provider, principal)
	}
	return nil
}

// MayPay refuses what is new of a wallet that is suspended, or whose service provider may
// not act for it at now: the wallet is asked through that provider, whoever begins.
func (d *Directory) MayPay(wallet Participant, now time.Time) error {
	if err := wallet.MayStart(Wallet); err != nil || wallet.Wallet.Client == "" {
		return err
	}
	client, _ := d.Client(wallet.Wallet.Client)
	return d.MayActFor(client.Provider, wallet.ID, now)
}

// Authority returns what a principal has given to a provider.
func (d *Directory) Authority(provider, principal string) (Authority, bool) {
	a, ok := d.authorities[Authority{Provider: provider, Principal: principal}.Name()]
	return a, ok
}

// WithAuthority returns a directory in which a has taken the place of the authority of
// that name, or is new.
func (d *Directory) WithAuthority(a Authority) *Directory {
	changed := *d
	changed.authorities = maps.Clone(d.authorities)
	changed.authorities[a.Name()] = a
	return &changed
}
