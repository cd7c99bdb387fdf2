package alipay

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
)

// read reads a body. Members that it does not know are passed over, since clients of
// all ages send what they have.
func read[T any](body []byte) (message T, err error) {
	if len(body) > api.BodyMax {
		return message, hansa.Refuse(hansa.TooLarge, "more than %d bytes", api.BodyMax)
	}
	if err := api.CheckJSON(body); err != nil {
		return message, err
	}
	if err := json.Unmarshal(body, &message); err != nil {
		return message, hansa.Refuse(hansa.Malformed, "a member is of another kind than it should be")
	}
	return message, nil
}

// A payRequest is pay, of AMS and of ACQP, and of MPP towards a wallet.
type payRequest struct {
	ProductCode   scalar        `json:"productCode,omitempty"`
	AcquirerID    scalar        `json:"acquirerId,omitempty"` // MPP
	PSP           scalar        `json:"pspId,omitempty"`      // MPP
	RequestID     scalar        `json:"paymentRequestId"`
	Order         order         `json:"order"`
	PaymentAmount *amount       `json:"paymentAmount"`
	PayTo         *amount       `json:"payToAmount,omitempty"`  // MPP
	Quote         *quote        `json:"paymentQuote,omitempty"` // MPP
	Method        paymentMethod `json:"paymentMethod,omitzero"`
	Factor        paymentFactor `json:"paymentFactor,omitzero"`
	ExpiryTime    scalar        `json:"paymentExpiryTime,omitempty"`
	NotifyURL     scalar        `json:"paymentNotifyUrl,omitempty"`
	RedirectURL   scalar        `json:"paymentRedirectUrl,omitempty"`
}

type order struct {
	Reference   scalar      `json:"referenceOrderId,omitempty"`
	Description scalar      `json:"orderDescription,omitempty"`
	Amount      *amount     `json:"orderAmount,omitempty"`
	Merchant    merchant    `json:"merchant,omitzero"`
	Environment environment `json:"env,omitzero"`
}

type merchant struct {
	Reference scalar `json:"referenceMerchantId,omitempty"`
	Name      scalar `json:"merchantName,omitempty"`
	Category  scalar `json:"merchantMCC,omitempty"`
	Store     store  `json:"store,omitzero"`
}

type store struct {
	Reference scalar  `json:"referenceStoreId,omitempty"`
	Name      scalar  `json:"storeName,omitempty"`
	Category  scalar  `json:"storeMCC,omitempty"`
	Address   address `json:"storeAddress,omitzero"`
}

type address struct {
	Region scalar `json:"region,omitempty"` // ISO 3166-1 alpha-2
	City   scalar `json:"city,omitempty"`
}

type environment struct {
	Terminal scalar `json:"storeTerminalId,omitempty"`
}

type paymentMethod struct {
	Type     scalar `json:"paymentMethodType,omitempty"`
	ID       scalar `json:"paymentMethodId,omitempty"`
	Customer scalar `json:"customerId,omitempty"` // MPP
}

type paymentFactor struct {
	InStore       scalar   `json:"isInStorePayment,omitempty"`
	Cashier       scalar   `json:"isCashierPayment,omitempty"`
	Scenario      scenario `json:"inStorePaymentScenario,omitempty"`
	Authorization scalar   `json:"isAuthorization,omitempty"`
}

// A scenario is how a payer and a merchant meet.
type scenario string

// The scenarios. The last has no name in the protocol: it is an online shop's.
const (
	paymentCode scenario = "PaymentCode"
	orderCode   scenario = "OrderCode"
	entryCode   scenario = "EntryCode"
	cashier     scenario = "CASHIER"
)

// scenario tells how payer and merchant meet, or what is missing to tell it.
func (r payRequest) scenario() (scenario, error) {
	switch r.Factor.Scenario {
	case paymentCode, orderCode, entryCode:
		return r.Factor.Scenario, nil
	case "", cashier:
	default:
		return "", reject(paramIllegal, "inStorePaymentScenario: PaymentCode, OrderCode or EntryCode")
	}
	switch {
	case r.ProductCode == "CASHIER_PAYMENT" || r.Factor.Cashier.isTrue():
		return cashier, nil
	case r.Method.ID != "":
		return paymentCode, nil
	}
	return "", reject(paramIllegal, "paymentFactor.inStorePaymentScenario is missing")
}

// keys is a sum of what must be the same if a request id is used again.
func (r payRequest) keys(at scenario) string {
	parts := []string{string(at), string(r.Order.Reference), string(r.ExpiryTime), string(r.NotifyURL), string(r.Method.ID)}
	if r.PaymentAmount != nil {
		parts = append(parts, string(r.PaymentAmount.Currency), string(r.PaymentAmount.Value))
	}
	return summed(parts...)
}

// summed is an id made of texts: 32 hexadecimal digits.
func summed(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:16])
}

// reference is what the order is called, which a client may leave out.
func (r payRequest) reference() string {
	if r.Order.Reference != "" {
		return string(r.Order.Reference)
	}
	return string(r.RequestID)
}

// till is where a request comes from: the store and terminal that it names, if the
// network knows the store by that name, and otherwise those of the client. A client
// with a terminal of its own has only that one in its own store.
func (x exchange) till(o order) (store, terminal string, err error) {
	store, terminal = x.client.Store, x.client.Terminal
	if named := string(o.Merchant.Store.Reference); named != "" && named != store {
		_, err := x.counter.Store(named)
		switch {
		case err == nil:
			store, terminal = named, ""
		case !notFound(err):
			return "", "", err
		}
	}
	if store == "" {
		return "", "", reject(merchantNotRegistered, "the store is not registered under this id")
	}
	if terminal == "" {
		terminal = string(o.Environment.Terminal)
	}
	if terminal == "" {
		return "", "", reject(paramIllegal, "order.env.storeTerminalId is missing")
	}
	return store, terminal, nil
}
