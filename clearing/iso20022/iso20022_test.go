package iso20022_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/clearing"
	"github.com/hansa-network/hansa/clearing/iso20022"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/needs"
)

// A sample is one message as it is written, and a way to read it again.
type sample struct {
	name    string
	message any
	write   func() ([]byte, error)
	read    func([]byte) (any, error)
}

func samples() []sample {
	settlement, transfer, status, giveBack := settlementOrder(), creditTransfer(), statusReport(), returned()
	payout, report, statement, notification := payoutOrder(), payoutReport(), statement(), notification()
	return []sample{
		{"pacs.009.001.08", settlement, settlement.XML, reads(iso20022.ReadSettlementOrder)},
		{"pacs.008.001.08", transfer, transfer.XML, reads(iso20022.ReadCreditTransfer)},
		{"pacs.002.001.10", status, status.XML, reads(iso20022.ReadStatusReport)},
		{"pacs.004.001.09", giveBack, giveBack.XML, reads(iso20022.ReadReturn)},
		{"pain.001.001.09", payout, payout.XML, reads(iso20022.ReadPayoutOrder)},
		{"pain.002.001.10", report, report.XML, reads(iso20022.ReadPayoutReport)},
		{"camt.053.001.09", statement, statement.XML, reads(iso20022.ReadStatement)},
		{"camt.054.001.09", notification, notification.XML, reads(iso20022.ReadNotification)},
	}
}

func reads[M any](read func([]byte) (M, error)) func([]byte) (any, error) {
	return func(data []byte) (any, error) { return read(data) }
}

// TestMessages are written as the golden files stand, and read as what was written.
func TestMessages(t *testing.T) {
	t.Parallel()
	for _, s := range samples() {
		data, err := s.write()
		if err != nil {
			t.Errorf("%s: %v", s.name, err)
			continue
		}
		golden(t, s.name+".xml", data)
		back, err := s.read(data)
		if err != nil {
			t.Errorf("%s read: %v", s.name, err)
		}
		if diff := cmp.Diff(s.message, back); diff != "" {
			t.Errorf("%s (-written +read):\n%s", s.name, diff)
		}
	}
}

// TestSchemas has the public schemas accept what we write and what banks are said to
// write.
func TestSchemas(t *testing.T) {
	t.Parallel()
	needs.Schema(t, "pacs.009.001.08")
	for _, s := range samples() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			if output, valid := validate(t, s.name, fileOf(t, s.name+".xml")); !valid {
				t.Error(output)
			}
		})
	}
	for _, bank := range []string{"camt.053.001.09", "camt.054.001.09", "pain.002.001.10"} {
		t.Run("bank's "+bank, func(t *testing.T) {
			t.Parallel()
			if output, valid := validate(t, bank, fileOf(t, "bank-"+bank+".xml")); !valid {
				t.Error(output)
			}
		})
	}
}

// TestBanks are read with all that they add and nobody here needs.
func TestBanks(t *testing.T) {
	t.Parallel()
	statement, err := iso20022.ReadStatement([]byte(fileOf(t, "bank-camt.053.001.09.xml")))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]iso20022.Entry{{
		Reference: "0001", Amount: nok(125_000_50), Credit: true, Status: "BOOK", Booked: day(24), ValueDate: day(24), Servicer: "SRV-77",
		Details: []iso20022.Detail{{ID: "NOTPROVIDED", Amount: nok(125_000_50), Credit: true, About: "Window 4711"}},
	}, {
		Reference: "0002", Amount: nok(338_00), Reversal: true, Status: "BOOK", Booked: day(24), ValueDate: day(24),
		Details: []iso20022.Detail{{Message: "P-1", ID: "PAYOUT-9", UETR: iso20022.UETROf("PAYOUT-9"), Amount: nok(338_00), Reason: "AC04"}},
	}, {
		Amount: nok(1_00), Status: "PDNG",
	}}, statement.Entries); diff != "" {
		t.Errorf("entries (-want +got):\n%s", diff)
	}
	notification, err := iso20022.ReadNotification([]byte(fileOf(t, "bank-camt.054.001.09.xml")))
	if err != nil || len(notification.Entries) != 1 || !notification.Entries[0].IsBooked() || notification.Entries[0].Booked != day(24) {
		t.Errorf("%+v, %v", notification, err)
	}
	report, err := iso20022.ReadPayoutReport([]byte(fileOf(t, "bank-pain.002.001.10.xml")))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]iso20022.PartReport{{ID: "P-1", Status: "PART", Statuses: []iso20022.Status{
		{ID: "PAYOUT-8", Code: "ACSC"}, {ID: "PAYOUT-9", Code: "RJCT", Reason: "AC04", Words: "Account closed"},
	}}}, report.Parts); diff != "" {
		t.Errorf("parts (-want +got):\n%s", diff)
	}
}

