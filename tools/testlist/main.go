// Command testlist runs go test with the arguments that it is given and passes
// on what matters: the line of each package, and all that a failed test or
// package wrote. It closes with each skipped test and why, and with the line
// "N passed, N failed, N skipped". Its exit code is that of go test.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
)

// lineMax bounds one line that go test writes, in bytes.
const lineMax = 4 << 20

func main() {
	code, err := run(os.Args[1:], os.Stdout)
	if err != nil {
		fmt.Fprintln(os.Stderr, "testlist:", err)
		code = 1
	}
	os.Exit(code)
}

// run runs go test and returns its exit code.
func run(arguments []string, to io.Writer) (int, error) {
	tests := exec.Command("go", append([]string{"test", "-json"}, arguments...)...) //nolint:gosec,noctx // The Makefile gives the arguments and the time.
	tests.Stderr = os.Stderr
	output, err := tests.StdoutPipe()
	if err != nil {
		return 0, err
	}
	if err := tests.Start(); err != nil {
		return 0, err
	}
	list := newList(to)
	if err := list.read(output); err != nil {
		return 0, err
	}
	err = tests.Wait()
	list.close()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return exit.ExitCode(), nil
	}
	return 0, err
}

// An event is a line of what go test -json writes (see go doc test2json).
type event struct {
	Action  string
	Package string
	Test    string
	Output  string
}

// A list is what is known so far about the tests.
type list struct {
	to             io.Writer
	wrote          map[string][]string // by package, or by package and test
	passed, failed int
	skipped        map[string][]string // tests by reason
}

func newList(to io.Writer) *list {
	return &list{to: to, wrote: make(map[string][]string), skipped: make(map[string][]string)}
}

func (l *list) read(from io.Reader) error {
	lines := bufio.NewScanner(from)
	lines.Buffer(nil, lineMax)
	for lines.Scan() {
		var now event
		if err := json.Unmarshal(lines.Bytes(), &now); err != nil {
			fmt.Fprintln(l.to, lines.Text()) // Not of a test: the go command itself speaks.
			continue
		}
		l.add(now)
	}
	return lines.Err()
}

// add takes note of one event, and prints what can be said already.
func (l *list) add(now event) {
	name := strings.TrimSpace(now.Package + " " + now.Test)
	wrote := l.wrote[name]
	switch now.Action {
	case "output", "build-output":
		l.wrote[name] = append(wrote, now.Output)
		return
	case "pass":
		if now.Test != "" {
			l.passed++
		}
	case "skip":
		if now.Test != "" {
			why := reason(wrote)
			l.skipped[why] = append(l.skipped[why], name)
		}
	case "fail":
		if now.Test != "" {
			l.failed++
			l.print(wrote)
		}
	case "build-fail":
		l.print(wrote)
	default:
		return
	}
	if now.Test == "" {
		l.printPackage(now.Action, wrote)
	}
	delete(l.wrote, name)
}

// printPackage prints the closing line of a package, and if it failed all that
// it wrote outside of its tests.
func (l *list) printPackage(action string, wrote []string) {
	if action == "fail" {
		l.print(wrote)
		return
	}
	for _, line := range wrote {
		if strings.HasPrefix(line, "ok  ") || strings.HasPrefix(line, "?   ") {
			l.print([]string{line})
		}
	}
}

// print leaves out the lines by which go test tells when a test starts and waits.
func (l *list) print(lines []string) {
	for _, line := range lines {
		if !strings.HasPrefix(line, "=== ") {
			fmt.Fprint(l.to, line)
		}
	}
}

// close prints what was skipped, the commonest reason first, and the totals.
func (l *list) close() {
	reasons := make([]string, 0, len(l.skipped))
	total := 0
	for why, tests := range l.skipped {
		reasons = append(reasons, why)
		total += len(tests)
	}
	slices.SortFunc(reasons, func(a, b string) int {
		if more := len(l.skipped[b]) - len(l.skipped[a]); more != 0 {
			return more
		}
		return strings.Compare(a, b)
	})
	for _, why := range reasons {
		tests := l.skipped[why]
		slices.Sort(tests)
		fmt.Fprintf(l.to, "\nskipped %d: %s\n\t%s\n", len(tests), why, strings.Join(tests, "\n\t"))
	}
	fmt.Fprintf(l.to, "\n%d passed, %d failed, %d skipped\n", l.passed, l.failed, total)
}

// reason returns what a skipped test said last, without the place in the code.
func reason(wrote []string) string {
	for _, line := range slices.Backward(wrote) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "---") || strings.HasPrefix(line, "===") {
			continue
		}
		if _, after, found := strings.Cut(line, ".go:"); found {
			if _, said, found := strings.Cut(after, ": "); found {
				return said
			}
		}
		return line
	}
	return "no reason given"
}
