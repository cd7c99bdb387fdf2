package sim_test

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/sim"
)

func termsOf(t *testing.T, id string) sim.Terms {
	t.Helper()
	for _, terms := range sim.WalletTerms() {
		if terms.ID == id {
			return terms
		}
	}
	t.Fatalf("no wallet %s", id)
	return sim.Terms{}
}

func nothing(func([]byte) bool) {}

// newWallet returns a wallet with the payers ann, who always accepts, nils, who
// never does, and ida, who decides each time. Each has 1000.00, where the wallet
// keeps balances, and 100.00 in each purse.
func newWallet(t *testing.T, id string) (*sim.Wallet, *sim.Paper) {
	t.Helper()
	paper := &sim.Paper{}
	wallet := open(t, id, paper, nothing)
	terms := wallet.Terms()
	for name, accepts := range map[string]sim.Acceptance{"ann": sim.AcceptsAlways, "nils": sim.AcceptsNever, "ida": sim.AcceptsAsked} {
		payer := sim.Payer{ID: name, Accepts: accepts}
		if !terms.NoBalance {
			payer.Balance = money.New(1000_00, terms.Debits)
		}
		for _, purse := range terms.Purses {
			payer.Purses = append(payer.Purses, sim.PurseMoney{Purse: purse.Name, Balance: money.New(100_00, terms.Debits)})
		}
		if err := wallet.Open(payer); err != nil {
			t.Fatal(err)
		}
	}
	return wallet, paper
}

func yes() sim.Decision { return sim.Decision{Accept: true, PIN: sim.UsualPIN} }

func no() sim.Decision { return sim.Decision{} }

func open(t *testing.T, id string, book sim.Book, past iter.Seq[[]byte]) *sim.Wallet {
	t.Helper()
	wallet, err := sim.NewWallet(termsOf(t, id), book, past)
	if err != nil {
		t.Fatal(err)
	}
	return wallet
}

var cafe = api.Payee{Store: "bergen-cafe", Name: "Bryggen Kafe", City: "Bergen", Country: "NO", Category: "5812"}

func ask(w *sim.Wallet, reference, payer string, debit int64) api.Ask {
	return api.Ask{
		Reference: reference, Code: "700001100000000000000000", Payer: payer, Payee: cafe,
		OrderAmount: money.New(99_00, "NOK"), DebitAmount: money.New(debit, w.Terms().Debits), PayerUntil: noon.Add(time.Minute),
	}
}

// says returns what a caller hears who waits for five seconds.
func says(reply sim.Reply[api.WalletAnswer]) string {
	answer, heard := reply.Heard(5 * time.Second)
	switch {
	case !heard:
		return "nothing"
	case answer.Reason != "":
		return answer.Status + " " + answer.Reason
	case answer.Status == api.AnswerPaid:
		return answer.Status + " " + answer.DebitAmount.String()
	}
	return answer.Status
}

// balance is a payer's own money.
func balance(t *testing.T, w *sim.Wallet, payer string) int64 {
	t.Helper()
	p, err := w.Payer(payer)
	if err != nil {
		t.Fatal(err)
	}
	return p.Balance.Value
}

// means are all that a payer has, purses too.
func means(t *testing.T, w *sim.Wallet, payer string) int64 {
	t.Helper()
	p, err := w.Payer(payer)
	if err != nil {
		t.Fatal(err)
	}
	all := p.Balance.Value
	for _, purse := range p.Purses {
		all += purse.Balance.Value
	}
	return all
}

func TestAWalletAnswersAsItsTermsSay(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		wallet, payer string
		debit         int64
		want          string
	}{
		{"alipay", "ann", 200_00, "PAID 200.00 CNY"},
		{"alipay", "ann", 200_01, "AWAITING_PAYER"},
		{"vipps", "ann", 1, "AWAITING_PAYER"},
		{"epassi", "ann", 50_00, "PAID 50.00 EUR"},
		{"epassi", "ann", 50_01, "AWAITING_PAYER"},
		{"pivo", "ann", 1, "AWAITING_PAYER"},
		{"bluecode", "ann", 400_00, "PAID 400.00 EUR"},
		{"bluecode", "ann", 400_01, "DECLINED wallet_limit"},
		{"momo", "ann", 30_00, "PAID 30.00 EUR"},
		{"momo", "ann", 30_01, "AWAITING_PAYER"},
		{"momo", "ann", 1000_01, "DECLINED insufficient_funds"},
		{"pagaqui", "ann", 1, "AWAITING_PAYER"},
		{"bluecode", "nobody", 1, "DECLINED payer_blocked"},
		{"bluecode", "nils", 1, "PAID 0.01 EUR"}, // showing the code was the consent
	} {
		w, _ := newWallet(t, row.wallet)
		question := ask(w, "pay_1", row.payer, row.debit)
		if got := says(w.Ask(question, noon)); got != row.want {
			t.Errorf("%s, %d: want %s, got %s", row.wallet, row.debit, row.want, got)
		}
		if got := says(w.Ask(question, noon.Add(time.Hour))); got != row.want {
			t.Errorf("%s, %d, asked again: want %s, got %s", row.wallet, row.debit, row.want, got)
		}
	}
}

