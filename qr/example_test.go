package qr_test

import (
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/qr"
)

func exampleKey() (ed25519.PrivateKey, qr.Keys) {
	key := ed25519.NewKeyFromSeed([]byte("an example key has 32 bytes here"))
	return key, func(keyID string) (ed25519.PublicKey, bool) {
		return key.Public().(ed25519.PublicKey), keyID == "example"
	}
}

func ExampleSignStore() {
	key, keys := exampleKey()
	text, err := qr.SignStore(qr.StoreCode{
		Code:     "NO4F7K2M9QXR",
		Currency: "NOK",
		Payee:    qr.Payee{Name: "Kafé Blåbær", City: "Bergen", Country: "NO", Category: "5812", Language: "no"},
	}, "example", key)
	if err != nil {
		fmt.Println(err)
		return
	}
	code, err := qr.ReadStore(text, keys)
	fmt.Println(code.Code, code.Name, code.LatinName, err)
	// Output: NO4F7K2M9QXR Kafé Blåbær Kafe Blabaer <nil>
}

func ExampleReadOrder() {
	key, keys := exampleKey()
	text, err := qr.SignOrder(qr.OrderCode{
		Order:     "ord_1",
		Amount:    money.New(10000, "NOK"),
		ExpiresAt: time.Date(2026, time.November, 22, 14, 30, 5, 0, time.UTC),
		Payee:     qr.Payee{Name: "Bergen Cafe", City: "Bergen", Country: "NO", Category: "5812"},
	}, "example", key)
	if err != nil {
		fmt.Println(err)
		return
	}
	order, err := qr.ReadOrder(text, keys)
	fmt.Println(order.Order, order.Amount, order.Expired(order.ExpiresAt), err)
	_, err = qr.ReadOrder(text, func(string) (ed25519.PublicKey, bool) { return nil, false })
	fmt.Println(err)
	// Output:
	// ord_1 100.00 NOK true <nil>
	// unknown_key: code signed with key example
}

func ExampleIdentify() {
	for _, text := range []string{"7001 1211 2345 6789 0123 4560", "281234567890123456"} {
		fmt.Println(qr.Identify(text))
	}
	// Output:
	// payment <nil>
	//  code_unknown: neither a payment code of this network nor an EMVCo code
}

func ExampleParse() {
	payload, err := qr.Parse("00020126200008com.test0104M00153039785406100.005802DE5910Löwen Café6304E0AF")
	if err != nil {
		fmt.Println(err)
		return
	}
	name, _ := payload.Value(qr.IDName)
	amount, _ := payload.Value(qr.IDAmount)
	fmt.Println(name, amount)
	// Output: Löwen Café 100.00
}

func ExampleNewPaymentCode() {
	text, err := qr.NewPaymentCode("700112", qr.Issued, hansa.Chance{1})
	if err != nil {
		fmt.Println(err)
		return
	}
	code, err := qr.ParsePaymentCode(text)
	fmt.Println(code.Grouped(), code.Issuer, err)
	// Output: 7001 1213 3433 7376 3657 1868 700112 <nil>
}

func ExampleDescribe() {
	description, err := qr.Describe("7001 1213 3433 7376 3657 1868")
	if err != nil {
		fmt.Println(err)
		return
	}
	text, err := json.Marshal(description)
	fmt.Println(string(text), err)
	// Output: {"kind":"payment","fields":[{"name":"code","value":"700112133433737636571868"},{"name":"issuer","value":"700112"},{"name":"type","value":"1"}]} <nil>
}

func ExampleNewSymbol() {
	symbol, err := qr.NewSymbol("700112112345678901234560", qr.Medium)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(symbol.Size(), len(symbol.SVG()) > 0, len(symbol.PNG(8)) > 0)
	// Output: 25 true true
}

func ExampleLatin() {
	fmt.Println(qr.Latin("Smørbrød & Weißbier"))
	_, ok := qr.Latin("咖啡馆")
	fmt.Println(ok)
	// Output:
	// Smorbrod & Weissbier true
	// false
}
