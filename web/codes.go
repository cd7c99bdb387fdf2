package web

import (
	"fmt"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/merchant"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/payment"
	"github.com/hansa-network/hansa/qr"
	"github.com/hansa-network/hansa/qr/shown"
)

// scanned reads a store code or an order code and believes it only if it is
// signed. Whether its order is still open is for the hub to say.
func (s *server) scanned(text string, now time.Time) (hub.Scanned, error) {
	if err := checkCodeText(text); err != nil {
		return hub.Scanned{}, err
	}
	judged := qr.Verify(text, s.Codes, now)
	if err := judged.Refusal(); err != nil {
		return hub.Scanned{}, err
	}
	if judged.Kind == qr.KindPayment {
		return hub.Scanned{}, hansa.Refuse(hansa.CodeUnknown, "a payment code is for a till to scan")
	}
	return hub.Scanned{Order: judged.Order.Order, StoreCode: judged.Store.Code}, nil
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
