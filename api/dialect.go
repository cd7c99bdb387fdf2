package api

import (
	"net/http"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/money"
)

// What a dialect is made of: the words in which other people's protocols and ours
// meet. A dialect translates. It decides nothing, keeps nothing and reaches nothing:
// time, chance, clients and the counter are handed to it with each question.
//
// Towards callers a dialect has
//
//	Owns(*http.Request) bool                   // by path and fields, before the body is read
//	Answer(Question) Answer                    // never fails: a refusal is said in its own words
//	Refuse(Question, error) Answer             // what was refused before the body was read, in its own words
//	Notices(Notice) ([]Message, error)         // what a client is told of a change; none: nothing
//	Acknowledged(Message, Answer) bool         // whether a notice has arrived
//
// and towards a wallet that speaks it
//
//	Call(WalletCall, Question) (Message, error)         // what is sent; Question has time, chance and nothing else
//	Heard(WalletCall, Message, Answer, Client) (WalletAnswer, error)
//	Carried(WalletCall, Message, Answer, Client) (Carried, error)
//
// and towards an acquirer that speaks it
//
//	Decode(DecodeCall, Question) (Message, error)
//	Decoded(DecodeCall, Message, Answer) (Decoded, error)

// A Client is somebody's system that speaks another protocol with the network, in the
// name of one participant.
type Client struct {
	Dialect     string            `json:"dialect"`
	ID          string            `json:"id"`          // by which the protocol names it
	Participant string            `json:"participant"` // an acquirer or a wallet
	Provider    string            `json:"provider,omitempty"`
	Merchant    string            `json:"merchant,omitempty"` // whose system it is; empty: the participant's own
	Store       string            `json:"store,omitempty"`    // where the protocol names none
	Terminal    string            `json:"terminal,omitempty"` // where the protocol names none
	PublicKey   string            `json:"public_key,omitempty"`
	Secrets     map[string]string `json:"secrets,omitempty"`
	Hooks       []Hook            `json:"hooks,omitempty"`
	Withdrawn   bool              `json:"withdrawn,omitempty"`
}

// The fields of a Client that need more words:
//
//   - Provider is the technical service provider that holds the credentials; empty: the
//     participant itself.
//   - PublicKey is the PEM (SubjectPublicKeyInfo) under which its messages are verified,
//     where the protocol signs.
//   - Secrets are SHA-256 sums in hexadecimal of what the client shows, by the names that
//     its protocol gives them, such as client_secret.

// A Hook is where a client wants to hear of changes, as its protocol registers it.
type Hook struct {
	ID     string   `json:"id"`
	URL    string   `json:"url"`
	Secret string   `json:"secret,omitempty"` // by which notices are authenticated
	Events []string `json:"events,omitempty"`
}

// Clients finds a client, unless it is withdrawn.
type Clients func(dialect, id string) (Client, bool)

// A Question is a request in another protocol, with all that its answer may depend on.
type Question struct {
	Request *http.Request // whose body was read
	Body    []byte        // as received
	Now     time.Time
	Chance  hansa.Chance // fresh for every question
	Origin  string       // by which the network is known, such as https://pay.example; links begin with it
	Clients Clients
	Serve   func(Client) Counter // once the client is known to be who it says
	// Allow counts a request under a name that is the client's own, and reports whether
	// it is one of the first so many of the last minute. Its asker says no to the others.
	Allow func(client Client, counted string, aMinute int) bool
	// Draw returns a symbol that says the text: as PNG of so many pixels or a little
	// less, or as SVG where pixels is zero. It refuses what no symbol holds.
	Draw func(text string, pixels int) ([]byte, error)
	// Tell sends a message now, once, and returns its answer: for news that nobody wants
	// later. An error is a fault, after which it is open whether it was heard.
	Tell func(message Message) (Answer, error)
}

