package qr

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"math/big"
	"slices"
	"time"

	"github.com/hansa-network/hansa/money"
)

// A Directory is what a reader of codes knows of the network, as functions that
// look it up. Key is needed. The others may be nil where the reader knows nothing
// of the kind: then nothing is judged by it. All must answer the same for the same
// question while one code is judged.
type Directory struct {
	// Key finds a key that signs codes, also one whose time has not come or is over.
	Key func(id string) (Key, bool)

	// Registration finds what was registered under the id of a store code.
	Registration func(storeCode string) (Registration, bool)

	// Resembling lists the registered names, of whatever store, that people may take
	// for name, as shown.LookAlike says, in full or as a code prints them: in Latin
	// letters, and cut to 25 characters. An equal one is among them.
	Resembling func(name string) []string

	// AlwaysSigned reports whether the holder of an account in another scheme is one
	// whose codes are always signed by us. Kind is that of the code, such as mpm/pix,
	// and account any value that stands in it, without spaces and in capitals: an
	// account is the same in whatever case and groups it is written. That codes are
	// signed is thus known of the payee and not told by the code, from which a
	// signature can be taken away.
	AlwaysSigned func(kind, account string) bool

	// KeepsOrders says that the reader keeps the orders and judges by itself whether
	// the time of one is over.
	KeepsOrders bool
}

// A Key is a public key that signs codes, and nothing else.
type Key struct {
	Public    ed25519.PublicKey
	Issuer    string    // whose key it is
	NotBefore time.Time // zero: always
	NotAfter  time.Time // its codes are refused from then on; zero: no end is known
	Withdrawn bool      // its codes are refused at once
}

// A Registration is what the network knows of the store to which a store code was
// issued. What is empty is not compared.
type Registration struct {
	Issuer    string   // whose keys may sign codes of the store
	Names     []string // in whatever scripts it is registered
	Cities    []string // likewise
	Country   string   // ISO 3166-1, two capitals
	Currency  money.Currency
	Withdrawn bool // the code was taken back
}

// fieldPrime is that of the curve, and smallY the canonical y-coordinates of its
// eight points whose order divides eight; both with the lowest byte first.
var (
	fieldPrime = unhex("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")
	smallY     = [][]byte{
		unhex("0000000000000000000000000000000000000000000000000000000000000000"),
		unhex("0100000000000000000000000000000000000000000000000000000000000000"),
		unhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
		unhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
		unhex("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
	}
)

func unhex(text string) []byte {
	bytes, err := hex.DecodeString(text)
	if err != nil {
		panic("qr: " + err.Error())
	}
	return bytes
}

// weak reports a key that is none: of another length, of small order, so that
// anybody can make signatures that hold, or written with a y-coordinate that is not
// below the prime, which libraries judge differently.
func weak(key ed25519.PublicKey) bool {
	if len(key) != ed25519.PublicKeySize {
		return true
	}
	y := bytes.Clone(key)
	y[len(y)-1] &= 0x7f // The highest bit is the sign of x.
	for _, small := range smallY {
		if bytes.Equal(y, small) {
			return true
		}
	}
	// All bytes of the prime but the lowest are the highest possible.
	return bytes.Equal(y[1:], fieldPrime[1:]) && y[0] >= fieldPrime[0]
}

// curveD is the d of the curve -x² + y² = 1 + d·x²·y², the lowest byte first.
var curveD = unhex("a3785913ca4deb75abd841414d0a700098e879777940c78c73fe6f2bee6c0352")

// isPoint reports whether the curve has a point with the y-coordinate of the key:
// whether x² = (y² - 1) / (d·y² + 1) has a root, as the quotient has where the
// product of the two has one.
func isPoint(key ed25519.PublicKey) bool {
	number := func(lowestFirst []byte) *big.Int {
		highestFirst := slices.Clone(lowestFirst)
		slices.Reverse(highestFirst)
		return new(big.Int).SetBytes(highestFirst)
	}
	prime, one := number(fieldPrime), big.NewInt(1)
	square := number(key)
	square.SetBit(square, 8*len(key)-1, 0) // The highest bit is the sign of x.
	square.Mul(square, square).Mod(square, prime)
	product := number(curveD)
	product.Mul(product, square).Add(product, one).Mul(product, square.Sub(square, one))
	return big.Jacobi(product.Mod(product, prime), prime) >= 0
}
