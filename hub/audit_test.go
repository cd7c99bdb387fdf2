package hub_test

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/payment"
)

// A vault is a connection that changes what the store lets nobody change.
type vault struct {
	t  *testing.T
	db *sql.DB
}

// breakIn opens the network's database without its triggers and references.
func (n *network) breakIn() vault {
	n.t.Helper()
	n.spoiled = true
	postgres := strings.HasPrefix(n.dsn, "postgres://")
	driver := "sqlite"
	if postgres {
		driver = "pgx"
	}
	db, err := sql.Open(driver, n.dsn)
	if err != nil {
		n.t.Fatal(err)
	}
	db.SetMaxOpenConns(1) // The settings below are those of a connection.
	n.t.Cleanup(func() { _ = db.Close() })
	v := vault{n.t, db}
	if postgres {
		v.run("SET session_replication_role = replica")
		v.run("SET synchronous_commit = off")
		return v
	}
	v.run("PRAGMA busy_timeout = 5000")
	v.run("PRAGMA synchronous = OFF")
	for _, trigger := range v.texts("SELECT name FROM sqlite_master WHERE type = 'trigger'") {
		v.run("DROP TRIGGER " + trigger)
	}
	return v
}

func (v vault) run(statement string) {
	v.t.Helper()
	if _, err := v.db.ExecContext(context.Background(), statement); err != nil {
		v.t.Fatalf("%s: %v", statement, err)
	}
}

func (v vault) texts(query string) (texts []string) {
	v.t.Helper()
	rows, err := v.db.QueryContext(context.Background(), query)
	if err != nil {
		v.t.Fatalf("%s: %v", query, err)
	}
	defer rows.Close()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			v.t.Fatal(err)
		}
		texts = append(texts, text)
	}
	if err := rows.Err(); err != nil {
		v.t.Fatal(err)
	}
	return texts
}

var audited = []string{
	"heads", "blocks", "new_keys", "new_payments", "requests", "codes", "order_references",
	"open_payments", "payments", "movements", "quotes", "positions", "entries",
}

// save remembers what is audited, and restore brings it back.
func (v vault) save() {
	v.t.Helper()
	for _, table := range audited {
		v.run("CREATE TABLE saved_" + table + " AS SELECT * FROM " + table)
	}
}

func (v vault) restore() {
	v.t.Helper()
	for _, table := range audited {
		v.run("DELETE FROM " + table)
		v.run("INSERT INTO " + table + " SELECT * FROM saved_" + table)
	}
}

// live makes a history with something of everything in it.
func (n *network) live() {
	n.t.Helper()
	n.approved("vipps", "ola", nok(100_00))
	converted := n.approved("epassi", "pekka", nok(77_77))
	n.must("nets", hub.Refund{Payment: converted.ID, Amount: nok(7_77)})
	n.settle()
	authorised := n.authorised("epassi", "pekka", nok(50_00))
	n.must("nets", hub.Capture{Payment: authorised.ID, Amount: nok(20_00)})
	n.settle()
	order := n.shown(nok(10_00))
	n.must("epassi", told(n.must("epassi", n.quoted("epassi", "pekka", order)).Payment))
	n.mustNot(hansa.OrderPaid, "alipay", announce("li", order))
	reversed := n.must("alipay", announce("li", n.shown(nok(10_00)))).Payment
	n.now = reversed.PayerUntil
	n.must("alipay", told(reversed))
	n.settle()
	late := n.asked("pivo", "maija", nok(10_00))
	n.answer(n.call(payment.CallAsk), payment.WalletDeclined{})
	n.must("pivo", told(late))
	n.asked("momo", "ana", nok(10_00))
	n.must("nets", hub.Cancel{Payment: n.asked("momo", "ana", nok(10_00)).ID})
	n.calls = nil
}

