package iso20022_test

import (
	"time"

	"github.com/hansa-network/hansa/clearing/iso20022"
)

func header(id string, hour int) iso20022.Header {
	return iso20022.Header{ID: id, Created: time.Date(2026, time.November, hour/24+23, hour%24, 0, 0, 0, time.UTC)}
}

func account(iban string) iso20022.Account { return iso20022.Account{IBAN: iban} }

func bergen() iso20022.Party {
	return iso20022.Party{Name: "Kafé Bryggen AS", Bank: "DNBANOKK", Account: account("NO9386011117947")}
}

func settlementOrder() iso20022.SettlementOrder {
	vipps := iso20022.Holder{BIC: "DNBANOKK", Account: account("NO9386011117947")}
	nets := iso20022.Holder{BIC: "DABADKKK", Account: account("DK5000400440116243")}
	alipay := iso20022.Holder{BIC: "ICBKCNBJ", Account: iso20022.Account{Other: "0200001909200001234"}}
	return iso20022.SettlementOrder{
		Header: header("S-2026-11-24-NOK", 16), ValueDate: day(24), Orderer: "HANSDEHH", Bank: "NDEASESS",
		Transfers: []iso20022.Transfer{
			{ID: "S-1-1", UETR: iso20022.UETROf("S-1-1"), Amount: nok(125_000_50), Debtor: alipay, Creditor: nets, About: "Window 4711"},
			{ID: "S-1-2", UETR: iso20022.UETROf("S-1-2"), Amount: nok(99_50), Debtor: vipps, Creditor: nets},
		},
	}
}

func creditTransfer() iso20022.CreditTransfer {
	visitor := iso20022.Party{Name: "Alipay user 2088", Bank: "ICBKCNBJ", Account: iso20022.Account{Other: "2088"}}
	return iso20022.CreditTransfer{
		Header: header("T-1", 16), ValueDate: day(24), From: "ICBKCNBJ", To: "DNBANOKK",
		Payments: []iso20022.Payment{
			{ID: "pay_1", UETR: iso20022.UETROf("pay_1"), Amount: nok(4_000_00), Debtor: visitor, Creditor: bergen(), About: "Fish & chips <2>"},
		},
	}
}

func statusReport() iso20022.StatusReport {
	return iso20022.StatusReport{
		Header: header("R-1", 17), From: "DNBANOKK", To: "ICBKCNBJ", Original: iso20022.Original{ID: "T-1", Name: "pacs.008.001.08"},
		Statuses: []iso20022.Status{
			{ID: "pay_1", UETR: iso20022.UETROf("pay_1"), Code: "RJCT", Reason: "AC04", Words: "Account closed"},
			{ID: "pay_2", UETR: iso20022.UETROf("pay_2"), Code: "ACSC"},
		},
	}
}

func returned() iso20022.Return {
	return iso20022.Return{
		Header: header("B-1", 18), ValueDate: day(24), From: "DNBANOKK", To: "ICBKCNBJ", Original: iso20022.Original{ID: "T-1", Name: "pacs.008.001.08"},
		Payments: []iso20022.Returned{
			{ID: "ref_1", Original: "pay_1", UETR: iso20022.UETROf("pay_1"), Amount: nok(1_000_00), Reason: "CUST", Words: "Refund"},
		},
	}
}

func payoutOrder() iso20022.PayoutOrder {
	return iso20022.PayoutOrder{
		Header: header("P-1", 16), Execute: day(24),
		Debtor: iso20022.Party{Name: "Nets Norge", Bank: "DNBANOKK", Account: account("NO9386011117947")},
		Payouts: []iso20022.Payout{
			{ID: "PAYOUT-8", UETR: iso20022.UETROf("PAYOUT-8"), Amount: nok(4_000_00), Creditor: bergen(), About: "21 Nov to 23 Nov"},
			{ID: "PAYOUT-9", UETR: iso20022.UETROf("PAYOUT-9"), Amount: nok(338_00), Creditor: bergen()},
		},
	}
}

func payoutReport() iso20022.PayoutReport {
	return iso20022.PayoutReport{
		Header: header("PR-1", 17), Original: iso20022.Original{ID: "P-1", Name: "pain.001.001.09"}, Group: "PART",
		Parts: []iso20022.PartReport{{ID: "P-1", Statuses: []iso20022.Status{
			{ID: "PAYOUT-8", UETR: iso20022.UETROf("PAYOUT-8"), Code: "ACSC"},
			{ID: "PAYOUT-9", UETR: iso20022.UETROf("PAYOUT-9"), Code: "RJCT", Reason: "AC04", Words: "Account closed"},
		}}},
	}
}

func statement() iso20022.Statement {
	return iso20022.Statement{
		Header: header("CS-1", 33), ID: "2026-11-24", Account: account("NO9386011117947"),
		Balances: []iso20022.Balance{
			{Code: "OPBD", Amount: nok(100_000_00), Credit: true, Date: day(24)},
			{Code: "CLBD", Amount: nok(225_000_50), Credit: true, Date: day(24)},
		},
		Entries: entries(),
	}
}

func notification() iso20022.Notification {
	return iso20022.Notification{Header: header("CN-1", 33), ID: "CN-1", Account: account("NO9386011117947"), Entries: entries()}
}

func entries() []iso20022.Entry {
	return []iso20022.Entry{{
		Reference: "1", Amount: nok(125_000_50), Credit: true, Status: "BOOK", Booked: day(24), ValueDate: day(24), Servicer: "SRV-1",
		Details: []iso20022.Detail{{
			Message: "S-2026-11-24-NOK", ID: "S-1-1", UETR: iso20022.UETROf("S-1-1"), Amount: nok(125_000_50), Credit: true, About: "Window 4711",
		}},
	}}
}
