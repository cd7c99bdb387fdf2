package main

import (
	"os"
	"testing"

	"github.com/hansa-network/hansa/store/pgtest"
)

// asBinary makes this program be hansa itself, so that tests can start, stop and
// kill it as a process without building it again.
const asBinary = "HANSA_TEST_AS_BINARY"

func TestMain(m *testing.M) {
	if order := os.Getenv(asSwitch); order != "" {
		serveUntilDeath(order)
		return
	}
	if os.Getenv(asBinary) != "" {
		main()
		return
	}
	pgtest.Main(m)
}
