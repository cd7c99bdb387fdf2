package wechat_test

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/api/apitest"
	"github.com/hansa-network/hansa/dialect/wechat"
	"github.com/hansa-network/hansa/money"
)

const key = "192006250b4c09247ec02edce69f6a2d"

var (
	noon    = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	config  = wechat.Config{AppID: "wxd930ea5d5a258f4f", Key: key}
	dialect = wechat.New(config)
	party   = wechat.NewParty(config, "10000100")
	wallet  = api.Client{Dialect: wechat.Name, ID: "10000100"}
	ask     = api.Ask{
		Reference: "pay_06h06852000013apzgqah56xm4rgp", Code: "134567890123456789",
		Payee:       api.Payee{Store: "bergen-cafe", Name: "Kafé Bryggen & Sønn <Bergen>", City: "Bergen", Country: "NO", Category: "5814"},
		OrderAmount: money.New(10000, "NOK"), DebitAmount: money.New(6543, "CNY"), PayerUntil: noon.Add(time.Minute),
	}
	carry = api.Carry{
		Movement: "mov_06h0685200000h6dycy7rz81j6sxc", Payment: ask.Reference, Kind: "refund",
		OrderAmount: money.New(5000, "NOK"), DebitAmount: money.New(3271, "CNY"),
	}
)

func calls() []api.WalletCall {
	return []api.WalletCall{
		{Kind: api.CallAsk, Ask: ask, Wallet: wallet},
		{Kind: api.CallInquire, Ask: ask, Wallet: wallet},
		{Kind: api.CallCancel, Ask: ask, Stop: api.Stop{Reference: ask.Reference, Reason: "payment_expired"}, Wallet: wallet},
		{Kind: api.CallCarry, Ask: ask, Carry: carry, Wallet: wallet},
	}
}

// TestCalls shows each message as it is sent.
func TestCalls(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	for _, call := range calls() {
		m, err := dialect.Call(call, api.Question{Now: noon, Chance: hansa.Chance{1}})
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&text, "%s %s\nContent-Type: %s\n%s\n\n", m.Method, m.URL, m.Header.Get("Content-Type"), strings.ReplaceAll(string(m.Body), "><", ">\n<"))
		for _, number := range []string{"out_trade_no", "out_refund_no"} {
			if value := field(m.Body, number); len(value) > 32 {
				t.Errorf("%s has %d characters", number, len(value))
			}
		}
	}
	apitest.Golden(t, "calls.txt", text.String())
}

