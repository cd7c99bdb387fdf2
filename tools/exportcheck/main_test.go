package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The example has an approved payment of which 40.00 NOK were given back, one
// approved with a rounding residue, and a declined one.
const (
	refunded  = "pay_06h01yc734000baa93n7z71fre1v4"
	rounded   = "pay_06h01yc90w001d9hhax9472mvsnrt"
	declined  = "pay_06h01yc980001jvx80kk8c7ck13gw"
	firstPaid = "ent_06h01yc7kw000f7bg0cysn811rk68"
)

func example(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "good.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// check runs the command on an export and returns its status and all it wrote.
func check(t *testing.T, export, acknowledged string) (status int, wrote string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "acked")
	if err := os.WriteFile(file, []byte(acknowledged), 0o600); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	status = run([]string{"--acked", file}, strings.NewReader(export), &out, &out)
	return status, out.String()
}

func TestGoodExportPasses(t *testing.T) {
	t.Parallel()
	status, wrote := check(t, example(t), refunded+"\n"+rounded+"\n")
	want := `46 lines: 3 payments, 13 postings, 7 balances, 10 blocks, 13 events
        0 pending
        2 approved
        1 declined
        0 expired
        0 cancelled
        2 acknowledged
0 breaches
`
	if status != 0 || wrote != want {
		t.Errorf("want status 0 and\n%s\ngot %d and\n%s", want, status, wrote)
	}
}

func TestOrderOfLinesDoesNotMatter(t *testing.T) {
	t.Parallel()
	lines := strings.SplitAfter(example(t), "\n")
	var turned strings.Builder
	for i := range lines {
		turned.WriteString(lines[len(lines)-1-i])
	}
	if status, wrote := check(t, turned.String(), refunded); status != 0 {
		t.Errorf("want status 0, got %d and\n%s", status, wrote)
	}
}

func TestLostPaymentIsFound(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, acknowledged, want string }{
		{"never heard of", "pay_invented", "payment pay_invented was acknowledged and is not there"},
		{"declined", declined, "payment " + declined + " was acknowledged and is declined"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if status, wrote := check(t, example(t), test.acknowledged); status != 1 || !strings.Contains(wrote, test.want) {
				t.Errorf("want status 1 and %q, got %d and\n%s", test.want, status, wrote)
			}
		})
	}
}

