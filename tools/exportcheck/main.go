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
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
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
	acknowledged, err := references(*acked)
	if err != nil {
		fmt.Fprintln(problems, "exportcheck:", err)
		return 2
	}
	findings := &findings{to: out}
	read, err := readExport(in, findings)
	if err != nil {
		fmt.Fprintln(problems, "exportcheck: read the export:", err)
		return 2
	}
	read.checkBooks(findings)
	read.checkPayments(findings)
	read.checkJournal(findings)
	read.checkAcknowledged(acknowledged, findings)
	read.summarise(out, len(acknowledged))
	fmt.Fprintf(out, "%d breaches\n", findings.count)
	if findings.count > 0 {
		return 1
	}
	return 0
}

// references reads a file of references; no name is no reference.
func references(file string) ([]string, error) {
	if file == "" {
		return nil, nil
	}
	text, err := os.ReadFile(file) //nolint:gosec // The user names the file.
	if err != nil {
		return nil, err
	}
	return strings.Fields(string(text)), nil
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