func TestAPayerIsAsked(t *testing.T) {
	t.Parallel()
	late := noon.Add(time.Minute)
	for _, row := range []struct {
		name, payer string
		answer      func(w *sim.Wallet) error
		want        string
		refusal     hansa.Reason
		left        int64
	}{
		{"always", "ann", func(w *sim.Wallet) error { w.Attend(noon); return nil }, "PAID 300.00 NOK", "", 700_00},
		{"never", "nils", func(w *sim.Wallet) error { w.Attend(noon); return nil }, "DECLINED declined_by_payer", "", 1000_00},
		{"not yet", "ida", func(w *sim.Wallet) error { w.Attend(noon); return nil }, "AWAITING_PAYER", "", 1000_00},
		{"yes", "ida", func(w *sim.Wallet) error { return w.Answer("pay_1", yes(), noon) }, "PAID 300.00 NOK", "", 700_00},
		{"no", "ida", func(w *sim.Wallet) error { return w.Answer("pay_1", no(), noon) }, "DECLINED declined_by_payer", "", 1000_00},
		{"too late", "ida", func(w *sim.Wallet) error { return w.Answer("pay_1", yes(), late) }, "AWAITING_PAYER", hansa.PaymentExpired, 1000_00},
		{"about something else", "ida", func(w *sim.Wallet) error { return w.Answer("pay_2", yes(), noon) }, "AWAITING_PAYER", hansa.NotFound, 1000_00},
		{"twice", "ida", func(w *sim.Wallet) error {
			_ = w.Answer("pay_1", yes(), noon)
			return w.Answer("pay_1", yes(), noon)
		}, "PAID 300.00 NOK", hansa.NotAllowedNow, 700_00},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			w, _ := newWallet(t, "vipps")
			if got := says(w.Ask(ask(w, "pay_1", row.payer, 300_00), noon)); got != "AWAITING_PAYER" {
				t.Fatalf("asked: %s", got)
			}
			if got, _ := hansa.ReasonOf(row.answer(w)); got != row.refusal {
				t.Errorf("want refusal %q, got %q", row.refusal, got)
			}
			if got := says(w.Inquire("pay_1", noon)); got != row.want {
				t.Errorf("want %s, got %s", row.want, got)
			}
			if left := balance(t, w, row.payer); left != row.left {
				t.Errorf("%d are left", left)
			}
		})
	}
}

// TestMisbehaviourInFlowA tells, per misbehaviour, what the network hears when it
// asks, inquires, cancels and cancels again, what the payer is debited of before,
// and which outcomes are told unasked.
func TestMisbehaviourInFlowA(t *testing.T) {
	t.Parallel()
	type life struct {
		Ask, Inquire, First, Second string
		Debited                     int64
		Told                        []string
	}
	const paid, gone = "PAID 100.00 CNY", "CANCELLED"
	for _, row := range []struct {
		behaviour sim.Misbehaviour
		want      life
	}{
		{sim.Behaves, life{paid, paid, gone, gone, 100_00, nil}},
		{sim.Slow, life{"nothing", paid, gone, gone, 100_00, nil}},
		{sim.Silence, life{"nothing", "nothing", "nothing", "nothing", 0, nil}},
		{sim.LateYes, life{"nothing", "nothing", "nothing", gone, 100_00, []string{"PAID 100.00 CNY"}}},
		{sim.DoubleYes, life{paid, paid, gone, gone, 100_00, []string{"PAID 100.00 CNY"}}},
		{sim.WrongAmount, life{"PAID 100.01 CNY", "PAID 100.01 CNY", gone, gone, 100_00, nil}},
		{sim.Garbage, life{"nothing", "nothing", "nothing", "nothing", 100_00, nil}},
		{sim.Declines, life{"DECLINED payment_declined", "DECLINED payment_declined", gone, gone, 0, nil}},
		{sim.Forgets, life{"nothing", "NOT_FOUND", gone, gone, 100_00, nil}},
	} {
		t.Run("behaviour "+string(row.behaviour), func(t *testing.T) {
			t.Parallel()
			w, _ := newWallet(t, "alipay")
			w.Behaviour = row.behaviour
			var got life
			told := func() {
				for _, telling := range w.Owed() {
					got.Told = append(got.Told, telling.Outcome.Status+" "+telling.Outcome.DebitAmount.String())
					w.Told(api.OutcomeHeard{Reference: telling.Reference, Received: true, Status: "expired"})
				}
			}
			got.Ask = says(w.Ask(ask(w, "pay_1", "ann", 100_00), noon))
			told()
			got.Inquire = says(w.Inquire("pay_1", noon))
			got.Debited = 1000_00 - balance(t, w, "ann")
			got.First = says(w.Cancel(api.Stop{Reference: "pay_1"}, noon))
			told()
			got.Second = says(w.Cancel(api.Stop{Reference: "pay_1"}, noon))
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			w.Behaviour = sim.Behaves
			if end := says(w.Cancel(api.Stop{Reference: "pay_1"}, noon)); end != gone || balance(t, w, "ann") != 1000_00 {
				t.Errorf("in the end %s with a balance of %d", end, balance(t, w, "ann"))
			}
			if again := says(w.Ask(ask(w, "pay_1", "ann", 100_00), noon)); again != gone {
				t.Errorf("asked after the tombstone: %s", again)
			}
		})
	}
}

