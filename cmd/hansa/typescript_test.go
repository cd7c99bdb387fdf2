package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/needs"
	"github.com/hansa-network/hansa/sim"
)

// typescript is the package folder of the client for JavaScript and TypeScript.
const typescript = "../../sdk/typescript"

// runNode runs a program of the package and returns what it prints.
func runNode(t *testing.T, program string, arguments ...string) string {
	t.Helper()
	node := needs.JavaScript(t)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var out, fault bytes.Buffer
	command := exec.CommandContext(ctx, node, append([]string{filepath.Join(typescript, "test", program)}, arguments...)...)
	command.Stdout, command.Stderr = &out, &fault
	if err := command.Run(); err != nil {
		t.Fatalf("%s: %v\n%s%s", program, err, &out, &fault)
	}
	return out.String()
}

// TestTypeScriptSignsAsGo: both sign the same bytes alike, and believe the same answers.
func TestTypeScriptSignsAsGo(t *testing.T) {
	t.Parallel()
	got := runNode(t, "vectors.mjs", "../../api/testdata/vectors.json")
	if want := "13 vectors\n"; got != want {
		t.Errorf("want %q, got %q", want, got)
	}
}

// TestTheTypeScriptClientPays: an acquirer and a wallet sell by order and by payment code,
// read, listen and are refused, all in JavaScript.
func TestTheTypeScriptClientPays(t *testing.T) {
	t.Parallel()
	needs.JavaScript(t)
	n := openNetwork(t)
	wallet := newPaper(t, n, "vipps", n.client("vipps"))
	party := func(id string) map[string]string {
		key, err := os.ReadFile(filepath.Join(n.folder, "parties", id, "key"))
		noError(t, err)
		return map[string]string{"keyId": api.KeyID(id, 1), "key": string(key)}
	}
	config, err := json.Marshal(map[string]any{
		"url": n.url, "networkKeys": map[string]string{switchKeyID: api.FormatPublicKey(n.public)},
		"till": party("nets"), "wallet": party("vipps"),
		"store": "bergen-cafe", "terminal": sim.Terminal("bergen-cafe", "nets"), "payer": "u-1",
	})
	noError(t, err)
	want := `order open
resolved order Bryggen Kafe
told approved
order paid
paid approved 4200 true
refused true refund_too_large
stream payment approved
rules true null
events 4
heard order.open
`
	if diff := cmp.Diff(want, runNode(t, "pays.mjs", string(config))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got, want := wallet.lines(), []string{"ask u-1 42.00 NOK"}; !cmp.Equal(want, got) {
		t.Errorf("the wallet was asked %q, want %q", got, want)
	}
}
