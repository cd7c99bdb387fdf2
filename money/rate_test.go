package money_test

import (
	"testing"

	"github.com/hansa-network/hansa/money"
)

func TestFourThousandKronerBookTheirDollars(t *testing.T) {
	t.Parallel()
	rate, err := money.NewRate("USD", "NOK", "7.74")
	if err != nil {
		t.Fatal(err)
	}
	for rounding, want := range map[money.Rounding]string{money.HalfUp: "516.80 USD", money.Down: "516.79 USD"} {
		got, err := rate.Convert(money.New(400_000, "NOK"), rounding)
		if err != nil || got.String() != want {
			t.Errorf("%s: %s, %v; want %s", rounding, got, err, want)
		}
	}
}
