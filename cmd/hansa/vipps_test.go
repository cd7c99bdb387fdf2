package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa/needs"
)

// TestTheLibraryOfVippsIsPaidByAlipay lets the official library, as npm installs it, make
// its twelve calls against the demo: visitors from China pay a shop that knows nothing of
// Alipay.
func TestTheLibraryOfVippsIsPaidByAlipay(t *testing.T) {
	t.Parallel()
	node, modules := needs.Library(t, "@vippsmobilepay/sdk")
	folder := t.TempDir()
	address := startDemo(t, []string{"demo", "--listen", "127.0.0.1:0", "--data", filepath.Join(folder, "data")})
	for _, name := range []string{"preload.mjs", "calls.mjs"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(readText(t, "deploy/vipps/"+name)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(modules, filepath.Join(folder, "node_modules")); err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), node, "--import", "./preload.mjs", "calls.mjs")
	command.Dir = folder
	command.Env = append(os.Environ(), "HANSA_CREDENTIALS="+filepath.Join(folder, "data", credentialsFile))
	wrote, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%v:\n%s", err, wrote)
	}
	var calls []string
	for line := range strings.Lines(string(wrote)) {
		var made struct {
			Call  string
			OK    bool
			Error any
			Data  json.RawMessage
		}
		if err := json.Unmarshal([]byte(line), &made); err != nil {
			t.Fatalf("%v:\n%s", err, line)
		}
		if !made.OK {
			t.Errorf("%s: %v", made.Call, made.Error)
		}
		calls = append(calls, made.Call)
	}
	want := []string{
		"getToken", "create", "create scanned", "forceApprove", "info", "capture", "refund", "cancel", "history", "register", "list", "delete",
	}
	if diff := cmp.Diff(want, calls); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
	for _, said := range []string{
		`"cancelledAmount":{"currency":"NOK","value":400},"capturedAmount":{"currency":"NOK","value":600},"refundedAmount":{"currency":"NOK","value":100}`,
		`"name":"CREATED"`, `"name":"AUTHORIZED"`, `"name":"CAPTURED"`, `"name":"REFUNDED"`, `"name":"CANCELLED"`,
	} {
		if !strings.Contains(string(wrote), said) {
			t.Errorf("%s is not in what the library was answered:\n%s", said, wrote)
		}
	}
	// Twice 10.00 NOK at 1.38105 NOK for one CNY; what was not captured and what was
	// refunded comes back.
	wantBooked(t, "http://"+address+"/sandbox/wallets/alipay/book", `"debited":{"value":1448,"currency":"CNY"},"returned":{"value":362,"currency":"CNY"}`)
}
