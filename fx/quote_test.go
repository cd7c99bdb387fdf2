package fx_test

import (
	"testing"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/fx"
)

func TestAQuoteIsForOnePayment(t *testing.T) {
	t.Parallel()
	expiry := wednesday.Add(time.Minute)
	cases := []struct {
		name string
		of   string // the payment that has the quote
		by   string
		at   time.Time
		want hansa.Reason
	}{
		{"free", "", "pay_1", wednesday, ""},
		{"last moment", "", "pay_1", expiry.Add(-1), ""},
		{"as it expires", "", "pay_1", expiry, hansa.QuoteExpired},
		{"long after", "", "pay_1", expiry.Add(time.Hour), hansa.QuoteExpired},
		{"taken by another", "pay_2", "pay_1", wednesday, hansa.QuoteUsed},
		{"taken by another and expired", "pay_2", "pay_1", expiry, hansa.QuoteUsed},
		{"taken by this one", "pay_1", "pay_1", wednesday, ""},
		{"taken by this one and expired since", "pay_1", "pay_1", expiry, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			quote := fx.Quote{ID: "quo_1", Payment: c.of, CreatedAt: wednesday, ExpiresAt: expiry}
			got, err := quote.Consume(c.by, c.at)
			wantReason(t, err, c.want)
			want := quote
			want.Payment = c.by
			if err == nil && got != want {
				t.Errorf("%+v, want %+v", got, want)
			}
			if quote.Payment != c.of {
				t.Errorf("the quote itself changed to %q", quote.Payment)
			}
		})
	}
}

func TestAQuoteConsumedByNothingIsABug(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	_, _ = fx.Quote{ID: "quo_1"}.Consume("", wednesday) // The panic is what is looked for.
}
