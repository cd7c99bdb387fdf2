package main

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/hansa-network/hansa/dialect/alipay"
	"github.com/hansa-network/hansa/dialect/bluecode"
	"github.com/hansa-network/hansa/dialect/nexi"
	"github.com/hansa-network/hansa/member"
)

// credentialsFile is what a demo writes for those who try a real client of another
// protocol with it. It holds secrets, of make-believe merchants.
const credentialsFile = "credentials.json"

// A set of credentials is what one client's system is configured with. Every field of a
// protocol has the name that its own documents use.
type credentials struct {
	Origin    string               `json:"origin"`
	OriginTLS string               `json:"origin_tls,omitempty"`
	CA        string               `json:"ca,omitempty"` // file of the certificate authority of OriginTLS
	Alipay    map[string]signedBy  `json:"alipay"`       // by what the client is: merchant, acquirer or wallet
	Nexi      secretKeyCredentials `json:"nexi"`
	Vipps     tokenCredentials     `json:"vipps"`
	Bluecode  basicCredentials     `json:"bluecode"`
	// Tills are what the world's own tills show that speak Bluecode, by acquirers.
	Tills map[string]basicCredentials `json:"tills"`
}

// signedBy are credentials of a protocol that signs with RSA. Keys are base64 of PKCS #8
// and of SubjectPublicKeyInfo, as the makers' libraries want them.
type signedBy struct {
	ClientID         string `json:"client_id"`
	MerchantKey      string `json:"private_key"`
	MerchantKeyFile  string `json:"private_key_file"` // the same as PEM
	NetworkPublicKey string `json:"alipay_public_key"`
	Store            string `json:"store,omitempty"`
	Terminal         string `json:"terminal,omitempty"`
}

type secretKeyCredentials struct {
	SecretKey string `json:"secret_key"`
	Store     string `json:"store"`
}

type tokenCredentials struct {
	MerchantSerialNumber string `json:"merchant_serial_number"`
	ClientID             string `json:"client_id"`
	ClientSecret         string `json:"client_secret"`
	SubscriptionKey      string `json:"subscription_key"`
	Store                string `json:"store"`
}

type basicCredentials struct {
	AccessID      string `json:"access_id"`
	Secret        string `json:"secret"`
	SandboxSecret string `json:"sandbox_secret,omitempty"` // shown instead, it gives the protocol's own test barcodes their meaning
	Store         string `json:"store,omitempty"`
}

// The places of the make-believe merchants that speak other protocols.
const (
	cafeMerchant, cafeStore, cafeNets, cafeVipps = "bryggen", "bergen-cafe", "bergen-cafe-nets", "bergen-cafe-vipps"
	viennaMerchant, viennaStore, viennaTill      = "prater", "vienna-coffee", "vienna-coffee-bluecode"
)

// alipaySide is a make-believe system that speaks a protocol of Alipay.
type alipaySide struct {
	what   string
	key    string // what it is whose key this signs with
	client member.Client
}

// alipaySides are a merchant, two acquirers, two wallets, and one whose integration the
// second of them carries as its service provider, with the same key.
func alipaySides() []alipaySide {
	return []alipaySide{
		{"merchant", "merchant", member.Client{ID: "SANDBOX_5Y5XHANSACAFE00", Participant: "nets", Merchant: cafeMerchant, Store: cafeStore, Terminal: cafeNets}},
		{"acquirer", "acquirer", member.Client{ID: "SANDBOX_5Y5XHANSANETS00", Participant: "nets", Store: cafeStore, Terminal: cafeNets}},
		{"acquirer_epassi", "acquirer_epassi", member.Client{ID: "SANDBOX_5Y5XHANSAEPASSI", Participant: "epassi"}},
		{walletPrefix, walletPrefix, member.Client{ID: "5Y5XHANSAALIPAY0", Participant: "alipay"}},
		{walletPrefix + "_epassi", walletPrefix + "_epassi", member.Client{ID: "SANDBOX_5Y5XHANSAEPASSIWALLET", Participant: "epassi"}},
		{walletPrefix + "_pivo", walletPrefix + "_epassi", member.Client{ID: "SANDBOX_5Y5XHANSAPIVO00", Participant: "pivo", Provider: "epassi"}},
	}
}

// walletPrefix begins the name of what is a wallet among the sides of Alipay.
const walletPrefix = "wallet"

