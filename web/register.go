package web

import (
	"context"
	"slices"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/fx"
	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/merchant"
	"github.com/hansa-network/hansa/payment"
)

// issueStoreCode answers POST /v1/store-codes.
func (s *server) issueStoreCode(ctx context.Context, c *call) (reply, error) {
	issue, err := decode(c, func(m *api.IssueStoreCode) string { return m.RequestID })
	if err != nil {
		return reply{}, err
	}
	if err := checkTexts(hansa.Malformed, text{"store", issue.Store, idMax}); err != nil {
		return reply{}, err
	}
	result, err := c.do(ctx, issue.RequestID, hub.IssueStoreCode{Store: issue.Store})
	if err != nil {
		return reply{}, err
	}
	code, err := s.issuedCodeOf(result.StoreCode, result.Store)
	if err != nil {
		return reply{}, err
	}
	return created(code)
}

// listStoreCodes answers GET /v1/store-codes: those that the acquirer had issued
// to a store of its.
func (s *server) listStoreCodes(ctx context.Context, c *call) (reply, error) {
	id, err := c.idParameter("store")
	if err != nil {
		return reply{}, err
	}
	shop, err := s.ownStore(ctx, c, id)
	if err != nil {
		return reply{}, err
	}
	issued, err := s.Hub.Read().StoreCodesOf(ctx, shop.ID)
	if err != nil {
		return reply{}, err
	}
	page := api.Page[api.StoreCode]{Items: []api.StoreCode{}}
	for _, code := range issued {
		if code.Acquirer != c.participant {
			continue
		}
		shown, err := s.issuedCodeOf(code, shop)
		if err != nil {
			return reply{}, err
		}
		page.Items = append(page.Items, shown)
	}
	return ok(page)
}

// revokeStoreCode answers POST /v1/store-codes/{code}/revoke.
func (s *server) revokeStoreCode(ctx context.Context, c *call) (reply, error) {
	change, id, err := c.change("code")
	if err != nil {
		return reply{}, err
	}
	result, err := c.do(ctx, change.RequestID, hub.RevokeStoreCode{Code: id})
	if err != nil {
		return reply{}, err
	}
	code, err := s.issuedCodeOf(result.StoreCode, result.Store)
	if err != nil {
		return reply{}, err
	}
	return ok(code)
}

func (s *server) issuedCodeOf(code merchant.IssuedCode, shop merchant.Store) (api.StoreCode, error) {
	text, err := s.storeCode(code, shop.Currency, payment.PayeeOf(shop))
	return api.StoreCode{
		Code: code.Code, Text: text, Store: code.Store, Acquirer: code.Acquirer,
		IssuedAt: code.IssuedAt, RevokedAt: timeOf(code.RevokedAt),
	}, err
}

// readStore answers GET /v1/stores/{store}.
func (s *server) readStore(ctx context.Context, c *call) (reply, error) {
	id, err := c.id("store")
	if err != nil {
		return reply{}, err
	}
	shop, err := s.ownStore(ctx, c, id)
	if err != nil {
		return reply{}, err
	}
	return ok(storeOf(c.participant, shop))
}

// ownStore reads a store with which the participant has a contract, or that it has
// recruited. To anyone else it does not exist.
func (s *server) ownStore(ctx context.Context, c *call, id string) (merchant.Store, error) {
	shop, err := s.Hub.Read().Store(ctx, id)
	own := slices.ContainsFunc(shop.Contracts, func(one merchant.Contract) bool { return isOf(c.participant, one) })
	if reason, _ := hansa.ReasonOf(err); reason == hansa.NotFound || err == nil && !own {
		return merchant.Store{}, hansa.Refuse(hansa.NotFound, "no such store")
	}
	return shop, err
}

// publishRates answers PUT /v1/rates.
func (s *server) publishRates(ctx context.Context, c *call) (reply, error) {
	publish, err := decode(c, func(m *api.PublishRates) string { return m.RequestID })
	if err != nil {
		return reply{}, err
	}
	operation := hub.PublishRates{}
	for _, rate := range publish.Rates {
		operation.Rates = append(operation.Rates, fx.StandingRate{
			Provider: c.participant, Rate: rate.Rate, Spread: rate.Spread, ClosedSpread: rate.ClosedSpread,
			PublishedAt: rate.PublishedAt.UTC(), NextPublication: rate.NextPublication.UTC(),
		})
	}
	if _, err := c.do(ctx, publish.RequestID, operation); err != nil {
		return reply{}, err
	}
	return ok(api.PublishedRates{Provider: c.participant, Rates: publish.Rates})
}

// suspend answers POST /v1/operator/suspensions.
func (s *server) suspend(ctx context.Context, c *call) (reply, error) {
	suspend, err := decode(c, func(m *api.Suspend) string { return m.RequestID })
	if err != nil {
		return reply{}, err
	}
	if !isID(suspend.Participant) || suspend.Role != "" && !isID(suspend.Role) {
		return reply{}, hansa.Refuse(hansa.Malformed, "participant and role: not a name")
	}
	_, err = c.do(ctx, suspend.RequestID, hub.Suspend{
		Participant: suspend.Participant, Role: member.Role(suspend.Role), Suspended: suspend.Suspended,
	})
	if err != nil {
		return reply{}, err
	}
	return ok(api.Suspension{Participant: suspend.Participant, Role: suspend.Role, Suspended: suspend.Suspended})
}

// authorise answers PUT /v1/authorities/{provider}.
func (s *server) authorise(ctx context.Context, c *call) (reply, error) {
	wish, err := decode(c, func(m *api.Authorise) string { return m.RequestID })
	if err != nil {
		return reply{}, err
	}
	provider, err := c.id("provider")
	if err != nil {
		return reply{}, err
	}
	if wish.Principal == "" {
		wish.Principal = c.participant
	}
	if !isID(wish.Principal) {
		return reply{}, hansa.Refuse(hansa.Malformed, "principal: not a name")
	}
	operation := hub.Authorise{Provider: provider, Principal: wish.Principal, Suspended: wish.Suspended}
	if _, err = c.do(ctx, wish.RequestID, operation); err != nil {
		return reply{}, err
	}
	return ok(api.Authority{Provider: provider, Principal: wish.Principal, Suspended: wish.Suspended})
}
