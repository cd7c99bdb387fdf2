// Command exportcheck reads what hansa export writes and verifies it: the form
// of every line, double entry, balances, settlement windows, approved payments
// and the chain of the journal. All it knows of the network is the page
// docs/export.md, and it shares no code with it, so that a fault of the network
// is not a fault of its proof.
//
//	hansa export --db hansa.db | exportcheck [--acked FILE]
//
// FILE holds references of payments that somebody was told are approved, one a
// line; each must be there. The exit status is 0 if all holds, 1 if anything
// does not, 2 if nothing could be checked.
package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run checks an export and returns the exit status.
func run(arguments []string, in io.Reader, out, problems io.Writer) int {
	flags := flag.NewFlagSet("exportcheck", flag.ContinueOnError)
	flags.SetOutput(problems)
	acked := flags.String("acked", "", "`file` of references, one a line, that must be there and approved")
	if err := flags.Parse(arguments); err != nil {
		return 2
	}
	if flags.NArg() > 0 {
		fmt.Fprintln(problems, "exportcheck: the export is read from the standard input")
		return 2
	}
	findings := &findings{to: out}
	if err := examine(in, *acked, findings); err != nil {
		fmt.Fprintln(problems, "exportcheck:", err)
		return 2
	}
	fmt.Fprintf(out, "%d breaches\n", findings.count)
	if findings.count > 0 {
		return 1
	}
	return 0
}

// examine reads and verifies an export. An error means that this could not be done.
func examine(in io.Reader, acked string, found *findings) (err error) {
	e := &export{byStatus: make(map[string]int), balances: make(map[shelf]int64)}
	defer func() { err = errors.Join(err, e.close()) }()
	acknowledged, err := e.promise(acked)
	if err != nil {
		return err
	}
	if err := e.read(in, found); err != nil {
		return fmt.Errorf("read the export: %w", err)
	}
	for _, verify := range []func(*findings) error{e.checkBooks, e.checkPayments, e.checkJournal} {
		if err := verify(found); err != nil {
			return err
		}
	}
	e.summarise(found.to, acknowledged)
	return nil
}

// promise reads a file of references that somebody was told are approved, and counts
// them; no name is no reference.
func (e *export) promise(file string) (count int, err error) {
	if file == "" {
		return 0, nil
	}
	opened, err := os.Open(file) //nolint:gosec // The user names the file.
	if err != nil {
		return 0, err
	}
	defer opened.Close() //nolint:errcheck // It was only read.
	words := bufio.NewScanner(opened)
	words.Split(bufio.ScanWords)
	for ; words.Scan(); count++ {
		if err := e.lives.add(words.Text(), aPromise); err != nil {
			return 0, err
		}
	}
	return count, words.Err()
}

// shownMax is how many breaches are written out.
const shownMax = 100

// findings are the breaches so far.
type findings struct {
	to    io.Writer
	count int
}

// must takes note of a breach where it does not hold.
func (f *findings) must(holds bool, format string, arguments ...any) {
	if holds {
		return
	}
	f.count++
	if f.count <= shownMax {
		fmt.Fprintf(f.to, "BREACH "+format+"\n", arguments...)
	}
}
