package fx_test

import (
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/fx"
)

// listed writes references one a line.
func listed(references []fx.Reference) []string {
	var lines []string
	for _, r := range references {
		lines = append(lines, r.Source+" "+r.Date.Format("2006-01-02")+" "+r.Rate.String())
	}
	return lines
}

func TestReferencesAreRead(t *testing.T) {
	t.Parallel()
	cases := []struct {
		path string
		read func(io.Reader) ([]fx.Reference, error)
		want []string
	}{
		{"testdata/eurofxref-daily.xml", fx.ReadECB, []string{
			"ecb 2018-04-17 1.25 USD/EUR",
			"ecb 2018-04-17 132.5 JPY/EUR",
			"ecb 2018-04-17 7.45 DKK/EUR",
			"ecb 2018-04-17 10.4 SEK/EUR",
			"ecb 2018-04-17 123.4 ISK/EUR",
			"ecb 2018-04-17 9.675 NOK/EUR",
			"ecb 2018-04-17 7.7625 CNY/EUR",
		}},
		{"testdata/eurofxref-hist.xml", fx.ReadECB, []string{
			"ecb 2018-04-17 1.25 USD/EUR",
			"ecb 2018-04-17 9.675 NOK/EUR",
			"ecb 2018-04-16 1.24 USD/EUR",
			"ecb 2018-04-16 9.7 NOK/EUR",
			"ecb 1999-01-04 1.18 USD/EUR",
			"ecb 1999-01-04 8.86 NOK/EUR",
		}},
		{"testdata/norges-bank.csv", fx.ReadNorgesBank, []string{
			"norges_bank 2018-04-16 7.8 NOK/USD",
			"norges_bank 2018-04-17 7.74 NOK/USD",
			"norges_bank 2018-04-17 9.675 NOK/EUR",
			"norges_bank 2018-04-17 0.9303 NOK/SEK",
			"norges_bank 2018-04-17 1.2987 NOK/DKK",
			"norges_bank 2018-04-17 0.073019 NOK/JPY",
			"norges_bank 2018-04-17 0.000562 NOK/IDR",
		}},
		{"testdata/norges-bank-sdmx.csv", fx.ReadNorgesBank, []string{
			"norges_bank 2018-04-17 7.74 NOK/USD",
			"norges_bank 2018-04-17 0.9303 NOK/SEK",
		}},
	}
	for _, c := range cases {
		t.Run(c.path, func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(c.path)
			if err != nil {
				t.Fatal(err)
			}
			references, err := c.read(strings.NewReader(string(text)))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, listed(references)); diff != "" {
				t.Errorf("references (-want +got):\n%s", diff)
			}
		})
	}
}

// The parts of a file of the European Central Bank.
const (
	ecbHead = `<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">`
	ecbTail = `</gesmes:Envelope>`
	ecbDay  = `<Cube time="2018-04-17"><Cube currency="NOK" rate="9.675"/></Cube>`
)