// A broken message is a good one in which one text stands instead of another.
type broken struct {
	message, old, replacement, why string
	renames                        bool
}

// invalid are messages that the public schemas refuse as we do.
func invalid() []broken {
	return []broken{
		{"pacs.009.001.08", "<BICFI>NDEASESS</BICFI>", "<BICFI>NDEAS</BICFI>", "GrpHdr/InstdAgt/FinInstnId/BICFI", false},
		{"pacs.009.001.08", "<MsgId>S-2026-11-24-NOK</MsgId>", "<MsgId>" + strings.Repeat("x", 36) + "</MsgId>", "MsgId: longer than 35", false},
		{"pacs.009.001.08", "<MsgId>S-2026-11-24-NOK</MsgId>", "", "MsgId: it is missing", false},
		{"pacs.009.001.08", "<MsgId>S-2026-11-24-NOK</MsgId>", "<MsgId>a</MsgId><MsgId>b</MsgId>", "MsgId does not belong here, or not once more", false},
		{"pacs.009.001.08", ">125000.50<", ">125000.500001<", "IntrBkSttlmAmt", false},
		{"pacs.009.001.08", ">125000.50<", ">-125000.50<", "IntrBkSttlmAmt: it is negative", false},
		{"pacs.009.001.08", ">125000.50<", ">125,000.50<", "IntrBkSttlmAmt", false},
		{"pacs.009.001.08", ` Ccy="NOK">125000.50`, `>125000.50`, "IntrBkSttlmAmt", false},
		{"pacs.009.001.08", "<IntrBkSttlmDt>2026-11-24</IntrBkSttlmDt>", "<IntrBkSttlmDt>2026-02-30</IntrBkSttlmDt>", "IntrBkSttlmDt", false},
		{"pacs.009.001.08", "<SttlmMtd>INDA</SttlmMtd>", "<SttlmMtd>CASH</SttlmMtd>", "SttlmMtd", false},
		{"pacs.009.001.08", "<CreDtTm>2026-11-23T16:00:00.000Z</CreDtTm>", "<CreDtTm>23.11.2026</CreDtTm>", "CreDtTm", false},
		{"pacs.008.001.08", "<ChrgBr>SLEV</ChrgBr>", "<ChrgBr>SLAV</ChrgBr>", "ChrgBr", false},
		{"pacs.008.001.08", "<Nm>Kafé Bryggen AS</Nm>", "<Nm></Nm>", "Nm: it is empty", false},
		{"pacs.002.001.10", "<OrgnlMsgNmId>pacs.008.001.08</OrgnlMsgNmId>", "", "OrgnlMsgNmId: it is missing", false},
		{"pacs.004.001.09", "<RtrdIntrBkSttlmAmt", "<RtrdAmt", "RtrdAmt does not belong here", true},
		{"pain.001.001.09", "<PmtMtd>TRF</PmtMtd>", "<PmtMtd>TRX</PmtMtd>", "PmtMtd", false},
		{"pain.001.001.09", "<IBAN>NO9386011117947</IBAN>", "<IBAN>9386011117947</IBAN>", "IBAN", false},
		{"pain.001.001.09", "<UETR>", "<UETR>X", "UETR", false},
		{"pain.002.001.10", "<TxSts>ACSC</TxSts>", "<TxSts></TxSts>", "TxSts", false},
		{"camt.053.001.09", "<CdtDbtInd>CRDT</CdtDbtInd>", "<CdtDbtInd>CREDIT</CdtDbtInd>", "CdtDbtInd", false},
		{"camt.053.001.09", "<Sts", "<Status", "Status does not belong here", true},
		{"camt.054.001.09", "<Acct", "<Account", "Account does not belong here", true},
		{"camt.054.001.09", "</Document>", "</Document><Document/>", "a second root", false},
		{"camt.054.001.09", "camt.054.001.09", "camt.054.001.08", "it must begin with the Document", false},
	}
}

