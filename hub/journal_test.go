package hub_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/payment"
	"github.com/hansa-network/hansa/sim"
	"github.com/hansa-network/hansa/store"
)

// journal are all events so far, in order.
func (n *network) journal() []store.Recorded {
	n.t.Helper()
	var events []store.Recorded
	for event, err := range n.hub.Read().EachEvent(n.t.Context()) {
		if err != nil {
			n.t.Fatal(err)
		}
		events = append(events, event)
	}
	return events
}

// heard are the types of the events about a subject that a participant may read.
func (n *network) heard(participant, subject string) string {
	n.t.Helper()
	var types []string
	for _, event := range n.journal() {
		if event.Subject != subject || event.Wallet != participant && event.Acquirer != participant {
			continue
		}
		record, err := hub.ReadRecord(event.Data)
		if err != nil {
			n.t.Fatal(err)
		}
		types = append(types, strings.TrimPrefix(record.Type, "payment."))
	}
	return strings.Join(types, " ")
}

// TestTheJournalIsWrittenInOneWay: its bytes and hashes do not depend on the
// database, and never change.
func TestTheJournalIsWrittenInOneWay(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		p := n.approved("epassi", "pekka", nok(100_00))
		n.pass(time.Second)
		n.must("nets", hub.Refund{Payment: p.ID, Amount: nok(33_33)})
		n.settle()
		n.pass(time.Microsecond)
		order := n.shown(nok(10_00))
		n.must("nets", hub.CancelOrder{Order: order.ID})
		n.must("vipps", hub.TellOutcome{Payment: n.asked("vipps", "ola", nok(1_00)).ID, Reason: hansa.InsufficientFunds})
		n.must(sim.Operator, hub.Suspend{Participant: "momo", Suspended: true})
		n.must("nets", hub.IssueStoreCode{Store: cafe})
		n.calls = nil
		var text strings.Builder
		for block, err := range n.hub.Read().EachBlock(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&text, "block %d %s\n", block.Height, block.Hash)
		}
		for _, event := range n.journal() {
			fmt.Fprintf(&text, "%d.%d for %q and %q\n%s\n", event.Height, event.Index, event.Wallet, event.Acquirer, event.Data)
		}
		golden(t, "testdata/journal.txt", text.String())
	})
}

// golden compares got with a file, or rewrites the file if UPDATE_GOLDEN is 1.
func golden(t *testing.T, path, got string) {
	t.Helper()
	if os.Getenv("UPDATE_GOLDEN") == "1" {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

// TestACommitIsOneBlock, and none where nothing has happened.
func TestACommitIsOneBlock(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		height := n.head().Height
		n.step()
		n.step(hub.Request{Operation: hub.Claim{Limit: 10}})
		n.code("vipps", "ola")
		n.mustNot(hansa.NotFound, "nets", hub.Cancel{Payment: "pay_nobody"})
		if now := n.head().Height; now != height {
			t.Errorf("%d blocks of nothing", now-height)
		}
		committed := n.step(n.signed("nets", n.wish(nok(1_00))), n.signed("nets", n.wish(nok(2_00))), n.signed("nets", n.wish(nok(3_00))))
		head := n.head()
		if head.Height != height+1 || len(committed.Recorded) != 3 || head.At != n.now {
			t.Errorf("height %d after %d, %d events", head.Height, height, len(committed.Recorded))
		}
		for block, err := range n.hub.Read().EachBlock(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			if block.Height == head.Height && (len(block.Events) != 3 || hub.BlockHash(block) != head.Hash) {
				t.Errorf("block %+v", block)
			}
		}
	})
}

// TestWhoHearsWhat: the store never hears of an announcement before it is
// approved, nor of what goes on between the network and the wallet.
func TestWhoHearsWhat(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		hear := func(subject, acquirer, wallet, walletHears string) {
			t.Helper()
			if got := n.heard("nets", subject); got != acquirer {
				t.Errorf("the acquirer hears %q instead of %q", got, acquirer)
			}
			if got := n.heard(wallet, subject); got != walletHears {
				t.Errorf("the wallet hears %q instead of %q", got, walletHears)
			}
			for _, stranger := range []string{"bluecode", "momo", "pagaqui"} {
				if got := n.heard(stranger, subject); got != "" {
					t.Errorf("%s hears %q", stranger, got)
				}
			}
		}
		order := n.shown(nok(10_00))
		approved := n.must("alipay", announce("li", order)).Payment
		hear(approved.ID, "", "alipay", "pending")
		hear(order.ID, "order.open", "alipay", "")
		n.must("alipay", told(approved))
		hear(approved.ID, "approved", "alipay", "pending approved")
		hear(order.ID, "order.open order.paid", "alipay", "")
		n.must("nets", hub.Refund{Payment: approved.ID, Amount: nok(1_00)})
		n.settle()
		hear(approved.ID, "approved refund.pending refund.succeeded", "alipay", "pending approved refund.pending refund.succeeded")

		late := n.must("alipay", announce("li", n.shown(nok(10_00)))).Payment
		sticker := n.must("alipay", hub.Announce{Scanned: hub.Scanned{StoreCode: netsSticker}, Payer: "li", Amount: nok(10_00)})
		n.now = late.PayerUntil
		n.must("alipay", told(late))
		n.settle()
		hear(late.ID, "", "alipay", "pending expired late_paid reversed")
		n.now = sticker.Order.ExpiresAt
		n.claim()
		n.settle()
		hear(sticker.Payment.ID, "", "alipay", "pending expired reversed")
		hear(sticker.Order.ID, "", "alipay", "")

		typed := n.must("epassi", n.typed("epassi", "pekka", nok(10_00))).Payment
		n.must("epassi", told(typed))
		hear(typed.ID, "pending approved", "epassi", "pending approved")
		hear(typed.Order, "", "epassi", "")

		asked := n.asked("pivo", "maija", nok(10_00))
		ask := n.call(payment.CallAsk)
		n.must("nets", hub.Cancel{Payment: asked.ID})
		n.yes(ask)
		n.must("pivo", hub.TellOutcome{Payment: asked.ID, Reason: hansa.DeclinedByPayer})
		n.settle()
		hear(asked.ID, "pending cancelled", "pivo", "pending cancelled late_paid reversed")
	})
}

