//go:build unix

// Package pgtest gives tests a PostgreSQL of their own: one server for each
// test process, started when it is first asked for, and one fresh database for
// each call. The server listens on the loopback address only, keeps everything
// in a temporary folder, and ends with the process however that ends. A test
// package that uses it calls Main from its TestMain.
package pgtest

import (
	"bufio"
	"context"
	_ "embed"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/hansa-network/hansa/needs"
)

const (
	startsMax    = 3                // a free port may be taken before the server has it
	answerWithin = 30 * time.Second // of one statement
	superuser    = "postgres"       // of the database, and of the machine where root runs the tests
)

// serve starts a server in a folder and stops it when its input ends.
//
//go:embed serve.sh
var serve string

// running is the server of this process. It is the one variable of a package
// that changes: a server for each caller would take half a second each.
var running struct {
	sync.Mutex

	server    *server
	databases int
}

// A server is one PostgreSQL, kept alive by a pipe: the system closes it when
// this process ends, even if it is killed, and the guard at the other end then
// stops the server and removes its folder.
type server struct {
	folder string
	port   int
	guard  *exec.Cmd
	pipe   io.Closer
}

// Main runs the tests and then stops the server, if one was started.
func Main(m *testing.M) {
	defer stop()
	m.Run()
}

// Database returns the address, as postgres://…, of a new and empty database
// in UTF-8 that sorts by bytes. The test owns it; it is dropped when the test
// ends. Without PostgreSQL on this machine the test is skipped, or fails if
// HANSA_REQUIRE lists pg. It may be called from many tests at once.
func Database(t testing.TB) string {
	t.Helper()
	programs := findPrograms()
	if programs == "" {
		needs.Missing(t, needs.PostgreSQL, "postgres programs not found")
	}
	own, name, err := next(programs)
	if err != nil {
		t.Fatal(err)
	}
	if err := own.execute("CREATE DATABASE " + name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := own.execute("DROP DATABASE " + name + " WITH (FORCE)"); err != nil {
			t.Error(err)
		}
	})
	return own.address(name)
}

