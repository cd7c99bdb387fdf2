package link

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// The parameters of Punycode (RFC 3492, section 5).
const (
	punycodeBase  = 36
	punycodeTMin  = 1
	punycodeTMax  = 26
	punycodeSkew  = 38
	punycodeDamp  = 700
	punycodeBias  = 72
	punycodeFirst = 0x80
)

const labelMax = 63 // bytes of one label of a name in the DNS

// fromPunycode returns host with each label as people see it. A label that is not
// Punycode stays as it is.
func fromPunycode(host string) string {
	if !strings.Contains(host, "xn--") {
		return host
	}
	labels := strings.Split(host, ".")
	for i, label := range labels {
		if encoded, ok := strings.CutPrefix(label, "xn--"); ok && len(label) <= labelMax {
			if decoded, ok := decodePunycode(encoded); ok {
				labels[i] = decoded
			}
		}
	}
	return strings.Join(labels, ".")
}

// decodePunycode implements RFC 3492, section 6.2.
func decodePunycode(encoded string) (string, bool) {
	var chars []rune
	if at := strings.LastIndexByte(encoded, '-'); at >= 0 {
		chars, encoded = []rune(encoded[:at]), encoded[at+1:]
	}
	char, at, bias := punycodeFirst, 0, punycodeBias
	for encoded != "" {
		before, weight := at, 1
		for k := punycodeBase; ; k += punycodeBase {
			digit, ok := punycodeDigit(encoded)
			if !ok || at > utf8.MaxRune*labelMax {
				return "", false
			}
			encoded = encoded[1:]
			at += digit * weight
			threshold := min(max(k-bias, punycodeTMin), punycodeTMax)
			if digit < threshold {
				break
			}
			weight = min(weight*(punycodeBase-threshold), utf8.MaxRune*labelMax)
		}
		bias = adaptPunycode(at-before, len(chars)+1, before == 0)
		char += at / (len(chars) + 1)
		at %= len(chars) + 1
		if char > utf8.MaxRune {
			return "", false
		}
		chars = slices.Insert(chars, at, rune(char)) //nolint:gosec // At most utf8.MaxRune.
		at++
	}
	return string(chars), true
}

// adaptPunycode implements RFC 3492, section 6.1.
func adaptPunycode(delta, points int, isFirst bool) int {
	if isFirst {
		delta /= punycodeDamp
	} else {
		delta /= 2
	}
	delta += delta / points
	k := 0
	for ; delta > (punycodeBase-punycodeTMin)*punycodeTMax/2; k += punycodeBase {
		delta /= punycodeBase - punycodeTMin
	}
	return k + (punycodeBase-punycodeTMin+1)*delta/(delta+punycodeSkew)
}

// punycodeDigit reads the first digit of text: a to z are 0 to 25, 0 to 9 the others.
func punycodeDigit(text string) (int, bool) {
	switch {
	case text == "":
		return 0, false
	case text[0] >= 'a' && text[0] <= 'z':
		return int(text[0] - 'a'), true
	case text[0] >= '0' && text[0] <= '9':
		return int(text[0]-'0') + 26, true
	}
	return 0, false
}