// question is a message as the other side gets it.
func question(t *testing.T, m api.Message) api.Question {
	t.Helper()
	r, err := http.NewRequest(http.MethodPost, "https://api.mch.example"+m.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	return api.Question{Request: r, Body: m.Body, Now: noon, Chance: hansa.Chance{2}}
}

// TestAStrangersCode is refused before anything is sent.
func TestAStrangersCode(t *testing.T) {
	t.Parallel()
	stranger := calls()[0]
	stranger.Ask.Code = "28763443825664394"
	_, err := dialect.Call(stranger, api.Question{})
	if got, _ := hansa.ReasonOf(err); got != hansa.CodeInvalid {
		t.Errorf("a stranger's code: %v", err)
	}
}

// TestOfficialSignature is the example of the maker's own documents.
func TestOfficialSignature(t *testing.T) {
	t.Parallel()
	said := map[string]string{"appid": config.AppID, "mch_id": "10000100", "device_info": "1000", "body": "test", "nonce_str": "ibuaiVcKdpRxkhJA"}
	if want, got := "6A9AE1657590FD6257D693A078E1C3E4BB6BA4DC30B23E0EE2496E54170DACD6", seal(said, sealing); got != want {
		t.Errorf("want %s, got %s", want, got)
	}
	said["out_trade_no"] = "1"
	said["sign"] = seal(said, sealing)
	if _, err := party.Asked(question(t, api.Message{URL: "/pay/orderquery", Body: xml(said)})); err != nil {
		t.Errorf("the dialect computes another: %v", err)
	}
}

// seal is written here a second time, by the documents and not by the code.
func seal(said map[string]string, with func() hash.Hash) string {
	text := ""
	for _, name := range slices.Sorted(maps.Keys(said)) {
		if name != "sign" && said[name] != "" {
			text += name + "=" + said[name] + "&"
		}
	}
	sum := with()
	sum.Write([]byte(text + "key=" + key))
	return strings.ToUpper(hex.EncodeToString(sum.Sum(nil)))
}

func sealing() hash.Hash { return hmac.New(sha256.New, []byte(key)) }

func xml(said map[string]string) []byte {
	text := "<xml>"
	for _, name := range slices.Sorted(maps.Keys(said)) {
		text += "<" + name + "><![CDATA[" + said[name] + "]]></" + name + ">"
	}
	return []byte(text + "</xml>")
}

// field finds a field of a message without reading it as XML.
func field(body []byte, name string) string {
	_, value, _ := strings.Cut(string(body), "<"+name+">")
	value, _, _ = strings.Cut(value, "</"+name+">")
	return value
}

// paid is what WeChat Pay says to a payment, in the order of its documents.
func paid() map[string]string {
	return map[string]string{
		"return_code": "SUCCESS", "return_msg": "OK", "appid": config.AppID, "mch_id": "10000100", "nonce_str": "5K8264ILTKCH16CQ2502SI8ZNMTM67VS",
		"result_code": "SUCCESS", "openid": "oUpF8uN95-Ptaags6E_roPHg7AG0", "is_subscribe": "N", "trade_type": "MICROPAY", "bank_type": "CMC",
		"fee_type": "CNY", "total_fee": "6543", "cash_fee": "6543", "transaction_id": "1008450740201411110005820873",
		"out_trade_no": "06h06852000013apzgqah56xm4rgp", "attach": "bergen-cafe 10000 NOK", "time_end": "20261122200000", "trade_state": "SUCCESS",
		"out_refund_no": "06h0685200000h6dycy7rz81j6sxc", "refund_fee": "3271", "refund_fee_type": "CNY", "recall": "N",
	}
}

// with changes fields; an empty value takes one away. It is then sealed.
func with(changes ...string) map[string]string {
	said := paid()
	for i := 0; i < len(changes); i += 2 {
		said[changes[i]] = changes[i+1]
	}
	said["sign"] = seal(said, sealing)
	return said
}

// heard tells what the network understands of an answer.
func heard(call api.WalletCall, answer api.Answer) string {
	if call.Kind == api.CallCarry {
		said, err := dialect.Carried(call, api.Message{}, answer, wallet)
		return understood(said, err)
	}
	said, err := dialect.Heard(call, api.Message{}, answer, wallet)
	return understood(said, err)
}

func understood(said any, err error) string {
	if err != nil {
		return "silence: " + err.Error()
	}
	text, err := json.Marshal(said)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

func answer(said map[string]string) api.Answer {
	return api.Answer{Status: http.StatusOK, Body: xml(said)}
}

// TestAnswers tells what each answer to each call means.
func TestAnswers(t *testing.T) {
	t.Parallel()
	codes := []string{
		"USERPAYING", "SYSTEMERROR", "BANKERROR", "NOTENOUGH", "AUTHCODEEXPIRE", "AUTH_CODE_ERROR", "AUTH_CODE_INVALID", "NOTSUPORTCARD",
		"BUYER_MISMATCH", "TRADE_ERROR", "RULELIMIT", "USER_ACCOUNT_ABNORMAL", "ORDERPAID", "ORDERCLOSED", "ORDERREVERSED", "ORDERNOTEXIST",
		"OUT_TRADE_NO_USED", "NOAUTH", "PARAM_ERROR", "LACK_PARAMS", "SIGNERROR", "XML_FORMAT_ERROR", "REQUIRE_POST_METHOD", "NOT_UTF8",
		"APPID_NOT_EXIST", "MCHID_NOT_EXIST", "APPID_MCHID_NOT_MATCH", "INVALID_REQUEST", "TRADE_OVERDUE", "FREQUENCY_LIMITED",
		"BIZERR_NEED_RETRY", "INVALID_TRANSACTIONID", "", "SOMETHING_NEW",
	}
	states := []string{"SUCCESS", "REFUND", "NOTPAY", "CLOSED", "REVOKED", "USERPAYING", "PAYERROR", "ACCEPT", ""}
	var text strings.Builder
	for _, call := range calls() {
		fmt.Fprintf(&text, "== %s\n%-24s %s\n", call.Kind, "SUCCESS", heard(call, answer(with())))
		if call.Kind == api.CallInquire {
			for _, state := range states {
				fmt.Fprintf(&text, "SUCCESS %-16s %s\n", state, heard(call, answer(with("trade_state", state))))
			}
		}
		for _, code := range codes {
			fmt.Fprintf(&text, "FAIL %-19s %s\n", code, heard(call, answer(with("result_code", "FAIL", "err_code", code))))
		}
		fmt.Fprintf(&text, "%-24s %s\n", "SUCCESS, recall", heard(call, answer(with("recall", "Y"))))
	}
	apitest.Golden(t, "answers.txt", text.String())
}

// TestBadEnvelopes takes each of these for silence, whatever was asked.
func TestBadEnvelopes(t *testing.T) {
	t.Parallel()
	good := string(xml(with()))
	body := func(text string) api.Answer { return api.Answer{Status: http.StatusOK, Body: []byte(text)} }
	changed := func(old, changed string) api.Answer { return body(strings.Replace(good, old, changed, 1)) }
	unsealed, short, plain := with(), with(), with()
	delete(unsealed, "sign")
	short["sign"] = short["sign"][:32]
	plain["sign"] = seal(plain, md5.New)
	absorbed := with("recall", "Y")
	absorbed["out_trade_no"] += "&recall=Y"
	delete(absorbed, "recall")
	cases := []struct {
		name   string
		answer api.Answer
	}{
		{"status 500", api.Answer{Status: http.StatusInternalServerError, Body: []byte(good)}},
		{"status 302", api.Answer{Status: http.StatusFound, Body: []byte(good)}},
		{"nothing", body("")},
		{"JSON", body(`{"return_code":"SUCCESS"}`)},
		{"half of it", body(good[:len(good)/2])},
		{"no end", body(strings.TrimSuffix(good, "</xml>"))},
		{"more after the end", body(good + "<xml></xml>")},
		{"text after the end", body(good + "x")},
		{"text between fields", changed("<appid>", "x<appid>")},
		{"another root", body(strings.ReplaceAll(good, "xml>", "html>"))},
		{"a document type", body(`<!DOCTYPE xml [<!ENTITY e "e">]>` + good)},
		{"an outside entity", body(`<!DOCTYPE xml [<!ENTITY e SYSTEM "file:///etc/passwd">]><xml><return_code>&e;</return_code></xml>`)},
		{"an unknown entity", changed("<![CDATA[OK]]>", "&ok;")},
		{"a comment", changed("<appid>", "<!-- --><appid>")},
		{"an instruction", body(`<?php ?>` + good)},
		{"another encoding", body(`<?xml version="1.0" encoding="GBK"?>` + good)},
		{"an attribute", changed("<appid>", `<appid a="b">`)},
		{"a name space", changed("<appid>", "<a:appid>")},
		{"an element in a field", changed("<![CDATA[OK]]>", "<b>OK</b>")},
		{"very deep", body(strings.Repeat("<xml>", 10_000))},
		{"very large", body("<xml><a>" + strings.Repeat("a", 70_000) + "</a></xml>")},
		{"very many fields", body("<xml>" + manyFields() + "</xml>")},
		{"a field twice", changed("<appid>", "<mch_id>1</mch_id><appid>")},
		{"broken UTF-8", changed("<![CDATA[OK]]>", "\xff")},
		{"one character changed", changed("6543", "6542")},
		{"one field more", changed("<appid>", "<coupon_fee>1</coupon_fee><appid>")},
		{"one field less", changed("<is_subscribe><![CDATA[N]]></is_subscribe>", "")},
		{"no signature", answer(unsealed)},
		{"half a signature", answer(short)},
		{"MD5", answer(plain)},
		{"a field in another", answer(absorbed)},
		{"another merchant", answer(with("mch_id", "10000101"))},
		{"another application", answer(with("appid", "wx0000000000000000"))},
		{"another payment", answer(with("out_trade_no", "06h0685200000000000000000000"))},
		{"not taken", answer(with("return_code", "FAIL"))},
		{"no result", answer(with("result_code", ""))},
		{"another result", answer(with("result_code", "MAYBE"))},
	}
	var text strings.Builder
	for _, tt := range cases {
		for _, call := range calls() {
			got := heard(call, tt.answer)
			if !strings.HasPrefix(got, "silence: ") {
				t.Errorf("%s, %s: %s", tt.name, call.Kind, got)
			}
			if call.Kind == api.CallAsk {
				fmt.Fprintf(&text, "%-24s %s\n", tt.name, got)
			}
		}
	}
	apitest.Golden(t, "refused.txt", text.String())
}

func manyFields() string {
	text := ""
	for i := range 200 {
		text += fmt.Sprintf("<f%d>1</f%d>", i, i)
	}
	return text
}

// TestWrongEchoIsToldAsItIs leaves it to the network to compare what was paid with what
// was asked, and takes a yes without an echo for silence.
func TestWrongEchoIsToldAsItIs(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	yeses := [][]string{
		{"total_fee", "1"},
		{"fee_type", "NOK"},
		{"fee_type", ""},
		{"attach", "elsewhere 10000 NOK"},
		{"attach", "bergen-cafe 1 NOK"},
		{"total_fee", ""},
		{"total_fee", "-1"},
		{"total_fee", "65.43"},
		{"fee_type", "XYZ"},
		{"attach", ""},
		{"attach", "bergen-cafe"},
		{"attach", "bergen-cafe 10000 XYZ"},
		{"out_trade_no", ""},
	}
	for _, change := range yeses {
		fmt.Fprintf(&text, "%-40s %s\n", strings.Join(change, " = "), heard(calls()[0], answer(with(change...))))
	}
	for _, change := range [][]string{{"refund_fee", "1"}, {"refund_fee_type", "NOK"}, {"refund_fee_type", ""}, {"out_refund_no", "1"}, {"refund_fee", ""}} {
		fmt.Fprintf(&text, "%-40s %s\n", strings.Join(change, " = "), heard(calls()[3], answer(with(change...))))
	}
	apitest.Golden(t, "echo.txt", text.String())
}

// TestBothWays lets a make-believe WeChat Pay read each call and answer it, and the
// network understand what was meant.
func TestBothWays(t *testing.T) {
	t.Parallel()
	yes := api.WalletAnswer{Reference: ask.Reference, Status: api.AnswerPaid, OrderAmount: ask.OrderAmount, DebitAmount: ask.DebitAmount, Payee: ask.Payee.Store}
	waiting := api.WalletAnswer{Reference: ask.Reference, Status: api.AnswerAwaitingPayer, Until: &ask.PayerUntil}
	gone := api.WalletAnswer{Reference: ask.Reference, Status: api.AnswerCancelled}
	declined := func(reason hansa.Reason) api.WalletAnswer {
		return api.WalletAnswer{Reference: ask.Reference, Status: api.AnswerDeclined, Reason: string(reason)}
	}
	told := map[string][]api.WalletAnswer{
		api.CallAsk: {
			yes, waiting, declined(hansa.InsufficientFunds), declined(hansa.PayerBlocked), declined(hansa.WalletLimit),
			declined(hansa.CodeExpired), declined(hansa.CodeInvalid), declined(hansa.PaymentDeclined),
		},
		api.CallInquire: {yes, waiting, gone, declined(hansa.PaymentDeclined), {Reference: ask.Reference, Status: api.AnswerNotFound}},
		api.CallCancel:  {gone},
	}
	for _, call := range calls()[:3] {
		sent, err := dialect.Call(call, api.Question{Chance: hansa.Chance{1}})
		if err != nil {
			t.Fatal(err)
		}
		read, err := party.Asked(question(t, sent))
		if err != nil {
			t.Fatal(err)
		}
		want := api.WalletCall{Kind: call.Kind, Ask: api.Ask{Reference: ask.Reference}, Wallet: wallet}
		switch call.Kind {
		case api.CallAsk:
			want.Ask.Code, want.Ask.DebitAmount, want.Ask.OrderAmount = ask.Code, ask.DebitAmount, ask.OrderAmount
			want.Ask.Payee = api.Payee{Store: ask.Payee.Store, Name: ask.Payee.Name}
			want.Ask.PayerUntil = read.Ask.PayerUntil // It is the wallet that sets it: the protocol carries none.
		case api.CallCancel:
			want.Stop.Reference = ask.Reference
		}
		if diff := cmp.Diff(want, read); diff != "" {
			t.Errorf("%s (-want +got):\n%s", call.Kind, diff)
		}
		for _, want := range told[call.Kind] {
			got, err := dialect.Heard(call, sent, party.Answered(question(t, sent), read, want), wallet)
			if diff := cmp.Diff(want, got); diff != "" || err != nil {
				t.Errorf("%s %s: %v (-want +got):\n%s", call.Kind, want.Status, err, diff)
			}
		}
		if got, err := dialect.Heard(call, sent, party.Answered(question(t, sent), read, api.WalletAnswer{}), wallet); err == nil {
			t.Errorf("%s: a fault of the wallet is heard as %v", call.Kind, got)
		}
	}
}

// TestRefundBothWays does the same with a movement.
func TestRefundBothWays(t *testing.T) {
	t.Parallel()
	call := calls()[3]
	sent, err := dialect.Call(call, api.Question{Chance: hansa.Chance{1}})
	if err != nil {
		t.Fatal(err)
	}
	read, err := party.Asked(question(t, sent))
	if err != nil || read.Carry.Movement != carry.Movement || read.Carry.Payment != carry.Payment || read.Carry.DebitAmount != carry.DebitAmount {
		t.Fatalf("%+v, %v", read.Carry, err)
	}
	for _, want := range []api.Carried{
		{Movement: carry.Movement, Status: api.AnswerDone},
		{Movement: carry.Movement, Status: api.AnswerRefused, Reason: string(hansa.PaymentDeclined)},
	} {
		got, err := dialect.Carried(call, sent, party.CarriedOut(question(t, sent), read, want), wallet)
		if got != want || err != nil {
			t.Errorf("want %v, got %v, %v", want, got, err)
		}
	}
	if got, err := dialect.Carried(call, sent, party.CarriedOut(question(t, sent), read, api.Carried{}), wallet); err == nil {
		t.Errorf("a fault of the wallet is heard as %v", got)
	}
}

// TestACaptureAsksWhetherThePaymentStands, which was debited at once.
func TestACaptureAsksWhetherThePaymentStands(t *testing.T) {
	t.Parallel()
	capture, release := calls()[3], calls()[3]
	capture.Carry.Kind, release.Carry.Kind = "capture", "release"
	sent, err := dialect.Call(capture, api.Question{Chance: hansa.Chance{1}})
	if err != nil || sent.URL != "/pay/orderquery" {
		t.Fatal(sent.URL, err)
	}
	if sent, err := dialect.Call(release, api.Question{}); err != nil || sent.URL != "/secapi/pay/refund" {
		t.Error(sent.URL, err)
	}
	for state, want := range map[string]string{
		"SUCCESS": api.AnswerDone, "REFUND": api.AnswerDone, "REVOKED": api.AnswerRefused, "CLOSED": api.AnswerRefused, "USERPAYING": "", "NEW": "",
	} {
		got, err := dialect.Carried(capture, sent, answer(with("trade_state", state)), wallet)
		if got.Status != want || (err == nil) != (want != "") {
			t.Errorf("%s: %+v, %v", state, got, err)
		}
	}
	if got, err := dialect.Carried(capture, sent, answer(with("result_code", "FAIL", "err_code", "ORDERNOTEXIST")), wallet); err == nil {
		t.Errorf("a payment that is not there: %+v", got)
	}
}

// TestPartyRefuses what the network has not said, and the network hears nothing in that.
func TestPartyRefuses(t *testing.T) {
	t.Parallel()
	sent, err := dialect.Call(calls()[0], api.Question{})
	if err != nil {
		t.Fatal(err)
	}
	for name, m := range map[string]api.Message{
		"one character changed": {URL: sent.URL, Body: []byte(strings.Replace(string(sent.Body), "6543", "6542", 1))},
		"another path":          {URL: "/pay/unifiedorder", Body: sent.Body},
		"an inquiry's body":     {URL: "/secapi/pay/refund", Body: sent.Body},
		"nothing":               {URL: sent.URL},
		"another key":           {URL: sent.URL, Body: mustCall(t, wechat.New(wechat.Config{AppID: config.AppID, Key: "another"}))},
		"another application":   {URL: sent.URL, Body: mustCall(t, wechat.New(wechat.Config{AppID: "wx0", Key: key}))},
	} {
		_, err := party.Asked(question(t, m))
		if reason, _ := hansa.ReasonOf(err); reason != hansa.BadSignature && reason != hansa.Malformed {
			t.Errorf("%s: %v", name, err)
		}
		if got := heard(calls()[0], party.Refused(api.Question{}, err)); !strings.HasPrefix(got, "silence: ") {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func mustCall(t *testing.T, d *wechat.Dialect) []byte {
	t.Helper()
	m, err := d.Call(calls()[0], api.Question{})
	if err != nil {
		t.Fatal(err)
	}
	return m.Body
}

// TestCodes tells codes of WeChat Pay from others.
func TestCodes(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]bool{
		"100000000000000000": true, "159999999999999999": true, "134567890123456789": true,
		"160000000000000000": false, "090000000000000000": false, "13456789012345678": false, "1345678901234567890": false,
		"13456789012345678a": false, "": false, "２34567890123456789": false,
	} {
		if got := wechat.IsCode(code); got != want {
			t.Errorf("%q: want %t, got %t", code, want, got)
		}
	}
}

// FuzzAnswers never makes the dialect panic, and nothing unsigned is heard.
func FuzzAnswers(f *testing.F) {
	f.Add(xml(with()), byte(0))
	f.Add(xml(with("result_code", "FAIL", "err_code", "USERPAYING")), byte(1))
	f.Add([]byte(`<?xml version="1.0"?><xml><a/></xml>`), byte(2))
	f.Add([]byte(`<!DOCTYPE a [<!ENTITY b "c">]><xml>&b;</xml>`), byte(3))
	f.Fuzz(func(t *testing.T, body []byte, which byte) {
		call := calls()[int(which)%len(calls())]
		got := heard(call, api.Answer{Status: http.StatusOK, Body: body})
		if !strings.HasPrefix(got, "silence: ") && !strings.Contains(string(body), "sign>") {
			t.Errorf("heard %s", got)
		}
		_, _ = party.Asked(question(t, api.Message{URL: "/pay/micropay", Body: body}))
	})
}
