package hub

import (
	"context"
	"fmt"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/merchant"
	"github.com/hansa-network/hansa/payment"
)

// A Scanned code is one of ours whose signature was verified, an order's or a printed
// one, or a private code of a store as its acquirer has said.
type Scanned struct {
	Order     string // id of the order; empty for a printed code
	StoreCode string // the issued code; empty for an order
	Store     string // of a private code; empty for the others
	Acquirer  string // whose private code it is; empty for the others
}

func (s Scanned) wants(w *want) {
	b := w.batch
	switch {
	case s.Order != "":
		w.order(s.Order)
		return
	case s.Acquirer != "":
		w.store(s.Store)
		return
	}
	w.storeCode(s.StoreCode)
	if code, ok := b.storeCodes.known(s.StoreCode); ok {
		w.store(code.Store)
	}
}

// An offer is what a scanned code leads a wallet to.
type offer struct {
	wallet   member.Participant
	acquirer member.Participant
	store    merchant.Store
	contract merchant.Contract
	corridor member.Corridor
	mode     member.Mode
	order    payment.Order // zero for a printed code
	sticker  string        // the printed code; empty for an order
}

// Look says to which store a printed or private code leads a wallet, as the committed rows
// and this directory say. It reserves nothing and leaves nothing, so it waits for no turn
// and for no commit. It may be called beside whatever the hub does.
func (h *Hub) Look(ctx context.Context, directory *member.Directory, now time.Time, wallet string, scanned Scanned) (merchant.Store, error) {
	b := &batch{directory: directory, now: now}
	place := scanned.Store
	if scanned.Acquirer == "" {
		code, err := h.store.Read().StoreCode(ctx, scanned.StoreCode)
		if err = b.storeCodes.looked(scanned.StoreCode, code, err); err != nil {
			return merchant.Store{}, fmt.Errorf("look at a code: %w", err)
		}
		place = code.Store
	}
	at, err := h.store.Read().Store(ctx, place)
	if err = b.stores.looked(place, at, err); err != nil {
		return merchant.Store{}, fmt.Errorf("look at a store: %w", err)
	}
	o, err := b.follow(scanned, wallet)
	return o.store, err
}

// follow finds what a code leads wallet to, and refuses where it leads nowhere.
func (b *batch) follow(scanned Scanned, walletID string) (offer, error) {
	var o offer
	var err error
	if o.wallet, err = b.directory.Participant(walletID); err != nil {
		return o, err
	}
	if err := b.directory.MayPay(o.wallet, b.now); err != nil {
		return o, err
	}
	switch {
	case scanned.Order != "":
		err = b.followOrder(&o, scanned.Order)
	case scanned.Acquirer != "":
		err = b.followPrivate(&o, scanned)
	default:
		err = b.followSticker(&o, scanned.StoreCode)
	}
	if err != nil {
		return o, err
	}
	if err := o.store.Takes(); err != nil {
		return o, err
	}
	if o.acquirer, err = b.directory.Participant(o.contract.Acquirer); err != nil {
		return o, err
	}
	if err := o.acquirer.MayStart(member.Acquirer); err != nil {
		return o, err
	}
	o.corridor, err = b.directory.Corridor(o.wallet.ID, o.store.Country, o.mode, o.store.Category, b.now)
	return o, err
}

func (b *batch) followOrder(o *offer, id string) error {
	order, ok := b.orders.read(id)
	if !ok || order.Static {
		return hansa.Refuse(hansa.CodeUnknown, "no such order")
	}
	if err := order.Payable(b.now); err != nil {
		return err
	}
	o.order, o.mode = order, member.Dynamic
	o.store, _ = b.stores.read(order.Payee.Store)
	contract, err := o.store.ContractWith(order.Acquirer, o.wallet.ID, b.now)
	o.contract = contract
	return err
}

func (b *batch) followSticker(o *offer, text string) error {
	code, ok := b.storeCodes.read(text)
	if !ok {
		return hansa.Refuse(hansa.CodeUnknown, "this code was never issued")
	}
	if err := code.Usable(b.now); err != nil {
		return err
	}
	o.mode, o.sticker = member.Static, text
	o.store, _ = b.stores.read(code.Store)
	contract, err := o.store.ContractFor(o.wallet.ID, code.Acquirer, b.now)
	o.contract = contract
	return err
}

// followPrivate follows a private code to a store of the acquirer that has issued it.
func (b *batch) followPrivate(o *offer, scanned Scanned) error {
	s, ok := b.stores.read(scanned.Store)
	if !ok || !contracts(s, scanned.Acquirer) {
		return hansa.Refuse(hansa.CodeInvalid, "its acquirer has no such store")
	}
	o.mode, o.store = member.Static, s
	contract, err := s.ContractWith(scanned.Acquirer, o.wallet.ID, b.now)
	o.contract = contract
	return err
}
