package iso20022

// A PayoutReport (pain.002) is what the bank says of a PayoutOrder.
type PayoutReport struct {
	Header
	Original Original
	Group    string // of the whole order, as Status.Code; may be empty
	Reason   string // as Status.Reason
	Words    string // as Status.Words
	Parts    []PartReport
}

// A PartReport is about a part of an order that was debited at once.
type PartReport struct {
	ID       string // of the part
	Status   string // of the whole part, as Status.Code; may be empty
	Statuses []Status
}

// XML writes the report, as a bank does. It refuses Malformed.
func (r PayoutReport) XML() ([]byte, error) { return encode(&payoutReport{&r}) }

// ReadPayoutReport reads a report.
func ReadPayoutReport(data []byte) (PayoutReport, error) {
	var r PayoutReport
	err := decode(data, &payoutReport{&r})
	return r, err
}

type payoutReport struct{ *PayoutReport }

func (r *payoutReport) name() string { return "pain.002.001.10" }

func (r *payoutReport) root() node {
	header := group("GrpHdr", in(r.Header.nodes(), passed("InitgPty", "FwdgAgt", "DbtrAgt", "CdtrAgt"))...)
	original := group("OrgnlGrpInfAndSts", in(r.Original.nodes(), passed("OrgnlCreDtTm", "OrgnlNbOfTxs", "OrgnlCtrlSum"),
		one(optional(matching("GrpSts", &r.Group, codeForm)), heardReason(&r.Reason, &r.Words)), passed("StsRsnInf", "NbOfTxsPerSts"))...)
	parts := optional(list("OrgnlPmtInfAndSts", &r.Parts, (*PartReport).nodes))
	return group("CstmrPmtStsRpt", in(one(header, original, parts), passed("SplmtryData"))...)
}

func (p *PartReport) nodes() []node {
	return in(one(text("OrgnlPmtInfId", &p.ID, longestID)), passed("OrgnlNbOfTxs", "OrgnlCtrlSum"),
		one(optional(matching("PmtInfSts", &p.Status, codeForm))), passed("StsRsnInf", "NbOfTxsPerSts"),
		one(optional(list("TxInfAndSts", &p.Statuses, (*Status).heard))))
}

// heard is a status as a bank tells it.
func (s *Status) heard() []node {
	return in(passed("StsId", "OrgnlInstrId"), one(text("OrgnlEndToEndId", &s.ID, longestID), optional(uetrOf("OrgnlUETR", &s.ID, &s.UETR)),
		matching("TxSts", &s.Code, codeForm), heardReason(&s.Reason, &s.Words)),
		passed("StsRsnInf", "ChrgsInf", "TrckrData", "AccptncDtTm", "AcctSvcrRef", "ClrSysRef", "OrgnlTxRef", "SplmtryData"))
}

// heardReason is why, as a bank tells it: in its own words, or in a code of its own.
func heardReason(code, words *string) node {
	var own string
	inside := in(passed("Orgtr"), one(
		optional(group("Rsn", optional(matching("Cd", code, codeForm)), optional(text("Prtry", &own, longestID)))),
		optional(text("AddtlInf", words, longestWords))), passed("AddtlInf"))
	return optional(group("StsRsnInf", inside...))
}

func (r *payoutReport) judge() error { return nil }
