package sim_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/sim"
)

// Places where benefits are good, or not.
var (
	lunch = api.Payee{Store: "helsinki-lunch", Name: "Lounas Kallio", City: "Helsinki", Country: "FI", Category: "5812"}
	swim  = api.Payee{Store: "helsinki-swim", Name: "Uimahalli Uimari", City: "Helsinki", Country: "FI", Category: "7997"}
	books = api.Payee{Store: "stockholm-books", Name: "Gamla Stans Bokhandel", City: "Stockholm", Country: "SE", Category: "5942"}
)

// printed is what the payer accepted at a printed code.
func printed(w *sim.Wallet, reference, payer string, debit int64, now time.Time) sim.Consent {
	return sim.Consent{
		Reference: reference, Payer: payer, Payee: cafe, Before: now.Add(time.Minute), Printed: true, PIN: sim.UsualPIN,
		OrderAmount: money.New(1_00, "NOK"), DebitAmount: money.New(debit, w.Terms().Debits),
	}
}

// TestAlipayBoundsADayOfPrintedCodes: 500 yuan for each person and each day of
// UTC+8, whatever is paid at tills meanwhile.
func TestAlipayBoundsADayOfPrintedCodes(t *testing.T) {
	t.Parallel()
	w, _ := newWallet(t, "alipay")
	lastOfTheDay := time.Date(2026, 6, 1, 15, 59, 59, 0, time.UTC) // 23:59:59 in China
	midnight := lastOfTheDay.Add(time.Second)
	for _, row := range []struct {
		reference, payer string
		debit            int64
		at               time.Time
		till             bool
		want             hansa.Reason
	}{
		{"pay_1", "ann", 300_00, lastOfTheDay.Add(-9 * time.Hour), false, ""},
		{"pay_2", "ann", 200_00, lastOfTheDay.Add(-8 * time.Hour), true, ""},
		{"pay_3", "ann", 200_01, lastOfTheDay.Add(-7 * time.Hour), false, hansa.WalletLimit},
		{"pay_4", "ann", 200_00, lastOfTheDay, false, ""},
		{"pay_5", "ann", 1, lastOfTheDay, false, hansa.WalletLimit},
		{"pay_6", "ida", 500_00, lastOfTheDay, false, ""},
		{"pay_7", "ann", 1, midnight, false, ""},
		{"pay_8", "ann", 500_00, midnight, false, hansa.WalletLimit},
	} {
		c := printed(w, row.reference, row.payer, row.debit, row.at)
		c.Printed = !row.till
		if p := w.Debit(c, row.at); p.Reason != row.want || (p.State == sim.StatePaid) != (row.want == "") {
			t.Errorf("%s: want %q, got %s %q", row.reference, row.want, p.State, p.Reason)
		}
	}
	// What was cancelled is not spent.
	w.Cancel(api.Stop{Reference: "pay_4"}, lastOfTheDay)
	if p := w.Debit(printed(w, "pay_9", "ann", 200_00, lastOfTheDay), lastOfTheDay); p.State != sim.StatePaid {
		t.Errorf("after a cancel: %+v", p)
	}
}