func TestECBFilesThatAreRefused(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, text string
		want       hansa.Reason
	}{
		{"as it should be", ecbHead + "<Cube>" + ecbDay + "</Cube>" + ecbTail, ""},
		{"a space at the end", ecbHead + "<Cube>" + ecbDay + "</Cube>" + ecbTail + "\n", ""},
		{"empty", "", hansa.Malformed},
		{"a page", "<!DOCTYPE html><html></html>", hansa.Malformed},
		{"not an envelope", "<html></html>", hansa.Malformed},
		{"an envelope of another kind", "<Envelope><Cube>" + ecbDay + "</Cube></Envelope>", hansa.Malformed},
		{"a document type", `<!DOCTYPE x [<!ENTITY e "1">]>` + ecbHead + "<Cube>" + ecbDay + "</Cube>" + ecbTail, hansa.Malformed},
		{"an unknown entity", ecbHead + "<Cube>&e;" + ecbDay + "</Cube>" + ecbTail, hansa.Malformed},
		{"a comment", ecbHead + "<!-- c --><Cube>" + ecbDay + "</Cube>" + ecbTail, hansa.Malformed},
		{"a processing instruction", ecbHead + "<?php ?><Cube>" + ecbDay + "</Cube>" + ecbTail, hansa.Malformed},
		{"a declaration in the middle", ecbHead + `<?xml version="1.0"?><Cube>` + ecbDay + "</Cube>" + ecbTail, hansa.Malformed},
		{"another encoding", `<?xml version="1.0" encoding="UTF-16"?>` + ecbHead + "<Cube>" + ecbDay + "</Cube>" + ecbTail, hansa.Malformed},
		{"cut off", ecbHead + "<Cube>" + ecbDay, hansa.Malformed},
		{"two files in one", ecbHead + "<Cube>" + ecbDay + "</Cube>" + ecbTail + ecbHead + ecbTail, hansa.Malformed},
		{"too deep", ecbHead + "<Cube><Cube><Cube><Cube/></Cube></Cube></Cube>" + ecbTail, hansa.Malformed},
		{"no cube", ecbHead + ecbTail, hansa.Malformed},
		{"no rates", ecbHead + `<Cube><Cube time="2018-04-17"/></Cube>` + ecbTail, hansa.Malformed},
		{"a day twice", ecbHead + "<Cube>" + ecbDay + ecbDay + "</Cube>" + ecbTail, hansa.Malformed},
		{"a day in two cubes", ecbHead + "<Cube>" + ecbDay + "</Cube><Cube>" + ecbDay + "</Cube>" + ecbTail, hansa.Malformed},
		{"a currency twice", ecbCubes(`currency="NOK" rate="9.6"`, `currency="NOK" rate="9.7"`), hansa.Malformed},
		{"a past currency twice", ecbCubes(`currency="HRK" rate="7.4"`, `currency="HRK" rate="7.4"`), hansa.Malformed},
		{"an attribute twice", ecbCubes(`currency="NOK" rate="9.6" rate="9.7"`), hansa.Malformed},
		{"many attributes", ecbCubes(`currency="NOK" rate="9.6" a="" b="" c="" d="" e="" f="" g=""`), hansa.Malformed},
		{"the euro itself", ecbCubes(`currency="EUR" rate="1"`), hansa.Malformed},
		{"past currencies only", ecbCubes(`currency="HRK" rate="7.4"`), hansa.Malformed},
		{"a rate of zero", ecbCubes(`currency="NOK" rate="0"`), hansa.Malformed},
		{"a negative rate", ecbCubes(`currency="NOK" rate="-9"`), hansa.Malformed},
		{"no rate", ecbCubes(`currency="NOK"`), hansa.Malformed},
		{"not a number", ecbCubes(`currency="NOK" rate="N/A"`), hansa.Malformed},
		{"a comma", ecbCubes(`currency="NOK" rate="9,675"`), hansa.Malformed},
		{"no date", ecbHead + `<Cube><Cube><Cube currency="NOK" rate="9.6"/></Cube></Cube>` + ecbTail, hansa.Malformed},
		{"no such date", ecbHead + `<Cube><Cube time="2018-02-30"><Cube currency="NOK" rate="9.6"/></Cube></Cube>` + ecbTail, hansa.Malformed},
		{"too large", ecbHead + strings.Repeat(" ", 16<<20) + ecbTail, hansa.TooLarge},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := fx.ReadECB(strings.NewReader(c.text))
			wantReason(t, err, c.want)
		})
	}
}

// ecbCubes is a file of one day with rates of these attributes.
func ecbCubes(attributes ...string) string {
	var rates strings.Builder
	for _, a := range attributes {
		rates.WriteString("<Cube " + a + "/>")
	}
	return ecbHead + `<Cube><Cube time="2018-04-17">` + rates.String() + "</Cube></Cube>" + ecbTail
}