// TestMisbehaviourInTheApp tells, per misbehaviour, which outcomes follow when a
// payer has accepted in the app, and what an inquiry hears.
func TestMisbehaviourInTheApp(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		behaviour sim.Misbehaviour
		told      []string
		inquired  string
		debited   int64
	}{
		{sim.Behaves, []string{"PAID 100.00 NOK"}, "PAID 100.00 NOK", 100_00},
		{sim.Slow, []string{"PAID 100.00 NOK"}, "PAID 100.00 NOK", 100_00},
		{sim.Silence, nil, "nothing", 0},
		{sim.LateYes, nil, "nothing", 100_00},
		{sim.DoubleYes, []string{"PAID 100.00 NOK", "PAID 100.00 NOK"}, "PAID 100.00 NOK", 100_00},
		{sim.WrongAmount, []string{"PAID 100.01 NOK"}, "PAID 100.01 NOK", 100_00},
		{sim.Garbage, nil, "nothing", 100_00},
		{sim.Declines, []string{"DECLINED 100.00 NOK"}, "DECLINED payment_declined", 0},
		{sim.Forgets, nil, "NOT_FOUND", 100_00},
	} {
		t.Run("behaviour "+string(row.behaviour), func(t *testing.T) {
			t.Parallel()
			w, _ := newWallet(t, "vipps")
			w.Behaviour = row.behaviour
			w.Debit(consent("pay_1", "ann"), noon)
			var told []string
			for owed := w.Owed(); len(owed) > 0; owed = w.Owed() {
				told = append(told, owed[0].Outcome.Status+" "+owed[0].Outcome.DebitAmount.String())
				w.Told(api.OutcomeHeard{Reference: "pay_1", Received: true, Status: "approved"})
			}
			if diff := cmp.Diff(row.told, told); diff != "" {
				t.Errorf("told (-want +got):\n%s", diff)
			}
			if got := says(w.Inquire("pay_1", noon)); got != row.inquired {
				t.Errorf("inquired: want %s, got %s", row.inquired, got)
			}
			if debited := 1000_00 - balance(t, w, "ann"); debited != row.debited {
				t.Errorf("debited %d", debited)
			}
		})
	}
}

func consent(reference, payer string) sim.Consent {
	return sim.Consent{
		Reference: reference, Payer: payer, Payee: cafe, Before: noon.Add(15 * time.Second),
		OrderAmount: money.New(100_00, "NOK"), DebitAmount: money.New(100_00, "NOK"),
	}
}

func TestAnAppDoesNotDebitInVain(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		prepare func(w *sim.Wallet, c *sim.Consent)
		want    hansa.Reason
		state   sim.PaymentState
	}{
		"after T":         {func(_ *sim.Wallet, c *sim.Consent) { c.Before = noon }, hansa.PaymentExpired, sim.StateDeclined},
		"refused":         {func(_ *sim.Wallet, c *sim.Consent) { c.Refused = true }, hansa.DeclinedByPayer, sim.StateDeclined},
		"short of funds":  {func(_ *sim.Wallet, c *sim.Consent) { c.DebitAmount.Value = 1000_01 }, hansa.InsufficientFunds, sim.StateDeclined},
		"cancelled first": {func(w *sim.Wallet, _ *sim.Consent) { w.Cancel(api.Stop{Reference: "pay_1"}, noon) }, "", sim.StateCancelled},
	} {
		w, _ := newWallet(t, "vipps")
		c := consent("pay_1", "ann")
		row.prepare(w, &c)
		p := w.Debit(c, noon)
		if p.Reason != row.want || p.State != row.state || balance(t, w, "ann") != 1000_00 {
			t.Errorf("%s: %+v", name, p)
		}
	}
}

