package money_test

import (
	"encoding/json"
	"fmt"

	"github.com/hansa-network/hansa/money"
)

func Example() {
	rate, err := money.NewRate("USD", "NOK", "7.74")
	if err != nil {
		fmt.Println(err)
		return
	}
	order, err := money.ParseAmount("4000.00 NOK")
	if err != nil {
		fmt.Println(err)
		return
	}
	debit, err := rate.Convert(order, money.HalfUp)
	fmt.Println(order, "at", rate, "is", debit, err)
	// Output: 4000.00 NOK at 7.74 NOK/USD is 516.80 USD <nil>
}

func ExampleParseAmount() {
	for _, text := range []string{"100.00 NOK", "100 NOK", "100.001 NOK", "5.0 ISK", "1 XYZ"} {
		amount, err := money.ParseAmount(text)
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println(amount.Value, amount.Currency)
	}
	// Output:
	// 10000 NOK
	// 10000 NOK
	// invalid_scale: NOK has 2 decimals
	// invalid_scale: ISK has 0 decimals
	// unknown_currency: "XYZ"
}

func ExampleParseDecimal() {
	amount, err := money.ParseDecimal("12.345", "BHD")
	fmt.Println(amount, err)
	// Output: 12.345 BHD <nil>
}

func ExampleParseCurrency() {
	c, err := money.ParseCurrency("ISK")
	fmt.Println(c, c.Numeric(), c.Exponent(), err)
	_, err = money.ParseCurrency("isk")
	fmt.Println(err)
	// Output:
	// ISK 352 0 <nil>
	// unknown_currency: "isk"
}

func ExampleCurrencyByNumeric() {
	c, err := money.CurrencyByNumeric("578")
	fmt.Println(c, err)
	// Output: NOK <nil>
}

func ExampleCurrencies() {
	all := money.Currencies()
	fmt.Println(all[0], all[len(all)-1])
	// Output: AED ZWG
}

func ExampleNew() {
	fmt.Println(money.New(10_000, "NOK"), money.New(500, "ISK"), money.New(1, "BHD"))
	// Output: 100.00 NOK 500 ISK 0.001 BHD
}

func ExampleAmount_Plus() {
	sum, err := money.New(150, "EUR").Plus(money.New(250, "EUR"))
	fmt.Println(sum, err)
	_, err = money.New(150, "EUR").Plus(money.New(250, "NOK"))
	fmt.Println(err)
	// Output:
	// 4.00 EUR <nil>
	// currency_mismatch: EUR and NOK
}

func ExampleAmount_Minus() {
	rest, err := money.New(150, "EUR").Minus(money.New(250, "EUR"))
	fmt.Println(rest, err)
	// Output: -1.00 EUR <nil>
}

func ExampleAmount_Payable() {
	fmt.Println(money.New(1, "EUR").Payable())
	fmt.Println(money.New(0, "EUR").Payable())
	// Output:
	// <nil>
	// invalid_amount: 0 minor units; 1 to 1000000000000000 can be paid
}

func ExampleAmount_Share() {
	fee, err := money.New(12_345, "NOK").Share(70, 10_000, money.HalfUp)
	fmt.Println(fee, err)
	// Output: 0.86 NOK <nil>
}

func ExampleParseRounding() {
	r, err := money.ParseRounding("half_even")
	fmt.Println(r, err)
	// Output: half_even <nil>
}

func ExampleNewRate() {
	rate, err := money.NewRate("EUR", "NOK", "11.2000")
	fmt.Println(rate, err)
	_, err = money.NewRate("EUR", "NOK", "0")
	fmt.Println(err)
	// Output:
	// 11.2 NOK/EUR <nil>
	// out_of_range: a rate is over zero and has at most 18 digits
}

func ExampleRate_Worsened() {
	rate, err := money.NewRate("EUR", "NOK", "10")
	if err != nil {
		fmt.Println(err)
		return
	}
	// A store in Norway, a payer with euros: fewer kroner for each euro.
	worse, err := rate.Worsened("NOK", 150)
	fmt.Println(worse, err)
	// A store in the euro area, a payer with kroner: more kroner for each euro.
	worse, err = rate.Worsened("EUR", 150)
	fmt.Println(worse, err)
	// Output:
	// 9.85 NOK/EUR <nil>
	// 10.15 NOK/EUR <nil>
}

func ExampleRate_MarshalJSON() {
	rate, err := money.NewRate("USD", "NOK", "7.74")
	if err != nil {
		fmt.Println(err)
		return
	}
	text, err := json.Marshal(rate)
	fmt.Println(string(text), err)
	// Output: {"base":"USD","quote":"NOK","value":"7.74"} <nil>
}
