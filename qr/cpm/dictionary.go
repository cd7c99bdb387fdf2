package cpm

// A format is how the bytes of a value are meant.
type format uint8

const (
	octets  format = iota
	words          // letters for people and programs
	numeric        // two digits a byte, with F where there is none
	card           // a card number: numeric, and never shown in full
	track          // a card number and what else the magnetic stripe says
	secret         // never shown
)

// An entry is what the standard says of a tag: how its value is meant and how
// many bytes it has.
type entry struct {
	tag      Tag
	name     string
	format   format
	min, max int
}

// dictionary has the tags of the standard, those of EMV that wallets add, and the
// few of a scheme that is known by them.
var dictionary = [...]entry{
	{TagFormat, "payload_format_indicator", words, 5, 5},
	{TagApplication, "application_template", octets, 0, SizeMax},
	{TagCommon, "common_data_template", octets, 0, SizeMax},
	{TagTransparent, "application_transparent_template", octets, 0, SizeMax},
	{TagCommonTransparent, "common_data_transparent_template", octets, 0, SizeMax},
	{TagAID, "adf_name", octets, aidMin, aidMax},
	{TagLabel, "application_label", words, 1, 16},
	{TagTrack2, "track_2_equivalent_data", track, 1, 19},
	{TagCardNumber, "application_pan", card, 1, 10},
	{0x56, "track_1_data", secret, 1, 79},
	{0x82, "application_interchange_profile", octets, 2, 2},
	{TagSignature, "signature", octets, 1, SizeMax},
	{0x5F20, "cardholder_name", words, 2, 26},
	{0x5F24, "application_expiration_date", numeric, 3, 3},
	{TagLanguages, "language_preference", words, 2, 8},
	{0x5F34, "pan_sequence_number", numeric, 1, 1},
	{TagIssuerURL, "issuer_url", words, 1, SizeMax},
	{0x9F08, "application_version_number", octets, 2, 2},
	{0x9F10, "issuer_application_data", octets, 1, 32},
	{0x9F12, "application_preferred_name", words, 1, 16},
	{0x9F19, "token_requestor_id", numeric, 6, 6},
	{0x9F1F, "track_1_discretionary_data", secret, 1, SizeMax},
	{0x9F20, "track_2_discretionary_data", secret, 1, SizeMax},
	{0x9F24, "payment_account_reference", words, 29, 29},
	{0x9F25, "last_4_digits_of_pan", numeric, 2, 2},
	{0x9F26, "application_cryptogram", octets, 8, 8},
	{0x9F27, "cryptogram_information_data", octets, 1, 1},
	{0x9F36, "application_transaction_counter", octets, 2, 2},
	{0x9F37, "unpredictable_number", octets, 4, 4},
	{0x9F6B, "track_2_data", secret, 1, 19},
	{0x9F74, "issuer_qris_data", words, 1, SizeMax},
	{0x9F7A, "issuer_public_key_certificate", octets, 1, SizeMax},
	{0x9F7B, "encrypted_data", octets, 1, SizeMax},
}

// lookUp returns the entry of a tag, and one without name if there is none.
func lookUp(tag Tag) entry {
	for at := range dictionary {
		if dictionary[at].tag == tag {
			return dictionary[at]
		}
	}
	return entry{tag: tag, format: octets, max: SizeMax}
}
