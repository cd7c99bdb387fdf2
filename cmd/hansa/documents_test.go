package main

import (
	"bytes"
	"crypto/ed25519"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"

	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/sim"
	"github.com/hansa-network/hansa/web"
)

// TestCommandsAreDocumented holds docs/cli.md to the parser: each command has a
// section that names its flags, with their defaults, and no other flags.
func TestCommandsAreDocumented(t *testing.T) {
	t.Parallel()
	document := readText(t, "docs/cli.md")
	parser, err := kong.New(new(commands), kong.Name("hansa"))
	if err != nil {
		t.Fatal(err)
	}
	mentioned := regexp.MustCompile("`--([a-z0-9-]+)")
	for _, command := range documented(parser.Model.Node) {
		name := strings.Join(strings.Fields(command.FullPath()), " ")
		section := sectionOf(t, document, name)
		var known []string
		for _, flag := range command.Flags {
			known = append(known, flag.Name)
			wantFlag(t, section, name, flag)
		}
		for _, found := range mentioned.FindAllStringSubmatch(section, -1) {
			if !slices.Contains(known, found[1]) {
				t.Errorf("docs/cli.md gives %s a flag --%s", name, found[1])
			}
		}
	}
}

// documented lists the commands below a node that can be run, and those that have
// flags for all commands below them.
func documented(node *kong.Node) []*kong.Node {
	var all []*kong.Node
	for _, command := range node.Children {
		if command.Leaf() || len(command.Flags) > 0 {
			all = append(all, command)
		}
		all = append(all, documented(command)...)
	}
	return all
}

// wantFlag looks for the line that is about flag.
func wantFlag(t *testing.T, section, command string, flag *kong.Flag) {
	t.Helper()
	lines := strings.Split(section, "\n")
	at := slices.IndexFunc(lines, func(line string) bool {
		return strings.Contains(line, "`--"+flag.Name+"`") || strings.Contains(line, "`--"+flag.Name+" ")
	})
	if at < 0 {
		t.Errorf("docs/cli.md does not name --%s of %s", flag.Name, command)
		return
	}
	wanted := []string{flag.Default}
	if flag.Required {
		wanted = append(wanted, "required")
	}
	if flag.Enum != "" {
		wanted = append(wanted, strings.Split(flag.Enum, ",")...)
	}
	for _, want := range wanted {
		if !strings.Contains(section, want) || flag.Default == want && !strings.Contains(lines[at], want) {
			t.Errorf("docs/cli.md does not say %q of --%s of %s", want, flag.Name, command)
		}
	}
}

// sectionOf is what stands below the heading of a command, up to the next one.
func sectionOf(t *testing.T, document, heading string) string {
	t.Helper()
	start := regexp.MustCompile(`(?m)^##+ ` + regexp.QuoteMeta(heading) + `\n`).FindStringIndex(document)
	if start == nil {
		t.Errorf("docs/cli.md has no section on %s", heading)
		return ""
	}
	section, _, _ := strings.Cut(document[start[1]:], "\n##")
	return section
}

