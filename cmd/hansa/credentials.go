package main

import (
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

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
	SandboxSecret string `json:"sandbox_secret"` // shown instead, it gives the protocol's own test barcodes their meaning
	Store         string `json:"store"`
}

// The places of the make-believe merchants that speak other protocols.
const (
	cafeMerchant, cafeStore, cafeNets, cafeVipps    = "bryggen", "bergen-cafe", "bergen-cafe-nets", "bergen-cafe-vipps"
	viennaMerchant, viennaStore, viennaTill         = "prater", "vienna-coffee", "vienna-coffee-bluecode"
	alipayMerchant, alipayAcquirer, alipayWallet    = "merchant", "acquirer", "wallet"
	alipayMerchantID, alipayAcquirerID, alipayMPPID = "SANDBOX_5Y5XHANSACAFE00", "SANDBOX_5Y5XHANSANETS00", "SANDBOX_5Y5XHANSAPIVO00"
)

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
	c.Origin, c.OriginTLS, c.CA = here.Origin, here.OriginTLS, here.CA
	for what, clientID := range map[string]string{alipayMerchant: alipayMerchantID, alipayAcquirer: alipayAcquirerID, alipayWallet: alipayMPPID} {
		key, err := openRSA(filepath.Join(folder, "credentials", "alipay-"+what+".key"))
		if err != nil {
			return c, err
		}
		c.Alipay[what] = signedBy{
			ClientID: clientID, MerchantKey: base64.StdEncoding.EncodeToString(pkcs8(key)),
			MerchantKeyFile:  filepath.Join(folder, "credentials", "alipay-"+what+".key"),
			NetworkPublicKey: base64.StdEncoding.EncodeToString(spki(own.rsa)),
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
	keys := make(map[string]*rsa.PrivateKey)
	for what := range c.Alipay {
		key, err := openRSA(filepath.Join(folder, "credentials", "alipay-"+what+".key"))
		if err != nil {
			return nil, err
		}
		keys[what] = key
	}
	return []member.Client{
		{
			Dialect: "alipay", ID: alipayMerchantID, Participant: "nets", Merchant: cafeMerchant, Store: cafeStore, Terminal: cafeNets,
			PublicKey: pemOfPublic(keys[alipayMerchant]),
		},
		{Dialect: "alipay", ID: alipayAcquirerID, Participant: "nets", Store: cafeStore, Terminal: cafeNets, PublicKey: pemOfPublic(keys[alipayAcquirer])},
		{Dialect: "alipay", ID: alipayMPPID, Participant: "pivo", Provider: "epassi", PublicKey: pemOfPublic(keys[alipayWallet])},
		{
			Dialect: nexi.Name, ID: nexi.ClientID(c.Nexi.SecretKey), Participant: "nets", Merchant: cafeMerchant, Store: cafeStore, Terminal: cafeNets,
			Secrets: map[string]string{nexi.SecretKey: hashOf(c.Nexi.SecretKey)},
		},
		{
			Dialect: "vipps", ID: c.Vipps.MerchantSerialNumber, Participant: "vipps", Merchant: cafeMerchant, Store: cafeStore, Terminal: cafeVipps,
			Secrets: map[string]string{
				"client_id": hashOf(c.Vipps.ClientID), "client_secret": hashOf(c.Vipps.ClientSecret), "Ocp-Apim-Subscription-Key": hashOf(c.Vipps.SubscriptionKey),
			},
		},
		{
			Dialect: bluecode.Name, ID: c.Bluecode.AccessID, Participant: "bluecode", Merchant: viennaMerchant, Store: viennaStore, Terminal: viennaTill,
			Secrets: map[string]string{
				bluecode.Secret: hashOf(c.Bluecode.Secret), bluecode.SandboxSecret: hashOf(c.Bluecode.SandboxSecret),
			},
		},
	}, nil
}

func hashOf(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}
