package main

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/hansa-network/hansa/dialect/alipay"
	"github.com/hansa-network/hansa/dialect/bluecode"
	"github.com/hansa-network/hansa/dialect/nexi"
	"github.com/hansa-network/hansa/dialect/vipps"
	"github.com/hansa-network/hansa/dialect/wechat"
	"github.com/hansa-network/hansa/outbound"
	"github.com/hansa-network/hansa/web"
)

// rsaBits is the size of the keys of the protocols that sign with RSA.
const rsaBits = 2048

// tongues are what the switch alone knows of other protocols.
type tongues struct {
	rsa    *rsa.PrivateKey // signs what is said in the protocols of Alipay
	tokens [32]byte        // from which access tokens are made
	// What wallets have given to the network as their merchant. It comes from them, and so
	// it is not made here.
	weChat   wechat.Config     // without a key: there is no contract with WeChat Pay
	bluecode map[string]string // secrets by access ids
}

// openTongues reads those secrets in folder, and makes those that are missing.
func openTongues(folder string) (t tongues, err error) {
	if t.rsa, err = openRSA(filepath.Join(folder, "alipay.key")); err != nil {
		return t, err
	}
	if t.tokens, err = openTokens(filepath.Join(folder, "access.secret")); err != nil {
		return t, err
	}
	if t.weChat, err = openWeChat(filepath.Join(folder, weChatFile)); err != nil {
		return t, err
	}
	_, err = readContract(filepath.Join(folder, bluecodeFile), &t.bluecode)
	return t, err
}

// Contracts with wallets to which the network is a merchant, in the folder of keys.
const (
	weChatFile   = "wechat.json"
	bluecodeFile = "bluecode.json"
)

// A weChatContract is what weChatFile says.
type weChatContract struct {
	AppID string `json:"app_id"`
	Key   string `json:"key"`
}

// openWeChat reads the contract with WeChat Pay in file, if there is one.
func openWeChat(file string) (wechat.Config, error) {
	var contract weChatContract
	found, err := readContract(file, &contract)
	if err == nil && found && (contract.AppID == "" || contract.Key == "") {
		err = fmt.Errorf("%s has no app_id and key", file)
	}
	return wechat.Config{AppID: contract.AppID, Key: contract.Key}, err
}

// readContract reads a file, and reports whether there is one.
func readContract(file string, into any) (bool, error) {
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("read a contract: %w", err)
	}
	if err := json.Unmarshal(text, into); err != nil {
		return false, fmt.Errorf("read contract %s: %w", file, err)
	}
	return true, nil
}

// asked are the dialects in which wallets are asked, by their names.
func (t tongues) asked() map[string]outbound.Tongue {
	all := map[string]outbound.Tongue{
		alipay.Name: alipay.New(alipay.Config{Key: t.rsa}), bluecode.Name: bluecode.NewMerchant(t.bluecode),
	}
	if t.weChat.Key != "" {
		all[wechat.Name] = wechat.New(t.weChat)
	}
	return all
}

// decoding are the dialects in which acquirers are asked what their private codes ask.
func (t tongues) decoding() map[string]outbound.Decoder {
	return map[string]outbound.Decoder{alipay.Name: alipay.New(alipay.Config{Key: t.rsa})}
}

// spoken are the dialects of this release. To add one is to add a line.
func (t tongues) spoken() []web.Spoken {
	return []web.Spoken{
		{Name: alipay.Name, Dialect: alipay.New(alipay.Config{Key: t.rsa})},
		{Name: bluecode.Name, Dialect: bluecode.New(t.tokensOf(bluecode.Name))},
		{Name: nexi.Name, Dialect: nexi.Dialect{}},
		{Name: vipps.Name, Dialect: vipps.New(t.tokensOf(vipps.Name))},
	}
}

// tokensOf is the secret of one dialect's access tokens: those of one are none of another.
func (t tongues) tokensOf(dialect string) [32]byte {
	return sha256.Sum256(append([]byte(dialect+"\n"), t.tokens[:]...))
}

// openRSA reads the key in file, as PEM of PKCS #8, or makes one where there is none.
func openRSA(file string) (*rsa.PrivateKey, error) {
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		key, err := rsa.GenerateKey(rand.Reader, rsaBits)
		if err != nil {
			return nil, fmt.Errorf("make key %s: %w", file, err)
		}
		return key, writeSecret(file, string(pemOfPrivate(key)))
	}
	if err != nil {
		return nil, fmt.Errorf("read a key: %w", err)
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, fmt.Errorf("%s holds no PEM", file)
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("read key %s: %w", file, err)
	}
	key, ok := parsed.(*rsa.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("%s holds no RSA key", file)
	}
	return key, nil
}

func pemOfPrivate(key *rsa.PrivateKey) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8(key)})
}

// pkcs8 cannot fail for an RSA key.
func pkcs8(key *rsa.PrivateKey) []byte {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		panic(err)
	}
	return der
}

// spki is the public half as SubjectPublicKeyInfo, which cannot fail for an RSA key.
func spki(key *rsa.PrivateKey) []byte {
	der, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		panic(err)
	}
	return der
}

func pemOfPublic(key *rsa.PrivateKey) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: spki(key)}))
}