func TestMovementsAreCarriedOutOnce(t *testing.T) {
	t.Parallel()
	w, _ := newWallet(t, "momo")
	w.Ask(ask(w, "pay_1", "ann", 100_00), noon)
	w.Attend(noon)
	carry := func(id, kind string, amount int64) string {
		carried, _ := w.Carry(api.Carry{
			Movement: id, Payment: "pay_1", Kind: kind, OrderAmount: money.New(1, "NOK"), DebitAmount: money.New(amount, "EUR"),
		}, noon).Heard(0)
		return carried.Status + carried.Reason
	}
	for _, row := range []struct {
		id, kind string
		amount   int64
		want     string
		left     int64
	}{
		{"cap_1", "capture", 60_00, "DONE", 900_00},
		{"rel_1", "release", 40_00, "DONE", 940_00},
		{"ref_1", "refund", 10_00, "DONE", 950_00},
		{"ref_1", "refund", 10_00, "DONE", 950_00},
		{"ref_2", "refund", 50_01, "REFUSEDrefund_too_large", 950_00},
		{"can_1", "cancel", 50_00, "DONE", 1000_00},
		{"ref_2", "refund", 50_01, "REFUSEDrefund_too_large", 1000_00},
		{"ref_3", "refund", 1, "REFUSEDrefund_too_large", 1000_00},
	} {
		if got := carry(row.id, row.kind, row.amount); got != row.want {
			t.Errorf("%s: want %s, got %s", row.id, row.want, got)
		}
		if left := balance(t, w, "ann"); left != row.left {
			t.Errorf("%s: a balance of %d, not %d", row.id, left, row.left)
		}
	}
}

func TestPaidIsShownOnlyOnceApproved(t *testing.T) {
	t.Parallel()
	w, _ := newWallet(t, "bluecode")
	w.Ask(ask(w, "pay_1", "ann", 1), noon)
	if p, _ := w.Payment("pay_1"); p.Outcome != "" {
		t.Errorf("shows %q", p.Outcome)
	}
	for _, status := range []string{"pending", "approved"} {
		w.Hear(api.Event{Payment: &api.Payment{Reference: "pay_1", Status: status}})
	}
	if p, _ := w.Payment("pay_1"); p.Outcome != "approved" {
		t.Errorf("shows %q", p.Outcome)
	}
}

// TestNobodyIsDebitedTwice throws calls at wallets in any order, and starts them
// again from their books in between.
func TestNobodyIsDebitedTwice(t *testing.T) {
	t.Parallel()
	for seed := range uint64(300) {
		storm(t, seed)
	}
}

func storm(t *testing.T, seed uint64) {
	t.Helper()
	chance := rand.New(rand.NewPCG(seed, 7))
	all := sim.WalletTerms()
	id := all[chance.IntN(len(all))].ID
	w, paper := newWallet(t, id)
	cancelled := make(map[string]bool)
	for step := range 60 {
		reference := fmt.Sprintf("pay_%d", chance.IntN(3))
		payer := []string{"ann", "nils", "ida", "nobody"}[chance.IntN(4)]
		now := noon.Add(time.Duration(chance.IntN(100)) * time.Second)
		switch chance.IntN(11) {
		case 0, 1:
			w.Ask(ask(w, reference, payer, 150_00+int64(chance.IntN(100_00))), now)
		case 2:
			w.Inquire(reference, now)
		case 3:
			if answer, heard := w.Cancel(api.Stop{Reference: reference}, now).Heard(0); heard && answer.Status == api.AnswerCancelled {
				cancelled[reference] = true
			}
		case 4:
			w.Carry(api.Carry{
				Movement: fmt.Sprintf("ref_%d", chance.IntN(6)), Payment: reference, Kind: "refund",
				DebitAmount: money.New(int64(chance.IntN(100_00)), w.Terms().Debits),
			}, now)
		case 5:
			decision := sim.Decision{Accept: chance.IntN(2) == 0, PIN: []string{sim.UsualPIN, "0000"}[chance.IntN(5)/4]}
			_ = w.Answer(reference, decision, now)
		case 6:
			w.Attend(now)
		case 7:
			c := consent(reference, payer)
			c.DebitAmount.Currency = w.Terms().Debits
			w.Debit(c, now)
		case 8:
			for _, telling := range w.Owed() {
				w.Told(api.OutcomeHeard{Reference: telling.Reference, Received: true, Status: "pending"})
			}
		case 9:
			w.Behaviour = sim.Misbehaviours()[chance.IntN(len(sim.Misbehaviours()))]
		case 10:
			again := open(t, id, paper, paper.Records())
			again.Behaviour = w.Behaviour
			if diff := cmp.Diff(w, again, cmp.AllowUnexported(sim.Wallet{}), cmp.FilterPath(func(p cmp.Path) bool {
				return p.Last().String() == ".book"
			}, cmp.Ignore())); diff != "" {
				t.Fatalf("seed %d, step %d: another wallet after a restart (-before +after):\n%s", seed, step, diff)
			}
			w = again
		}
		wantOneDebit(t, w, cancelled, fmt.Sprintf("seed %d, step %d", seed, step))
	}
}

