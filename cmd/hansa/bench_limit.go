package main

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/store"
)

// What a payment over HTTP cannot do without: a message from the till to the
// switch, one from the switch to the wallet, an answer to each.
const (
	signaturesOfPayment = 4
	echoesOfPayment     = 2
	insertsOfPayment    = 2
)

// sqliteDriver is what the bare inserts are measured with.
const sqliteDriver = "modernc.org/sqlite"

// How much of each is measured.
const (
	signaturesMeasured = 2000
	echoesMeasured     = 2000
	insertsMeasured    = 50_000
	readsMeasured      = 20_000
	syncsMeasured      = 100
)

// costs is what the parts take, each by itself and in the same minute.
type costs struct {
	sign, verify, echo, insert, read time.Duration // of one core
	sync                             time.Duration // of the disk, while the cores are idle
}

// calibrate measures the parts.
func calibrate(env *environment) (costs, error) {
	var c costs
	var err error
	c.sign, c.verify = costOfSignatures()
	if c.echo, err = costOfEcho(env.context); err != nil {
		return c, err
	}
	if c.insert, err = costOfInsert(env.context); err != nil {
		return c, err
	}
	if c.sync, err = costOfSync(); err != nil {
		return c, err
	}
	c.read = costOfReading()
	fmt.Fprintf(env.out, "of one core: sign %v, verify %v, echo %v, bare insert %v; sync %v\n", c.sign, c.verify, c.echo, c.insert, c.sync)
	return c, nil
}

// payment is what no payment could cost less than.
func (c costs) payment(http bool) time.Duration {
	least := insertsOfPayment * c.insert
	if http {
		least += signaturesOfPayment*(c.sign+c.verify) + echoesOfPayment*c.echo
	}
	return least
}

// limit is how many payments a second the cores would carry if each cost no more.
func (c costs) limit(http bool) float64 {
	return float64(runtime.GOMAXPROCS(0)) / max(c.payment(http), 1).Seconds()
}

func (c costs) named(http bool) string {
	if http {
		return "signatures, echoes and bare inserts"
	}
	return "bare inserts"
}

// limits prints what the parts alone would allow.
func (c benchCommand) limits(env *environment, parts costs) error {
	cores := float64(runtime.GOMAXPROCS(0))
	fmt.Fprintf(env.out, "%-28s %10s %14s %10s %10s\n", "part", "µs", "a second", "core", "http")
	for _, row := range []struct {
		name       string
		cost       time.Duration
		core, http int // how many of it a payment cannot do without
	}{
		{"Ed25519 signature", parts.sign, 0, signaturesOfPayment},
		{"Ed25519 verification", parts.verify, 0, signaturesOfPayment},
		{"HTTP echo, both ends", parts.echo, 0, echoesOfPayment},
		{"insert of 300 bytes, batched", parts.insert, insertsOfPayment, insertsOfPayment},
		{"reading of a till's message", parts.read, 0, 0},
	} {
		fmt.Fprintf(env.out, "%-28s %10.1f %14.0f %10d %10d\n", row.name, micros(row.cost), cores/max(row.cost, 1).Seconds(), row.core, row.http)
	}
	fmt.Fprintf(env.out, "%-28s %10.1f %14.0f %10s %10s\n", "sync of 4 KiB to the disk", micros(parts.sync), 1/max(parts.sync, 1).Seconds(), "a batch", "a batch")
	fmt.Fprintf(env.out, "core: at most %.0f payments a second on %.0f cores; http: at most %.0f\n", parts.limit(false), cores, parts.limit(true))
	if !c.JSON {
		return nil
	}
	report := benchReport{Limit: parts.limit(true), Driver: sqliteDriver, CGO: usesCGO}
	return json.NewEncoder(env.out).Encode(report)
}

func micros(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1000 }

// each returns what one of n costs of the cores.
func each(n int, all func() error) (time.Duration, error) {
	began := cpuTime()
	err := all()
	return (cpuTime() - began) / time.Duration(n), err
}

func costOfSignatures() (signing, verifying time.Duration) {
	key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	message := make([]byte, 512)
	var signature []byte
	signing, _ = each(signaturesMeasured, func() error {
		for range signaturesMeasured {
			signature = ed25519.Sign(key, message)
		}
		return nil
	})
	verifying, _ = each(signaturesMeasured, func() error {
		for range signaturesMeasured {
			_ = ed25519.Verify(publicOf(key), message, signature) // What it costs is asked, not what it says.
		}
		return nil
	})
	return signing, verifying
}

// costOfEcho asks a server of this process for what it is sent, client and server
// together.
func costOfEcho(ctx context.Context) (time.Duration, error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	listener, err := listen(ctx, "127.0.0.1:0", false)
	if err != nil {
		return 0, err
	}
	served := make(chan error, 1)
	go func() {
		served <- serve(ctx, listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.Copy(w, r.Body) }))
	}()
	address, body := "http://"+listener.Addr().String(), make([]byte, 600)
	cost, err := each(echoesMeasured, func() error {
		for range echoesMeasured {
			if err := echoed(ctx, address, body); err != nil {
				return err
			}
		}
		return nil
	})
	stop()
	return cost, errors.Join(err, <-served)
}

func echoed(ctx context.Context, address string, body []byte) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, response.Body)
	_ = response.Body.Close() // The body was read to its end.
	return err
}

// costOfInsert adds rows of a payment's size to a table without an index.
func costOfInsert(ctx context.Context) (time.Duration, error) {
	folder, err := os.MkdirTemp("", "hansa-bench-")
	if err != nil {
		return 0, fmt.Errorf("make a folder: %w", err)
	}
	defer os.RemoveAll(folder) //nolint:errcheck // What is left over does no harm.
	return each(insertsMeasured, func() error {
		return store.BareInserts(ctx, filepath.Join(folder, "bare.db"), insertsMeasured)
	})
}

// costOfSync is how long the disk takes until a page is safe, one after the other.
func costOfSync() (time.Duration, error) {
	file, err := os.CreateTemp("", "hansa-bench-")
	if err != nil {
		return 0, fmt.Errorf("measure the disk: %w", err)
	}
	defer os.Remove(file.Name()) //nolint:errcheck // What is left over does no harm.
	page, began := make([]byte, 4096), time.Now()
	for range syncsMeasured {
		if _, err = file.Write(page); err == nil {
			err = file.Sync()
		}
		if err != nil {
			break
		}
	}
	took := time.Since(began) / syncsMeasured
	if err := errors.Join(err, file.Close()); err != nil {
		return 0, fmt.Errorf("measure the disk: %w", err)
	}
	return took, nil
}

// costOfReading is that of taking a till's message apart.
func costOfReading() time.Duration {
	message := api.Encode(api.AskPayment{
		RequestID: "sale_06h01x1zx4001x00b2yds8trvb15g", Code: "700001123456789012345678", Amount: money.New(100_00, "NOK"),
		Store: "bergen-cafe", Terminal: "bergen-cafe-nets", OrderReference: "sale_06h01x1zx4001x00b2yds8trvb15g",
	})
	cost, err := each(readsMeasured, func() error {
		for range readsMeasured {
			var read api.AskPayment
			if err := api.Decode(message, &read); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		panic(err)
	}
	return cost
}