// openCredentials reads the credentials in folder, or makes them where there are none.
// They are written with the addresses of this run.
func openCredentials(folder string, here credentials, own tongues) (credentials, error) {
	file := filepath.Join(folder, credentialsFile)
	c, err := readCredentials(file)
	if errors.Is(err, fs.ErrNotExist) {
		c, err = makeCredentials(), nil
	}
	if err != nil {
		return c, err
	}
	c.Tills = tillsWith(c.Tills)
	c.Origin, c.OriginTLS, c.CA = here.Origin, here.OriginTLS, here.CA
	for _, side := range alipaySides() {
		key, err := openRSA(alipayKeyFile(folder, side.key))
		if err != nil {
			return c, err
		}
		c.Alipay[side.what] = signedBy{
			ClientID: side.client.ID, MerchantKey: base64.StdEncoding.EncodeToString(pkcs8(key)), MerchantKeyFile: alipayKeyFile(folder, side.key),
			NetworkPublicKey: base64.StdEncoding.EncodeToString(spki(own.rsa)), Store: side.client.Store, Terminal: side.client.Terminal,
		}
	}
	return c, c.write(file)
}

func readCredentials(file string) (c credentials, err error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return c, err
	}
	if err := json.Unmarshal(text, &c); err != nil {
		return c, fmt.Errorf("read %s: %w", file, err)
	}
	return c, nil
}

// makeCredentials draws fresh secrets.
func makeCredentials() credentials {
	return credentials{
		Alipay:   make(map[string]signedBy),
		Nexi:     secretKeyCredentials{SecretKey: "test-secret-key-" + drawnHex(16), Store: cafeStore},
		Vipps:    tokenCredentials{MerchantSerialNumber: "123456", ClientID: drawnHex(16), ClientSecret: drawnHex(20), SubscriptionKey: drawnHex(16), Store: cafeStore},
		Bluecode: basicCredentials{AccessID: drawnHex(8), Secret: drawnHex(20), SandboxSecret: drawnHex(20), Store: viennaStore},
	}
}

// tillsWith are what tills show, drawn for those that have nothing to show yet.
func tillsWith(known map[string]basicCredentials) map[string]basicCredentials {
	all := make(map[string]basicCredentials)
	for _, acquirer := range tillsOfBluecode {
		all[acquirer] = known[acquirer]
		if all[acquirer].AccessID == "" {
			all[acquirer] = basicCredentials{AccessID: drawnHex(8), Secret: drawnHex(20)}
		}
	}
	return all
}

// drawnHex is so many bytes of chance, at most 32.
func drawnHex(bytes int) string {
	c := chance()
	sum := sha256.Sum256(c[:])
	return hex.EncodeToString(sum[:bytes])
}

// write replaces the file as a whole.
func (c credentials) write(file string) error {
	text, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		return fmt.Errorf("write %s: %w", file, err)
	}
	draft := file + ".new"
	if err := os.WriteFile(draft, append(text, '\n'), 0o600); err != nil {
		return fmt.Errorf("write %s: %w", file, err)
	}
	if err := os.Rename(draft, file); err != nil {
		return fmt.Errorf("write %s: %w", file, err)
	}
	return nil
}

// clients are the make-believe systems that these credentials are for.
func (c credentials) clients(folder string) ([]member.Client, error) {
	var all []member.Client
	for _, side := range alipaySides() {
		key, err := openRSA(alipayKeyFile(folder, side.key))
		if err != nil {
			return nil, err
		}
		client := side.client
		client.Dialect, client.PublicKey = alipay.Name, pemOfPublic(key)
		all = append(all, client)
	}
	return append(all, []member.Client{
		{
			Dialect: nexi.Name, ID: nexi.ClientID(c.Nexi.SecretKey), Participant: "nets", Merchant: cafeMerchant, Store: cafeStore, Terminal: cafeNets,
			Secrets: map[string]string{nexi.SecretKey: hashOf(c.Nexi.SecretKey)},
		},
		c.vippsClient(c.Vipps.MerchantSerialNumber, cafeMerchant, cafeStore),
		{
			Dialect: bluecode.Name, ID: c.Bluecode.AccessID, Participant: "bluecode", Merchant: viennaMerchant, Store: viennaStore, Terminal: viennaTill,
			Secrets: map[string]string{
				bluecode.Secret: hashOf(c.Bluecode.Secret), bluecode.SandboxSecret: hashOf(c.Bluecode.SandboxSecret),
			},
		},
	}...), nil
}

func alipayKeyFile(folder, what string) string {
	return filepath.Join(folder, "credentials", "alipay-"+what+".key")
}

func hashOf(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}
