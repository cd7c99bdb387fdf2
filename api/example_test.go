package api_test

import (
	"bytes"
	"crypto/ed25519"
	"fmt"
	"net/http"
	"strings"

	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/money"
)

func ExampleSignRequest() {
	body := api.Encode(api.AskQuote{RequestID: "r-1", Code: "123", Amount: money.Amount{Value: 10000, Currency: "NOK"}})
	r, err := http.NewRequest(http.MethodPost, "https://pay.example/v1/quotes", bytes.NewReader(body))
	if err != nil {
		fmt.Println(err)
		return
	}
	r.Header.Set("Content-Type", api.MediaJSON)
	if err := api.SignRequest(r, body, api.Signing{KeyID: "vipps#1", Key: keyOf("vipps#1"), Now: signedAt, Nonce: "n-1"}); err != nil {
		fmt.Println(err)
		return
	}
	for _, name := range []string{"Content-Digest", "Signature-Input", "Signature"} {
		fmt.Println(name+":", strings.ReplaceAll(r.Header.Get(name), ";", "\n  ;"))
	}
	// Output:
	// Content-Digest: sha-256=:ANC2nO4cfiCUyV9XX2u94ezxGeNJZscKBw0anDrOaUc=:
	// Signature-Input: hansa=("@method" "@target-uri" "content-type" "content-digest")
	//   ;created=1795348800
	//   ;keyid="vipps#1"
	//   ;nonce="n-1"
	//   ;tag="hansa-v1"
	// Signature: hansa=:k51TRWoY7ro/7fWPm70b5s/lWaWY0pGSiKzLK+LoqTBCnnJ82zUSGrx+SwrAXPQfKAqHplLO4seEXgyJJqyJAA==:
}

func ExampleRequestBase() {
	r, err := http.NewRequest(http.MethodGet, "https://pay.example/v1/payments/pay_1", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	base, err := api.RequestBase(r, "https://pay.example", `("@method" "@target-uri");created=1795348800;keyid="vipps#1";nonce="n-1";tag="hansa-v1"`)
	fmt.Println(base, err)
	// Output:
	// "@method": GET
	// "@target-uri": https://pay.example/v1/payments/pay_1
	// "@signature-params": ("@method" "@target-uri");created=1795348800;keyid="vipps#1";nonce="n-1";tag="hansa-v1" <nil>
}

func ExampleVerifyRequest() {
	r, err := http.NewRequest(http.MethodGet, "https://pay.example/v1/payments/pay_1", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := api.SignRequest(r, nil, api.Signing{KeyID: "nets#1", Key: keyOf("nets#1"), Now: signedAt, Nonce: "n-1"}); err != nil {
		fmt.Println(err)
		return
	}
	keys := func(keyID string) (api.Key, bool) {
		return api.Key{Public: keyOf("nets#1").Public().(ed25519.PublicKey)}, keyID == "nets#1"
	}
	verified, err := api.VerifyRequest(r, nil, "https://pay.example", keys, signedAt)
	fmt.Println(verified.KeyID, verified.Nonce, err)
	_, err = api.VerifyRequest(r, []byte("{}"), "https://pay.example", keys, signedAt)
	fmt.Println(err)
	// Output:
	// nets#1 n-1 <nil>
	// bad_signature: "content-type" is not covered
}

func ExampleDecode() {
	for _, body := range []string{
		`{"request_id":"r-1"}`,
		`{"request_id":"r-1","status":"approved"}`,
		`{"request_id":"r-1","request_id":"r-2"}`,
		`{"Request_ID":"r-1"}`,
	} {
		var change api.Change
		fmt.Println(api.Decode([]byte(body), &change), change)
	}
	// Output:
	// <nil> {r-1}
	// unknown_field: status {}
	// malformed: request_id: given twice {}
	// unknown_field: Request_ID {}
}

func ExampleProblemOf() {
	var change api.Change
	err := api.Decode([]byte(`{}`), &change)
	fmt.Println(string(api.Encode(api.ProblemOf(err))))
	// Output:
	// {"type":"https://github.com/hansa-network/hansa/blob/main/docs/reasons.md#malformed","title":"The request is not in the expected form","status":400,"detail":"request_id: required","reason":"malformed","retry":"never"}
}

func ExampleSignWebhook() {
	header, body := http.Header{}, []byte(`{"type":"payment.approved"}`)
	signing := api.WebhookSigning{Keys: []ed25519.PrivateKey{keyOf("hansa#1")}}
	if err := api.SignWebhook(header, "evt_1", body, signing, signedAt); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(header.Get("webhook-id"), header.Get("webhook-timestamp"), header.Get("webhook-signature"))
	keys := api.WebhookKeys{Keys: []ed25519.PublicKey{keyOf("hansa#1").Public().(ed25519.PublicKey)}}
	fmt.Println(api.VerifyWebhook(header, body, keys, signedAt))
	// Output:
	// evt_1 1795348800 v1a,Ry84l5mfAmnIqRoywzrvU6iH+eUwUHEnqYAvwZH6NOfVqkAi6v27xzTeDN25BO+8Z8+/oqSbYY8dGL5+1iPuBw==
	// <nil>
}

func ExampleCursor() {
	cursor := api.Cursor{Partition: 0, Height: 17, Index: 3}
	fmt.Println(cursor)
	fmt.Println(api.ParseCursor(cursor.String()))
	fmt.Println(api.ParseCursor("17"))
	// Output:
	// cur_AAAAAAAAAAAAEQAAAAM
	// cur_AAAAAAAAAAAAEQAAAAM <nil>
	// cur_AAAAAAAAAAAAAAAAAAA malformed: not a cursor
}

func ExampleParseKeyID() {
	fmt.Println(api.ParseKeyID("nets#1"))
	// Output:
	// nets 1 <nil>
}
