package sim

import (
	"slices"
	"time"

	"github.com/hansa-network/hansa"
)

// A Misbehaviour is how a wallet breaks the rules of the network.
type Misbehaviour string

// The misbehaviours. None makes the wallet lose or take money by itself: what it
// has debited it gives back when it is told to.
const (
	Behaves     Misbehaviour = ""             // keeps to the rules
	Slow        Misbehaviour = "slow"         // answers a question, and tells an outcome, after SlowBy
	Silence     Misbehaviour = "silent"       // hears nothing and says nothing
	LateYes     Misbehaviour = "late_yes"     // debits at once and says so only when told to cancel
	DoubleYes   Misbehaviour = "double_yes"   // says yes once more than it was asked
	WrongAmount Misbehaviour = "wrong_amount" // says that it debited one minor unit more
	Garbage     Misbehaviour = "garbage"      // does as it should and answers what nobody can read
	Declines    Misbehaviour = "declines"     // refuses payments and refunds
	Forgets     Misbehaviour = "forgets"      // debits, says nothing, and then has never heard of it
)

// SlowBy is longer than a wallet may take to answer.
const SlowBy = 6 * time.Second

// Misbehaviours are all of them, Behaves first.
func Misbehaviours() []Misbehaviour {
	return []Misbehaviour{Behaves, Slow, Silence, LateYes, DoubleYes, WrongAmount, Garbage, Declines, Forgets}
}

// ParseMisbehaviour reads a misbehaviour; "none" is Behaves as well. It refuses
// Malformed.
func ParseMisbehaviour(text string) (Misbehaviour, error) {
	if text == "none" {
		return Behaves, nil
	}
	if !slices.Contains(Misbehaviours(), Misbehaviour(text)) {
		return "", hansa.Refuse(hansa.Malformed, "the misbehaviours are %q", Misbehaviours()[1:])
	}
	return Misbehaviour(text), nil
}

// A Lapse is what a misbehaviour has done to one payment for good.
type Lapse string

// The lapses.
const (
	NoLapse   Lapse = ""
	KeptQuiet Lapse = "kept_quiet" // debited and not said
	Confessed Lapse = "confessed"  // debited, and said when it was too late
	Forgotten Lapse = "forgotten"
	Misspoke  Lapse = "misspoke" // the echo is wrong
)

// A Reply is what comes back from a wallet for one call: an answer after a
// delay, or silence, or something unreadable.
type Reply[T any] struct {
	Answer T
	Manner Manner
	Delay  time.Duration
}

// Manner is how a wallet replies.
type Manner uint8

// The manners.
const (
	Answers Manner = iota
	Silent
	Unreadable
)

// Heard returns the answer, if a caller who waits for at most patience hears one.
func (r Reply[T]) Heard(patience time.Duration) (T, bool) {
	return r.Answer, r.Manner == Answers && r.Delay <= patience
}

// reply says answer as the wallet behaves now.
func reply[T any](w *Wallet, answer T) Reply[T] {
	if w.Behaviour == Garbage {
		return Reply[T]{Answer: answer, Manner: Unreadable}
	}
	return Reply[T]{Answer: answer}
}

func silent[T any]() Reply[T] { return Reply[T]{Manner: Silent} }