// TestBluecodeCountsItsPayments: no balance and no prompt, but four within any
// hour and ten in a day of UTC+1.
func TestBluecodeCountsItsPayments(t *testing.T) {
	t.Parallel()
	w, _ := newWallet(t, "bluecode")
	pays := func(at time.Time) string { return says(w.Ask(ask(w, at.String(), "ann", 400_00), at)) }
	const paid, tooMany = "PAID 400.00 EUR", "DECLINED wallet_limit"
	morning := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	for _, row := range []struct {
		after time.Duration
		want  string
	}{
		{0, paid},
		{time.Minute, paid},
		{2 * time.Minute, paid},
		{3 * time.Minute, paid},
		{time.Hour - time.Second, tooMany},
		{time.Hour, paid}, // The first is an hour ago.
		{time.Hour + time.Second, tooMany},
		{3 * time.Hour, paid},
		{4 * time.Hour, paid},
		{5 * time.Hour, paid},
		{6 * time.Hour, paid},
		{8 * time.Hour, paid},
		{12 * time.Hour, tooMany}, // The eleventh of the day.
		{23*time.Hour - time.Second, tooMany},
		{23 * time.Hour, paid}, // Midnight of UTC+1.
	} {
		if got := pays(morning.Add(row.after)); got != row.want {
			t.Errorf("after %s: want %s, got %s", row.after, row.want, got)
		}
	}
	ann, err := w.Payer("ann")
	if err != nil || ann.Balance != (money.Amount{}) {
		t.Errorf("ann has a balance of %s, %v", ann.Balance, err)
	}
	if p := w.PaymentsOf("ann")[0]; !cmp.Equal(p.Portions, []sim.Portion{{From: "bank_account", Debited: 400_00}}) {
		t.Errorf("the money came from %+v", p.Portions)
	}
	if reason, _ := hansa.ReasonOf(w.Open(sim.Payer{ID: "eva", Accepts: sim.AcceptsAlways, Balance: money.New(1, "EUR")})); reason != hansa.Malformed {
		t.Errorf("a payer with a balance: %q", reason)
	}
}

// purseOf is what a payer has in a purse.
func purseOf(t *testing.T, w *sim.Wallet, payer, purse string) int64 {
	t.Helper()
	p, err := w.Payer(payer)
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(p.Purses, func(m sim.PurseMoney) bool { return m.Purse == purse })
	return p.Purses[at].Balance.Value
}