// TestInvalidMessages are refused.
func TestInvalidMessages(t *testing.T) {
	t.Parallel()
	for _, b := range invalid() {
		if err := readAs(t, b.message, b.text(t)); !isMalformed(err) || !strings.Contains(err.Error(), b.why) {
			t.Errorf("%s with %s: %v, want %s", b.message, b.replacement, err, b.why)
		}
	}
}

// TestInvalidBySchema: the public schemas refuse them too.
func TestInvalidBySchema(t *testing.T) {
	t.Parallel()
	needs.Schema(t, "pacs.009.001.08")
	for _, b := range invalid() {
		t.Run(b.why, func(t *testing.T) {
			t.Parallel()
			if output, valid := validate(t, b.message, b.text(t)); valid {
				t.Errorf("the schema takes %s with %s: %s", b.message, b.replacement, output)
			}
		})
	}
}

// TestDeceptiveMessages are those that another reader might understand in another way,
// or that cost too much to read.
func TestDeceptiveMessages(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat("<a>", 100) + strings.Repeat("</a>", 100)
	for _, b := range []broken{
		{"camt.054.001.09", "<Document ", `<!DOCTYPE d [<!ENTITY a "b">]><Document `, "a document type", false},
		{"camt.054.001.09", "<Document ", "<!-- x --><Document ", "a comment", false},
		{"camt.054.001.09", "<Document ", "<?x y?><Document ", "a processing instruction", false},
		{"camt.054.001.09", "<Document ", "x<Document ", "text between elements", false},
		{"camt.054.001.09", "<Ntry>", "x<Ntry>", "text between elements", false},
		{"camt.054.001.09", ">125000.50<", ">1250<!-- -->00.50<", "there is more than text in it", false},
		{"camt.054.001.09", ">125000.50<", ">&a;<", "invalid character entity", false},
		{"camt.054.001.09", `Ccy="NOK"`, `Ccy="NOK" Ccy="SEK"`, "attribute Ccy", false},
		{"camt.054.001.09", `Ccy="NOK"`, `ccy="NOK"`, "attribute ccy", false},
		{"camt.054.001.09", "<Ntry>", `<Ntry id="1">`, "it has no attributes", false},
		{"camt.054.001.09", "<Ntry>", `<Ntry xmlns="urn:other">`, "Ntry does not belong here", false},
		{"camt.054.001.09", "</Document>", "", "unexpected EOF", false},
		{"camt.054.001.09", "</Document>", "</Document>x", "text between elements", false},
		{"camt.054.001.09", "</Document>", "</Document>\n<!-- x -->", "a comment", false},
		{"camt.054.001.09", `encoding="UTF-8"`, `encoding="UTF-16"`, "encoding", false},
		{"camt.054.001.09", "Window", "Window\xff", "not UTF-8", false},
		{"camt.054.001.09", "Window", "Win\u0000dow", "illegal character", false},
		{"camt.054.001.09", "Window", "Win\u0085dow", "a control character", false},
		{"camt.054.001.09", "<RmtInf>", "<RltdPties>" + deep + "</RltdPties><RmtInf>", "deeper than 64", false},
		{"camt.054.001.09", "<RmtInf>", "<RltdPties><!-- x --></RltdPties><RmtInf>", "neither text nor an element", false},
		{"camt.053.001.09", ">225000.50<", ">225000.51<", "the entries lead to 225000.50 NOK", false},
		{"pain.001.001.09", "<NbOfTxs>2</NbOfTxs>", "<NbOfTxs>3</NbOfTxs>", "NbOfTxs is 3, and there are 2", false},
		{"pain.001.001.09", "<CtrlSum>4338.00</CtrlSum>", "<CtrlSum>4338.01</CtrlSum>", "CtrlSum is 4338.01", false},
		{"pain.001.001.09", "<IBAN>NO9386011117947</IBAN>", "<IBAN>NO9386011117948</IBAN>", "IBAN: no account number", false},
		{"pain.001.001.09", ">338.00<", ">0.00<", "0", false},
		{"pacs.009.001.08", ` Ccy="NOK">99.50`, ` Ccy="SEK">99.50`, "two currencies", false},
		{"pacs.009.001.08", ` Ccy="NOK">99.50`, ` Ccy="XXZ">99.50`, "XXZ", false},
	} {
		if err := readAs(t, b.message, b.text(t)); !isMalformed(err) || !strings.Contains(err.Error(), b.why) {
			t.Errorf("%s with %.60q: %v, want %s", b.message, b.replacement, err, b.why)
		}
	}
	if err := readAs(t, "camt.054.001.09", strings.Repeat(" ", iso20022.MaxBytes+1)); !isMalformed(err) {
		t.Errorf("too large: %v", err)
	}
}