// TestTheAuditFindsWhatIsPlanted: each breach under its own id, and nothing
// where nothing was planted.
func TestTheAuditFindsWhatIsPlanted(t *testing.T) {
	t.Parallel()
	const (
		fx         = "(SELECT MIN(id) FROM payments WHERE wallet = 'epassi' AND outcome = 'approved')"
		entry      = "(SELECT MIN(id) FROM entries)"
		onItsWay   = "(SELECT MIN(id) FROM open_payments WHERE state = 'asking')"
		lateOne    = "(SELECT id FROM payments WHERE late = 1 AND state = 'declined')"
		lastBlock  = "height = (SELECT MAX(height) FROM saved_blocks)"
		lastButOne = "(SELECT MAX(height) - 1 FROM saved_blocks)"
	)
	posted := func(posting string) string {
		return "UPDATE entries SET postings = REPLACE(postings, '[[', '[" + posting + ",[') WHERE id = " + entry
	}
	plants := []struct {
		id, name string
		plant    []string
	}{
		{"L1", "an entry does not balance", []string{posted(`["rounding", 1, "NOK", "win"]`)}},
		{"L1", "an entry has one posting", []string{`UPDATE entries SET postings = '[["rounding", 1, "NOK", "win"]]' WHERE id = ` + entry}},
		{"L2", "money comes from nowhere", []string{posted(`["rounding", 1, "NOK", "win"]`)}},
		{"L3", "a balance is off", []string{"UPDATE positions SET balance = balance + 1 WHERE account = 'wallet/vipps'"}},
		{"L3", "a balance is gone", []string{"DELETE FROM positions WHERE account = 'wallet/vipps'"}},
		{"L4", "no such currency", []string{`UPDATE entries SET postings = REPLACE(postings, '"NOK"', '"ZZZ"') WHERE id = ` + entry}},
		{"L5", "another rate", []string{"UPDATE payments SET debit_value = debit_value + 1 WHERE id = " + fx}},
		{"L5", "a residue of two", []string{posted(`["rounding", 2, "NOK", "win"]`)}},
		{"L7", "a refund without its entry", []string{"DELETE FROM entries WHERE cause = 'refund'"}},
		{"L7", "an entry of another cause", []string{"UPDATE entries SET cause = 'approval' WHERE cause = 'refund'"}},
		{"L7", "an entry of another payment", []string{"UPDATE entries SET payment = (SELECT MIN(id) FROM payments) WHERE cause = 'refund'"}},
		{"L7", "an entry of no payment", []string{"UPDATE entries SET payment = 'pay_none' WHERE cause = 'refund'"}},
		{"T1", "a posting in no window", []string{posted(`["rounding", 1, "NOK", ""]`)}},
		{"T3", "a leg in another window", []string{posted(`["rounding", 1, "NOK", "win_other"]`)}},
		{"P1", "past the cap", []string{"UPDATE positions SET cap = 0 WHERE reserved > balance"}},
		{"P2", "reserved for nobody", []string{"UPDATE positions SET reserved = reserved + 1 WHERE account = 'wallet/vipps'"}},
		{"P2", "reserved nowhere", []string{"DELETE FROM positions WHERE account = 'wallet/momo'"}},
		{"P3", "given back too soon", []string{"UPDATE open_payments SET held = 0 WHERE id = " + onItsWay}},
		{"P3", "a capture that freed nothing", []string{"UPDATE payments SET held = held + 1 WHERE state = 'authorised'"}},
		{"S1", "a payment in two places", []string{"UPDATE open_payments SET id = " + lateOne + " WHERE id = " + onItsWay}},
		{"S1", "a state of another outcome", []string{"UPDATE payments SET outcome = 'expired' WHERE id = " + lateOne}},
		{"S2", "a record is missing", []string{"UPDATE payments SET notes = notes + 1 WHERE id = " + fx}},
		{"S2", "the end is cut off", []string{
			"DELETE FROM blocks WHERE " + lastBlock,
			"UPDATE heads SET height = " + lastButOne + ", hash = (SELECT LOWER(HEX(hash)) FROM blocks WHERE height = " + lastButOne + ")",
		}},
		{"S3", "a payment is gone", []string{"DELETE FROM payments WHERE id = " + lateOne}},
		{"S3", "two outcomes", []string{"UPDATE payments SET outcome = 'expired' WHERE state = 'reversing' AND outcome = 'cancelled'"}},
		{"S4", "no deadline", []string{"UPDATE open_payments SET deadline = NULL WHERE id = " + onItsWay}},
		{"S4", "nobody cancels", []string{"UPDATE payments SET task_call = '' WHERE state = 'reversing'"}},
		{"W6", "nobody gives the money back", []string{"UPDATE payments SET task_call = '' WHERE id = " + lateOne}},
		{"R1", "refunded without a refund", []string{"UPDATE payments SET refunded = refunded + 1 WHERE id = " + fx}},
		{"R1", "a refund of no payment", []string{"UPDATE movements SET payment = 'pay_none' WHERE kind = 'refund'"}},
		{"R1", "captured without a capture", []string{"UPDATE payments SET captured = captured + 1 WHERE state = 'authorised'"}},
		{"R1", "released without a release", []string{"UPDATE payments SET released = released + 1 WHERE state = 'authorised'"}},
		{"D1", "a refusal that had an effect", []string{"UPDATE requests SET subject = 'pay_none' WHERE reason <> ''"}},
		{"D1", "a request without its payment", []string{"UPDATE requests SET subject = 'pay_none' WHERE operation = 'ask' AND reason = ''"}},
		{"D4", "one order paid twice", []string{"UPDATE payments SET order_reference = 'bill', part = 0 WHERE outcome = 'approved' AND flow = 'a'"}},
		{"D4", "one order on its way twice", []string{
			"CREATE TABLE twins AS SELECT * FROM open_payments WHERE id = " + onItsWay, "UPDATE twins SET id = 'pay_twin'",
			"INSERT INTO open_payments SELECT * FROM twins", "DROP TABLE twins",
		}},
		{"K1", "a code used twice", []string{"UPDATE payments SET code = (SELECT MIN(code) FROM codes WHERE payment <> '') WHERE flow = 'a'"}},
		{"K1", "a code of another payment", []string{"UPDATE codes SET payment = " + lateOne + " WHERE payment = (SELECT MIN(payment) FROM codes WHERE payment <> '')"}},
		{"K1", "a code of no payment", []string{"UPDATE codes SET payment = 'pay_none' WHERE payment <> ''"}},
		{"K1", "a code that is fresh again", []string{"UPDATE codes SET payment = ''"}},
		{"K1", "a code that is gone", []string{"DELETE FROM codes"}},
		{"K2", "an order reference with two rows", []string{
			"INSERT INTO order_references (number, scope, reference, part, holder) SELECT number + 1000000, scope, reference, part, holder FROM order_references",
		}},
		{"K2", "a request under another id", []string{"UPDATE requests SET id = 'other'"}},
		{"K2", "a key that leads to two rows", []string{"INSERT INTO new_keys (number, body) SELECT number + 1000000, body FROM new_keys"}},
		{"K2", "a key that leads nowhere", []string{"DELETE FROM new_keys"}},
		{"K3", "payments in no list", []string{"DELETE FROM new_payments"}},
		{"K3", "payments in lists twice", []string{"INSERT INTO new_payments (number, body) SELECT number + 1000000, body FROM new_payments"}},
		{"K3", "a payment of another store", []string{"UPDATE payments SET payee_store = 'other' WHERE id = " + fx}},
		{"F1", "a quote of no payment", []string{"UPDATE quotes SET payment = 'pay_none' WHERE id = (SELECT MIN(id) FROM saved_quotes)"}},
		{"F1", "a payment without its quote", []string{"UPDATE quotes SET payment = ''"}},
		{"F2", "a quote used too late", []string{"UPDATE quotes SET expires_at = created_at"}},
		{"F3", "a payment on other terms", []string{"UPDATE quotes SET acquirer_value = acquirer_value + 1 WHERE payment <> ''"}},
		{"A1", "a block of another past", []string{"UPDATE blocks SET previous = hash WHERE height = 3"}},
		{"A1", "a block is gone", []string{"DELETE FROM blocks WHERE height = 3"}},
		{"A1", "an event is rewritten", []string{"UPDATE blocks SET body = (SELECT body FROM saved_blocks WHERE height = 2) WHERE height = 3"}},
		{"A1", "an event is added", []string{"UPDATE blocks SET body = X'0002000000000000000000' WHERE height = 3"}},
		{"A1", "a body is damaged", []string{"UPDATE blocks SET body = X'01ff' WHERE height = 3"}},
		{"A1", "the head is another", []string{"UPDATE heads SET height = height + 1"}},
		// One event, whose bytes are {"type": "x"}.
		{"A4", "a record in other words", []string{"UPDATE blocks SET body = X'00010000000d7b2274797065223a202278227d' WHERE height = 3"}},
	}
	onBoth(t, func(t *testing.T, n *network) {
		n.live()
		n.wantAudit()
		v := n.breakIn()
		v.save()
		for _, tt := range plants {
			for _, statement := range tt.plant {
				if strings.HasPrefix(n.dsn, "postgres://") {
					statement = strings.NewReplacer("X'", `'\x`, "LOWER(HEX(hash))", "ENCODE(hash, 'hex')").Replace(statement)
				}
				v.run(statement)
			}
			if breaches := n.audit(); len(breaches[tt.id]) == 0 {
				t.Errorf("%s: no breach of %s in %v", tt.name, tt.id, breaches)
			}
			v.restore()
			if breaches := n.audit(); len(breaches) > 0 {
				t.Fatalf("%s: left behind %v", tt.name, breaches)
			}
		}
	})
}

// TestTheAuditHoldsAnswersToTheRows: what a client was told is there.
func TestTheAuditHoldsAnswersToTheRows(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		approved, open := n.approved("vipps", "ola", nok(1_00)), n.asked("vipps", "ola", nok(1_00))
		n.wantAudit(approved.ID)
		if breaches := n.audit(approved.ID, open.ID, "pay_none")["C1"]; len(breaches) != 2 {
			t.Errorf("breaches %v", breaches)
		}
	})
}

// TestTheAuditNamesTwentyBreaches and counts all rows.
func TestTheAuditNamesTwentyBreaches(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		checks, err := hub.Audit(t.Context(), n.hub.Read(), hub.Inquest{Acknowledged: references(slices.Repeat([]string{"pay_none"}, 50))})
		if err != nil {
			t.Fatal(err)
		}
		last := checks[len(checks)-1]
		if last.ID != "C1" || last.Rows != 50 || len(last.Breaches) != 20 {
			t.Errorf("%s: %d breaches in %d rows", last.ID, len(last.Breaches), last.Rows)
		}
		ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
		cancel()
		if _, err := hub.Audit(ctx, n.hub.Read(), hub.Inquest{}); err == nil {
			t.Error("an audit that could not read says that all is well")
		}
	})
}
