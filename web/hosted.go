package web

import (
	"context"
	"net/http"
	"strings"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/payment"
	"github.com/hansa-network/hansa/web/checkout"
)

// A Returner is a dialect whose shops want their payers back.
type Returner interface {
	// ReturnURL is where the payer of a sale goes once it has come to an end; empty: nowhere.
	ReturnURL(sale api.Sale) string
}

// hosted are the pages of orders.
func (s *server) hosted() checkout.Config {
	config := checkout.Config{Look: s.offerOf, Draw: drawSymbol, Log: s.Log}
	if s.Approve != nil {
		config.Pay = func(ctx context.Context, order api.Order) error { return s.Approve(ctx, order, "") }
	}
	return config
}

// servePage answers a payer's browser. It only looks, but for a demonstration's button.
func (x *exchange) servePage() {
	if !x.enter(route{method: http.MethodGet, path: checkout.Root}) {
		x.turnAway()
		return
	}
	x.status = http.StatusOK
	x.server.pages.ServeHTTP(x.w, x.r)
}

// offerOf is a till's order as its payer sees it. Who knows its id may see that: it stands
// in the link that the shop has given.
func (s *server) offerOf(ctx context.Context, id string) (checkout.Offer, error) {
	none := hansa.Refuse(hansa.NotFound, "no such order")
	if !isID(id) || !strings.HasPrefix(id, ofOrder) {
		return checkout.Offer{}, none
	}
	o, err := s.Hub.Read().Order(ctx, id)
	if err != nil || o.Static {
		if err == nil || isNotFound(err) {
			err = none
		}
		return checkout.Offer{}, err
	}
	order, err := s.orderOf(o)
	if err != nil {
		return checkout.Offer{}, err
	}
	offer := checkout.Offer{Order: order, Payee: payeeOf(o.Payee), Wallets: s.walletsFor(o)}
	memo, err := s.Hub.Read().Memo(ctx, id)
	if isNotFound(err) {
		return offer, nil
	}
	if err != nil {
		return offer, err
	}
	sale, err := s.saleOf(ctx, o.Acquirer, memo)
	dialect, _, _ := strings.Cut(memo.Client, "/")
	for _, spoken := range s.Dialects {
		if returner, returns := spoken.Dialect.(Returner); returns && spoken.Name == dialect {
			offer.ReturnURL = linkOf(returner.ReturnURL(sale))
		}
	}
	return offer, err
}

// linkOf passes over what is no link for a browser to follow.
func linkOf(address string) string {
	if strings.HasPrefix(address, "https://") || strings.HasPrefix(address, "http://") {
		return address
	}
	return ""
}

// walletsFor are the names of the wallets that may pay an order now.
func (s *server) walletsFor(o payment.Order) []string {
	directory := s.Directory()
	var names []string
	for _, p := range directory.Participants() {
		if directory.MayPay(p, s.Now()) != nil {
			continue
		}
		if _, err := directory.Corridor(p.ID, o.Payee.Country, member.Dynamic, o.Payee.Category, s.Now()); err == nil {
			names = append(names, p.Name)
		}
	}
	return names
}
