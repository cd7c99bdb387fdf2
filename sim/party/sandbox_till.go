package party

import (
	"cmp"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/merchant"
	"github.com/hansa-network/hansa/money"
)

// A Shop is a store as the sandbox lists it.
type Shop struct {
	Store    string         `json:"store"`
	Name     string         `json:"name"`
	City     string         `json:"city"`
	Country  string         `json:"country"`
	Category string         `json:"category"`
	Currency money.Currency `json:"currency"`
	Tills    []Till         `json:"tills"`
}

// A Till is what a store has under one of its contracts.
type Till struct {
	Acquirer string          `json:"acquirer"`
	Branch   string          `json:"branch"`
	Partner  string          `json:"partner,omitempty"`
	Terminal string          `json:"terminal"`
	Codes    []api.StoreCode `json:"codes"` // printed, with the text to scan
}

// showStores is GET /sandbox/stores.
func (all *Parties) showStores(r *http.Request) (any, error) {
	page := api.Page[Shop]{Items: []Shop{}}
	for _, store := range all.config.World.Registry.Stores {
		shop := Shop{
			Store: store.ID, Name: store.Name, City: store.City, Country: store.Country, Category: store.Category, Currency: store.Currency,
		}
		for _, contract := range store.Contracts {
			t, err := all.tillUnder(store, contract)
			if err != nil {
				return nil, err
			}
			codes, err := t.printed(r.Context())
			if err != nil {
				return nil, err
			}
			shop.Tills = append(shop.Tills, Till{
				Acquirer: contract.Acquirer, Branch: contract.Branch, Partner: contract.Partner, Terminal: t.terminal(), Codes: codes,
			})
		}
		page.Items = append(page.Items, shop)
	}
	return page, nil
}

func (all *Parties) tillUnder(store merchant.Store, contract merchant.Contract) (till, error) {
	p, err := all.findAcquirer(contract.Acquirer)
	t := till{party: p, store: store.ID}
	if err == nil {
		t.tongue = p.config.Tills[t.terminal()]
	}
	return t, err
}

// tills returns the tills of the store that the path names: that of the acquirer
// alone, or of every contract if acquirer is empty.
func (all *Parties) tills(r *http.Request, acquirer string) ([]till, error) {
	var tills []till
	for _, store := range all.config.World.Registry.Stores {
		if store.ID != r.PathValue("store") {
			continue
		}
		for _, contract := range store.Contracts {
			if acquirer != "" && acquirer != contract.Acquirer {
				continue
			}
			t, err := all.tillUnder(store, contract)
			if err != nil {
				return nil, err
			}
			tills = append(tills, t)
		}
	}
	if len(tills) == 0 {
		return nil, hansa.Refuse(hansa.NotFound, "no such store, or no contract of it")
	}
	return tills, nil
}

// sell is POST /sandbox/tills/{store}/sales.
func (all *Parties) sell(r *http.Request) (any, error) {
	var wish struct {
		Code           string       `json:"code"`
		Amount         money.Amount `json:"amount"`
		Acquirer       string       `json:"acquirer,omitempty"`
		OrderReference string       `json:"order_reference,omitempty"`
	}
	if err := read(r, &wish); err != nil {
		return nil, err
	}
	tills, err := all.tills(r, wish.Acquirer)
	if err != nil {
		return nil, err
	}
	return tills[0].sell(r.Context(), wish.Code, wish.Amount, tills[0].orderReference(wish.OrderReference))
}

// orderReference is the till's own name for an order, made up if it has none.
func (t till) orderReference(given string) string {
	if given == "" {
		return t.party.newID("order")
	}
	return given
}

// makeOrder is POST /sandbox/tills/{store}/orders.
func (all *Parties) makeOrder(r *http.Request) (any, error) {
	var wish struct {
		Amount         money.Amount `json:"amount"`
		Acquirer       string       `json:"acquirer,omitempty"`
		OrderReference string       `json:"order_reference,omitempty"`
		Online         bool         `json:"online,omitempty"`
	}
	if err := read(r, &wish); err != nil {
		return nil, err
	}
	tills, err := all.tills(r, wish.Acquirer)
	if err != nil {
		return nil, err
	}
	if wish.Online {
		shop, err := tills[0].shop()
		if err != nil {
			return nil, err
		}
		tills[0] = shop
	}
	return tills[0].order(r.Context(), wish.Amount, tills[0].orderReference(wish.OrderReference))
}

// firstThat makes the call through each till of the store until one knows what
// it is about.
func firstThat[T any](all *Parties, r *http.Request, call func(till) (T, error)) (answer T, err error) {
	tills, err := all.tills(r, "")
	if err != nil {
		return answer, err
	}
	for _, t := range tills {
		answer, err = call(t)
		if reason, _ := hansa.ReasonOf(err); reason != hansa.NotFound {
			return answer, err
		}
	}
	return answer, err
}

func ofOrder(order string) string { return "/orders/" + url.PathEscape(order) }

// show reads what stands at a path. What the till has begun in its own protocol it asks
// about in that, for as long as the request wants to wait for the end.
func (t till) show(r *http.Request, network, path string, into any) error {
	wait := r.URL.Query().Get("wait")
	seconds, err := strconv.Atoi(cmp.Or(wait, "0"))
	if err == nil && seconds >= 0 && seconds <= waitMax {
		within := time.Duration(seconds) * time.Second
		if foreign, err := t.watch(r.Context(), network, within); err != nil {
			return err
		} else if foreign {
			wait = ""
		}
	}
	if wait != "" {
		path += "?" + url.Values{"wait": {wait}}.Encode()
	}
	return t.party.poll(r.Context(), path, into)
}

// showOrder is GET /sandbox/tills/{store}/orders/{order}?wait=SECONDS.
func (all *Parties) showOrder(r *http.Request) (any, error) {
	return firstThat(all, r, func(t till) (order api.Order, err error) {
		err = t.show(r, r.PathValue("order"), ofOrder(r.PathValue("order")), &order)
		return order, err
	})
}

// cancelOrder is POST /sandbox/tills/{store}/orders/{order}/cancel.
func (all *Parties) cancelOrder(r *http.Request) (any, error) {
	return firstThat(all, r, func(t till) (api.Order, error) { return t.cancelOrder(r.Context(), r.PathValue("order")) })
}

// showPayment is GET /sandbox/tills/{store}/payments/{reference}?wait=SECONDS.
func (all *Parties) showPayment(r *http.Request) (any, error) {
	return firstThat(all, r, func(t till) (payment api.Payment, err error) {
		err = t.show(r, r.PathValue("reference"), ofPayment(r.PathValue("reference")), &payment)
		return payment, err
	})
}

// cancelPayment is POST /sandbox/tills/{store}/payments/{reference}/cancel.
func (all *Parties) cancelPayment(r *http.Request) (any, error) {
	return firstThat(all, r, func(t till) (api.Cancelled, error) { return t.cancel(r.Context(), r.PathValue("reference")) })
}

// refundPayment is POST /sandbox/tills/{store}/payments/{reference}/refunds.
func (all *Parties) refundPayment(r *http.Request) (any, error) {
	var wish struct {
		Amount money.Amount `json:"amount"`
	}
	if err := read(r, &wish); err != nil {
		return nil, err
	}
	return firstThat(all, r, func(t till) (api.Movement, error) {
		return t.refund(r.Context(), r.PathValue("reference"), wish.Amount)
	})
}
