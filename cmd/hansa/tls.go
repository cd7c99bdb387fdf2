package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

// How long a demo's certificates are good for.
const (
	authorityFor   = 5 * 365 * 24 * time.Hour
	certificateFor = 90 * 24 * time.Hour
)

// impersonated are the hosts to whose names the makers' libraries are tied. A machine
// whose hosts file leads them to a demo, and which trusts its authority, may keep the
// library as it is.
func impersonated() []string {
	return []string{
		"localhost", "api.vipps.no", "apitest.vipps.no",
		"open-na-global.alipay.com", "open-sea-global.alipay.com", "open-de-global.alipay.com", "open-eu.alipay.com",
		"open-na.alipay.com", "open-sea.alipay.com", "open-sea-global.alipayplus.com", "open-sea.alipayplus.com",
		"api.dibspayment.eu", "test.api.dibspayment.eu", "merchant-api.bluecode.com", "merchant-api.bluecode.biz",
	}
}

// openTLS returns what a listener needs to answer https in a demo, under a certificate of
// an authority that is made once in folder and whose certificate is ca.pem there.
func openTLS(folder string, now time.Time) (*tls.Config, error) {
	authority, key, err := openAuthority(folder, now)
	if err != nil {
		return nil, err
	}
	own, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make a certificate: %w", err)
	}
	der, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{
		SerialNumber: serial(), Subject: pkix.Name{CommonName: "Hansa demo"}, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(certificateFor),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		DNSNames: impersonated(), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
	}, authority, &own.PublicKey, key)
	if err != nil {
		return nil, fmt.Errorf("make a certificate: %w", err)
	}
	return &tls.Config{
		MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"},
		Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: own}},
	}, nil
}

// openAuthority reads the authority of a demo, or makes it.
func openAuthority(folder string, now time.Time) (*x509.Certificate, *ecdsa.PrivateKey, error) {
	certificates, keys := filepath.Join(folder, "ca.pem"), filepath.Join(folder, "keys", "ca.key")
	text, err := os.ReadFile(certificates)
	if errors.Is(err, fs.ErrNotExist) {
		return makeAuthority(certificates, keys, now)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("read the authority: %w", err)
	}
	secret, err := os.ReadFile(keys)
	if err != nil {
		return nil, nil, fmt.Errorf("read the key of the authority: %w", err)
	}
	block, _ := pem.Decode(text)
	keyBlock, _ := pem.Decode(secret)
	if block == nil || keyBlock == nil {
		return nil, nil, fmt.Errorf("%s or its key is no PEM", certificates)
	}
	authority, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil, nil, fmt.Errorf("read %s: %w", certificates, err)
	}
	key, err := x509.ParseECPrivateKey(keyBlock.Bytes)
	if err != nil {
		return nil, nil, fmt.Errorf("read the key of %s: %w", certificates, err)
	}
	return authority, key, nil
}

func makeAuthority(certificates, keys string, now time.Time) (*x509.Certificate, *ecdsa.PrivateKey, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, fmt.Errorf("make the authority: %w", err)
	}
	template := &x509.Certificate{
		SerialNumber: serial(), Subject: pkix.Name{CommonName: "Hansa demo authority"}, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(authorityFor),
		IsCA: true, BasicConstraintsValid: true, MaxPathLenZero: true, KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return nil, nil, fmt.Errorf("make the authority: %w", err)
	}
	secret, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return nil, nil, fmt.Errorf("make the authority: %w", err)
	}
	// The key of an authority whose certificate was never written is worth nothing.
	if err := os.Remove(keys); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, nil, fmt.Errorf("make the authority: %w", err)
	}
	if err := writeSecret(keys, string(pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: secret}))); err != nil {
		return nil, nil, err
	}
	if err := os.WriteFile(certificates, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		return nil, nil, fmt.Errorf("write %s: %w", certificates, err)
	}
	authority, err := x509.ParseCertificate(der)
	return authority, key, err
}

// serial is one that nobody can foretell, as authorities must.
func serial() *big.Int {
	c := chance()
	return new(big.Int).SetBytes(c[:16])
}
