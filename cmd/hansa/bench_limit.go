package main

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/hansa-network/hansa/store"
)

// What a payment over HTTP cannot do without: a message from the till to the
// switch, one from the switch to the wallet, an answer to each.
const (
	signaturesOfPayment = 4
	echoesOfPayment     = 2
	insertsOfPayment    = 2
)

// How much of each is measured.
const (
	signaturesMeasured = 2000
	echoesMeasured     = 4000
	insertsMeasured    = 100_000
)

// calibrate returns how many payments a second the cores would carry if each cost
// only its signatures, echoes and inserts, all of them measured now.
func calibrate(env *environment) (float64, error) {
	signing, verifying := costOfSignatures()
	echo, err := costOfEcho(env.context)
	if err != nil {
		return 0, err
	}
	insert, err := costOfInsert(env.context)
	if err != nil {
		return 0, err
	}
	payment := signaturesOfPayment*(signing+verifying) + echoesOfPayment*echo + insertsOfPayment*insert
	limit := float64(runtime.GOMAXPROCS(0)) / payment.Seconds()
	fmt.Fprintf(env.out, "sign %v, verify %v, echo %v, insert %v of one core: at most %.0f payments a second\n",
		signing, verifying, echo, insert, limit)
	return limit, nil
}

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