// TestBrokenExportIsNamed changes one thing in each case.
func TestBrokenExportIsNamed(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, find, replace, want string }{
		// The form.
		{"cut off", "", "", "the export is cut off"},
		{"not an object", `{"type":"balance","account":"rounding"`, `["balance"]{`, "not a JSON object"},
		{"no JSON", `{"type":"balance","account":"rounding"`, `{"type""balance"`, "not a JSON object"},
		{"two objects in a line", `"currency":"EUR","amount":1}`, `"currency":"EUR","amount":1}{}`, "more than one JSON object"},
		{"an empty line", `{"type":"balance","account":"rounding"`, "\n" + `{"type":"balance","account":"rounding"`, "not a JSON object"},
		{"not UTF-8", `"account":"rounding"`, "\"account\":\"round\xffing\"", "not UTF-8"},
		{"an unknown type", `"type":"balance"`, `"type":"account"`, `unknown type "account"`},
		{"no type", `"type":"balance",`, ``, `"type" is missing`},
		{"a member too many", `"type":"balance",`, `"type":"balance","note":"x",`, `"note" is not in the schema`},
		{"a member in capitals", `"type":"balance","account"`, `"type":"balance","Account"`, `"account" is missing`},
		{"a member twice", `"type":"balance",`, `"type":"balance","type":"balance",`, `"type" comes twice`},
		{"an empty text", `"store":"bergen-cafe"`, `"store":""`, `"store" is not a text`},
		{"null", `"store":"bergen-cafe"`, `"store":null`, `"store" is not a text`},
		{"an unknown status", `"status":"declined"`, `"status":"unknown"`, `"status" is the unknown word "unknown"`},
		{"an unknown mode", `"mode":"cpm"`, `"mode":"nfc"`, `"mode" is the unknown word "nfc"`},
		{"a currency in small letters", `"debit_amount":{"value":500,"currency":"NOK"}`, `"debit_amount":{"value":500,"currency":"nok"}`, "not a currency"},
		{"an amount of nothing", `"debit_amount":{"value":500,`, `"debit_amount":{"value":0,`, `"debit_amount": "value" is not a whole number`},
		{"an amount with more", `"debit_amount":{"value":500,`, `"debit_amount":{"scale":2,"value":500,`, `"debit_amount": "scale" is not in the schema`},
		{"a fraction", `"amount":351`, `"amount":351.0`, `"amount" is not a whole number`},
		{"a number as text", `"amount":351`, `"amount":"351"`, `"amount" is not a whole number`},
		{"null for a number", `"amount":351`, `"amount":null`, `"amount" is not a whole number`},
		{"a number past 64 bits", `"amount":351`, `"amount":9223372036854775808`, `"amount" is not a whole number`},
		{"no window", `"amount":351,"window":"win_EUR_1795312682911351"`, `"amount":351,"window":""`, `"window" is not a text`},
		{"a hash in capitals", `"height":2,"previous":"`, `"height":2,"previous":"ABCDEF`, `"previous" is not a hash`},
		{"no base64", `"data":"ey`, `"data":"-y`, `"data" is not base64`},

		// The books.
		{"a posting of zero", `"amount":351`, `"amount":0`, "a posting of zero"},
		{"an entry off balance", `"amount":351`, `"amount":352`, "entry ent_06h01yc9h4001edcwebbe2q52b8ag is off by 1 EUR"},
		{"a window off balance", `"amount":351,"window":"win_EUR_1795312682911351"`, `"amount":351,"window":"win_EUR_2"`, "window win_EUR_2 is off by 351 EUR"},
		{"a wrong balance", `"account":"rounding","currency":"EUR","amount":1}`, `"account":"rounding","currency":"EUR","amount":2}`, "account rounding stands at 2 EUR, and its postings at 1"},
		{"no balance", `"type":"balance","account":"rounding"`, `"type":"balance","account":"other"`, "account rounding has postings and no balance in EUR"},
		{"a balance of nothing", `"account":"wallet/vipps","currency":"NOK","amount":0}`, `"account":"wallet/vipps","currency":"NOK","amount":5}`, "account wallet/vipps stands at 5 NOK without a posting"},
		{"a balance twice", `{"type":"balance","account":"rounding"`, `{"type":"balance","account":"rounding","currency":"EUR","amount":1}` + "\n" + `{"type":"balance","account":"rounding"`, "the balance of rounding in EUR comes twice"},

		// The payments.
		{"a payment twice", `"reference":"` + rounded, `"reference":"` + refunded, "payment " + refunded + " comes twice"},
		{"an entry of nothing", `"type":"payment","reference":"` + rounded, `"type":"payment","reference":"pay_other`, "is of payment " + rounded + ", which is not there"},
		{"approved without an entry", `"status":"declined"`, `"status":"approved"`, "is approved and nobody has paid"},
		{"an entry of a declined payment", `"reference":"` + rounded + `","status":"approved"`, `"reference":"` + rounded + `","status":"declined"`, "is of payment " + rounded + ", which is declined"},
		{"an entry of two payments", firstPaid + `","payment":"` + refunded, firstPaid + `","payment":"` + rounded, "entry " + firstPaid + " is of payment"},
		{"another wallet pays", `"wallet":"bluecode"`, `"wallet":"momo"`, "moves wallet/bluecode"},
		{"another acquirer gets", `"wallet":"bluecode","acquirer":"nets"`, `"wallet":"bluecode","acquirer":"net"`, "moves acquirer/nets.no"},
		{"more than the order", `"order_amount":{"value":2550`, `"order_amount":{"value":2549`, "payment " + rounded + " of 2549 NOK moves 2550 at its acquirer"},
		{"more than the debit", `"debit_amount":{"value":223`, `"debit_amount":{"value":222`, "payment " + rounded + " of 222 EUR moves 223 at its wallet"},
		{"more given back than paid", `"account":"acquirer/nets.no","currency":"NOK","amount":-4000`, `"account":"acquirer/nets.no","currency":"NOK","amount":-14000`, "gives back more than was paid: -4000 NOK at its acquirer"},
		{"the wrong way round", `"account":"wallet/bluecode","currency":"EUR","amount":-223`, `"account":"wallet/bluecode","currency":"EUR","amount":223`, "neither pays nor gives back"},

		// The journal.
		{"no beginning", `"height":1,"previous":"00`, `"height":1,"previous":"11`, "partition 0: block 1 does not name the hash of block 0"},
		{"a gap", `"type":"block","partition":0,"height":3`, `"type":"block","partition":0,"height":33`, "block 4 comes after block 2"},
		{"another partition", `"type":"block","partition":0,"height":3`, `"type":"block","partition":1,"height":3`, "partition 1: block 3 comes after block 0"},
		{"a wrong hash of a block", `"events":["`, `"events":["` + strings.Repeat("0", 64) + `","`, "partition 0: block 1 has another hash"},
		{"an event missing", `"type":"event","partition":0,"height":2,"index":0`, `"type":"event","partition":0,"height":2,"index":1`, "event 0 of block 2 is not the one that the block lists"},
		{"changed bytes", `"data":"ey`, `"data":"ez`, "event 0 of block 1 has another hash"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			good := example(t)
			broken := strings.Replace(good, test.find, test.replace, 1)
			if test.find == "" {
				broken = good[:len(good)-10]
			}
			if broken == good {
				t.Fatalf("%q is not in the example", test.find)
			}
			if status, wrote := check(t, broken, ""); status != 1 || !strings.Contains(wrote, test.want) {
				t.Errorf("want status 1 and %q, got %d and\n%s", test.want, status, wrote)
			}
		})
	}
}