func TestNorgesBankFilesThatAreRefused(t *testing.T) {
	t.Parallel()
	const head = "FREQ,BASE_CUR,QUOTE_CUR,TENOR,UNIT_MULT,TIME_PERIOD,OBS_VALUE\n"
	cases := []struct {
		name, text string
		want       hansa.Reason
	}{
		{"as it should be", head + "B,USD,NOK,SP,0,2018-04-17,7.74\n", ""},
		{"line ends of another system", strings.ReplaceAll(head+"B,USD,NOK,SP,0,2018-04-17,7.74\n", "\n", "\r\n"), ""},
		{"empty", "", hansa.Malformed},
		{"titles only", head, hansa.Malformed},
		{"a page", "<html></html>", hansa.Malformed},
		{"a column is missing", "FREQ,BASE_CUR,QUOTE_CUR,TENOR,TIME_PERIOD,OBS_VALUE\nB,USD,NOK,SP,2018-04-17,7.74\n", hansa.Malformed},
		{"a column is there twice", "OBS_VALUE," + head + "7.8,B,USD,NOK,SP,0,2018-04-17,7.74\n", hansa.Malformed},
		{"a cell is missing", head + "B,USD,NOK,SP,0,2018-04-17\n", hansa.Malformed},
		{"an open quotation mark", head + "B,USD,NOK,SP,0,2018-04-17,\"7.74\n", hansa.Malformed},
		{"a month", head + "M,USD,NOK,SP,0,2018-04,7.74\n", hansa.Malformed},
		{"a date that is a month", head + "B,USD,NOK,SP,0,2018-04,7.74\n", hansa.Malformed},
		{"forward", head + "B,USD,NOK,1M,0,2018-04-17,7.74\n", hansa.Malformed},
		{"in euros", head + "B,USD,EUR,SP,0,2018-04-17,0.8\n", hansa.Malformed},
		{"kroner in kroner", head + "B,NOK,NOK,SP,0,2018-04-17,1\n", hansa.Malformed},
		{"twice", head + "B,USD,NOK,SP,0,2018-04-17,7.74\nB,USD,NOK,SP,0,2018-04-17,7.74\n", hansa.Malformed},
		{"no multiplier", head + "B,USD,NOK,SP,,2018-04-17,7.74\n", hansa.Malformed},
		{"a negative multiplier", head + "B,USD,NOK,SP,-1,2018-04-17,7.74\n", hansa.Malformed},
		{"too large a multiplier", head + "B,USD,NOK,SP,7,2018-04-17,7.74\n", hansa.Malformed},
		{"no value", head + "B,USD,NOK,SP,2,2018-04-17,\n", hansa.Malformed},
		{"zero", head + "B,USD,NOK,SP,2,2018-04-17,0\n", hansa.Malformed},
		{"negative", head + "B,USD,NOK,SP,2,2018-04-17,-774\n", hansa.Malformed},
		{"a point without a digit after it", head + "B,USD,NOK,SP,2,2018-04-17,774.\n", hansa.Malformed},
		{"a point without a digit before it", head + "B,USD,NOK,SP,2,2018-04-17,.774\n", hansa.Malformed},
		{"a comma", head + "B,USD,NOK,SP,0,2018-04-17,\"7,74\"\n", hansa.Malformed},
		{"not a number", head + "B,USD,NOK,SP,0,2018-04-17,NaN\n", hansa.Malformed},
		{"past currencies only", head + "B,HRK,NOK,SP,0,2018-04-17,1.3\n", hansa.Malformed},
		{"too large", head + strings.Repeat("\n", 16<<20), hansa.TooLarge},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := fx.ReadNorgesBank(strings.NewReader(c.text))
			wantReason(t, err, c.want)
		})
	}
}

func TestABrokenSourceIsAFault(t *testing.T) {
	t.Parallel()
	broken := errors.New("connection reset")
	for name, read := range map[string]func(io.Reader) ([]fx.Reference, error){"ecb": fx.ReadECB, "norges_bank": fx.ReadNorgesBank} {
		_, err := read(iotest.ErrReader(broken))
		if _, refused := hansa.ReasonOf(err); refused || !errors.Is(err, broken) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzReadECB(f *testing.F) {
	f.Add(ecbHead + "<Cube>" + ecbDay + "</Cube>" + ecbTail)
	f.Add(ecbCubes(`currency="HRK" rate="7.4"`))
	f.Add("<!DOCTYPE x>")
	f.Fuzz(func(t *testing.T, text string) { checkReferences(t, fx.ReadECB, text) })
}

func FuzzReadNorgesBank(f *testing.F) {
	f.Add("FREQ,BASE_CUR,QUOTE_CUR,TENOR,UNIT_MULT,TIME_PERIOD,OBS_VALUE\nB,USD,NOK,SP,2,2018-04-17,774\n")
	f.Add("FREQ;BASE_CUR;QUOTE_CUR;TENOR;UNIT_MULT;TIME_PERIOD;OBS_VALUE\nB;USD;NOK;SP;0;2018-04-17;7.74\n")
	f.Fuzz(func(t *testing.T, text string) { checkReferences(t, fx.ReadNorgesBank, text) })
}

// checkReferences holds a reader to refusals, and to references that a board takes.
func checkReferences(t *testing.T, read func(io.Reader) ([]fx.Reference, error), text string) {
	t.Helper()
	references, err := read(strings.NewReader(text))
	if err != nil {
		if _, ok := hansa.ReasonOf(err); !ok {
			t.Fatalf("%v is no refusal", err)
		}
		return
	}
	if len(references) == 0 {
		t.Fatal("nothing was read and nothing refused")
	}
	if _, err := fx.NewBoard(nil, references); err != nil {
		t.Fatal(err)
	}
}