// TestEPassiPaysFromPursesFirst: a lunch of 20 euros is 14 of benefit, which is
// what a day allows, and 6 of own money. What is given back goes in reverse.
func TestEPassiPaysFromPursesFirst(t *testing.T) {
	t.Parallel()
	w, _ := newWallet(t, "epassi")
	pays := func(reference string, payee api.Payee, debit int64, at time.Time) []sim.Portion {
		t.Helper()
		question := ask(w, reference, "ann", debit)
		question.Payee, question.PayerUntil = payee, at.Add(time.Minute)
		w.Ask(question, at)
		w.Attend(at)
		p, err := w.Payment(reference)
		if err != nil || p.State != sim.StatePaid {
			t.Fatalf("%+v, %v", p, err)
		}
		return p.Portions
	}
	lastOfTheDay := time.Date(2026, 6, 1, 21, 59, 59, 0, time.UTC) // 23:59:59 of UTC+2
	for _, row := range []struct {
		reference string
		payee     api.Payee
		debit     int64
		at        time.Time
		want      []sim.Portion
	}{
		{"lunch", lunch, 20_00, noon, []sim.Portion{{From: "lunch", Debited: 14_00}, {From: sim.OwnMoney, Debited: 6_00}}},
		{"coffee", lunch, 3_00, lastOfTheDay, []sim.Portion{{From: sim.OwnMoney, Debited: 3_00}}},
		{"tomorrow", lunch, 9_00, lastOfTheDay.Add(time.Second), []sim.Portion{{From: "lunch", Debited: 9_00}}},
		{"book", books, 12_00, noon, []sim.Portion{{From: sim.OwnMoney, Debited: 12_00}}},
		// Two purses are good here: fifty of the one, eighty of the other.
		{"swim", swim, 140_00, noon, []sim.Portion{{From: "sport", Debited: 50_00}, {From: "wellbeing", Debited: 80_00}, {From: sim.OwnMoney, Debited: 10_00}}},
	} {
		if diff := cmp.Diff(row.want, pays(row.reference, row.payee, row.debit, row.at)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", row.reference, diff)
		}
	}
	if own := balance(t, w, "ann"); own != 1000_00-6_00-3_00-12_00-10_00 {
		t.Errorf("own money: %d", own)
	}
	for _, row := range []struct {
		amount, sport, wellbeing, own int64
	}{
		{4_00, 50_00, 20_00, 973_00},
		{16_00, 50_00, 30_00, 979_00},
		{120_00, 100_00, 100_00, 979_00},
	} {
		w.Carry(api.Carry{Movement: fmt.Sprint(row), Payment: "swim", Kind: "refund", DebitAmount: money.New(row.amount, "EUR")}, noon)
		got := []int64{purseOf(t, w, "ann", "sport"), purseOf(t, w, "ann", "wellbeing"), balance(t, w, "ann")}
		if diff := cmp.Diff([]int64{row.sport, row.wellbeing, row.own}, got); diff != "" {
			t.Errorf("after a refund of %d (-want +got):\n%s", row.amount, diff)
		}
	}
	// The payer's history tells it: all of it was returned, to where it came from.
	p, _ := w.Payment("swim")
	want := []sim.Portion{
		{From: "sport", Debited: 50_00, Returned: 50_00},
		{From: "wellbeing", Debited: 80_00, Returned: 80_00},
		{From: sim.OwnMoney, Debited: 10_00, Returned: 10_00},
	}
	if diff := cmp.Diff(want, p.Portions); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestEPassisPurseRunsOut: it pays what it has, and a payer whose own money is
// short of the rest pays nothing.
func TestEPassisPurseRunsOut(t *testing.T) {
	t.Parallel()
	w := open(t, "epassi", &sim.Paper{}, nothing)
	euros := func(value int64) money.Amount { return money.New(value, "EUR") }
	payer := sim.Payer{ID: "eino", Accepts: sim.AcceptsAlways, Balance: euros(2_00), Purses: []sim.PurseMoney{{Purse: "lunch", Balance: euros(5_00)}}}
	if err := w.Open(payer); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		debit int64
		want  string
	}{{7_01, "DECLINED insufficient_funds"}, {6_50, "PAID 6.50 EUR"}, {51, "DECLINED insufficient_funds"}, {50, "PAID 0.50 EUR"}} {
		if got := says(w.Ask(ask(w, fmt.Sprint(row.debit), "eino", row.debit), noon)); got != row.want {
			t.Errorf("%d: want %s, got %s", row.debit, row.want, got)
		}
	}
	for name, payer := range map[string]sim.Payer{
		"an unknown purse":   {ID: "bo", Accepts: sim.AcceptsAlways, Balance: euros(1), Purses: []sim.PurseMoney{{Purse: "beer", Balance: euros(1)}}},
		"a purse in debt":    {ID: "bo", Accepts: sim.AcceptsAlways, Balance: euros(1), Purses: []sim.PurseMoney{{Purse: "lunch", Balance: euros(-1)}}},
		"two purses in one":  {ID: "bo", Accepts: sim.AcceptsAlways, Balance: euros(1), Purses: []sim.PurseMoney{{Purse: "lunch", Balance: euros(1)}, {Purse: "lunch", Balance: euros(1)}}},
		"an unknown purpose": {ID: "bo", Accepts: "lunch", Balance: euros(1)},
	} {
		if reason, _ := hansa.ReasonOf(w.Open(payer)); reason != hansa.Malformed {
			t.Errorf("%s: %q", name, reason)
		}
	}
}