// TestHarmlessForms are other ways to write the same.
func TestHarmlessForms(t *testing.T) {
	t.Parallel()
	for _, b := range []broken{
		{"camt.054.001.09", `<?xml version="1.0" encoding="UTF-8"?>`, "", "", false},
		{"camt.054.001.09", `<?xml`, "\ufeff<?xml", "", false},
		{"camt.054.001.09", ">125000.50<", ">125000.50000<", "", false},
		{"camt.054.001.09", ">125000.50<", ">125000.5<", "", false},
		{"camt.054.001.09", "2026-11-24T09:00:00.000Z", "2026-11-24T10:00:00+01:00", "", false},
		{"camt.054.001.09", "<Document ", `<Document xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="a b" `, "", false},
		{"camt.054.001.09", "Window", "Win<![CDATA[dow]]>", "", false},
	} {
		got, err := iso20022.ReadNotification([]byte(b.text(t)))
		if err != nil {
			t.Errorf("%.60q: %v", b.replacement, err)
		}
		got.Created = got.Created.UTC()
		if diff := cmp.Diff(notification(), got); diff != "" {
			t.Errorf("%.60q (-want +got):\n%s", b.replacement, diff)
		}
	}
}

// TestWhatIsNotWritten is what a bank would refuse.
func TestWhatIsNotWritten(t *testing.T) {
	t.Parallel()
	for why, change := range map[string]func(*iso20022.PayoutOrder){
		"MsgId: longer than 35":       func(o *iso20022.PayoutOrder) { o.ID = strings.Repeat("x", 36) },
		"MsgId: it is missing":        func(o *iso20022.PayoutOrder) { o.ID = "" },
		"CreDtTm: it is missing":      func(o *iso20022.PayoutOrder) { o.Created = time.Time{} },
		"CdtTrfTxInf: it is missing":  func(o *iso20022.PayoutOrder) { o.Payouts = nil },
		"two currencies":              func(o *iso20022.PayoutOrder) { o.Payouts[1].Amount.Currency = "SEK" },
		"Nm: there is a control":      func(o *iso20022.PayoutOrder) { o.Payouts[1].Creditor.Name = "a\nb" },
		"either an IBAN or another":   func(o *iso20022.PayoutOrder) { o.Payouts[1].Creditor.Account.Other = "1" },
		"an account has either":       func(o *iso20022.PayoutOrder) { o.Debtor.Account = iso20022.Account{} },
		"FinInstnId/BICFI: not of":    func(o *iso20022.PayoutOrder) { o.Debtor.Bank = "dnbanokk" },
		"IBAN: no account number":     func(o *iso20022.PayoutOrder) { o.Debtor.Account.IBAN = "NO9386011117948" },
		"ReqdExctnDt: it is missing":  func(o *iso20022.PayoutOrder) { o.Execute = clearing.Date{} },
		"Ustrd: longer than 140":      func(o *iso20022.PayoutOrder) { o.Payouts[0].About = strings.Repeat("å", 141) },
		"0.00 NOK":                    func(o *iso20022.PayoutOrder) { o.Payouts[0].Amount.Value = 0 },
		"PmtId/UETR: not of the form": func(o *iso20022.PayoutOrder) { o.Payouts[0].UETR = "1" },
	} {
		order := payoutOrder()
		change(&order)
		if data, err := order.XML(); !isMalformed(err) || !strings.Contains(err.Error(), why) || data != nil {
			t.Errorf("%s: %v", why, err)
		}
	}
}

