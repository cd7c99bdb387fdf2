package main

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/payment"
	"github.com/hansa-network/hansa/sim"
	"github.com/hansa-network/hansa/sim/party"
	"github.com/hansa-network/hansa/web/visit"
)

// How often and how long the books are looked at for a payment that is approved:
// both sides hear of it from the journal, a moment later than the till.
const (
	bookEvery  = 100 * time.Millisecond
	bookWithin = 2 * time.Second
)

// A visitor plays for the first page of a demo what somebody wants to see, as
// the command pay does for whoever types.
type visitor struct{ box sandbox }

// World lists the wallets and the stores of the demo.
func (v visitor) World(ctx context.Context) (visit.World, error) {
	var world visit.World
	for _, terms := range sim.SandboxTerms() {
		wallet := visit.Wallet{ID: terms.ID, Name: terms.Name, Country: terms.Country, Currency: terms.Debits}
		world.Wallets = append(world.Wallets, wallet)
	}
	var shops api.Page[party.Shop]
	err := v.box.do(ctx, http.MethodGet, "/stores", nil, &shops)
	for _, s := range shops.Items {
		shop := visit.Shop{ID: s.Store, Name: s.Name, City: s.City, Country: s.Country, Currency: s.Currency}
		world.Shops = append(world.Shops, shop)
	}
	return world, err
}

// Play makes one payment and follows it to its end.
func (v visitor) Play(ctx context.Context, wanted visit.Wish) (string, error) {
	paid, err := v.box.play(ctx, wish{Wallet: wanted.Wallet, Store: wanted.Store, Mode: wanted.Mode, Amount: wanted.Amount})
	if err == nil && paid.Reference == "" {
		err = hansa.Refuse(hansa.Reason(paid.Reason), "%s", paid.Status)
	}
	return paid.Reference, err
}

// Look returns a payment and both books, once they have heard of it.
func (v visitor) Look(ctx context.Context, store, reference string) (visit.Scene, error) {
	var scene visit.Scene
	path := "/tills/" + url.PathEscape(store) + "/payments/" + url.PathEscape(reference)
	if err := v.box.do(ctx, http.MethodGet, path, nil, &scene.Payment); err != nil {
		return scene, err
	}
	ctx, cancel := context.WithTimeout(ctx, bookWithin)
	defer cancel()
	for {
		err := v.readBooks(context.WithoutCancel(ctx), &scene)
		booked := has(scene.Wallet, reference) && has(scene.Store, reference)
		if err != nil || booked || scene.Payment.Status != string(payment.WasApproved) || !pause(ctx, bookEvery) {
			return scene, err
		}
	}
}

// nameOf is the name of a participant of the demo's world.
func nameOf(id string) string {
	for _, p := range sim.Sandbox().Listing.Participants {
		if p.ID == id {
			return p.Name
		}
	}
	return id
}

func has(book visit.Book, reference string) bool {
	return slices.ContainsFunc(book.Lines, func(line visit.Line) bool { return line.Reference == reference })
}

func (v visitor) readBooks(ctx context.Context, scene *visit.Scene) error {
	p := scene.Payment
	var taken party.WalletBook
	if err := v.box.do(ctx, http.MethodGet, "/wallets/"+url.PathEscape(p.Wallet)+"/book", nil, &taken); err != nil {
		return err
	}
	scene.Wallet = visit.Book{Owner: nameOf(p.Wallet), Total: money.New(taken.Debited.Value-taken.Returned.Value, taken.Debited.Currency)}
	for _, entry := range taken.Entries {
		scene.Wallet.Lines = append(scene.Wallet.Lines, visit.Line{Reference: entry.Reference, Amount: entry.Amount.Negative(), At: entry.At})
	}
	var owed party.AcquirerBook
	if err := v.box.do(ctx, http.MethodGet, "/acquirers/"+url.PathEscape(p.Acquirer)+"/book", nil, &owed); err != nil {
		return err
	}
	scene.Store = visit.Book{Owner: nameOf(p.Acquirer), Total: money.New(0, p.OrderAmount.Currency)}
	for _, payable := range owed.Payables {
		if payable.Store == p.Store && payable.Amount.Currency == p.OrderAmount.Currency {
			scene.Store.Total = payable.Amount
		}
	}
	for _, entry := range owed.Entries {
		if entry.Store == p.Store {
			scene.Store.Lines = append(scene.Store.Lines, visit.Line{Reference: entry.Reference, Amount: entry.Amount, At: entry.At})
		}
	}
	return nil
}
