//go:build unix

package pgtest_test

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/hansa-network/hansa/store/pgtest"
)

// victim tells the test process that it is to hold a server until it is killed.
const victim = "HANSA_PGTEST_VICTIM"

func TestMain(m *testing.M) { pgtest.Main(m) }

func TestEachDatabaseIsItsOwn(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"one", "two", "three"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			connection := connect(t, pgtest.Database(t))
			// Were the database not its own, the table would be there already.
			if _, err := connection.Exec(t.Context(), "CREATE TABLE berth (name TEXT)"); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestServerIsSetUpAsDocumented(t *testing.T) {
	t.Parallel()
	connection := connect(t, pgtest.Database(t))
	for setting, want := range map[string]string{
		"listen_addresses": "127.0.0.1", "data_checksums": "on", "server_encoding": "UTF8",
		"lc_collate": "C", "fsync": "on", "synchronous_commit": "on", "TimeZone": "UTC",
	} {
		var got string
		if err := connection.QueryRow(t.Context(), "SHOW "+setting).Scan(&got); err != nil {
			t.Fatal(err)
		}
		if got != want {
			t.Errorf("%s: want %q, got %q", setting, want, got)
		}
	}
}

func TestDatabaseGoesWithItsTest(t *testing.T) { //nolint:tparallel // The subtest has to end first.
	t.Parallel()
	pgtest.Database(t) // Without PostgreSQL the test is skipped here.
	var address string
	t.Run("its test", func(t *testing.T) { address = pgtest.Database(t) })
	if connection, err := pgx.Connect(t.Context(), address); err == nil {
		t.Errorf("%s is still there", address)
		_ = connection.Close(t.Context())
	} else if !strings.Contains(err.Error(), "does not exist") {
		t.Error(err)
	}
}

// A test process that is killed cannot clean up; its server must end all the same.
func TestServerEndsWithAKilledProcess(t *testing.T) {
	t.Parallel()
	pgtest.Database(t) // Without PostgreSQL the test is skipped here.
	process := exec.Command(os.Args[0], "-test.run=^TestVictim$")
	process.Env = append(os.Environ(), victim+"=1")
	output, err := process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	address, err := bufio.NewReader(output).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	connection := connect(t, strings.TrimSpace(address))
	var books string
	if err := connection.QueryRow(t.Context(), "SHOW data_directory").Scan(&books); err != nil {
		t.Fatal(err)
	}
	if err := process.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = process.Wait() // It was killed.

	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if _, err := connection.WaitForNotification(ctx); ctx.Err() != nil {
		t.Fatalf("the server lives on: %v", err)
	}
	waitUntilGone(ctx, t, books)
}

// TestVictim plays the process that is killed.
func TestVictim(t *testing.T) {
	if os.Getenv(victim) == "" {
		return // It is for TestServerEndsWithAKilledProcess to start.
	}
	_, _ = os.Stdout.WriteString(pgtest.Database(t) + "\n")
	<-t.Context().Done()
}

// waitUntilGone waits for another process to remove the folder.
func waitUntilGone(ctx context.Context, t *testing.T, folder string) {
	t.Helper()
	ticks := time.NewTicker(10 * time.Millisecond)
	defer ticks.Stop()
	for {
		if _, err := os.Stat(folder); os.IsNotExist(err) {
			return
		}
		select {
		case <-ticks.C:
		case <-ctx.Done():
			t.Fatalf("%s is still there", folder)
		}
	}
}

func connect(t *testing.T, address string) *pgx.Conn {
	t.Helper()
	connection, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = connection.Close(context.Background()) })
	return connection
}
