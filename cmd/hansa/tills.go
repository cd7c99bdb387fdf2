package main

import (
	"slices"
	"strconv"

	"github.com/hansa-network/hansa/dialect/alipay"
	"github.com/hansa-network/hansa/dialect/bluecode"
	"github.com/hansa-network/hansa/dialect/nexi"
	"github.com/hansa-network/hansa/dialect/vipps"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/sim"
	"github.com/hansa-network/hansa/sim/party"
)

// Which protocol the tills of an acquirer of the world speak: those of Alipay+, by the
// side whose credentials they have, or of Bluecode, whose service some others use. Those
// of Vipps speak its own, and an acquirer that is not listed speaks the network's.
var (
	tillsOfAlipay   = map[string]string{"nets": "acquirer", "epassi": "acquirer_epassi"}
	tillsOfBluecode = []string{bluecode.Name, "momo", "pagaqui"}
)

// returnURL is where the page of a web shop leads its customer afterwards.
const returnURL = "https://shop.example/thanks"

// foreignTills are the tills and web shops of the world that speak other protocols, by
// terminals.
type foreignTills struct {
	tills, shops map[string]party.TillTongue
	clients      []member.Client            // that they are, beside those of everybody's credentials
	decode       map[string]party.DecodeEar // by acquirers
	decodeAs     map[string]string          // names of the clients as which those acquirers are asked
}

// foreignTills gives each till of the world the protocol of its acquirer.
func (c credentials) foreignTills(folder, reached string, own tongues, world sim.Setup) (foreignTills, error) {
	all := foreignTills{make(map[string]party.TillTongue), make(map[string]party.TillTongue), nil, make(map[string]party.DecodeEar), make(map[string]string)}
	plus := make(map[string]party.TillTongue)
	for acquirer, side := range tillsOfAlipay {
		key, err := openRSA(alipayKeyFile(folder, side))
		if err != nil {
			return all, err
		}
		config := alipay.PartyConfig{ID: c.Alipay[side].ClientID, Key: key, NetworkKey: pemOfPublic(own.rsa), Network: reached}
		plus[acquirer], all.decode[acquirer] = alipay.NewTill(config), alipay.NewParty(config)
		all.decodeAs[acquirer] = member.Client{Dialect: alipay.Name, ID: config.ID}.Name()
	}
	for _, acquirer := range tillsOfBluecode {
		all.clients = append(all.clients, c.bluecodeClient(acquirer))
	}
	for _, store := range world.Registry.Stores {
		for _, contract := range store.Contracts {
			terminal := sim.Terminal(store.ID, contract.Acquirer)
			switch {
			case plus[contract.Acquirer] != nil:
				all.tills[terminal] = plus[contract.Acquirer]
			case slices.Contains(tillsOfBluecode, contract.Acquirer):
				shown := c.Tills[contract.Acquirer]
				all.tills[terminal] = bluecode.Till{AccessID: shown.AccessID, Secret: shown.Secret}
			case contract.Acquirer == vipps.Name:
				all.addSalesUnit(c, store.Merchant, store.ID)
			}
		}
	}
	all.shops[cafeNets] = nexi.Shop{SecretKey: c.Nexi.SecretKey, ReturnURL: returnURL}
	return all, nil
}

// enter says of acquirers with codes of their own how they are asked about these.
func (all *foreignTills) enter(world sim.Setup) {
	for i := range world.Listing.Participants {
		if p := &world.Listing.Participants[i]; len(p.Acquirer.Links) > 0 {
			p.Acquirer.Client = all.decodeAs[p.ID]
		}
	}
}

// bluecodeClient is the system of an acquirer whose tills speak Bluecode.
func (c credentials) bluecodeClient(acquirer string) member.Client {
	client := member.Client{
		Dialect: bluecode.Name, ID: c.Tills[acquirer].AccessID, Participant: acquirer,
		Secrets: map[string]string{bluecode.Secret: hashOf(c.Tills[acquirer].Secret)},
	}
	if acquirer != bluecode.Name {
		client.Provider = bluecode.Name
	}
	return client
}

// addSalesUnit adds a till of Vipps. Each has a number of its own, and the café the one
// that everybody may try; all have the keys of one partner.
func (all *foreignTills) addSalesUnit(c credentials, merchant, store string) {
	terminal := sim.Terminal(store, vipps.Name)
	till := vipps.Till{
		MerchantSerialNumber: c.Vipps.MerchantSerialNumber, ClientID: c.Vipps.ClientID,
		ClientSecret: c.Vipps.ClientSecret, SubscriptionKey: c.Vipps.SubscriptionKey,
	}
	if terminal != cafeVipps {
		till.MerchantSerialNumber = strconv.Itoa(salesUnitFirst + len(all.clients))
		all.clients = append(all.clients, c.vippsClient(till.MerchantSerialNumber, merchant, store))
	}
	all.tills[terminal] = till
}

// salesUnitFirst is where the numbers of sales units begin that nobody chose.
const salesUnitFirst = 200_000

// vippsClient is the system of a sales unit of Vipps.
func (c credentials) vippsClient(number, merchant, store string) member.Client {
	return member.Client{
		Dialect: vipps.Name, ID: number, Participant: vipps.Name, Merchant: merchant, Store: store, Terminal: sim.Terminal(store, vipps.Name),
		Secrets: map[string]string{
			"client_id": hashOf(c.Vipps.ClientID), "client_secret": hashOf(c.Vipps.ClientSecret), "Ocp-Apim-Subscription-Key": hashOf(c.Vipps.SubscriptionKey),
		},
	}
}