// A Counter is where one client is served, in our own words. What it may do, and what
// it sees, is what its participant may, and of payments those that it began itself.
// Errors that are no Refusal are faults, after which nothing is known: the same request
// can be made again. Request ids are the client's own, of up to 64 characters each, and
// make a call repeatable: the same id with the same message gets the same answer.
type Counter interface {
	// AskPayment and MakeOrder begin a sale. The memo, of at most MemoMax bytes, is kept
	// with it for whoever translates later. Ask's waits as long as a till does.
	AskPayment(ask AskPayment, memo []byte) (Payment, error)
	MakeOrder(order MakeOrder, memo []byte) (Order, error)
	// BeginPayment is AskPayment without the wait: the payment is committed, and nobody has
	// answered.
	BeginPayment(ask AskPayment, memo []byte) (Payment, error)
	// Sale returns what came of a request id, SaleOf what has this reference: that of a
	// payment, or the id of an order or a movement. Both refuse NotFound.
	Sale(requestID string) (Sale, error)
	SaleOf(reference string) (Sale, error)
	// Remember replaces the memo of the sale that began under a request id.
	Remember(requestID string, memo []byte) error
	// Wait is Sale, which waits until its payment has an outcome or the time is over.
	Wait(requestID string, within time.Duration) (Sale, error)
	// Forbid makes sure that no sale begins under a request id any more. It refuses
	// AlreadyExists where one has.
	Forbid(requestID string) error
	Cancel(reference string, change Change) (Cancelled, error)
	// Stop is Cancel of a payment without an outcome. It refuses NotAllowedNow once the
	// payment is approved, and then changes nothing.
	Stop(reference string, change Change) (Payment, error)
	CancelOrder(order string, change Change) (Order, error)
	Capture(reference string, move MoveMoney) (Movement, error)
	Release(reference string, change Change) (Movement, error)
	Refund(reference string, move MoveMoney) (Movement, error)
	// Movement returns what came of the request id of a capture, release or refund.
	Movement(requestID string) (Movement, error)

	// What a wallet does, and what anybody may ask.
	FetchCodes(fetch FetchCodes) (PaymentCodes, error)
	Resolve(resolve Resolve) (Resolution, error)
	AskQuote(ask AskQuote) (Quote, error)
	Accept(accept Accept) (Accepted, error)
	Announce(announce Announce) (Announced, error)
	// TellOutcome without a payee is about the payment's own: not every protocol repeats it.
	TellOutcome(reference string, told TellOutcome) (OutcomeHeard, error)
	Rates() ([]StandingRate, error)
	Store(id string) (Store, error)
	PrivateLinks() []PrivateLink

	// Approve lets a make-believe payer of the wallet that the code belongs to, or of any
	// wallet if it is empty, pay a sale that waits. It waits for the outcome. Only a
	// sandbox has such payers: elsewhere it refuses MethodNotAllowed.
	Approve(requestID, code string) error

	// Hooks are those of the client as they were committed last, in the order in which
	// they were added. Client has them as this node knew them when the question came.
	Hooks() ([]Hook, error)
	AddHook(hook Hook) error
	RemoveHook(id string) error

	// Documents are what the client's protocol lets it keep here and the network has no
	// other place for, each of at most MemoMax bytes, by a kind and an id of up to 128
	// characters. To put one replaces what was there; to remove one that is not there
	// changes nothing. Documents returns those of a kind by their ids, at most
	// DocumentsMax; Document refuses NotFound.
	PutDocument(kind string, document Document) error
	Document(kind, id string) (Document, error)
	Documents(kind string) ([]Document, error)
	RemoveDocument(kind, id string) error
}

// A PrivateLink is a form of an acquirer's private codes: links over https to this host
// whose path begins so, in either case.
type PrivateLink struct{ Acquirer, Host, Path string }

// DocumentsMax bounds a list of documents.
const DocumentsMax = 1000

// A Document is kept for a client as its dialect wrote it.
type Document struct {
	ID   string
	Body []byte
}

// MemoMax bounds what is kept for a translator with one sale, in bytes.
const MemoMax = 8 << 10

// A Sale is all that came of one wish to be paid: an order, a payment, or both, and
// what was moved afterwards, the oldest first.
type Sale struct {
	RequestID string
	Memo      []byte
	Order     *Order
	Payment   *Payment // nil: nobody has paid or tried to yet
	Movements []Movement
	Refused   *hansa.Refusal // instead of all others: it was not begun
}

// A Settlement is what the network settles with the acquirer for a payment, or takes back
// for a movement of it, before fees. Only translators are told: protocols of others say it
// with each payment, and ours with the statement of a window.
type Settlement struct {
	Amount money.Amount
	Rate   *money.Rate // nil where nothing is converted; the payment's own for a movement too
}

// A Notice is a change of a sale that its client may want to hear of.
type Notice struct {
	ID     string // the same for every try, and for no other change
	Client Client
	Sale   Sale   // as it is now
	Kind   string // of the event in the journal, such as payment.approved
	At     time.Time
	Now    time.Time // of this try
	Chance hansa.Chance
	Origin string

	Movement *Movement // as the change left it; nil where the change is not one of a movement
}

// A Message is a request to somebody else's system.
type Message struct {
	Method string
	URL    string // whole, or for a wallet the path after its endpoint
	Header http.Header
	Body   []byte

	PublicKey string // of whom it goes to, where that is known and its answer may be signed; not sent
}

// What a wallet is asked.
const (
	CallAsk     = "ask"
	CallInquire = "inquire"
	CallCancel  = "cancel"
	CallCarry   = "carry" // a capture, release or refund
)

// A WalletCall is what a wallet is asked, in our own words. Ask tells the payment
// whatever the kind is.
type WalletCall struct {
	Kind   string
	Ask    Ask
	Stop   Stop  // of CallCancel
	Carry  Carry // of CallCarry
	Begun  time.Time
	Known  string // what the wallet calls the payment itself, where its protocol wants it said
	Wallet Client // by whose name and keys the wallet is known in its dialect
	// Endpoint is the wallet's address, without a final slash: where a protocol signs
	// the path, it signs that of the endpoint too.
	Endpoint string
}

// A DecodeCall is what an acquirer is asked about a private code.
type DecodeCall struct {
	Ask      DecodeCode
	Acquirer Client // by whose name and keys the acquirer is known in its dialect
	Endpoint string // as that of a WalletCall
}

// CheckoutLink is where a payer finds the hosted page of an order.
func CheckoutLink(origin, order string) string { return origin + "/checkout/" + order }