// TestEveryLineMatters shows that no line can be left out of the example without
// being missed, but for what nothing else speaks of.
func TestEveryLineMatters(t *testing.T) {
	t.Parallel()
	lines := strings.Split(strings.TrimSuffix(example(t), "\n"), "\n")
	for i, line := range lines {
		want := 1
		if strings.Contains(line, declined) || strings.Contains(line, `"account":"wallet/vipps","currency":"NOK","amount":0`) {
			want = 0
		}
		status, wrote := check(t, strings.Join(slices.Delete(slices.Clone(lines), i, i+1), "\n")+"\n", "")
		if status != want {
			t.Errorf("without line %d: want status %d, got %d and\n%s\n%s", i+1, want, status, line, wrote)
		}
	}
}

func TestBadCommandLineIsToldApart(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name      string
		arguments []string
		want      string
	}{
		{"an unknown flag", []string{"--db", "hansa.db"}, "flag provided but not defined"},
		{"a file named", []string{"export.jsonl"}, "read from the standard input"},
		{"no such list", []string{"--acked", filepath.Join("testdata", "gone")}, "no such file"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var wrote strings.Builder
			if status := run(test.arguments, strings.NewReader(""), &wrote, &wrote); status != 2 || !strings.Contains(wrote.String(), test.want) {
				t.Errorf("want status 2 and %q, got %d and %s", test.want, status, wrote.String())
			}
		})
	}
}

func TestOnlyTheFirstBreachesAreShown(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	found := findings{to: &out}
	for i := range shownMax + 5 {
		found.must(false, "number %d", i)
	}
	if lines := strings.Count(out.String(), "\n"); lines != shownMax || found.count != shownMax+5 {
		t.Errorf("want %d shown of %d, got %d of %d", shownMax, shownMax+5, lines, found.count)
	}
	found.must(true, "no breach")
}
