package main

import (
	"crypto/ed25519"
	"time"

	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/qr"
)

// payeeFlags say what a code of ours shows of a store, and who signs it.
type payeeFlags struct {
	Name      string `help:"Name of the store." default:"Store"`
	City      string `help:"Its city." default:"Bergen"`
	Country   string `help:"Its country." default:"NO"`
	Category  string `help:"Its merchant category code." default:"5812"`
	Language  string `help:"Language of name and city, to keep their letters: two small letters." placeholder:"CODE"`
	LatinName string `help:"Name in Latin letters, where it cannot be made of the name." placeholder:"TEXT"`
	LatinCity string `help:"City in Latin letters, likewise." placeholder:"TEXT"`
	Key       string `help:"File of the key that signs." type:"existingfile" required:"" placeholder:"FILE"`
	KeyID     string `help:"Id of that key." default:"hansa-1"`
}

func (f payeeFlags) payee() qr.Payee {
	return qr.Payee{
		Name: f.Name, City: f.City, Country: f.Country, Category: f.Category,
		Language: f.Language, LatinName: f.LatinName, LatinCity: f.LatinCity,
	}
}

// qrStoreCommand makes the code of a sticker.
type qrStoreCommand struct {
	payeeFlags

	Code     string `help:"Id of the issued store code." required:"" placeholder:"ID"`
	Currency string `help:"Currency of the store." required:"" placeholder:"CODE"`
}

func (c *qrStoreCommand) Run(env *environment, encode *qrEncodeCommand) error {
	currency, err := money.ParseCurrency(c.Currency)
	if err != nil {
		return err
	}
	return c.signed(env, encode, func(key ed25519.PrivateKey) (string, error) {
		return qr.SignStore(qr.StoreCode{Code: c.Code, Currency: currency, Payee: c.payee()}, c.KeyID, key)
	})
}

// qrOrderCommand makes the code of one order, for a till's screen.
type qrOrderCommand struct {
	payeeFlags

	Order   string    `help:"Id of the order." required:"" placeholder:"ID"`
	Amount  string    `help:"Amount of the order, such as '100.00 NOK'." required:"" placeholder:"AMOUNT"`
	Expires time.Time `help:"When the code expires, RFC 3339." required:"" placeholder:"TIME"`
}

func (c *qrOrderCommand) Run(env *environment, encode *qrEncodeCommand) error {
	amount, err := money.ParseAmount(c.Amount)
	if err != nil {
		return err
	}
	return c.signed(env, encode, func(key ed25519.PrivateKey) (string, error) {
		code := qr.OrderCode{Order: c.Order, Amount: amount, ExpiresAt: c.Expires, Payee: c.payee()}
		return qr.SignOrder(code, c.KeyID, key)
	})
}

// signed writes the text that is signed with the key of the flags.
func (f payeeFlags) signed(env *environment, encode *qrEncodeCommand, sign func(ed25519.PrivateKey) (string, error)) error {
	key, err := readKey(f.Key)
	if err != nil {
		return err
	}
	text, err := sign(key)
	if err != nil {
		return err
	}
	return encode.write(env.out, text, false)
}
