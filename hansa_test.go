package hansa_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/hansa-network/hansa"
)

func TestReasonIsFoundThroughWrapping(t *testing.T) {
	t.Parallel()
	refusal := hansa.Refuse(hansa.CodeExpired, "%d seconds ago", 3)
	tests := []struct {
		name   string
		err    error
		reason hansa.Reason
		is     bool
		text   string
	}{
		{"a refusal", refusal, hansa.CodeExpired, true, "code_expired: 3 seconds ago"},
		{"a wrapped refusal", fmt.Errorf("pay: %w", refusal), hansa.CodeExpired, true, "pay: code_expired: 3 seconds ago"},
		{"without detail", &hansa.Refusal{Reason: hansa.OrderPaid}, hansa.OrderPaid, true, "order_paid"},
		{"a fault", errors.New("disk full"), "", false, "disk full"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			reason, is := hansa.ReasonOf(test.err)
			if reason != test.reason || is != test.is {
				t.Errorf("want %q %t, got %q %t", test.reason, test.is, reason, is)
			}
			if test.err.Error() != test.text {
				t.Errorf("want %q, got %q", test.text, test.err)
			}
		})
	}
	if _, is := hansa.ReasonOf(nil); is {
		t.Error("no error is no refusal")
	}
}

func TestIdentifiersSortByTime(t *testing.T) {
	t.Parallel()
	now := time.UnixMilli(1_800_000_000_000)
	before := ""
	for step := range 1000 {
		chance := hansa.Chance{byte(step), byte(step >> 8)}
		id := hansa.NewID("pay", now.Add(time.Duration(step)*time.Millisecond), 7, chance)
		if id <= before {
			t.Fatalf("%s does not come after %s", id, before)
		}
		if partition, err := hansa.PartitionOf("pay", id); partition != 7 || err != nil {
			t.Fatalf("%s: want partition 7, got %d, %v", id, partition, err)
		}
		before = id
	}
}

func TestIdentifierIsTheSameForTheSameChance(t *testing.T) {
	t.Parallel()
	now := time.UnixMilli(1_800_000_000_000)
	first := hansa.NewID("pay", now, 1, hansa.Chance{1})
	if again := hansa.NewID("pay", now, 1, hansa.Chance{1}); again != first {
		t.Errorf("want %s, got %s", first, again)
	}
	if other := hansa.NewID("pay", now, 1, hansa.Chance{2}); other == first {
		t.Errorf("another chance gave %s as well", other)
	}
}

func TestPartitionOfRefusesWhatIsNoIdentifier(t *testing.T) {
	t.Parallel()
	good := hansa.NewID("pay", time.UnixMilli(1_800_000_000_000), 1, hansa.Chance{})
	for name, id := range map[string]string{
		"nothing":         "",
		"another prefix":  "ord" + strings.TrimPrefix(good, "pay"),
		"too short":       good[:len(good)-1],
		"too long":        good + "0",
		"capitals":        strings.ToUpper(good),
		"a foreign sign":  good[:len(good)-1] + "u",
		"a broken letter": good[:len(good)-1] + "\xff",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := hansa.PartitionOf("pay", id)
			if reason, _ := hansa.ReasonOf(err); reason != hansa.NotFound {
				t.Errorf("want %s, got %v", hansa.NotFound, err)
			}
		})
	}
}
