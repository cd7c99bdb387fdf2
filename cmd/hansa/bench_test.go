package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/hansa-network/hansa/store/pgtest"
)

// TestBenchPays runs each measurement for a second and looks at what it says, not
// at how fast it was.
func TestBenchPays(t *testing.T) {
	t.Parallel()
	for name, args := range map[string][]string{
		"core": {"bench", "core"}, "core, hot": {"bench", "core", "--hot"}, "http": {"bench", "http"},
		"core on PostgreSQL": {"bench", "core", "--db"}, "two nodes": {"bench", "http", "--nodes", "2", "--db"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if args[len(args)-1] == "--db" {
				args = append(args, pgtest.Database(t))
			}
			var out, problems bytes.Buffer
			args = append(args, "--clients", "4", "--seconds", "1", "--runs", "1", "--json")
			if status := run(t.Context(), args, &out, &problems); status != 0 {
				t.Fatalf("status %d: %s", status, problems.String())
			}
			lines := bytes.Split(bytes.TrimSpace(out.Bytes()), []byte("\n"))
			var said benchReport
			if err := json.Unmarshal(lines[len(lines)-1], &said); err != nil {
				t.Fatal(err)
			}
			if said.Payments == 0 || said.PerSec <= 0 || said.P50 > said.P99 || said.Driver == "" || said.What != args[1] {
				t.Errorf("%+v", said)
			}
			if (said.Limit > 0) != (said.What == "http") {
				t.Errorf("limit %v of %s", said.Limit, said.What)
			}
		})
	}
}

// TestMoreNodesNeedAPostgreSQL: an SQLite file is for one node, and says so.
func TestMoreNodesNeedAPostgreSQL(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"--nodes", "2"}, {"--nodes", "2", "--db", "hansa.db"}, {"--nodes", "0"}, {"--nodes", "100", "--db", "postgres://host/name"}} {
		status, out, problems := hansaSays(t, append([]string{"bench", "core"}, args...)...)
		if status != 1 || out != "" || !strings.HasPrefix(problems, "hansa: ") || !strings.Contains(problems, "node") {
			t.Errorf("%q: status %d, %q, %q", args, status, out, problems)
		}
	}
}
