package hub

import "github.com/hansa-network/hansa/store"

// What is read of the committed rows, by the names that rooms above the hub
// know it by: they may read through Hub.Read, and not import the store.
type (
	// A Reader reads what was committed. It is safe for concurrent use.
	Reader = store.Reader
	// A Filter selects payments.
	Filter = store.Filter
	// A Cursor is a place in the journal: before the event at it.
	Cursor = store.Cursor
	// A Recorded event is an entry of the journal with its place and hash.
	Recorded = store.Recorded
	// A Subscription is how far a participant has heard the journal.
	Subscription = store.Subscription
	// A Delivery is an event that an endpoint refused while it took others.
	Delivery = store.Delivery
	// A Memo is what is kept with a payment or order that a client has begun.
	Memo = store.Memo
)
