package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/payment"
)

// A verdict is what the network says, read from its export: every payment, and all
// that was given back. A capture moves nothing between payer and store.
type verdict struct {
	payments map[string]sentence
	refunds  map[string]sentence // by the id of the movement
}

// A sentence is one payment, or one refund of it.
type sentence struct {
	status, wallet, acquirer string
	order, debit             money.Amount
}

// A notebook is what one party has written down for itself: the amounts of each
// payment and movement, in the order of writing.
type notebook struct {
	debited map[string][]money.Amount // of the payer's balance; below zero: taken
	booked  map[string][]money.Amount // for the store
}

// disagreements says where the books of wallets and acquirers, the network's
// export and the wish that nothing is open any more do not agree.
func (s *site) disagreements(t *testing.T) []string {
	t.Helper()
	notebooks := s.notebooks(t) // Before the export: a party hears after the network.
	said := readVerdict(t, s.export(t))
	var found []string
	disagree := func(format string, arguments ...any) { found = append(found, fmt.Sprintf(format, arguments...)) }
	for _, reference := range slices.Sorted(maps.Keys(said.payments)) {
		p := said.payments[reference]
		taken, booked := notebooks[p.wallet].debited[reference], notebooks[p.acquirer].booked[reference]
		switch {
		case p.status == "pending":
			disagree("payment %s is pending", reference)
		case p.status == "approved":
			if !slices.Equal(taken, []money.Amount{p.debit.Negative()}) {
				disagree("%s owes %s for payment %s and has moved %v", p.wallet, p.debit, reference, taken)
			}
			if !slices.Equal(booked, []money.Amount{p.order}) {
				disagree("%s gets %s for payment %s and has booked %v", p.acquirer, p.order, reference, booked)
			}
		default:
			if sum(taken) != 0 || len(taken) > 2 || len(booked) > 0 {
				disagree("payment %s is %s, and %s has moved %v, %s booked %v", reference, p.status, p.wallet, taken, p.acquirer, booked)
			}
		}
	}
	for _, movement := range slices.Sorted(maps.Keys(said.refunds)) {
		r := said.refunds[movement]
		if given := notebooks[r.wallet].debited[movement]; !slices.Equal(given, []money.Amount{r.debit}) {
			disagree("%s gives %s back for %s and has moved %v", r.wallet, r.debit, movement, given)
		}
		if booked := notebooks[r.acquirer].booked[movement]; !slices.Equal(booked, []money.Amount{r.order.Negative()}) {
			disagree("%s gives %s back for %s and has booked %v", r.acquirer, r.order, movement, booked)
		}
	}
	return append(found, said.strangers(notebooks)...)
}

func sum(amounts []money.Amount) int64 {
	var total int64
	for _, amount := range amounts {
		total += amount.Value
	}
	return total
}

// strangers says what parties have in their books that the network has not.
func (v verdict) strangers(notebooks map[string]notebook) []string {
	var found []string
	for _, party := range slices.Sorted(maps.Keys(notebooks)) {
		book := notebooks[party]
		for _, reference := range slices.Sorted(maps.Keys(book.debited)) {
			if v.payments[reference].wallet != party && v.refunds[reference].wallet != party {
				found = append(found, fmt.Sprintf("%s has moved money for %s, which the network has not", party, reference))
			}
		}
		for _, reference := range slices.Sorted(maps.Keys(book.booked)) {
			if v.payments[reference].acquirer != party && v.refunds[reference].acquirer != party {
				found = append(found, fmt.Sprintf("%s has booked %s, which the network has not", party, reference))
			}
		}
	}
	return found
}

// readVerdict reads payments, and from the journal the refunds that succeeded.
func readVerdict(t *testing.T, export []byte) verdict {
	t.Helper()
	said := verdict{payments: make(map[string]sentence), refunds: make(map[string]sentence)}
	eachLine(t, export, func(text []byte) {
		var line struct {
			Type, Reference, Status, Wallet, Acquirer string
			OrderAmount                               money.Amount `json:"order_amount"`
			DebitAmount                               money.Amount `json:"debit_amount"`
			Data                                      []byte
		}
		unmarshal(t, text, &line)
		switch line.Type {
		case "payment":
			said.payments[line.Reference] = sentence{line.Status, line.Wallet, line.Acquirer, line.OrderAmount, line.DebitAmount}
		case "event":
			var record struct {
				Wallet, Acquirer string
				Movement         struct {
					Movement, Kind, Status string
					OrderAmount            money.Amount `json:"order_amount"`
					DebitAmount            money.Amount `json:"debit_amount"`
				}
			}
			unmarshal(t, line.Data, &record)
			if m := record.Movement; m.Status == "succeeded" && m.Kind != string(payment.Capture) {
				said.refunds[m.Movement] = sentence{m.Status, record.Wallet, record.Acquirer, m.OrderAmount, m.DebitAmount}
			}
		}
	})
	return said
}

// notebooks reads the books of all parties. Of one that is being written the last
// line may still be coming.
func (s *site) notebooks(t *testing.T) map[string]notebook {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(s.folder, "parties", "*", "book.jsonl"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no books in %s: %v", s.folder, err)
	}
	notebooks := make(map[string]notebook)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		book := notebook{debited: make(map[string][]money.Amount), booked: make(map[string][]money.Amount)}
		eachLine(t, text, func(text []byte) {
			type entry struct {
				Reference string
				Amount    money.Amount
			}
			var line struct {
				Wallet   struct{ Entry entry }
				Acquirer struct{ Line entry }
			}
			unmarshal(t, text, &line)
			if entry := line.Wallet.Entry; entry.Reference != "" {
				book.debited[entry.Reference] = append(book.debited[entry.Reference], entry.Amount)
			}
			if entry := line.Acquirer.Line; entry.Reference != "" {
				book.booked[entry.Reference] = append(book.booked[entry.Reference], entry.Amount)
			}
		})
		notebooks[filepath.Base(filepath.Dir(file))] = book
	}
	return notebooks
}

// eachLine calls do with every line that is ended.
func eachLine(t *testing.T, text []byte, do func([]byte)) {
	t.Helper()
	for {
		line, rest, ended := bytes.Cut(text, []byte("\n"))
		if !ended {
			return
		}
		do(line)
		text = rest
	}
}

func unmarshal(t *testing.T, text []byte, into any) {
	t.Helper()
	if err := json.Unmarshal(text, into); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
}
