package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestNoPathLeadsElsewhere: a path with two slashes is answered as it was sent. Nobody
// who signs follows to another, and an answer that is not signed is not believed.
func TestNoPathLeadsElsewhere(t *testing.T) {
	t.Parallel()
	n := openNetwork(t)
	stays := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for _, path := range []string{
		"/ams/api//v1/payments/retrievePaymentSession", "/epayment/v1/payments//capture", "/v1/payments//charges", "/v1/../v1/payments",
		"//", "/sandbox", "/v1/payments/./1",
	} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, n.url+path, strings.NewReader("{}"))
		if err != nil {
			t.Fatal(err)
		}
		answer, err := stays.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		wantNoError(t, answer.Body.Close())
		if answer.StatusCode/100 == 3 || answer.Header.Get("Location") != "" {
			t.Errorf("%s: %s, leads to %s", path, answer.Status, answer.Header.Get("Location"))
		}
		if strings.HasPrefix(path, "/ams/") && answer.Header.Get("Signature") == "" {
			t.Errorf("%s: %s is not signed", path, answer.Status)
		}
	}
}

// TestHTTPSUnderTheirNames trusts ca.pem and reaches a demo under each name that a library
// has built in, and under no other.
func TestHTTPSUnderTheirNames(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	startDemo(t, []string{"demo", "--listen", "127.0.0.1:0", "--listen-tls", "127.0.0.1:0", "--data", folder})
	own, err := readCredentials(filepath.Join(folder, credentialsFile))
	if err != nil {
		t.Fatal(err)
	}
	if want := filepath.Join(folder, "ca.pem"); own.CA != want {
		t.Errorf("the authority is in %s, want %s", own.CA, want)
	}
	trusted := poolOf(t, own.CA)
	address := strings.TrimPrefix(own.OriginTLS, "https://")
	for _, name := range append(impersonated(), "127.0.0.1") {
		if err := reaches(t, address, name, trusted); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	var other x509.HostnameError
	if err := reaches(t, address, "shop.example", trusted); !errors.As(err, &other) {
		t.Errorf("a name that the certificate is not for: %v", err)
	}
	var nobody x509.UnknownAuthorityError
	if err := reaches(t, address, "localhost", x509.NewCertPool()); !errors.As(err, &nobody) {
		t.Errorf("an authority that is not trusted: %v", err)
	}
}

// reaches asks for the first page over https, at an address but under a name.
func reaches(t *testing.T, address, name string, trusted *x509.CertPool) error {
	t.Helper()
	transport := &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: trusted, MinVersion: tls.VersionTLS12},
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, address)
		},
	}
	defer transport.CloseIdleConnections()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://"+name+"/style.css", nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := (&http.Client{Transport: transport}).Do(request)
	if err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK {
		t.Errorf("%s: %s", name, answer.Status)
	}
	return answer.Body.Close()
}

// poolOf trusts the authority in a file.
func poolOf(t *testing.T, file string) *x509.CertPool {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		t.Fatalf("%s holds no certificate", file)
	}
	return pool
}

// TestTheAuthorityStays: who trusts it once need not do so again after the next start.
func TestTheAuthorityStays(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	if err := os.Mkdir(filepath.Join(folder, "keys"), 0o700); err != nil {
		t.Fatal(err)
	}
	var authorities [2][]byte
	now := time.Now()
	for i := range authorities {
		config, err := openTLS(folder, now)
		if err != nil {
			t.Fatal(err)
		}
		if authorities[i], err = os.ReadFile(filepath.Join(folder, "ca.pem")); err != nil {
			t.Fatal(err)
		}
		shown, err := x509.ParseCertificate(config.Certificates[0].Certificate[0])
		if err != nil {
			t.Fatal(err)
		}
		options := x509.VerifyOptions{Roots: poolOf(t, filepath.Join(folder, "ca.pem")), DNSName: "api.vipps.no", CurrentTime: now}
		if _, err := shown.Verify(options); err != nil {
			t.Error(err)
		}
	}
	if !bytes.Equal(authorities[0], authorities[1]) {
		t.Error("the second start makes another authority")
	}
}