// TestPivoWantsThePIN with each yes: a wrong one is no consent, a right one
// forgives those before it, and the third in a row locks the payer out.
func TestPivoWantsThePIN(t *testing.T) {
	t.Parallel()
	w := open(t, "pivo", &sim.Paper{}, nothing)
	payer := sim.Payer{ID: "aino", Accepts: sim.AcceptsAsked, Funding: "account", PIN: "2468", Balance: money.New(100_00, "EUR")}
	if err := w.Open(payer); err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		w.Ask(ask(w, fmt.Sprintf("pay_%d", i), "aino", 10_00), noon)
	}
	for i, row := range []struct {
		reference, pin string
		want           hansa.Reason
		state          sim.PaymentState
	}{
		{"pay_0", "1111", hansa.NotAllowedNow, sim.StateAwaiting},
		{"pay_0", "", hansa.NotAllowedNow, sim.StateAwaiting},
		{"pay_0", "2468", "", sim.StatePaid},
		{"pay_1", "1111", hansa.NotAllowedNow, sim.StateAwaiting},
		{"pay_1", "2222", hansa.NotAllowedNow, sim.StateAwaiting},
		{"pay_1", "3333", hansa.PayerBlocked, sim.StateDeclined},
		{"pay_2", "2468", hansa.PayerBlocked, sim.StateDeclined},
	} {
		reason, _ := hansa.ReasonOf(w.Answer(row.reference, sim.Decision{Accept: true, PIN: row.pin}, noon))
		if p, _ := w.Payment(row.reference); reason != row.want || p.State != row.state {
			t.Errorf("%d: %s %q", i, p.State, reason)
		}
	}
	if got := says(w.Ask(ask(w, "pay_3", "aino", 1), noon)); got != "DECLINED payer_blocked" {
		t.Errorf("whoever is locked out pays: %s", got)
	}
	if p, _ := w.Payment("pay_0"); !cmp.Equal(p.Portions, []sim.Portion{{From: "account", Debited: 10_00}}) {
		t.Errorf("the money came from %+v", p.Portions)
	}
	// In the app a wrong PIN declines, and the code can be scanned again.
	other, _ := newWallet(t, "pivo")
	wrong := printed(other, "pay_1", "ann", 1_00, noon)
	wrong.PIN = "0000"
	if p := other.Debit(wrong, noon); p.State != sim.StateDeclined || p.Reason != hansa.DeclinedByPayer {
		t.Errorf("%+v", p)
	}
	if p := other.Debit(printed(other, "pay_2", "ann", 1_00, noon), noon); p.State != sim.StatePaid {
		t.Errorf("%+v", p)
	}
	payer = sim.Payer{ID: "bo", Accepts: sim.AcceptsAlways, Funding: "gold", Balance: money.New(1, "EUR")}
	if reason, _ := hansa.ReasonOf(w.Open(payer)); reason != hansa.Malformed {
		t.Errorf("a payer with gold: %q", reason)
	}
}

// TestMomoIsShort: prepaid money that is not there is not lent.
func TestMomoIsShort(t *testing.T) {
	t.Parallel()
	w := open(t, "momo", &sim.Paper{}, nothing)
	if err := w.Open(sim.Payer{ID: "pau", Accepts: sim.AcceptsAlways, Balance: money.New(25_00, "EUR")}); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		debit int64
		want  string
		left  int64
	}{{25_01, "DECLINED insufficient_funds", 25_00}, {25_00, "PAID 25.00 EUR", 0}, {1, "DECLINED insufficient_funds", 0}} {
		if got := says(w.Ask(ask(w, fmt.Sprint(row.debit), "pau", row.debit), noon)); got != row.want || balance(t, w, "pau") != row.left {
			t.Errorf("%d: want %s, got %s with %d left", row.debit, row.want, got, balance(t, w, "pau"))
		}
	}
	if p := w.PaymentsOf("pau")[1]; !cmp.Equal(p.Portions, []sim.Portion{{From: "prepaid", Debited: 25_00}}) {
		t.Errorf("the money came from %+v", p.Portions)
	}
}

