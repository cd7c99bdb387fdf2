package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// What the README says for everybody, and a test has to say otherwise.
const (
	readmeProgram = "go run ./cmd/hansa"
	readmeAddress = "127.0.0.1:8080"
	readmeFolder  = "hansa-data"
	readmeSim     = "sim --seed 1"
)

var shellBlock = regexp.MustCompile("(?ms)^```sh\n(.*?)^```$")

// TestReadmeCanBeFollowed runs what the README tells a newcomer to type, in its
// order: the demo beside a shell that runs all other blocks. A block of make
// would run this test, so only its targets are looked for.
func TestReadmeCanBeFollowed(t *testing.T) {
	t.Parallel()
	for _, tool := range []string{"sh", "curl", "sed"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("needs %s: %v", tool, err)
		}
	}
	folder, address := filepath.Join(t.TempDir(), "data"), ""
	var script strings.Builder
	for _, found := range shellBlock.FindAllStringSubmatch(readText(t, "README.md"), -1) {
		block := strings.TrimSpace(found[1])
		arguments, isProgram := strings.CutPrefix(block, readmeProgram+" ")
		switch {
		case strings.HasPrefix(block, "make "):
			wantTargets(t, strings.Fields(block)[1:])
		case isProgram && strings.HasPrefix(arguments, "demo"):
			address = startDemo(t, append(strings.Fields(arguments), "--listen", "127.0.0.1:0", "--data", folder))
		default:
			script.WriteString(block + "\n")
		}
	}
	wrote := runScript(t, script.String(), map[string]string{
		readmeAddress: address, readmeFolder: folder, readmeSim: readmeSim + " --payments 50",
	})
	for _, want := range []string{
		`"status": "approved"`,      // the command pay
		`"status":"approved"`,       // the same with curl
		`"debited":{"value":14447,`, // 12.50 EUR × 11.50 NOK, and half a percent
		"holds  L1 ",
	} {
		if !strings.Contains(wrote, want) {
			t.Errorf("%s is not in what the README's commands write:\n%s", want, wrote)
		}
	}
	wantBooked(t, "http://"+address+"/sandbox/acquirers/pagaqui/book", `"payables":[{"store":"lisbon-tiles","amount":{"value":1250,`)
	lines := strings.Fields(wrote)
	if last := lines[len(lines)-1]; !regexp.MustCompile(`^[0-9a-f]{64}$`).MatchString(last) {
		t.Errorf("the simulator ends with %q, not with a hash", last)
	}
	if _, err := os.Stat(filepath.Join(folder, "export.jsonl")); err != nil {
		t.Error(err)
	}
}

// wantBooked reads a book until it shows want: an acquirer hears of a payment
// from the journal, a moment after its till.
func wantBooked(t *testing.T, book, want string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	for {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, book, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatalf("%s does not show %s: %v", book, want, err)
		}
		text, err := io.ReadAll(response.Body)
		_ = response.Body.Close()
		if err == nil && strings.Contains(string(text), want) {
			return
		}
		if !pause(ctx, 20*time.Millisecond) {
			t.Fatalf("%s does not show %s: %s", book, want, text)
		}
	}
}

// startDemo runs the demo in this process until the test ends, and returns where
// it answers.
func startDemo(t *testing.T, arguments []string) string {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	said, out := io.Pipe()
	var log bytes.Buffer
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, arguments, out, &log)
		_ = out.Close()
	}()
	t.Cleanup(func() {
		stop()
		if status := <-ended; status != 0 {
			t.Errorf("the demo ends with status %d:\n%s", status, log.String())
		}
	})
	lines := bufio.NewReader(said)
	line, err := lines.ReadString('\n')
	if strings.HasPrefix(line, "also https://") {
		line, err = lines.ReadString('\n')
	}
	address, isReady := strings.CutPrefix(strings.TrimSpace(line), "ready http://")
	if err != nil || !isReady {
		t.Fatalf("the demo says %q and no address: %v", line, err)
	}
	return address
}

// runScript lets a shell run script, in which each key of instead stands for its
// value and the program for this very file. It returns what was written.
func runScript(t *testing.T, script string, instead map[string]string) string {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	script = strings.ReplaceAll(script, readmeProgram, "'"+program+"'")
	for key, value := range instead {
		if !strings.Contains(script, key) {
			t.Errorf("the README does not say %q any more: does this test still try what it says?", key)
		}
		script = strings.ReplaceAll(script, key, value)
	}
	shell := exec.CommandContext(t.Context(), "sh", "-eu")
	shell.Env = append(os.Environ(), asBinary+"=1")
	shell.Stdin = strings.NewReader(script)
	var problems bytes.Buffer
	shell.Stderr = &problems
	wrote, err := shell.Output()
	if err != nil {
		t.Fatalf("%v\n%s\n%s\nin\n%s", err, wrote, problems.String(), script)
	}
	return string(wrote)
}

// wantTargets looks for the targets in the Makefile.
func wantTargets(t *testing.T, targets []string) {
	t.Helper()
	makefile := readText(t, "Makefile")
	for _, target := range targets {
		if !strings.Contains(makefile, "\n"+target+":") {
			t.Errorf("the Makefile has no target %s", target)
		}
	}
}

// readText returns a file of the tree.
func readText(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
