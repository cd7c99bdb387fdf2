package hub

import (
	"slices"
	"strings"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/store"
)

// hooksMax bounds how many hooks one client may have.
const hooksMax = 50

// anyBody stands in the record of a request whose id must not begin anything,
// whatever it comes with.
var anyBody [32]byte

// A client's request ids are its own: they never meet those of others.
func ofClient(participant, client string) string { return participant + "/" + client }

// SaleKey is what makes a client's wish to be paid one of a kind, whichever way it
// wants to be paid.
func SaleKey(participant, client, id string) store.RequestKey {
	return store.RequestKey{Participant: ofClient(participant, client), Operation: "begin_sale", ID: id}
}

// MoveKey is what makes a client's capture, release or refund one of a kind.
func MoveKey(participant, client string, operation Operation, id string) store.RequestKey {
	return store.RequestKey{Participant: ofClient(participant, client), Operation: operation.name(), ID: id}
}

// keepMemo keeps what a translator wants to know again of what was begun.
func (b *batch) keepMemo(r Request, subject string) {
	if r.Memo == nil {
		return
	}
	begun, _, _ := strings.Cut(subject, " ")
	b.extra.Memos = append(b.extra.Memos, store.Memo{Subject: begun, Client: r.Client, Request: r.ID, Text: r.Memo})
}

// Forbid makes sure that a client's request id begins no sale any more: it always
// refuses OrderNotOpen, which is what the id is answered with from now on. Where the id
// has begun a sale before, it refuses RequestIDReused.
type Forbid struct{}

func (Forbid) name() string { return "forbid" }

func (Forbid) wants(*want, Request) {}

func (Forbid) apply(*batch, Request) (Result, string, error) {
	return Result{}, "", hansa.Refuse(hansa.OrderNotOpen, "this was cancelled before it came")
}

func (Forbid) recall(*batch, string) Result { return Result{} }

// Remember replaces what a translator keeps with a sale of the client that asks.
type Remember struct{ Subject string }

func (Remember) name() string { return "remember" }

func (Remember) wants(*want, Request) {}

func (op Remember) apply(b *batch, r Request) (Result, string, error) {
	b.extra.Memos = append(slices.DeleteFunc(b.extra.Memos, func(earlier store.Memo) bool { return earlier.Subject == op.Subject }),
		store.Memo{Subject: op.Subject, Client: r.Client, Request: r.ID, Text: r.Memo})
	return Result{}, "", nil
}

func (Remember) recall(*batch, string) Result { return Result{} }

// Keep keeps a document of the client that asks, or removes it where it has no body.
type Keep struct {
	Kind, ID string
	Body     []byte
}

func (Keep) name() string { return "keep" }

func (Keep) wants(*want, Request) {}

func (op Keep) apply(b *batch, r Request) (Result, string, error) {
	document := store.ClientDocument{Client: r.Client, Kind: op.Kind, ID: op.ID, Body: op.Body}
	b.extra.Documents = append(slices.DeleteFunc(b.extra.Documents, func(earlier store.ClientDocument) bool {
		return earlier.Client == document.Client && earlier.Kind == document.Kind && earlier.ID == document.ID
	}), document)
	return Result{}, "", nil
}

func (Keep) recall(*batch, string) Result { return Result{} }

// SetHook enters a hook of the client that asks, or takes it away where its URL is
// empty.
type SetHook struct{ Hook member.Hook }

func (SetHook) name() string { return "set_hook" }

func (SetHook) wants(*want, Request) {}

func (op SetHook) apply(b *batch, r Request) (Result, string, error) {
	client, ok := b.directory.Client(r.Client)
	if !ok || client.Participant != r.Participant {
		return Result{}, "", hansa.Refuse(hansa.NotFound, "no such client")
	}
	hooks := slices.DeleteFunc(slices.Clone(client.Hooks), func(known member.Hook) bool { return known.ID == op.Hook.ID })
	if op.Hook.URL == "" && len(hooks) == len(client.Hooks) {
		return Result{}, "", hansa.Refuse(hansa.NotFound, "no such hook")
	}
	if op.Hook.URL != "" {
		hooks = append(hooks, op.Hook)
	}
	if len(hooks) > hooksMax {
		return Result{}, "", hansa.Refuse(hansa.NotAllowedNow, "a client has at most %d hooks", hooksMax)
	}
	client.Hooks = hooks
	return b.reenterClient(client, "client.hook", r)
}

func (SetHook) recall(*batch, string) Result { return Result{} }

// reenterClient changes a client, for the later requests of this batch as well.
func (b *batch) reenterClient(client member.Client, kind string, r Request) (Result, string, error) {
	directory, err := b.directory.WithClients(b.directory.Version(), client)
	if err != nil {
		return Result{}, "", err
	}
	b.directory = directory
	b.register.clients.write(client.Name(), client)
	b.directoryChanged = true
	b.events = append(b.events, registerEvent(kind, client.Name(), r.Participant, b.now))
	return Result{}, client.Name(), nil
}
