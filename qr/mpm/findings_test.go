package mpm_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hansa-network/hansa/qr/mpm"
)

// TestEveryRule tells what is found in codes that each break one rule, or look as
// if they did, in the order of the standard.
func TestEveryRule(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, text string }{
		{"a sound code", changed()},
		{"nothing", ""},
		{"513 characters", changed(object("02", nines(99)), object("03", nines(99)), object("04", nines(99)), object("05", nines(90)))},
		{"512 characters", changed(object("02", nines(99)), object("03", nines(99)), object("04", nines(99)), object("05", nines(89)))},
		{"512 characters of more bytes", changed(
			object("80", object("00", "x.yz")+object("01", strings.Repeat("京", 80))),
			object("81", object("00", "x.yz")+object("01", strings.Repeat("京", 80))),
		)},
		{"129 objects", sealed(strings.Repeat("0201a", 129))},
		{"nothing but a checksum", sealed("")},

		{"00 is 02", changed("000202")},
		{"00 is no number", changed("0002AB")},
		{"00 of one digit", changed("00011")},
		{"00 is not there", changed("-00")},
		{"00 is not first", sealed("010211" + "000201" + strings.Join(shop[2:], ""))},
		{"01 is static", changed("010211", "-54")},
		{"01 is static, with an amount", changed("010211")},
		{"01 is not there", changed("-01", "-54")},
		{"01 is not there, with an amount", changed("-01")},
		{"01 is 13", changed("010213")},
		{"01 is 21", changed("010221")},
		{"01 is no number", changed("01021x")},
		{"01 for one payment, without a reference", changed("-62")},
		{"01 for one payment, the payer is asked for its reference", changed("62070503***")},

		{"no account", changed("-26")},
		{"an account of a card", changed("-26", "02164111111111111111")},
		{"an account of a card that ends in spaces", changed("1520123456789012    ....")},
		{"an account of a card in other letters", changed("0202北京")},
		{"an empty account of a card", changed("0200")},
		{"an empty template", changed("2600")},
		{"a template without a scheme", changed("26080104M001")},
		{"a template with an empty scheme", changed("261200000104M001")},
		{"a scheme of 33 characters", changed(object("26", object("00", strings.Repeat("x", 33))))},
		{"a scheme in other letters", changed(object("26", object("00", "com.tést")))},
		{"a scheme behind its values", changed("26200104M0010008com.test")},
		{"a template that ends within a header", changed(object("26", "0008com.test010"))},
		{"a template with a length beyond its end", changed(object("26", "0008com.test0105M001"))},
		{"a template with a sign as length", changed(object("26", "0008com.test01+4M001"))},
		{"a template with a letter as id", changed(object("26", "0008com.testA104M001"))},
		{"an id twice in a template", changed(object("26", "0008com.test0104M0010104M002"))},
		{"an empty value in a template", changed(object("26", "0008com.test0100"))},
		{"other letters in a template", changed(object("26", "0008com.test0102北京"))},

		{"52 is not there", changed("-52")},
		{"52 is no number", changed("5204-100")},
		{"52 of three digits", changed("5203541")},
		{"52 is empty", changed("5200")},
		{"53 is not there", changed("-53")},
		{"53 is no number", changed("5303EUR")},
		{"53 of two digits", changed("530278")},
		{"53 is no currency in use", changed("5303975")},

		{"54 with a point at its end", changed("540398.")},
		{"54 without a point", changed("540298")},
		{"54 with zeros in front", changed("540500098")},
		{"54 with one decimal more", changed("540610.505")},
		{"54 with a zero more", changed("540610.500")},
		{"54 with decimals that the currency has not", changed("5303392", "540510.50")},
		{"54 with zeros that the currency has not", changed("5303704", "540510.00")},
		{"54 with decimals in a currency that is not known", changed("5303975", "540710.5000")},
		{"54 is a point", changed("5401.")},
		{"54 starts with a point", changed("5402.5")},
		{"54 has a comma", changed("540598,73")},
		{"54 has a space", changed("54053 705")},
		{"54 has two points", changed("54051.2.3")},
		{"54 is negative", changed("5406-10.50")},
		{"54 has a plus", changed("5406+10.50")},
		{"54 has an exponent", changed("540510e10")},
		{"54 of 13 characters", changed("54131234567890.12")},
		{"54 of 14 characters", changed("541412345678901.12")},
		{"54 is zero", changed("54040.00")},
		{"54 is empty", changed("5400")},
		{"54 in other digits", changed(object("54", "１０"))},

		{"55 asks the payer", changed("550201")},
		{"55 is 02 with 56", changed("550202", "56041.00")},
		{"55 is 02 without 56", changed("550202")},
		{"55 is 02 with 57", changed("550202", "57041.00")},
		{"55 is 03 with 57", changed("550203", "57042.50")},
		{"55 is 03 without 57", changed("550203")},
		{"55 is 03 with 56 and 57", changed("550203", "56041.00", "57042.50")},
		{"55 is 04", changed("550204")},
		{"55 is no number", changed("5502xx")},
		{"55 without 54", changed("-54", "550202", "56041.00")},
		{"56 without 55", changed("56041.00")},
		{"56 is zero", changed("550202", "56040.00")},
		{"56 is no amount", changed("550202", "56041,00")},
		{"56 has too many decimals", changed("550202", "56051.005")},
		{"57 without 55", changed("57042.50")},
		{"57 of two digits", changed("550203", "570210")},
		{"57 is 0.01", changed("550203", "57040.01")},
		{"57 is 99.99", changed("550203", "570599.99")},
		{"57 is 100", changed("550203", "5703100")},
		{"57 is zero", changed("550203", "57010")},
		{"57 has a percent sign", changed("550203", "57035%0")},
		{"57 has three decimals", changed("550203", "57051.001")},

		{"58 is not there", changed("-58")},
		{"58 in small letters", changed("5802de")},
		{"58 of three letters", changed("5803DEU")},
		{"59 is not there", changed("-59")},
		{"59 is empty", changed("5900")},
		{"59 of 26 characters", changed(object("59", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"))},
		{"59 of 26 bytes in 25 characters", changed(object("59", "ABCDEFGHIJKLMNOPQRSTUVWXé"))},
		{"59 ends in a space", changed(object("59", "Panel, Digital & "))},
		{"59 in two scripts", changed(object("59", "PАYPAL"))}, //nolint:gosmopolitan // The second letter is Cyrillic.
		{"59 with a line end", changed(object("59", "TEST\nSHOP"))},
		{"59 with a soft hyphen", changed(object("59", "TEST\u00adSHOP"))},
		{"60 is not there", changed("-60")},
		{"60 of 16 characters", changed(object("60", "ABCDEFGHIJKLMNOP"))},
		{"61 of 10 characters", changed(object("61", "1234567890"))},
		{"61 of 11 characters", changed(object("61", "12345678901"))},

		{"62 is empty", changed("6200")},
		{"62 is no template", changed(object("62", "REFERENCE"))},
		{"62.00", changed(object("62", "0004x.yz0505ORDER"))},
		{"62.01 to 62.08 of 25 characters", changed(object("62", object("01", nines(25))+object("08", nines(25))))},
		{"62.01 of 26 characters", changed(object("62", object("01", nines(26))))},
		{"62.02 in other letters", changed(object("62", object("02", "北京")+"0505ORDER"))},
		{"62.05 is empty", changed(object("62", "0500"))},
		{"62.05 twice", changed(object("62", "0505ORDER0505OTHER"))},
		{"62.09 asks for all", changed(object("62", "0505ORDER0903AME"))},
		{"62.09 is empty", changed(object("62", "0505ORDER0900"))},
		{"62.09 has other letters", changed(object("62", "0505ORDER0902XY"))},
		{"62.09 has a letter twice", changed(object("62", "0505ORDER0902AA"))},
		{"62.09 in small letters", changed(object("62", "0505ORDER0901a"))},
		{"62.10", changed(object("62", "0505ORDER"+object("10", nines(20))))},
		{"62.10 of 21 characters", changed(object("62", "0505ORDER"+object("10", nines(21))))},
		{"62.11 on a screen, for one payment", changed(object("62", "0505ORDER1103400"))},
		{"62.11 on a screen, for many payers", changed("010211", "-54", object("62", "1103500"))},
		{"62.11 on a sticker, for one payment", changed(object("62", "0505ORDER1103000"))},
		{"62.11 on a sticker, for many payers", changed("010211", "-54", object("62", "1103000"))},
		{"62.11 of a machine that NAMQR knows", changed(object("62", "0505ORDER1103801"))},
		{"62.11 is no number", changed(object("62", "0505ORDER1103X00"))},
		{"62.12", changed(object("62", "0505ORDER1202AB"))},
		{"62.49", changed(object("62", "0505ORDER4902AB"))},
		{"62.50 with a scheme", changed(object("62", "0505ORDER"+object("50", "0004x.yz0101Q")))},
		{"62.50 without a scheme", changed(object("62", "0505ORDER"+object("50", "0101Q")))},
		{"62.50 is no template", changed(object("62", "0505ORDER"+object("50", "REFERENCE")))},

		{"63 in small letters", strings.ReplaceAll(changed(), "6304"+tail(changed()), "6304"+strings.ToLower(tail(changed())))},
		{"63 is wrong", changed()[:len(changed())-4] + "0000"},
		{"63 is no hexadecimal number", changed()[:len(changed())-4] + "12G4"},
		{"63 of three digits", changed()[:len(changed())-8] + "6303123"},
		{"63 is not there", strings.Join(shop, "")},
		{"63 is not the last", changed() + "610510115"},
		{"63 twice", sealed(changed())},
		{"a character behind 63", changed() + "0"},
		{"a code behind 63", changed() + changed()},
		{"cut off within the header of 63", changed()[:len(changed())-6]},
		{"cut off within 63", changed()[:len(changed())-1]},

		{"64", changed(object("64", "0002ZH0104最佳运输0202北京"))},
		{"64 in small letters", changed(object("64", "0002zh0104最佳运输"))},
		{"64 is empty", changed("6400")},
		{"64 is no template", changed(object("64", "最佳运输"))},
		{"64 without a language", changed(object("64", "0104最佳运输"))},
		{"64 with a language of three letters", changed(object("64", "0003ZHO0104最佳运输"))},
		{"64 without a name", changed(object("64", "0002ZH"))},
		{"64 with an empty name", changed(object("64", "0002ZH0100"))},
		{"64 with a name of 26 characters", changed(object("64", "0002ZH"+object("01", strings.Repeat("京", 26))))},
		{"64 with a city of 16 characters", changed(object("64", "0002ZH0101京"+object("02", strings.Repeat("京", 16))))},
		{"64.03", changed(object("64", "0002ZH0101京0301x"))},

		{"65", changed("6504ABCD")},
		{"79", changed("7904ABCD")},
		{"80 with a scheme", changed(object("80", "0008com.test0102AB"))},
		{"80 without a scheme", changed(object("80", "0102AB"))},
		{"80 is no template", changed("8003046")},
		{"80 is no template, and unseen text", changed(object("80", "0\u202e6"))},
		{"80 is empty", changed("8000")},

		{"an id of a letter", sealed("000201" + "A104M001")},
		{"an id of a space", " " + changed()},
		{"a length of a sign", sealed("000201" + "01+211")},
		{"a length of a letter", sealed("000201" + "01O211")},
		{"digits of another script", sealed("000201" + "٠١02" + "11")},
		{"an id twice", sealed(strings.Join(shop, "") + "5910EVIL STORE")},
		{"an id three times", sealed(strings.Join(shop, "") + "5910EVIL STORE" + "5910EVIL STORE")},
		{"not UTF-8", changed("5904TE\xe9T")},
		{"around it", "\ufeff" + changed() + " \r\n\r\n"},
		{"a tabulator behind it", changed() + "\t"},
		{"a byte order mark behind it", changed() + "\ufeff"},
		{"an id three times in a template", changed(object("26", "0008com.test0101a0101b0101c"))},
		{"more findings than anybody reads", sealed("000201" + emptyObjects())},
	}
	var got strings.Builder
	for _, c := range cases {
		_, findings := mpm.Read(c.text)
		fmt.Fprintf(&got, "%s\n%s", c.name, lines(findings))
	}
	golden(t, "findings.golden", got.String())
}

// emptyObjects returns each object from 01 to 62 without a value.
func emptyObjects() string {
	var text strings.Builder
	for id := 1; id <= 62; id++ {
		fmt.Fprintf(&text, "%02d00", id)
	}
	return text.String()
}

func nines(n int) string { return strings.Repeat("9", n) }

// tail returns the digits of the checksum of a code.
func tail(text string) string { return text[len(text)-4:] }