// TestNothingNamesThePayer: no table holds what the wallet calls its payer in
// clear, in no column.
func TestNothingNamesThePayer(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		const payer = "kari-nordmann-4790000000"
		n.approved("vipps", payer, nok(100_00))
		n.must("vipps", n.quoted("vipps", payer, n.shown(nok(10_00))))
		n.must("vipps", n.typed("vipps", payer, nok(10_00)))
		n.must("alipay", announce(payer, n.shown(nok(10_00))))
		n.asked("vipps", payer, nok(1_00))
		if call := n.call(payment.CallAsk); call.Payer != payer {
			t.Errorf("the wallet is asked for %q", call.Payer)
		}
		cells := n.everyCell()
		if len(cells) < 100 {
			t.Errorf("only %d cells", len(cells))
		}
		for _, cell := range cells {
			if strings.Contains(cell, payer) || strings.Contains(cell, "nordmann") {
				t.Errorf("a cell holds %q", cell)
			}
		}
	})
}

// everyCell is all that the database holds, as text.
func (n *network) everyCell() (cells []string) {
	n.t.Helper()
	driver, list := "sqlite", "SELECT name FROM sqlite_master WHERE type = 'table'"
	if strings.HasPrefix(n.dsn, "postgres://") {
		driver, list = "pgx", "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
	}
	db, err := sql.Open(driver, n.dsn)
	if err != nil {
		n.t.Fatal(err)
	}
	defer db.Close()
	for _, table := range (vault{n.t, db}).texts(list) {
		rows, err := db.QueryContext(context.Background(), "SELECT * FROM "+table)
		if err != nil {
			n.t.Fatal(err)
		}
		defer rows.Close()
		names, err := rows.Columns()
		if err != nil {
			n.t.Fatal(err)
		}
		row, into := make([]any, len(names)), make([]any, len(names))
		for i := range row {
			into[i] = &row[i]
		}
		for rows.Next() {
			if err := rows.Scan(into...); err != nil {
				n.t.Fatal(err)
			}
			for _, cell := range row {
				if bytes, ok := cell.([]byte); ok {
					cell = string(bytes)
				}
				cells = append(cells, fmt.Sprint(cell))
			}
		}
		if err := rows.Err(); err != nil {
			n.t.Fatal(err)
		}
	}
	return cells
}

// TestAcquirersKnowPayersByTheirOwnTokens: always the same one, and another for
// every acquirer and wallet.
func TestAcquirersKnowPayersByTheirOwnTokens(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		first := n.asked("vipps", "ola", nok(1_00))
		n.restart()
		accepted := n.must("vipps", n.quoted("vipps", "ola", n.shown(nok(1_00)))).Payment
		elsewhere := n.scan("vipps", n.code("vipps", "ola"), nok(1_00))
		elsewhere.Terminal = vippsTill
		another := n.must("vipps", elsewhere).Payment
		neighbour := n.asked("vipps", "kari", nok(1_00))
		namesake := n.asked("pivo", "ola", nok(1_00))
		if first.PayerToken == "" || first.PayerToken != accepted.PayerToken {
			t.Errorf("%q and %q", first.PayerToken, accepted.PayerToken)
		}
		for _, other := range []payment.Payment{another, neighbour, namesake} {
			if other.PayerToken == first.PayerToken || other.PayerToken == "" {
				t.Errorf("%s at %s is known as %q", other.Wallet, other.Acquirer, other.PayerToken)
			}
		}
		if first.Payer != another.Payer || first.Payer == neighbour.Payer || first.Payer == namesake.Payer {
			t.Error("the network takes one payer for another")
		}
		n.calls = nil
	})
}

// TestAPersonIsErased: what was paid stays and passes the audit, and nothing
// leads to the payer any more, until the wallet names them again.
func TestAPersonIsErased(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		approved, open, code := n.approved("vipps", "ola", nok(100_00)), n.asked("vipps", "ola", nok(1_00)), n.code("vipps", "ola")
		n.calls = nil
		if err := n.store.PersonErase(t.Context(), approved.Payer); err != nil {
			t.Fatal(err)
		}
		n.wantAudit()
		n.pass(7 * time.Second)
		n.claim()
		if call := n.call(payment.CallAsk); call.Payer != "" {
			t.Errorf("the wallet is asked for %q", call.Payer)
		}
		n.must("vipps", told(open))
		n.must("nets", hub.Refund{Payment: approved.ID, Amount: nok(100_00)})
		n.settle()
		n.must("nets", n.scan("vipps", code, nok(1_00)))
		if call := n.call(payment.CallAsk); call.Payer != "" {
			t.Errorf("the wallet is asked for %q", call.Payer)
		}
		n.wantAudit()
		again := n.asked("vipps", "ola", nok(1_00))
		if call := n.call(payment.CallAsk); call.Payer != "ola" || again.PayerToken != approved.PayerToken {
			t.Errorf("the wallet is asked for %q", call.Payer)
		}
	})
}
