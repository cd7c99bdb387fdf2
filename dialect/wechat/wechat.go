// Package wechat speaks the barcode payment of WeChat Pay (micropay of its merchant API,
// version 2) towards that wallet: pay, inquire, reverse, refund. The network is an
// acquirer of WeChat Pay there, and a WeChat code at a till pays as every other does. The
// package translates both ways, so that a make-believe WeChat Pay can answer by it too.
// The protocol is XML, signed with a secret that both sides share; of its two algorithms
// only HMAC-SHA256 is spoken.
package wechat

import (
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/money"
)

// Name is what the dialect is called in a Client.
const Name = "wechat"

// Config is the network's contract with WeChat Pay. The wallet's Client has the rest: its
// ID is the merchant number (mch_id), and its Merchant that of the store's merchant
// (sub_mch_id), where the network is an institution that acts for many.
type Config struct {
	AppID string // appid
	Key   string // shared secret of the merchant number, of 32 characters
}

// A Dialect translates towards WeChat Pay. It is safe for concurrent use.
type Dialect struct {
	appID string
	key   string
}

// New returns the dialect.
func New(c Config) *Dialect { return &Dialect{appID: c.AppID, key: c.Key} }

// Paths of the operations, after the wallet's endpoint.
const (
	payPath     = "/pay/micropay"
	inquirePath = "/pay/orderquery"
	reversePath = "/secapi/pay/reverse"
	refundPath  = "/secapi/pay/refund"
)

// Words and limits of the protocol.
const (
	success     = "SUCCESS"
	failure     = "FAIL"
	signType    = "HMAC-SHA256"
	ownAddress  = "127.0.0.1" // of the till; the network knows none
	bodyMax     = 40          // characters of a description, of 127 bytes
	nonceBytes  = 16
	codeLength  = 18
	ofPayment   = "pay_"
	ofMovement  = "mov_"
	mediaOfText = "text/xml; charset=utf-8"
)

// errUnclear is what a wallet says that proves nothing: whoever asked inquires.
var errUnclear = errors.New("this proves nothing")

// IsCode reports whether a scanned text is a payment code of WeChat Pay: 18 digits that
// begin with 10 to 15.
func IsCode(text string) bool {
	return len(text) == codeLength && text[0] == '1' && text[1] >= '0' && text[1] <= '5' &&
		!strings.ContainsFunc(text, func(r rune) bool { return r < '0' || r > '9' })
}

// CodeFor is how long a code is good for.
const CodeFor = time.Minute

// DrawCode draws a code as a telephone of this wallet does.
func DrawCode(chance hansa.Chance) string {
	drawn := chance.Draw("wechat code")
	text := []byte{'1', '0' + drawn[0]%6}
	for _, b := range drawn[1:] {
		if len(text) < codeLength {
			text = append(text, '0'+b%10)
		}
	}
	return string(text)
}

// kindCapture is a movement that moves nothing here.
const kindCapture = "capture"

// Call is what WeChat Pay is sent. It debits at once and reserves nothing: a capture only
// asks whether the payment stands, and a release gives back what was not captured. It
// refuses CodeInvalid where the code is none of its own.
func (d *Dialect) Call(call api.WalletCall, q api.Question) (api.Message, error) {
	drawn := q.Chance.Draw("wechat nonce")
	said := fields{
		"appid": d.appID, "mch_id": call.Wallet.ID, "sub_mch_id": call.Wallet.Merchant,
		"nonce_str": hex.EncodeToString(drawn[:nonceBytes]), "sign_type": signType,
		"out_trade_no": numberOf(call.Ask.Reference, ofPayment),
	}
	var path string
	switch call.Kind {
	case api.CallAsk:
		if !IsCode(call.Ask.Code) {
			return api.Message{}, hansa.Refuse(hansa.CodeInvalid, "not a code of this wallet")
		}
		path = payPath
		said.ask(call.Ask)
	case api.CallInquire:
		path = inquirePath
	case api.CallCancel:
		path = reversePath
	case api.CallCarry:
		if call.Carry.Kind == kindCapture {
			path = inquirePath
			break
		}
		path = refundPath
		said.refund(call)
	default:
		panic("wechat: a wallet is asked to " + call.Kind)
	}
	return d.message(path, said), nil
}

// ask says what is to be paid: the amount that the payer is debited, since the network
// has converted it. What the protocol has no field for is attached, and comes back.
func (f fields) ask(ask api.Ask) {
	f["auth_code"] = ask.Code
	f["total_fee"] = strconv.FormatInt(ask.DebitAmount.Value, 10)
	f["fee_type"] = string(ask.DebitAmount.Currency)
	f["body"] = shortened(strings.ReplaceAll(ask.Payee.Name, "=", " "), bodyMax) // A seal could be misread with it.
	f["attach"] = attached(ask.Payee.Store, ask.OrderAmount)
	f["spbill_create_ip"] = ownAddress
}

// refund says what is to be given back of a payment.
func (f fields) refund(call api.WalletCall) {
	f["out_refund_no"] = numberOf(call.Carry.Movement, ofMovement)
	f["total_fee"] = strconv.FormatInt(call.Ask.DebitAmount.Value, 10)
	f["refund_fee"] = strconv.FormatInt(call.Carry.DebitAmount.Value, 10)
	f["refund_fee_type"] = string(call.Carry.DebitAmount.Currency)
}

func (d *Dialect) message(path string, said fields) api.Message {
	d.sign(said)
	return api.Message{Method: http.MethodPost, URL: path, Header: http.Header{"Content-Type": {mediaOfText}}, Body: said.write()}
}

// numberOf writes a reference within the 32 characters that a number may have here.
func numberOf(reference, prefix string) string { return strings.TrimPrefix(reference, prefix) }

func shortened(text string, most int) string {
	characters := []rune(text)
	return string(characters[:min(len(characters), most)])
}

// attached is payee and amount of the order, in a form that is read back exactly.
func attached(store string, order money.Amount) string {
	return store + " " + strconv.FormatInt(order.Value, 10) + " " + string(order.Currency)
}

func readAttached(text string) (store string, order money.Amount, err error) {
	words := strings.Split(text, " ")
	last := len(words) - 1
	if last < 2 {
		return "", order, fmt.Errorf("attached is %d words: %w", len(words), errUnclear)
	}
	order, err = readAmount(words[last-1], words[last])
	return strings.Join(words[:last-1], " "), order, err
}

// readAmount reads minor units and a currency, which is CNY where none is said.
func readAmount(value, currency string) (money.Amount, error) {
	if currency == "" {
		currency = "CNY"
	}
	minor, err := strconv.ParseInt(value, 10, 64)
	amount := money.New(minor, money.Currency(currency))
	if err != nil || amount.Payable() != nil {
		return money.Amount{}, fmt.Errorf("an amount that is none: %w", errUnclear)
	}
	return amount, nil
}
