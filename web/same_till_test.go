package web_test

import (
	"strings"
	"testing"
)

// TestTheSameTillForEverybody sells to a local, a Nordic visitor and a Chinese visitor. The
// bytes that the till sends differ in the scanned code and in its own ids, and in nothing
// else.
func TestTheSameTillForEverybody(t *testing.T) {
	t.Parallel()
	m := newMerchantSystem(t)
	m.wallet = yes
	sale := func(id, code string) string {
		return strings.NewReplacer("ID", id, "CODE", code).Replace(`{"productCode":"IN_STORE_PAYMENT","paymentRequestId":"ID",
 "order":{"referenceOrderId":"order-ID","orderDescription":"Two coffees","orderAmount":{"currency":"NOK","value":"10000"}},
 "paymentAmount":{"currency":"NOK","value":"10000"},
 "paymentMethod":{"paymentMethodType":"CONNECT_WALLET","paymentMethodId":"CODE"},
 "paymentFactor":{"inStorePaymentScenario":"PaymentCode"}}`)
	}
	sent := make(map[string]string)
	customers := []struct{ who, wallet, payer, id string }{
		{"a local", "vipps", "ola", "sale-1"}, {"a Nordic visitor", "epassi", "pekka", "sale-2"}, {"a Chinese visitor", "alipay", "li", "sale-3"},
	}
	for _, customer := range customers {
		code := m.code(customer.wallet, customer.payer)
		body := sale(customer.id, code)
		if paid := m.asks(amsPath+"pay", body); paid.Result.Status != "S" {
			t.Errorf("%s does not pay: %+v", customer.who, paid)
		}
		sent[customer.who] = body
		if plain := strings.NewReplacer(customer.id, "ID", code, "CODE").Replace(body); plain != sale("ID", "CODE") {
			t.Errorf("%s: the till sends something else:\n%s", customer.who, plain)
		}
	}
	for _, customer := range customers[1:] {
		t.Log(diffOf(customers[0].who, sent[customers[0].who], customer.who, sent[customer.who]))
	}
}

// diffOf prints the lines in which two requests differ.
func diffOf(first, one, second, other string) string {
	var text strings.Builder
	lines := strings.Split(other, "\n")
	for i, line := range strings.Split(one, "\n") {
		if line != lines[i] {
			text.WriteString("\n- " + first + ": " + line + "\n+ " + second + ": " + lines[i])
		}
	}
	return text.String()
}