// wantOneDebit adds up the entries, which are apart from the balances.
func wantOneDebit(t *testing.T, w *sim.Wallet, cancelled map[string]bool, where string) {
	t.Helper()
	balances := map[string]int64{"ann": 1000_00, "nils": 1000_00, "ida": 1000_00}
	debits := make(map[string]int)
	for payer := range balances {
		balances[payer] += int64(len(w.Terms().Purses)) * 100_00
	}
	most := balances["ann"]
	for _, entry := range w.Entries() {
		balances[entry.Payer] += entry.Amount.Value
		if entry.Amount.Value < 0 {
			debits[entry.Reference]++
		}
	}
	for payer, want := range balances {
		got := means(t, w, payer)
		if w.Terms().NoBalance {
			got = want // Only the bank knows; no more comes back than was taken.
		}
		if got != want || got > most {
			t.Fatalf("%s: %s has %d, the entries say %d", where, payer, got, want)
		}
	}
	for reference, count := range debits {
		if count > 1 {
			t.Fatalf("%s: %s debited %d times", where, reference, count)
		}
	}
	for reference := range cancelled {
		p, err := w.Payment(reference)
		if err != nil || p.State != sim.StateCancelled || p.Debited != p.Returned {
			t.Fatalf("%s: after the tombstone %+v, %v", where, p, err)
		}
	}
}

func TestPayersThatCannotBe(t *testing.T) {
	t.Parallel()
	w, _ := newWallet(t, "vipps")
	for name, row := range map[string]struct {
		payer sim.Payer
		want  hansa.Reason
	}{
		"twice":         {sim.Payer{ID: "ann", Accepts: sim.AcceptsAlways, Balance: money.New(1, "NOK")}, hansa.AlreadyExists},
		"euros":         {sim.Payer{ID: "bo", Accepts: sim.AcceptsAlways, Balance: money.New(1, "EUR")}, hansa.CurrencyMismatch},
		"in debt":       {sim.Payer{ID: "bo", Accepts: sim.AcceptsAlways, Balance: money.New(-1, "NOK")}, hansa.Malformed},
		"of no name":    {sim.Payer{Accepts: sim.AcceptsAlways, Balance: money.New(1, "NOK")}, hansa.Malformed},
		"of two minds":  {sim.Payer{ID: "bo", Accepts: "sometimes", Balance: money.New(1, "NOK")}, hansa.Malformed},
		"of no opinion": {sim.Payer{ID: "bo", Balance: money.New(1, "NOK")}, hansa.Malformed},
	} {
		if got, _ := hansa.ReasonOf(w.Open(row.payer)); got != row.want {
			t.Errorf("%s: want %s, got %s", name, row.want, got)
		}
	}
	if _, err := sim.ParseMisbehaviour("none"); err != nil {
		t.Error(err)
	}
	if _, err := sim.ParseMisbehaviour("rude"); err == nil {
		t.Error("rude is a misbehaviour")
	}
	if !slices.Contains(sim.Misbehaviours(), sim.Behaves) {
		t.Error("nobody behaves")
	}
}

func TestABrokenBookIsAFault(t *testing.T) {
	t.Parallel()
	for _, record := range []string{"", "{", `{"payers":{}}`} {
		past := func(yield func([]byte) bool) { yield([]byte(record)) }
		if _, err := sim.NewWallet(sim.WalletTerms()[0], &sim.Paper{}, past); err == nil {
			t.Errorf("wallet opened from %q", record)
		}
		if _, err := sim.NewAcquirer("nets", &sim.Paper{}, past); err == nil {
			t.Errorf("acquirer opened from %q", record)
		}
	}
}
