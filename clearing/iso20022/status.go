package iso20022

// A StatusReport (pacs.002) tells the sender of a CreditTransfer what has become of it.
type StatusReport struct {
	Header
	From, To string // BICs
	Original Original
	Statuses []Status
}

// An Original is the message about which another one speaks.
type Original struct {
	ID   string // its header's
	Name string // such as pacs.008.001.08
}

// A Status is what has become of one payment.
type Status struct {
	ID     string // of the payment
	UETR   string // the payment's; UETROf(ID) if it is empty
	Code   string // ISO 20022 external code: ACSC settled, PDNG pending, RJCT refused
	Reason string // ISO 20022 external code, such as AC04 for a closed account; may be empty
	Words  string // up to 105 characters; may be empty
}

// XML writes the report. It refuses Malformed.
func (r StatusReport) XML() ([]byte, error) { return encode(&statusReport{&r}) }

// ReadStatusReport reads a report.
func ReadStatusReport(data []byte) (StatusReport, error) {
	var r StatusReport
	err := decode(data, &statusReport{&r})
	return r, err
}

type statusReport struct{ *StatusReport }

func (r *statusReport) name() string { return "pacs.002.001.10" }

func (r *statusReport) root() node {
	header := group("GrpHdr", in(r.Header.nodes(), one(bankNode("InstgAgt", &r.From), bankNode("InstdAgt", &r.To)))...)
	return group("FIToFIPmtStsRpt", header, group("OrgnlGrpInfAndSts", r.Original.nodes()...),
		list("TxInfAndSts", &r.Statuses, func(s *Status) []node {
			return []node{
				text("OrgnlEndToEndId", &s.ID, longestID), uetrOf("OrgnlUETR", &s.ID, &s.UETR),
				matching("TxSts", &s.Code, codeForm), reason("StsRsnInf", &s.Reason, &s.Words),
			}
		}))
}

func (r *statusReport) judge() error { return nil }

func (o *Original) nodes() []node {
	return []node{text("OrgnlMsgId", &o.ID, longestID), text("OrgnlMsgNmId", &o.Name, longestID)}
}

// reason is why, in a code and in words.
func reason(name string, code, words *string) node {
	return optional(group(name,
		optional(group("Rsn", matching("Cd", code, codeForm))), optional(text("AddtlInf", words, longestWords))))
}
