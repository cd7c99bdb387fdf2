package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/dialect/alipay"
	"github.com/hansa-network/hansa/dialect/bluecode"
	"github.com/hansa-network/hansa/dialect/wechat"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/qr/barcode"
	"github.com/hansa-network/hansa/sim"
	"github.com/hansa-network/hansa/sim/party"
)

// A purse is a wallet of the demo that speaks another protocol.
type purse struct {
	client member.Client // as which the network asks it
	tongue party.Tongue
	issuer string // of the numbers that it draws itself; empty: it shows codes of the network's
	debits bool   // when its payer scans, before it tells the network
}

// What the wallets of Bluecode and WeChat Pay have given to the network.
const (
	weChatMerchant = "1900000109"
	weChatApp      = "wxd678efh567hg6787"
)

// A blueWallet is a wallet of Bluecode, or one whose integration Bluecode carries. It draws
// barcodes with digits of its own after 988.
type blueWallet struct {
	wallet, provider, accessID, digits string
}

// blueWallets are Bluecode itself, and those whose integration it carries.
func blueWallets() []blueWallet {
	return []blueWallet{
		{"bluecode", "", "hansa-bluecode", "01"},
		{"momo", "bluecode", "hansa-momo", "06"},
		{"pagaqui", "bluecode", "hansa-pagaqui", "07"},
	}
}

// openDemoSecrets are openSecrets of a network whose wallets are make-believe: their side
// of a contract is drawn here too.
func openDemoSecrets(folder string) (secrets, error) {
	weChat := weChatContract{AppID: weChatApp, Key: drawnHex(16)}
	access := make(map[string]string)
	for _, w := range blueWallets() {
		access[w.accessID] = drawnHex(20)
	}
	err := errors.Join(agree(filepath.Join(folder, weChatFile), weChat), agree(filepath.Join(folder, bluecodeFile), access))
	if err != nil {
		return secrets{}, err
	}
	return openSecrets(folder)
}

// agree writes a contract where there is none.
func agree(file string, contract any) error {
	if _, err := os.Stat(file); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return writeSecret(file, string(api.Encode(contract))+"\n")
}

// purses are the wallets of the demo that speak other protocols than the network's own:
// Alipay, ePassi and, through ePassi, Pivo that of Alipay+; Bluecode and, through it, MOMO
// and Pagaqui that of Bluecode; and WeChat Pay. Vipps is asked in the network's own, since
// it has published none for wallets.
func (c credentials) purses(folder, reached string, own tongues) ([]purse, error) {
	var all []purse
	for _, side := range alipaySides() {
		if !strings.HasPrefix(side.what, walletPrefix) {
			continue
		}
		key, err := openRSA(alipayKeyFile(folder, side.key))
		if err != nil {
			return nil, err
		}
		client := side.client
		client.Dialect, client.PublicKey = alipay.Name, pemOfPublic(key)
		speaks := alipay.NewParty(alipay.PartyConfig{ID: client.ID, Key: key, NetworkKey: pemOfPublic(own.rsa), Network: reached})
		all = append(all, purse{client: client, tongue: party.Tongue{Ear: speaks, Voice: speaks, Carrier: client.Provider}, debits: true})
	}
	for _, w := range blueWallets() {
		client := member.Client{Dialect: bluecode.Name, ID: w.accessID, Participant: w.wallet, Provider: w.provider}
		issuer := barcode.Bluecode // The scheme's own takes whatever is nobody's in particular.
		if w.provider != "" {
			issuer += "/988" + w.digits
		}
		all = append(all, purse{client: client, issuer: issuer, tongue: party.Tongue{
			Ear: bluecode.NewParty(w.accessID, own.bluecode[w.accessID]), Carrier: w.provider,
			Draw: func(chance hansa.Chance) string { return bluecode.Barcode(w.digits, chance) }, DrawnFor: bluecode.BarcodeFor,
		}})
	}
	client := member.Client{Dialect: wechat.Name, ID: weChatMerchant, Participant: "wechat"}
	return append(all, purse{client: client, issuer: barcode.WeChat, tongue: party.Tongue{
		Ear: wechat.NewParty(own.weChat, client.ID), Mute: true, Draw: wechat.DrawCode, DrawnFor: wechat.CodeFor,
	}}), nil
}

// tonguesOf are how purses speak, by their wallets.
func tonguesOf(purses []purse) map[string]party.Tongue {
	all := make(map[string]party.Tongue)
	for _, p := range purses {
		all[p.client.Participant] = p.tongue
	}
	return all
}

// speaking is the world with the systems that speak other protocols: some of its wallets
// are asked in these.
func speaking(world sim.Setup, clients []member.Client, purses []purse) sim.Setup {
	world.Listing.Clients = clients
	for _, purse := range purses {
		if _, entered := clientOf(clients, purse.client.Name()); !entered {
			world.Listing.Clients = append(world.Listing.Clients, purse.client)
		}
		for i := range world.Listing.Participants {
			if p := &world.Listing.Participants[i]; p.ID == purse.client.Participant {
				purse.enter(&p.Wallet)
			}
		}
	}
	return world
}

func clientOf(clients []member.Client, name string) (member.Client, bool) {
	for _, client := range clients {
		if client.Name() == name {
			return client, true
		}
	}
	return member.Client{}, false
}

// enter says how the wallet is asked and which numbers are its own.
func (p purse) enter(side *member.WalletSide) {
	side.Client = p.client.Name()
	side.NotifyMode = side.NotifyMode || p.debits
	if p.issuer != "" {
		side.OwnCodes, side.Issuers = true, append(side.Issuers, p.issuer)
	}
}