// TestVippsReservesAndCaptures: a yes to what is captured later reserves, each
// capture takes, and a release gives the rest back.
func TestVippsReservesAndCaptures(t *testing.T) {
	t.Parallel()
	w, _ := newWallet(t, "vipps")
	question := ask(w, "pay_1", "ann", 100_00)
	question.CaptureLater = true
	w.Ask(question, noon)
	w.Attend(noon)
	for _, row := range []struct {
		kind                     string
		amount                   int64
		reserved, returned, left int64
	}{
		{"", 0, 100_00, 0, 900_00},
		{"capture", 30_00, 70_00, 0, 900_00},
		{"capture", 20_00, 50_00, 0, 900_00},
		{"release", 50_00, 0, 50_00, 950_00},
		{"refund", 10_00, 0, 60_00, 960_00},
	} {
		if row.kind != "" {
			carry := api.Carry{Movement: fmt.Sprint(row), Payment: "pay_1", Kind: row.kind, DebitAmount: money.New(row.amount, "NOK")}
			if carried, _ := w.Carry(carry, noon).Heard(0); carried.Status != api.AnswerDone {
				t.Errorf("%s: %+v", row.kind, carried)
			}
		}
		p, _ := w.Payment("pay_1")
		if p.Reserved != row.reserved || p.Returned != row.returned || balance(t, w, "ann") != row.left {
			t.Errorf("%s: reserved %d, returned %d, left %d", row.kind, p.Reserved, p.Returned, balance(t, w, "ann"))
		}
	}
	w.Ask(ask(w, "pay_2", "ann", 100_00), noon)
	w.Attend(noon)
	if p, _ := w.Payment("pay_2"); p.State != sim.StatePaid || p.Reserved != 0 {
		t.Errorf("what a shop takes at once is reserved: %+v", p)
	}
}

// TestVippsWaitsFiveMinutesTwice: for the payer to open the prompt, and from then
// on for the answer.
func TestVippsWaitsFiveMinutesTwice(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name         string
		look, answer time.Duration // after the question; zero: never looks
		want         hansa.Reason
	}{
		{"at once", 0, time.Minute, ""},
		{"not opened in time", 0, 5 * time.Minute, hansa.PaymentExpired},
		{"opened too late", 5 * time.Minute, 6 * time.Minute, hansa.NotAllowedNow},
		{"opened and answered at the last moment", 5*time.Minute - 1, 10*time.Minute - 2, ""},
		{"opened soon and answered late", time.Minute, 6 * time.Minute, hansa.PaymentExpired},
	} {
		w, _ := newWallet(t, "vipps")
		question := ask(w, "pay_1", "ida", 1_00)
		question.PayerUntil = noon.Add(w.Terms().PayerWait)
		w.Ask(question, noon)
		if row.look > 0 {
			w.Look("ida", noon.Add(row.look))
		}
		if got, _ := hansa.ReasonOf(w.Answer("pay_1", yes(), noon.Add(row.answer))); got != row.want {
			t.Errorf("%s: want %q, got %q", row.name, row.want, got)
		}
	}
	// The network hears of what nobody has opened, asked or not.
	w, _ := newWallet(t, "vipps")
	question := ask(w, "pay_1", "ida", 1_00)
	question.PayerUntil = noon.Add(w.Terms().PayerWait)
	w.Ask(question, noon)
	if !w.Attend(noon.Add(5*time.Minute)) || len(w.Owed()) != 1 || says(w.Inquire("pay_1", noon)) != "DECLINED payment_expired" {
		t.Errorf("%+v, %s", w.Owed(), says(w.Inquire("pay_1", noon)))
	}
}

// TestPagaquiIsIssuedByAPartner and takes bills and tickets at its counters.
func TestPagaquiIsIssuedByAPartner(t *testing.T) {
	t.Parallel()
	terms := termsOf(t, "pagaqui")
	if terms.IssuedBy == "" || terms.IssuedBy == terms.Name || terms.Prompt != sim.PromptAlways {
		t.Errorf("%+v", terms)
	}
	var counters []string
	for _, shop := range sim.World().Registry.Stores {
		if shop.Contracts[0].Acquirer == "pagaqui" && slices.Contains([]string{"4111", "4900"}, shop.Category) {
			counters = append(counters, shop.ID)
		}
	}
	if diff := cmp.Diff([]string{"lisbon-counter", "lisbon-tickets"}, counters); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
