package web

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/merchant"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/payment"
	"github.com/hansa-network/hansa/qr"
	"github.com/hansa-network/hansa/qr/routing"
	"github.com/hansa-network/hansa/qr/scheme"
	"github.com/hansa-network/hansa/qr/shown"
	"github.com/hansa-network/hansa/web/checkout"
)

// scanned reads a store code or an order code and believes it only if it is
// signed. The link to an order's hosted page says nothing but the order, so that there
// is nothing in it to sign. Whether an order is still open is for the hub to say.
func (s *server) scanned(c *call, text string) (hub.Scanned, error) {
	if err := checkCodeText(text); err != nil {
		return hub.Scanned{}, err
	}
	if order, ok := orderOfLink(text, s.originOf(c.exchange.r)); ok {
		return hub.Scanned{Order: order}, nil
	}
	judged := qr.Verify(text, s.Codes, c.started)
	if err := judged.Refusal(); err != nil {
		return hub.Scanned{}, err
	}
	if judged.Kind == qr.KindPayment {
		return hub.Scanned{}, hansa.Refuse(hansa.CodeUnknown, "a payment code is for a till to scan")
	}
	return hub.Scanned{Order: judged.Order.Order, StoreCode: judged.Store.Code}, nil
}

// orderOfLink returns the order whose hosted page a text leads to. Symbols may be written
// in capitals as far as the order, and readers add white space.
func orderOfLink(text, origin string) (order string, ok bool) {
	page := api.CheckoutLink(origin, "")
	if len(text) < len(page) || !strings.EqualFold(text[:len(page)], page) {
		return "", false
	}
	order, _, _ = strings.Cut(strings.TrimRight(text[len(page):], " \r\n"), "?") // Behind it stands a language.
	return order, isID(order) && strings.HasPrefix(order, ofOrder)
}

// privateKind is what stands before the acquirer in the kind of its private codes.
const privateKind = "private/"

// rulesAt are the rules of codes where the network is known by an origin: the hosted pages
// of orders are codes too, and so are the private ones of its acquirers.
func rulesAt(origin string, private []member.PrivateLink) routing.Rulebook {
	known := scheme.Rules()
	var more []routing.Rule
	if address, err := url.Parse(origin); err == nil { // Otherwise nobody could follow such a link.
		more = append(more, routing.Rule{
			Kinds: []string{scheme.OwnOrder}, Link: &routing.Link{Scheme: address.Scheme, Host: address.Host, Path: address.Path + checkout.Root},
		})
	}
	for _, link := range private {
		more = append(more, routing.Rule{
			Kinds: []string{privateKind + link.Acquirer}, Link: &routing.Link{Scheme: "https", Host: link.Host, Path: link.Path},
		})
	}
	day, _, _ := strings.Cut(known.Version, ".")
	return routing.NewRulebook(day, slices.Concat(known.Rules, more))
}

// orderCode is the text to show for an order.
func (s *server) orderCode(o payment.Order) (string, error) {
	code := qr.OrderCode{Order: o.ID, Amount: o.Amount, ExpiresAt: o.ExpiresAt, Payee: printedPayee(o.Payee)}
	keyID, key := s.CodeKey(o.CreatedAt)
	text, err := qr.SignOrder(code, keyID, key)
	if err != nil {
		return "", fmt.Errorf("sign the code of order %s: %w", o.ID, err)
	}
	return text, nil
}

// storeCode is the text to print for a store.
func (s *server) storeCode(code merchant.IssuedCode, currency money.Currency, payee payment.Payee) (string, error) {
	keyID, key := s.CodeKey(code.IssuedAt)
	text, err := qr.SignStore(qr.StoreCode{Code: code.Code, Currency: currency, Payee: printedPayee(payee)}, keyID, key)
	if err != nil {
		return "", fmt.Errorf("sign store code %s: %w", code.Code, err)
	}
	return text, nil
}

// printedPayee is what a code says of a store. Its wallet shows what the network
// has registered: these are for other readers, which want Latin letters.
func printedPayee(p payment.Payee) qr.Payee {
	printed := qr.Payee{Name: p.Name, City: p.City, Country: p.Country, Category: p.Category}
	if _, ok := shown.Latin(p.Name); !ok {
		printed.LatinName = p.Store
	}
	if _, ok := shown.Latin(p.City); !ok {
		printed.LatinCity = p.Country
	}
	return printed
}

// fitsCode refuses an amount that no order code can say, before there is an order.
func (s *server) fitsCode(amount money.Amount, now time.Time) error {
	if err := amount.Payable(); err != nil {
		return err
	}
	anyone := qr.Payee{Name: "any", City: "any", Country: "XX", Category: "0000"}
	keyID, key := s.CodeKey(now)
	_, err := qr.SignOrder(qr.OrderCode{Order: "any", Amount: amount, ExpiresAt: now, Payee: anyone}, keyID, key)
	return err
}
