package shown

import (
	"strings"
	"unicode/utf8"
)

// pairs lists characters, each followed by the Latin letters, digits or signs that
// it is drawn like in common fonts. Styles and widths of letters are not here: the
// normal form KD knows them. Nor are Latin letters with marks, which are seen.
var pairs = []string{
	// ASCII: capitals that are only larger, and the classic tricks of type.
	"Cc Kk Oo Pp Ss Uu Vv Wvv Xx Yy Zz 0o 1l Il |l mrn wvv",
	// Latin
	"ıi ɩi ɪi Ɩl ǀl ǁll ɑa ʙB ᴄc ɗd ɡg ʜH ᴊJ ᴋk ʟL ᴍM ɴN ᴏo ᴘp ʀR ꜱs ᴛT ᴜu ᴠv ᴡw ʏy ᴢz ʋu ɣy ꭇr ꝏoo",
	"ɯw ẝf ꞙf ƽs Ƨ2 ƨ2 Ʒ3 ʒ3 Ȝ3 Ɜ3 ɜ3 Ƽ5 ȣ8 Ȣ8 Ƅb æae ÆAE œoe ŒOE ǃ! ſf",
	// Cyrillic
	"аa АA вB ВB еe ЕE ԍG ԌG нH НH һh іi ІI ӏl ӀI јj ЈJ кk КK ӄk ԛq ԚQ мM МM оo ОO рp РP сc СC ѕs ЅS тT ТT",
	"уy УY үy ҮY ѵv ѴV ԝw ԜW ѡw ѠW шw хx ХX ԁd ҽe гr иu пn з3 З3 Ӡ3 б6 ч4 Ч4 Ьb ьb Ыbl ӕae ӔAE юlo ЮIO Ꙅ2",
	// Greek
	"αa ΑA ΒB εe ΕE ϲc ϹC ΗH ηn ιi ΙI ϳj ͿJ κk ΚK ΜM ΝN νv οo ΟO σo ρp ϱp ΡP ϜF τT ΤT υu ΥY ϒY χx ΧX γy ζz ΖZ ωw",
	// Armenian
	"աw ցg հh ոn ռn օo ՕO քf ղn գq զq ՏS սu ՍU տw ւL լl յj",
	// Cherokee, both cases
	"ᎠD ᎡR ᎢT ᎥI ᎩY ᎪA ᎫJ ᎬE ᎳW ᎷM ᎻH ᎽY ᏀG Ꮒh ᏃZ Ꮞ4 Ꮟb ᏔW ᏕS ᏙV ᏚS ᏞL ᏟC ᏢP ᏦK Ꮷd Ꮾ6 ᏳG ᏴB",
	"ꭰD ꭱR ꭲT ꭵi ꭹY ꭺA ꭻJ ꭼE ꮃw ꮇM ꮋH ꮍY ꮐG ꮓz ꮤW ꮥS ꮩv ꮪs ꮮL ꮯc ꮲP ꮶK ꮁr",
	// Coptic
	"ⲀA ⲂB ⲃB ⲈE ⲉe ⲤC ⲥc ⲎH ⲏH ⲒI ⲓi ⲔK ⲕk ⲘM ⲙM ⲚN ⲛN ⲞO ⲟo ⲢP ⲣp ⲦT ⲧT ⲨY ⲩy ⲬX ⲭx ⲄG ⲅr ⳐL ⲌZ ⲍz Ⳍ3 Ⳓ6 Ⳋ9 Ϩ2",
	// Lisu
	"ꓐB ꓑP ꓒd ꓓD ꓔT ꓖG ꓗK ꓙJ ꓚC ꓜZ ꓝF ꓟM ꓠN ꓡL ꓢS ꓣR ꓦV ꓧH ꓪW ꓫX ꓬY ꓮA ꓰE ꓲI ꓳO ꓴU",
	// Canadian Aboriginal
	"ᐯV ᑌU ᑭP ᑯd ᑲb ᒍJ ᒪL ᒿ2 ᕁx ᕼH ᕽx ᖇR ᖯb ᖴF ᗅA ᗞD ᗪD ᗰM ᗷB ᙭X ᙮x",
	// Other scripts: what is only a stroke, a circle or a cross in them.
	"ⵏl ⵔO ⵕQ ⴹE ⵝX ᛁl ᛕK ᛖM ᚷX ჿo ყy ዐO ሀU ဝo ՙ' סo וl ןl טv اl هo ھo ہo ەo ߊl 〇O",
	// Digits of other scripts
	"٠. ١l ٥o ٧V ۱l ۵o ۷V ߀O ०o ০O ੦o ૦o ୦O ௦o ౦o ೦o ൦o ๐o ໐o ၀o ৪8 ৭9 ੪8 ୨9 ൭9",
	// Signs
	"‐- ‑- ‒- –- —- ―- −- ﹘- ‘' ’' ‚' ‛' ´' ʹ' ʻ' ʼ' ʽ' ˈ' ′' “\" ”\" „\" ″\" «\" »\" ·. •. ․. ∙. ⋅. ‧. ։: ׃: ꞉: ∶: ː: ⁄/ ∕/ ╱/",
	"×x ╳X ⤫x ⨯x ∨v ⋁v ∪U ⋃U ∣l ∥ll ‖ll ℮e ∞oo ⍺a ⍳i ⍴p ⟙T ⊤T",
}

// twins maps each character to the smallest of those that it looks like.
var twins = readTwins()

func readTwins() map[rune]string {
	table := make(map[rune]string)
	for _, line := range pairs { // the first line says what the others come down to
		for pair := range strings.FieldsSeq(line) {
			char, size := utf8.DecodeRuneInString(pair)
			var looks strings.Builder
			for _, letter := range pair[size:] {
				if smallest, ok := table[letter]; ok {
					looks.WriteString(smallest)
				} else {
					looks.WriteRune(letter)
				}
			}
			table[char] = looks.String()
		}
	}
	return table
}