// FuzzStatement: what is read can be written, and is then read the same.
func FuzzStatement(f *testing.F) {
	for _, name := range []string{"camt.053.001.09.xml", "bank-camt.053.001.09.xml"} {
		data, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		first, err := iso20022.ReadStatement(data)
		if err != nil {
			return
		}
		again, err := first.XML()
		if err != nil {
			return // A bank may say what we would not, such as a balance of a kind of its own.
		}
		second, err := iso20022.ReadStatement(again)
		if err != nil {
			t.Fatal(err)
		}
		first.Created = first.Created.UTC().Truncate(time.Millisecond)
		if diff := cmp.Diff(first, second); diff != "" {
			t.Errorf("(-first +second):\n%s", diff)
		}
	})
}

func (b broken) text(t *testing.T) string {
	t.Helper()
	good := fileOf(t, b.message+".xml")
	if !strings.Contains(good, b.old) {
		t.Fatalf("%s holds no %q", b.message, b.old)
	}
	text := strings.Replace(good, b.old, b.replacement, 1)
	if b.renames {
		// The end of an element is renamed with its beginning.
		text = strings.Replace(text, "</"+b.old[1:]+">", "</"+b.replacement[1:]+">", 1)
	}
	return text
}

func readAs(t *testing.T, name, text string) error {
	t.Helper()
	for _, s := range samples() {
		if s.name == name {
			_, err := s.read([]byte(text))
			return err
		}
	}
	t.Fatalf("no message %s", name)
	return nil
}

func isMalformed(err error) bool {
	reason, refused := hansa.ReasonOf(err)
	return refused && reason == hansa.Malformed
}

// validate asks xmllint and the public schema.
func validate(t *testing.T, message, text string) (output string, valid bool) {
	t.Helper()
	lint, schema := needs.Schema(t, message)
	path := filepath.Join(t.TempDir(), "message.xml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	said, err := exec.Command(lint, "--nonet", "--noout", "--schema", schema, path).CombinedOutput()
	return string(said), err == nil
}

// golden compares what is written with a file of testdata. UPDATE_GOLDEN=1 writes it.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	if os.Getenv("UPDATE_GOLDEN") == "1" {
		if err := os.WriteFile(filepath.Join("testdata", name), got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(fileOf(t, name), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

func fileOf(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func nok(value int64) money.Amount { return money.New(value, "NOK") }

func day(n int) clearing.Date { return clearing.Date{Year: 2026, Month: time.November, Day: n} }
