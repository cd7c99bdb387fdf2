package store

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"github.com/hansa-network/hansa/fx"
	"github.com/hansa-network/hansa/ledger"
	"github.com/hansa-network/hansa/merchant"
	"github.com/hansa-network/hansa/payment"
)

// rememberedMax is how many keys of one kind a generation holds. Two are kept.
const rememberedMax = 16384

// A memory is what this store knows to stand in the database: rows that it has read
// or written, and keys without a row. It holds for as long as nobody else has
// committed, which the head of the partition tells. Nothing in it is ahead of the
// database, so nothing is lost with it. It is safe for concurrent use.
type memory struct {
	codes      remembered[string, PaymentCode]
	persons    remembered[string, Person]
	references remembered[ReferenceKey, Reference]
	payments   remembered[string, payment.Payment]
	movements  remembered[string, payment.Movement] // by payment, oldest first
	orders     remembered[string, payment.Order]
	quotes     remembered[string, fx.Quote]
	positions  remembered[PositionKey, ledger.Position]
	stores     remembered[string, merchant.Store]
	terminals  remembered[string, merchant.Terminal]
	storeCodes remembered[string, merchant.IssuedCode]
	misses     remembered[MissKey, Miss]
	windows    remembered[struct{}, Window] // the open ones

	subscriptions remembered[string, Subscription]
}

// remembered are the rows of keys. The zero value knows nothing. It is safe for
// concurrent use.
type remembered[K comparable, R any] struct {
	mutex      sync.Mutex
	young, old map[K][]R
}

// rows returns those of a key, and false where nothing is known about it.
func (r *remembered[K, R]) rows(key K) ([]R, bool) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return r.find(key)
}

func (r *remembered[K, R]) find(key K) ([]R, bool) {
	if rows, ok := r.young[key]; ok {
		return rows, true
	}
	rows, ok := r.old[key]
	if ok {
		r.enter(key, rows) // What is asked for again and again stays young.
	}
	return rows, ok
}

// keep remembers that a key has these rows and no other.
func (r *remembered[K, R]) keep(key K, rows []R) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.enter(key, rows)
}

// suppose does the same with rows that were read, unless more is known by now.
func (r *remembered[K, R]) suppose(key K, rows []R) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if _, known := r.find(key); !known {
		r.enter(key, rows)
	}
}

// drop forgets all keys.
func (r *remembered[K, R]) drop() {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.young, r.old = nil, nil
}

func (r *remembered[K, R]) enter(key K, rows []R) {
	if r.young == nil || len(r.young) >= rememberedMax {
		r.young, r.old = make(map[K][]R), r.young
	}
	r.young[key] = rows
}

// recall returns which of these keys are not known, and what must be told the rows of
// those: then the rows of all are found, in the order of the keys.
func (r *remembered[K, R]) recall(keys []K, of func(*R) K, found func([]R) error) (unknown []K, assemble func([]R) error) {
	remember := make(map[K][]R, len(keys))
	for _, key := range keys {
		rows, ok := r.rows(key)
		if !ok {
			unknown = append(unknown, key)
			continue
		}
		remember[key] = rows
	}
	return unknown, func(read []R) error {
		for i := range read {
			key := of(&read[i])
			remember[key] = append(remember[key], read[i])
		}
		for _, key := range unknown {
			r.suppose(key, remember[key])
		}
		var all []R
		for _, key := range keys {
			all = append(all, remember[key]...)
		}
		return found(all)
	}
}

// memory is what is known of the database as it stands after the last commit.
func (s *Store) memory() *memory {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.known
}

// forget begins a memory anew. What somebody still adds to the old one is lost with it.
func (s *Store) forget() {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.known = new(memory)
}

// learn takes over what a transaction has committed.
func (m *memory) learn(written Rows) {
	learn(&m.codes, codesByCode.key, written.Codes)
	learn(&m.persons, personsByReference.key, written.Persons)
	learn(&m.references, referencesByKey.key, written.References)
	m.learnPayments(written)
	learn(&m.orders, ordersByID.key, written.Orders)
	learn(&m.quotes, quotesByID.key, written.Quotes)
	learn(&m.positions, positionsByKey.key, written.Positions)
	learn(&m.stores, storesByID.key, written.Stores)
	learn(&m.terminals, terminalsByID.key, written.Terminals)
	learn(&m.storeCodes, storeCodesByCode.key, written.StoreCodes)
	learn(&m.misses, missesByKey.key, written.Misses)
	learn(&m.subscriptions, subscriptionsByParticipant.key, written.Subscriptions)
	if len(written.Windows) > 0 {
		m.windows.drop()
	}
}

func learn[K comparable, R any](into *remembered[K, R], key func(*R) K, written []R) {
	for i := range written {
		into.keep(key(&written[i]), written[i:i+1:i+1])
	}
}

// learnPayments knows that a payment of which nothing was written before has no
// movements but those that come with it.
func (m *memory) learnPayments(written Rows) {
	for i := range written.Payments {
		p := &written.Payments[i]
		if _, known := m.payments.rows(p.ID); !known && p.Version == 1 {
			m.movements.keep(p.ID, nil)
		}
	}
	learn(&m.payments, paymentsByID.key, written.Payments)
	for _, movement := range written.Movements {
		if known, ok := m.movements.rows(movement.Payment); ok {
			m.movements.keep(movement.Payment, withMovement(known, movement))
		}
	}
}

// withMovement returns movements in their order, with one that is new or changed.
func withMovement(known []payment.Movement, movement payment.Movement) []payment.Movement {
	others := slices.DeleteFunc(slices.Clone(known), func(other payment.Movement) bool { return other.ID == movement.ID })
	all := append(others, movement)
	slices.SortFunc(all, func(a, b payment.Movement) int {
		return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), strings.Compare(a.ID, b.ID))
	})
	return all
}