// TestInvariantsAreDocumented holds docs/invariants.md to what audit prints.
func TestInvariantsAreDocumented(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	database, acknowledged := filepath.Join(folder, "hansa.db"), filepath.Join(folder, "acked")
	if err := os.WriteFile(acknowledged, []byte("pay_none\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var out, problems bytes.Buffer
	if status := run(t.Context(), []string{"migrate", "--db", database}, &out, &problems); status != 0 {
		t.Fatalf("migrate: status %d, %s", status, problems.String())
	}
	if status := run(t.Context(), []string{"audit", "--db", database, "--acked", acknowledged}, &out, &problems); status != 1 {
		t.Fatalf("audit: status %d, %s", status, problems.String())
	}
	printed := firsts(regexp.MustCompile(`(?m)^(?:holds |BREACH) (\S+)`), out.String())
	documented := firsts(regexp.MustCompile(`(?m)^\| ([A-Z]\d+) \|`), readText(t, "docs/invariants.md"))
	if want := printed; !slices.Equal(documented, want) {
		t.Errorf("docs/invariants.md has\n%q, and audit prints\n%q", documented, want)
	}
}

// firsts returns what the first group of a pattern matches, sorted.
func firsts(pattern *regexp.Regexp, text string) []string {
	return slices.Sorted(slices.Values(firstsInOrder(pattern, text)))
}

// TestWorldIsDocumented holds docs/sandbox.md to the world and to the routes of
// the sandbox.
func TestWorldIsDocumented(t *testing.T) {
	t.Parallel()
	document := readText(t, "docs/sandbox.md")
	world := sim.World()
	for _, participant := range world.Listing.Participants {
		wantWords(t, document, "| `"+participant.ID+"` |")
	}
	for _, s := range world.Registry.Stores {
		row := fmt.Sprintf("| `%s` | %s | %s, %s | %s | %s", s.ID, s.Name, s.City, s.Country, s.Category, s.Currency)
		wantWords(t, document, row)
	}
	for _, misbehaviour := range sim.Misbehaviours()[1:] {
		wantWords(t, document, "| `"+string(misbehaviour)+"` |")
	}
	for _, terms := range sim.WalletTerms() {
		wantWords(t, document, fmt.Sprintf("| `%s` | %s | %s | %s |", terms.ID, terms.Country, terms.Debits, terms.Settles))
	}
	for _, route := range firsts(regexp.MustCompile(`"((?:GET|POST) /sandbox/[^"]+)"`), readText(t, "sim/party/sandbox.go")) {
		wantWords(t, document, "| `"+route+"` |")
	}
	var documented, standing []string
	for _, found := range regexp.MustCompile(`\| ([A-Z]{3}) \| ([\d.]+) ([A-Z]{3})`).FindAllStringSubmatch(document, -1) {
		rate, err := money.NewRate(money.Currency(found[1]), money.Currency(found[3]), found[2])
		if err != nil {
			t.Fatal(err)
		}
		documented = append(documented, rate.String())
	}
	for _, rate := range world.Listing.Rates {
		standing = append(standing, rate.Rate.String())
	}
	slices.Sort(documented)
	slices.Sort(standing)
	if !slices.Equal(documented, standing) {
		t.Errorf("docs/sandbox.md has the rates\n%q, and the world\n%q", documented, standing)
	}
}

func wantWords(t *testing.T, document, words string) {
	t.Helper()
	if !strings.Contains(document, words) {
		t.Errorf("a document does not say %q", words)
	}
}

// TestRoutesAreDocumented looks for each operation in docs/api.md.
func TestRoutesAreDocumented(t *testing.T) {
	t.Parallel()
	document := readText(t, "docs/api.md")
	for _, route := range web.Routes() {
		wantWords(t, document, "`"+route)
	}
}

// TestWorkedSignatureHolds verifies the worked example of docs/api.md.
func TestWorkedSignatureHolds(t *testing.T) {
	t.Parallel()
	_, example, _ := strings.Cut(readText(t, "docs/api.md"), "### A worked example")
	blocks := firstsInOrder(regexp.MustCompile("(?ms)^```\n(.*?)\n```$"), example)
	if len(blocks) < 4 {
		t.Fatalf("the example has %d blocks", len(blocks))
	}
	seed, shown, _ := strings.Cut(blocks[0], "\n")
	key, err := api.ParseSeed(seed)
	if err != nil {
		t.Fatal(err)
	}
	public := key.Public().(ed25519.PublicKey)
	if want := api.FormatPublicKey(public); shown != want {
		t.Errorf("public key %s, want %s", shown, want)
	}
	body, base := blocks[1], blocks[2]
	request, fields := httptest.NewRequest(http.MethodPost, "/v1/payment-codes", strings.NewReader(body)), strings.Split(blocks[3], "\n")
	for _, field := range fields[1:] {
		name, value, _ := strings.Cut(field, ": ")
		request.Header.Set(name, value)
	}
	keys := func(keyID string) (api.Key, bool) { return api.Key{Public: public}, keyID == "vipps#1" }
	noon := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	verified, err := api.VerifyRequest(request, []byte(body), "https://pay.example", keys, noon)
	if err != nil || string(verified.Base) != base || verified.Created != noon {
		t.Errorf("%v, base\n%s\nwant\n%s", err, base, verified.Base)
	}
	if fields[0] != "POST /v1/payment-codes HTTP/1.1" || len(body) != 47 {
		t.Errorf("%q with a body of %d bytes", fields[0], len(body))
	}
}

func firstsInOrder(pattern *regexp.Regexp, text string) []string {
	var all []string
	for _, found := range pattern.FindAllStringSubmatch(text, -1) {
		all = append(all, found[1])
	}
	return all
}
