package qr_test

import (
	"crypto/ed25519"
	"fmt"
	"strings"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/qr"
)

func exampleKey() (ed25519.PrivateKey, qr.Directory) {
	key := ed25519.NewKeyFromSeed([]byte("an example key has 32 bytes here"))
	public, _ := key.Public().(ed25519.PublicKey)
	return key, qr.Directory{Key: func(id string) (qr.Key, bool) { return qr.Key{Public: public}, id == "example" }}
}

func ExampleSignStore() {
	key, directory := exampleKey()
	text, err := qr.SignStore(qr.StoreCode{
		Code:     "NO4F7K2M9QXR",
		Currency: "NOK",
		Payee:    qr.Payee{Name: "Kafé Blåbær", City: "Bergen", Country: "NO", Category: "5812", Language: "no"},
	}, "example", key)
	if err != nil {
		fmt.Println(err)
		return
	}
	judged := qr.Verify(text, directory, time.Date(2026, time.November, 22, 14, 0, 0, 0, time.UTC))
	fmt.Println(judged.Kind, judged.Store.Code, judged.Store.Name, judged.Store.LatinName, judged.Refusal())
	// Output: hansa/store NO4F7K2M9QXR Kafé Blåbær Kafe Blabaer <nil>
}

func ExampleVerify() {
	key, directory := exampleKey()
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
	now := time.Date(2026, time.November, 22, 14, 29, 0, 0, time.UTC)
	judged := qr.Verify(text, directory, now)
	fmt.Println(judged.Order.Order, judged.Order.Amount, judged.Refusal())
	dearer := strings.Replace(text, "5406100.00", "5406900.00", 1)
	for _, when := range []struct {
		text string
		now  time.Time
	}{{text, now.Add(time.Hour)}, {dearer, now}} {
		fmt.Println(qr.Verify(when.text, directory, when.now).Refusal())
	}
	// Output:
	// ord_1 100.00 NOK <nil>
	// order_expired: expired: this order expired at 2026-11-22T14:30:05Z
	// code_invalid: checksum: wrong checksum: the code was misread or altered
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

func ExampleRead() {
	read := qr.Read("7001 1213 3433 7376 3657 1868")
	fmt.Println(read.Kind, read.Valid, len(read.Findings))
	for _, field := range read.Fields {
		fmt.Println(field.Name, field.Value)
	}
	// Output:
	// hansa/payment true 0
	// payment_code 700112133433737636571868
	// issuer 700112
	// type 1
}
