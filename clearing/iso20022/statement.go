package iso20022

import (
	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/clearing"
	"github.com/hansa-network/hansa/money"
)

// A Statement (camt.053) is what a bank says was booked to an account in a period.
type Statement struct {
	Header
	ID       string
	Account  Account
	Balances []Balance
	Entries  []Entry
}

// A Notification (camt.054) is what a bank says was booked to an account just now.
type Notification struct {
	Header
	ID      string
	Account Account
	Entries []Entry
}

// A Balance is what an account held on a day.
type Balance struct {
	Code   string       // ISO 20022 external code: OPBD opening, CLBD closing, both booked
	Amount money.Amount // never negative
	Credit bool         // the bank owes it to the holder
	Date   clearing.Date
}

// An Entry is a change of an account.
type Entry struct {
	Reference string       // the bank's number of the entry; may be empty
	Amount    money.Amount // never negative
	Credit    bool         // money came in
	Reversal  bool         // it takes back an earlier entry
	Status    string       // ISO 20022 external code: BOOK booked, PDNG and INFO not yet
	Booked    clearing.Date
	ValueDate clearing.Date
	Servicer  string // the bank's reference of the transaction; may be empty
	Details   []Detail
}

// A Detail is one of the transactions in an entry.
type Detail struct {
	Message string       // the id of the message that ordered it; may be empty, as the others
	ID      string       // of the transfer, as who ordered it gave it
	UETR    string       // of the transfer
	Amount  money.Amount // without a currency where the bank gives it for the entry alone
	Credit  bool
	Reason  string // ISO 20022 external code of a return, such as AC04 for a closed account
	About   string
}

// IsBooked reports whether the bank has booked the entry. All else it may take back.
func (e Entry) IsBooked() bool { return e.Status == "BOOK" }

// XML writes the statement, as a bank does. It refuses Malformed.
func (s Statement) XML() ([]byte, error) { return encode(&statement{&s}) }

// ReadStatement reads a statement. It refuses Malformed also where the opening balance
// and what was booked do not add up to the closing one.
func ReadStatement(data []byte) (Statement, error) {
	var s Statement
	err := decode(data, &statement{&s})
	return s, err
}

// XML writes the notification, as a bank does. It refuses Malformed.
func (n Notification) XML() ([]byte, error) { return encode(&notification{&n}) }

// ReadNotification reads a notification.
func ReadNotification(data []byte) (Notification, error) {
	var n Notification
	err := decode(data, &notification{&n})
	return n, err
}

type statement struct{ *Statement }

func (s *statement) name() string { return "camt.053.001.09" }

func (s *statement) root() node {
	inside := in(one(text("Id", &s.ID, longestID)), beforeAccount("StmtPgntn"), one(accountNode(&s.Account)),
		passed("RltdAcct", "Intrst"), one(list("Bal", &s.Balances, (*Balance).nodes)), passed("TxsSummry"),
		one(optional(list("Ntry", &s.Entries, entryNodes))), passed("AddtlStmtInf"))
	return group("BkToCstmrStmt", in(one(s.Header.ofReport(), group("Stmt", inside...)), passed("SplmtryData"))...)
}

// judge adds up. A statement on several pages has only one of the two balances on each.
func (s *statement) judge() error {
	opening, opens := s.balance("OPBD")
	closing, closes := s.balance("CLBD")
	if !opens || !closes {
		return nil
	}
	sum := opening
	for _, e := range s.Entries {
		if !e.IsBooked() {
			continue
		}
		var err error
		if sum, err = sum.Plus(signed(e.Amount, e.Credit)); err != nil {
			return hansa.Refuse(hansa.Malformed, "an entry of %s on an account in %s: %v", e.Amount, sum.Currency, err)
		}
	}
	if sum != closing {
		return hansa.Refuse(hansa.Malformed, "the entries lead to %s, and the closing balance is %s", sum, closing)
	}
	return nil
}

// balance is one of the statement's, negative where the holder owes it.
func (s *statement) balance(code string) (money.Amount, bool) {
	for _, b := range s.Balances {
		if b.Code == code {
			return signed(b.Amount, b.Credit), true
		}
	}
	return money.Amount{}, false
}

func signed(amount money.Amount, credit bool) money.Amount {
	if credit {
		return amount
	}
	return amount.Negative()
}

type notification struct{ *Notification }

func (n *notification) name() string { return "camt.054.001.09" }

