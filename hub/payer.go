package hub

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/hansa-network/hansa/payment"
	"github.com/hansa-network/hansa/store"
)

// keyed is a hash that only this network can make. Parts are joined by a line
// feed, which none of them may contain.
func (h *Hub) keyed(parts ...string) string {
	mac := hmac.New(sha256.New, h.secret[:])
	mac.Write([]byte(strings.Join(parts, "\n")))
	return hex.EncodeToString(mac.Sum(nil))
}

// personReference is how the network names a wallet's payer.
func (h *Hub) personReference(wallet, payer string) string {
	return h.keyed("person", wallet, payer)[:32]
}

// payerToken is how an acquirer knows a payer: another one for every acquirer.
func (h *Hub) payerToken(person, acquirer string) string {
	if person == "" {
		return ""
	}
	return "payer_" + h.keyed("payer", acquirer, person)[:32]
}

// person returns the reference of a wallet's payer and notes the person with
// the wallet's token sealed under a key of its own, which can be destroyed.
func (b *batch) person(wallet, payer string, r Request) string {
	reference := b.hub.personReference(wallet, payer)
	if known, ok := b.persons.read(reference); ok && known.Key != nil {
		return reference
	}
	key := r.Chance.Draw("person")
	b.persons.write(reference, store.Person{
		Reference: reference, Wallet: wallet, Key: key[:], Sealed: seal(key, payer, reference),
	})
	return reference
}

// payerOf is the wallet's own token for the payer of p, or nothing where the
// wallet issued the code itself or the person was erased.
func (b *batch) payerOf(p payment.Payment) string {
	if p.Payer == "" {
		return ""
	}
	person, ok := b.persons.read(p.Payer)
	if !ok || len(person.Key) != 32 {
		return ""
	}
	return unseal([32]byte(person.Key), person.Sealed, person.Reference)
}

// seal encrypts text. The key seals one text only, so that a fixed nonce is safe.
func seal(key [32]byte, text, bound string) []byte {
	return sealer(key).Seal(nil, make([]byte, 12), []byte(text), []byte(bound))
}

func unseal(key [32]byte, sealed []byte, bound string) string {
	text, err := sealer(key).Open(nil, make([]byte, 12), sealed, []byte(bound))
	if err != nil {
		panic("a sealed payer token was altered: " + bound)
	}
	return string(text)
}

func sealer(key [32]byte) cipher.AEAD {
	block, err := aes.NewCipher(key[:])
	if err != nil {
		panic(err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		panic(err)
	}
	return aead
}
