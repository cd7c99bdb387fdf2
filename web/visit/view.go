package visit

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/web/language"
)

// What is chosen before a visitor has chosen.
const (
	firstWallet = "alipay"
	firstStore  = "bergen-cafe"
	firstAmount = "100.00"
)

// A view is all that the page shows.
type view struct {
	World     World
	Language  language.Language
	Languages []language.Language

	Wallet  string // as chosen, like the next three
	Store   string
	Amount  string
	Mode    string
	Problem string // key of what is wrong with the form; empty: nothing

	Refused hansa.Reason // why there is no payment; empty otherwise
	Scene   *Scene       // what was paid; nil before
}

// viewOf takes over what the visitor chose.
func (p *pages) viewOf(r *http.Request, chosen url.Values) *view {
	return &view{
		Language: language.Choose(p.languages, chosen.Get("lang"), r.Header.Get("Accept-Language")), Languages: p.languages,
		Wallet: chosen.Get("wallet"), Store: chosen.Get("store"), Amount: chosen.Get("amount"), Mode: chosen.Get("mode"),
	}
}

// fill adds the world, and chooses for a visitor who has not.
func (p *pages) fill(ctx context.Context, v *view) (err error) {
	if v.World, err = p.Sandbox.World(ctx); err != nil {
		return err
	}
	for _, choice := range []struct {
		chosen *string
		first  string
	}{{&v.Wallet, firstWallet}, {&v.Store, firstStore}, {&v.Amount, firstAmount}, {&v.Mode, string(member.ConsumerPresented)}} {
		if *choice.chosen == "" {
			*choice.chosen = choice.first
		}
	}
	return nil
}

// wish reads the form. The problem is a key of the texts, empty for none.
func (v *view) wish() (wish Wish, problem string) {
	shop, known := v.Shop()
	if !known || !slices.ContainsFunc(v.World.Wallets, func(w Wallet) bool { return w.ID == v.Wallet }) || !slices.Contains(modes(), v.Mode) {
		return Wish{}, "choose_all"
	}
	decimal := strings.ReplaceAll(strings.ReplaceAll(strings.TrimSpace(v.Amount), ",", "."), " ", "")
	amount, err := money.ParseDecimal(decimal, shop.Currency)
	if reason, _ := hansa.ReasonOf(err); reason == hansa.InvalidScale {
		return Wish{}, "too_many_decimals"
	}
	if err != nil || amount.Payable() != nil {
		return Wish{}, "no_amount"
	}
	return Wish{Wallet: v.Wallet, Store: v.Store, Amount: amount, Mode: member.Mode(v.Mode)}, ""
}

func modes() []string {
	return []string{string(member.ConsumerPresented), string(member.Static), string(member.Dynamic)}
}

// Modes are the three ways to pay.
func (v *view) Modes() []string { return modes() }

// Shop is the store that was chosen.
func (v *view) Shop() (Shop, bool) {
	at := slices.IndexFunc(v.World.Shops, func(s Shop) bool { return s.ID == v.Store })
	if at < 0 {
		return Shop{}, false
	}
	return v.World.Shops[at], true
}

// ShopName is the name of the store that was chosen, or its id.
func (v *view) ShopName() string {
	if shop, known := v.Shop(); known {
		return shop.Name
	}
	return v.Store
}

// WalletName is the name of the wallet that was chosen, or its id.
func (v *view) WalletName() string {
	for _, wallet := range v.World.Wallets {
		if wallet.ID == v.Wallet {
			return wallet.Name
		}
	}
	return v.Wallet
}

// Approved reports whether what was asked for is paid.
func (v *view) Approved() bool { return v.Scene != nil && v.Scene.Payment.Status == "approved" }

// Say returns a text with the named parts filled in: name, value, name, value.
func (v *view) Say(key string, parts ...string) string { return v.Language.Say(key, parts...) }

// Why is the reason of a refusal in words. What is no reason of the network, as
// anybody may write it into an address, is not repeated.
func (v *view) Why(reason string) string {
	if text, ok := v.Language.Find("reason_" + reason); ok {
		return text
	}
	for _, row := range api.Problems() {
		if string(row.Reason) == reason {
			return row.Title
		}
	}
	return v.Say("reason_internal")
}

// RefusedWhy is why there is no payment, in words.
func (v *view) RefusedWhy() string { return v.Why(string(v.Refused)) }

// A ledger is a book as it is shown.
type ledger struct {
	Title   string
	Before  money.Amount
	Total   money.Amount
	Moved   money.Amount
	HasLine bool
	Lines   []Line
}

// Ledgers are the books of both sides: before the payment, the payment, and now.
func (v *view) Ledgers() []ledger {
	return []ledger{
		v.ledger(v.Say("book_wallet", "wallet", v.Scene.Wallet.Owner), v.Scene.Wallet),
		v.ledger(v.Say("book_store", "acquirer", v.Scene.Store.Owner, "store", v.ShopName()), v.Scene.Store),
	}
}

func (v *view) ledger(title string, book Book) ledger {
	shown := ledger{Title: title, Before: book.Total, Total: book.Total, Lines: book.Lines[:min(len(book.Lines), linesMax)]}
	for _, line := range book.Lines {
		if v.IsNew(line) {
			// Totals are sums of these lines: a part of one cannot leave the range.
			shown.Moved, shown.HasLine = money.New(shown.Moved.Value+line.Amount.Value, line.Amount.Currency), true
		}
	}
	shown.Before.Value = book.Total.Value - shown.Moved.Value
	return shown
}

// IsNew reports whether a line is that of the payment which is shown.
func (v *view) IsNew(line Line) bool { return line.Reference == v.Scene.Payment.Reference }

// Signed writes an amount with its sign.
func (v *view) Signed(a money.Amount) string {
	if a.Value > 0 {
		return "+" + a.String()
	}
	return strings.Replace(a.String(), "-", "−", 1)
}