func (n *notification) root() node {
	inside := in(one(text("Id", &n.ID, longestID)), beforeAccount("NtfctnPgntn"), one(accountNode(&n.Account)),
		passed("RltdAcct", "Intrst", "TxsSummry"), one(list("Ntry", &n.Entries, entryNodes)), passed("AddtlNtfctnInf"))
	return group("BkToCstmrDbtCdtNtfctn", in(one(n.Header.ofReport(), group("Ntfctn", inside...)), passed("SplmtryData"))...)
}

func (n *notification) judge() error { return nil }

// ofReport is the header of what a bank reports.
func (h *Header) ofReport() node {
	return group("GrpHdr", in(h.nodes(), passed("MsgRcpt", "MsgPgntn", "OrgnlBizQry", "AddtlInf"))...)
}

// beforeAccount is what stands between the id of a report and its account.
func beforeAccount(pagination string) []node {
	return passed(pagination, "ElctrncSeqNb", "RptgSeq", "LglSeqNb", "CreDtTm", "FrToDt", "CpyDplctInd", "RptgSrc")
}

func accountNode(a *Account) node {
	return group("Acct", in(one(a.id()), passed("Tp", "Ccy", "Nm", "Prxy", "Ownr", "Svcr"))...)
}

func (b *Balance) nodes() []node {
	var own string
	kind := group("Tp", in(one(group("CdOrPrtry",
		optional(matching("Cd", &b.Code, codeForm)), optional(text("Prtry", &own, longestID)))), passed("SubTp"))...)
	return in(one(kind), passed("CdtLine"), one(amount("Amt", &b.Amount), direction("CdtDbtInd", &b.Credit), day("Dt", &b.Date)), passed("Avlbty"))
}

func entryNodes(e *Entry) []node {
	return in(
		one(optional(text("NtryRef", &e.Reference, longestID)), amount("Amt", &e.Amount), direction("CdtDbtInd", &e.Credit),
			flag("RvslInd", &e.Reversal), group("Sts", matching("Cd", &e.Status, codeForm)),
			optional(day("BookgDt", &e.Booked)), optional(day("ValDt", &e.ValueDate)),
			optional(text("AcctSvcrRef", &e.Servicer, longestID))),
		passed("Avlbty"), one(transactionCode()),
		passed("ComssnWvrInd", "AddtlInfInd", "AmtDtls", "Chrgs", "TechInptChanl", "Intrst", "CardTx"),
		one(optional(group("NtryDtls", in(passed("Btch"), one(optional(list("TxDtls", &e.Details, (*Detail).nodes))))...))),
		passed("AddtlNtryInf"))
}

// transactionCode is what kind of transaction a bank calls it. We write payments in and
// out without saying more, and read no rule into what others say.
func transactionCode() node {
	return group("BkTxCd", in(passed("Domn"), one(optional(group("Prtry", in(one(anyText("Cd", "NTRF")), passed("Issr"))...))))...)
}

func (d *Detail) nodes() []node {
	references := group("Refs", in(one(optional(text("MsgId", &d.Message, longestID))), passed("AcctSvcrRef", "PmtInfId", "InstrId"),
		one(optional(text("EndToEndId", &d.ID, longestID)), optional(matching("UETR", &d.UETR, uetrForm))),
		passed("TxId", "MndtId", "ChqNb", "ClrSysRef", "AcctOwnrTxId", "AcctSvcrTxId", "MktInfrstrctrTxId", "PrcgId", "Prtry"))...)
	returned := group("RtrInf", in(passed("OrgnlBkTxCd", "Orgtr"),
		one(optional(group("Rsn", in(one(optional(matching("Cd", &d.Reason, codeForm))), passed("Prtry"))...))), passed("AddtlInf"))...)
	return in(
		one(optional(references), optional(amount("Amt", &d.Amount)), optional(directionOf("CdtDbtInd", &d.Credit, &d.Amount))),
		passed("AmtDtls", "Avlbty", "BkTxCd", "Chrgs", "Intrst", "RltdPties", "RltdAgts", "LclInstrm", "Purp", "RltdRmtInf"),
		one(optional(group("RmtInf", in(one(optional(text("Ustrd", &d.About, longestRemittance))), passed("Ustrd", "Strd"))...))),
		passed("RltdDts", "RltdPric", "RltdQties", "FinInstrmId", "Tax"), one(optional(returned)),
		passed("CorpActn", "SfkpgAcct", "CshDpst", "CardTx", "AddtlTxInf", "SplmtryData"))
}

// day is a day that may come with a time.
func day(name string, value *clearing.Date) node {
	return group(name, optional(date("Dt", value)), dayOfMoment("DtTm", value))
}
