// Package needs is for tests alone. It knows what a test may need of the
// machine that it runs on, and what happens where that is missing: the test is
// skipped with a reason, or fails if the environment variable HANSA_REQUIRE
// lists the need, as in HANSA_REQUIRE=pg,chromium,corpora. So a laptop with
// nothing but Go passes, and the continuous check leaves nothing out unseen.
package needs

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A Need is something that a test cannot do without.
type Need string

// The needs that HANSA_REQUIRE can list.
const (
	PostgreSQL Need = "pg"       // the programs of a PostgreSQL server
	Chromium   Need = "chromium" // a browser
	Node       Need = "node"     // Node.js
	Corpora    Need = "corpora"  // public test data: the folder that HANSA_CORPORA names
	Schemas    Need = "xsd"      // xmllint, and the folder of ISO 20022 schemas that HANSA_XSD names
	Libraries  Need = "npm"      // Node.js, and in the folder that HANSA_NPM names what npm has installed there
)

// Missing ends the test because the need is not there: as skipped, or as failed
// if HANSA_REQUIRE lists it. The reason says what was looked for.
func Missing(t testing.TB, need Need, reason string) {
	t.Helper()
	if slices.Contains(strings.Split(os.Getenv("HANSA_REQUIRE"), ","), string(need)) {
		t.Fatalf("needs %s: %s", need, reason)
	}
	t.Skipf("needs %s: %s", need, reason)
}

// Browser returns the path of a Chromium.
func Browser(t testing.TB) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	Missing(t, Chromium, "chromium not found")
	return ""
}

// Library returns the path of Node.js, and the folder node_modules that holds a library
// for it, such as "@vippsmobilepay/sdk".
func Library(t testing.TB, name string) (node, modules string) {
	t.Helper()
	node = JavaScript(t)
	folder := os.Getenv("HANSA_NPM")
	if folder == "" {
		Missing(t, Libraries, "HANSA_NPM is not set")
	}
	modules = filepath.Join(folder, "node_modules")
	if _, err := os.Stat(filepath.Join(modules, filepath.FromSlash(name))); err != nil {
		Missing(t, Libraries, err.Error())
	}
	return node, modules
}

// Schema returns the path of xmllint and that of the public schema of a message, such as
// "pacs.009.001.08".
func Schema(t testing.TB, message string) (lint, schema string) {
	t.Helper()
	lint, err := exec.LookPath("xmllint")
	if err != nil {
		Missing(t, Schemas, "xmllint not found")
	}
	folder := os.Getenv("HANSA_XSD")
	if folder == "" {
		Missing(t, Schemas, "HANSA_XSD is not set")
	}
	schema = filepath.Join(folder, message+".xsd")
	if _, err := os.Stat(schema); err != nil {
		Missing(t, Schemas, err.Error())
	}
	return lint, schema
}

// JavaScript returns the path of Node.js.
func JavaScript(t testing.TB) string {
	t.Helper()
	path, err := exec.LookPath("node")
	if err != nil {
		Missing(t, Node, "node not found")
	}
	return path
}

// Corpus returns the path of one corpus, such as "wycheproof", among the public
// test data.
func Corpus(t testing.TB, name string) string {
	t.Helper()
	folder := os.Getenv("HANSA_CORPORA")
	if folder == "" {
		Missing(t, Corpora, "HANSA_CORPORA is not set")
	}
	path := filepath.Join(folder, name)
	if _, err := os.Stat(path); err != nil {
		Missing(t, Corpora, err.Error())
	}
	return path
}
