package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

// A cluster is three PostgreSQL nodes of deploy/cluster.sh.
type cluster struct {
	script string
	folder string
	dsn    string
}

// startCluster starts a cluster that ends with this process, however that ends.
func startCluster(t *testing.T) *cluster {
	t.Helper()
	script, err := filepath.Abs(filepath.Join("..", "..", "deploy", "cluster.sh"))
	if err != nil {
		t.Fatal(err)
	}
	// PostgreSQL's own user must be able to enter the folder.
	folder, err := os.MkdirTemp("", "hansa-failover-") //nolint:usetesting // t.TempDir lets nobody else in.
	if err == nil {
		err = os.Chmod(folder, 0o755)
	}
	if err != nil {
		t.Fatal(err)
	}
	c := &cluster{script: script, folder: filepath.Join(folder, "cluster")}
	// The guard reads until this process has ended or says so, and then ends the cluster.
	guard := exec.Command("bash", "-c", `cat; "$0" stop "$1/cluster" && rm -rf "$1"`, script, folder)
	guard.Stderr = os.Stderr
	alive, err := guard.StdinPipe()
	if err == nil {
		err = guard.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the cluster's logs:\n%s", c.lastWords())
		}
		_ = alive.Close()
		if err := guard.Wait(); err != nil {
			t.Errorf("the cluster does not stop: %v", err)
		}
	})
	c.dsn = c.do(t, "start")
	return c
}

// do runs one command of the script and returns what it says.
func (c *cluster) do(t *testing.T, command string, arguments ...string) string {
	t.Helper()
	run := exec.Command(c.script, append([]string{command, c.folder}, arguments...)...)
	var problems strings.Builder
	run.Stderr = &problems
	said, err := run.Output()
	if err != nil {
		t.Fatalf("cluster.sh %s: %v: %s\n%s", command, err, &problems, c.lastWords())
	}
	return strings.TrimSpace(string(said))
}

// followers returns the nodes that do not lead.
func (c *cluster) followers(t *testing.T) []string {
	t.Helper()
	return c.those(t, func(state string) bool { return state != "leader" })
}

// successors returns the standby that commits wait for.
func (c *cluster) successors(t *testing.T) []string {
	t.Helper()
	return c.those(t, func(state string) bool { return strings.HasSuffix(state, "wait for") })
}

// those returns the nodes whose state is wanted.
func (c *cluster) those(t *testing.T, wanted func(state string) bool) []string {
	t.Helper()
	said, _ := exec.Command(c.script, "status", c.folder).Output() // Its status says whether all is well.
	var nodes []string
	for line := range strings.Lines(string(said)) {
		if fields := strings.SplitN(strings.TrimSpace(line), "  ", 3); len(fields) == 3 && wanted(fields[2]) {
			nodes = append(nodes, strings.TrimPrefix(fields[0], "node"))
		}
	}
	if len(nodes) == 0 {
		t.Fatalf("no such node:\n%s", said)
	}
	return nodes
}

// lastWords are the last lines that Patroni has logged on each node.
func (c *cluster) lastWords() string {
	logs, err := filepath.Glob(filepath.Join(c.folder, "node?", "patroni.log"))
	if err != nil || len(logs) == 0 {
		return ""
	}
	var last []string
	for _, log := range logs {
		text, _ := os.ReadFile(log) // What cannot be read says nothing.
		lines := slices.DeleteFunc(strings.Split(string(text), "\n"), func(line string) bool { return strings.Contains(line, "no action") })
		last = append(last, log)
		last = append(last, lines[max(0, len(lines)-15):]...)
	}
	return strings.Join(last, "\n")
}

func connect(t *testing.T, dsn string) *pgx.Conn {
	t.Helper()
	opened, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = opened.Close(context.Background()) })
	return opened
}

func execute(t *testing.T, on *pgx.Conn, statement string) {
	t.Helper()
	if _, err := on.Exec(t.Context(), statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

func count(t *testing.T, on *pgx.Conn, query string, arguments ...any) (n int) {
	t.Helper()
	if err := on.QueryRow(t.Context(), query, arguments...).Scan(&n); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return n
}
