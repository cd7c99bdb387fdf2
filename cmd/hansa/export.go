package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"runtime/debug"

	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/payment"
	"github.com/hansa-network/hansa/store"
)

// exportCommand writes what independent checks need, one JSON object a line.
// docs/export.md is its schema.
type exportCommand struct {
	DB      string `help:"Database: a file, or postgres://…" name:"db" required:"" placeholder:"DSN"`
	Archive string `help:"Folder of the archive, if there is one." placeholder:"DIR"`
}

func (c exportCommand) Run(env *environment) error {
	s, err := openArchived(env.context, c.DB, c.Archive)
	if err != nil {
		return err
	}
	defer s.Close() //nolint:errcheck // It was only read.
	out := bufio.NewWriter(env.out)
	err = s.Snapshot(env.context, func(reader *store.Reader) error { return export(env.context, reader, out) })
	return errors.Join(err, out.Flush())
}

// The lines of an export.
type (
	paymentLine struct {
		Type        string       `json:"type"`
		Reference   string       `json:"reference"`
		Status      string       `json:"status"`
		OrderAmount money.Amount `json:"order_amount"`
		DebitAmount money.Amount `json:"debit_amount"`
		Wallet      string       `json:"wallet"`
		Acquirer    string       `json:"acquirer"`
		Store       string       `json:"store"`
		Mode        string       `json:"mode"`
	}
	postingLine struct {
		Type     string         `json:"type"`
		Entry    string         `json:"entry"`
		Payment  string         `json:"payment"`
		Account  string         `json:"account"`
		Currency money.Currency `json:"currency"`
		Amount   int64          `json:"amount"`
		Window   string         `json:"window"`
	}
	balanceLine struct {
		Type     string         `json:"type"`
		Account  string         `json:"account"`
		Currency money.Currency `json:"currency"`
		Amount   int64          `json:"amount"`
	}
	blockLine struct {
		Type      string   `json:"type"`
		Partition uint16   `json:"partition"`
		Height    int64    `json:"height"`
		Previous  string   `json:"previous"`
		Hash      string   `json:"hash"`
		Events    []string `json:"events"`
	}
	eventLine struct {
		Type      string `json:"type"`
		Partition uint16 `json:"partition"`
		Height    int64  `json:"height"`
		Index     int    `json:"index"`
		Hash      string `json:"hash"`
		Data      []byte `json:"data"`
	}
)

func export(ctx context.Context, reader *store.Reader, out io.Writer) error {
	lines := json.NewEncoder(out)
	lines.SetEscapeHTML(false)
	write := func(line any, err error) error {
		if err != nil {
			return fmt.Errorf("export: %w", err)
		}
		return lines.Encode(line)
	}
	for p, err := range reader.EachPayment(ctx) {
		if err := write(lineOf(p), err); err != nil {
			return err
		}
	}
	for p, err := range reader.EachPosting(ctx) {
		line := postingLine{"posting", p.Entry, p.Payment, string(p.Account), p.Amount.Currency, p.Amount.Value, p.Window}
		if err := write(line, err); err != nil {
			return err
		}
	}
	positions, err := reader.Positions(ctx)
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	for _, at := range positions {
		if err := write(balanceLine{"balance", string(at.Account), at.Currency, at.Balance}, nil); err != nil {
			return err
		}
	}
	for b, err := range reader.EachBlock(ctx) {
		if err := write(blockLine{"block", b.Partition, b.Height, b.Previous, b.Hash, b.Events}, err); err != nil {
			return err
		}
	}
	for e, err := range reader.EachEvent(ctx) {
		if err := write(eventLine{"event", e.Partition, e.Height, e.Index, e.Hash, e.Data}, err); err != nil {
			return err
		}
	}
	return nil
}

func lineOf(p payment.Payment) paymentLine {
	return paymentLine{
		"payment", p.ID, p.Status(), p.Terms.Order, p.Terms.Debit, p.Wallet, p.Acquirer, p.Payee.Store, string(p.Mode),
	}
}

// auditCommand recomputes every invariant from the stored rows alone.
type auditCommand struct {
	DB      string `help:"Database: a file, or postgres://…" name:"db" required:"" placeholder:"DSN"`
	Acked   string `help:"File of references, one a line, that must be there and approved." type:"existingfile" placeholder:"FILE"`
	Archive string `help:"Folder of the archive, which is checked as well." placeholder:"DIR"`
}

// auditHeapGrowth is how much the heap may grow, in percent of what is in use, while
// many rows are read of which few are kept.
const auditHeapGrowth = 50

func (c auditCommand) Run(env *environment) error {
	var inquest hub.Inquest
	if c.Acked != "" {
		inquest.Acknowledged = references(c.Acked)
	}
	s, err := openArchived(env.context, c.DB, c.Archive)
	if err != nil {
		return err
	}
	defer s.Close() //nolint:errcheck // It was only read.
	debug.SetGCPercent(auditHeapGrowth)
	var checks []hub.Check
	err = s.Snapshot(env.context, func(reader *store.Reader) error {
		if checks, err = hub.Audit(env.context, reader, inquest); err != nil || c.Archive != "" {
			return err
		}
		volumes, err := reader.Volumes(env.context)
		if len(volumes) > 0 {
			fmt.Fprintf(env.out, "blocks 1 to %d are in an archive and not looked at: name it with --archive\n", volumes[len(volumes)-1].To)
		}
		return err
	})
	if err != nil {
		return err
	}
	if breaches := report(env.out, checks); breaches > 0 {
		fmt.Fprintf(env.out, "%d breaches\n", breaches)
		return errSilent
	}
	return nil
}

// report writes a line for each invariant, and one for each breach under it.
func report(out io.Writer, checks []hub.Check) (breaches int) {
	for _, check := range checks {
		verdict := "holds "
		if len(check.Breaches) > 0 {
			verdict = "BREACH"
		}
		fmt.Fprintf(out, "%s %-3s %7d  %s\n", verdict, check.ID, check.Rows, check.Says)
		for _, breach := range check.Breaches {
			fmt.Fprintf(out, "           %s\n", breach)
		}
		breaches += len(check.Breaches)
	}
	return breaches
}

// references reads a file of references, however many there are.
func references(name string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		file, err := os.Open(name)
		if err != nil {
			yield("", fmt.Errorf("read references: %w", err))
			return
		}
		defer file.Close() //nolint:errcheck // It was only read.
		words := bufio.NewScanner(file)
		words.Split(bufio.ScanWords)
		for words.Scan() {
			if !yield(words.Text(), nil) {
				return
			}
		}
		if err := words.Err(); err != nil {
			yield("", fmt.Errorf("read references: %w", err))
		}
	}
}
