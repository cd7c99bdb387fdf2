// Command hansa is the whole network in one binary: the switch, a demo with all
// its parties, and the tools to look at and to try what they do. It is the only
// place that wires the rooms together and that owns goroutines, the clock and
// the machine's randomness.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"

	"github.com/alecthomas/kong"
)

// version is set by the linker in a release.
var version = "development"

// commands are what the binary can do. docs/cli.md is their contract.
type commands struct {
	Demo    demoCommand    `cmd:"" help:"Run a whole make-believe network with pages to click."`
	Pay     payCommand     `cmd:"" help:"Make one payment in a demo, as a till or a wallet would."`
	Serve   serveCommand   `cmd:"" help:"Run the switch."`
	Migrate migrateCommand `cmd:"" help:"Bring a database to this release's schema."`
	Load    loadCommand    `cmd:"" help:"Load merchants, stores, terminals and codes from a file."`
	Export  exportCommand  `cmd:"" help:"Write the books and the journal as JSON lines."`
	Audit   auditCommand   `cmd:"" help:"Recompute every invariant from the stored rows."`
	Archive archiveCommand `cmd:"" help:"Move days of the journal that are over to files."`
	Bench   benchCommand   `cmd:"" help:"Measure how many payments this machine carries."`
	Sim     simCommand     `cmd:"" help:"Run a make-believe world from one seed and check it."`
	QR      qrCommand      `cmd:"" name:"qr" help:"Read and write payment codes."`
	Keys    keysCommand    `cmd:"" help:"Make and show keys."`
	Version versionCommand `cmd:"" help:"Say which release this is."`
}

// An environment is what a command may use of the outside.
type environment struct {
	context context.Context //nolint:containedctx // It is the life of the process, made in main.
	out     io.Writer
	now     func() time.Time
	log     *slog.Logger
}

// errSilent ends the process with status 1 after all was said.
var errSilent = errors.New("")

// heapGrowth is how much the heap may grow, in percent of what is in use, before it
// is searched for what is not. In use are some ten megabytes; to search less often
// gives a payment an eighth of its processor time back. GOGC says otherwise.
const heapGrowth = 400

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(heapGrowth)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	status := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(status)
}

// run runs one command and returns the exit status: 0 if all went well, 1 if
// the answer is no, 2 if the command line is wrong.
func run(ctx context.Context, args []string, out, problems io.Writer) int {
	var all commands
	parser, err := kong.New(&all, kong.Name("hansa"), kong.Description("One code at the till, every wallet."),
		kong.Writers(out, problems), kong.UsageOnError())
	if err != nil {
		panic(err)
	}
	chosen, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintln(problems, "hansa:", err)
		return 2
	}
	env := &environment{context: ctx, out: out, now: time.Now, log: slog.New(slog.NewTextHandler(problems, nil))}
	err = chosen.Run(env)
	switch {
	case err == nil:
		return 0
	case errors.Is(err, errSilent):
		return 1
	default:
	}
	fmt.Fprintln(problems, "hansa:", err)
	return 1
}

type versionCommand struct{}

func (versionCommand) Run(env *environment) error {
	_, err := fmt.Fprintln(env.out, "hansa", version)
	return err
}