// Execute runs statements on a database that Database has returned, as whoever its
// address names.
func Execute(t testing.TB, address string, statements ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), answerWithin)
	defer cancel()
	connection, err := pgx.Connect(ctx, address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = connection.Close(ctx) }() // What was done is done.
	for _, statement := range statements {
		if _, err := connection.Exec(ctx, statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
}

// Role makes a role that may do nothing yet, and returns its name and the address by
// which it uses the database. It stays until the server ends.
func Role(t testing.TB, address, suffix string) (name, own string) {
	t.Helper()
	at, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	name = strings.TrimPrefix(at.Path, "/") + "_" + suffix
	Execute(t, address, "CREATE ROLE "+name+" LOGIN")
	at.User = url.User(name)
	return name, at.String()
}

// findPrograms returns the folder of initdb and pg_ctl, the newest of those
// that the packages of Debian install, or nothing.
func findPrograms() string {
	if path, err := exec.LookPath("initdb"); err == nil {
		if path, err = filepath.EvalSymlinks(path); err == nil {
			return filepath.Dir(path)
		}
	}
	found, err := filepath.Glob("/usr/lib/postgresql/[1-9][0-9]/bin/initdb")
	if err != nil || len(found) == 0 {
		return ""
	}
	return filepath.Dir(found[len(found)-1])
}

// next returns the server of this process, started if need be, and a name that
// no database of it had yet.
func next(programs string) (*server, string, error) {
	running.Lock()
	defer running.Unlock()
	for try := 1; running.server == nil; try++ {
		started, err := start(programs)
		if err != nil && try == startsMax {
			return nil, "", fmt.Errorf("start postgres: %w", err)
		}
		running.server = started
	}
	running.databases++
	return running.server, "hansa_" + strconv.Itoa(running.databases), nil
}

// stop ends the server and waits until its folder is gone.
func stop() {
	running.Lock()
	defer running.Unlock()
	if running.server != nil {
		running.server.stop()
		running.server = nil
	}
}

// start starts a server on a free port, and makes sure that the server which
// answers there is the one that it started.
func start(programs string) (*server, error) {
	account, err := accountOfServer()
	if err != nil {
		return nil, err
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	folder, err := makeFolder(account)
	if err != nil {
		return nil, err
	}
	guard := exec.Command("/bin/sh", "-c", serve, "serve", programs, folder, strconv.Itoa(port))
	guard.Dir = folder
	guard.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C", "TZ=UTC"}
	// In a group of its own an interrupt from the terminal does not reach the
	// guard before it has cleaned up.
	guard.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: account}
	own := &server{folder: folder, port: port, guard: guard}
	if err := own.launch(); err != nil {
		return nil, err
	}
	if err := own.recognise(); err != nil {
		own.stop()
		return nil, err
	}
	return own, nil
}

// launch starts the guard and returns when the server takes connections.
func (s *server) launch() error {
	input, err := s.guard.StdinPipe()
	if err != nil {
		return err
	}
	s.pipe = input
	output, err := s.guard.StdoutPipe()
	if err != nil {
		return err
	}
	if err := s.guard.Start(); err != nil {
		return err
	}
	lines := bufio.NewReader(output)
	first, err := lines.ReadString('\n')
	if first == "ready\n" {
		return nil
	}
	rest, _ := io.ReadAll(lines) // What went wrong is told as far as it can be read.
	s.stop()
	return fmt.Errorf("%s%s (%w)", first, rest, err)
}

// recognise returns an error unless the server that answers is ours.
func (s *server) recognise() error {
	return s.with(func(ctx context.Context, connection *pgx.Conn) error {
		var folder string
		if err := connection.QueryRow(ctx, "SHOW data_directory").Scan(&folder); err != nil {
			return err
		}
		if want := filepath.Join(s.folder, "books"); folder != want {
			return fmt.Errorf("port %d belongs to the server in %s, not in %s", s.port, folder, want)
		}
		return nil
	})
}

// stop closes the pipe and waits for the guard, whose own exit code says
// nothing more: it stops the server and removes the folder in any case.
func (s *server) stop() {
	_ = s.pipe.Close()
	_ = s.guard.Wait()
}

func (s *server) execute(statement string) error {
	return s.with(func(ctx context.Context, connection *pgx.Conn) error {
		if _, err := connection.Exec(ctx, statement); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
		return nil
	})
}

// with lends a connection to the server's own database.
func (s *server) with(do func(context.Context, *pgx.Conn) error) error {
	ctx, cancel := context.WithTimeout(context.Background(), answerWithin)
	defer cancel()
	connection, err := pgx.Connect(ctx, s.address("postgres"))
	if err != nil {
		return err
	}
	defer func() { _ = connection.Close(ctx) }() // The server may be gone already.
	return do(ctx, connection)
}

func (s *server) address(database string) string {
	return fmt.Sprintf("postgres://%s@127.0.0.1:%d/%s?sslmode=disable", superuser, s.port, database)
}

// accountOfServer returns whom the server runs as: PostgreSQL refuses root. It
// is nil if that is whoever runs the tests.
func accountOfServer() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil //nolint:nilnil // No account is the usual answer.
	}
	account, err := user.Lookup(superuser)
	if err != nil {
		return nil, err
	}
	uid, err := strconv.ParseUint(account.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(account.Gid, 10, 32)
	if err != nil {
		return nil, err
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
}

// makeFolder makes a temporary folder for the account, at a place that the
// account can enter.
func makeFolder(account *syscall.Credential) (string, error) {
	parent, err := filepath.EvalSymlinks(os.TempDir())
	if err != nil {
		return "", err
	}
	if account != nil && !isOpen(parent) {
		parent = "/tmp"
	}
	folder, err := os.MkdirTemp(parent, "hansa-pg-")
	if err != nil || account == nil {
		return folder, err
	}
	return folder, os.Chown(folder, int(account.Uid), int(account.Gid))
}

// isOpen says whether everybody may enter the folder and all those above it.
func isOpen(folder string) bool {
	for ; folder != "/"; folder = filepath.Dir(folder) {
		if about, err := os.Stat(folder); err != nil || about.Mode().Perm()&0o001 == 0 {
			return false
		}
	}
	return true
}

// freePort returns a port of the loopback address that was free just now.
func freePort() (int, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		return 0, err
	}
	if err := listener.Close(); err != nil {
		return 0, err
	}
	return strconv.Atoi(strings.TrimSpace(port))
}
