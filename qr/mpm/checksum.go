package mpm

// checksumStride is how many bytes of a text the checksum takes at a time.
const checksumStride = 8

// checksumTables hold the remainders for the polynomial x^16 + x^12 + x^5 + 1 of
// ISO/IEC 13239: table k that of one byte with k zero bytes behind it. With them
// the bytes of one stride do not wait for each other.
var checksumTables = func() (tables [checksumStride][256]uint16) {
	for value := range 256 {
		remainder := uint16(value) << 8
		for range 8 {
			carry := remainder & 0x8000
			remainder <<= 1
			if carry != 0 {
				remainder ^= 0x1021
			}
		}
		tables[0][value] = remainder
	}
	for k := 1; k < checksumStride; k++ {
		for value, remainder := range tables[k-1] {
			tables[k][value] = remainder<<8 ^ tables[0][remainder>>8]
		}
	}
	return tables
}()

// checksum returns the remainder that object 63 holds, for all bytes before its
// four digits. It finds misread symbols; it has no key and protects against
// nobody.
func checksum[T string | []byte](text T) uint16 {
	remainder := uint16(0xffff)
	t := &checksumTables
	for len(text) >= checksumStride {
		b := text[:checksumStride]
		// The two that depend on the last stride come last: the others are ready by then.
		remainder = t[0][b[7]] ^ t[1][b[6]] ^ t[2][b[5]] ^ t[3][b[4]] ^ t[4][b[3]] ^ t[5][b[2]] ^
			t[6][b[1]^byte(remainder)] ^ t[7][b[0]^byte(remainder>>8)] //nolint:gosec // The low byte is meant.
		text = text[checksumStride:]
	}
	for i := range len(text) {
		remainder = remainder<<8 ^ t[0][byte(remainder>>8)^text[i]]
	}
	return remainder
}

// appendChecksum appends the four digits in which object 63 writes a remainder.
func appendChecksum(text []byte, remainder uint16) []byte {
	const digits = "0123456789ABCDEF"
	return append(text, digits[remainder>>12], digits[remainder>>8&15], digits[remainder>>4&15], digits[remainder&15])
}

// parseChecksum reads four hexadecimal digits in either case: codes in the field
// carry lower case too.
func parseChecksum(text string) (remainder uint16, ok bool) {
	if len(text) != checksumLength {
		return 0, false
	}
	for i := range len(text) {
		switch char := text[i]; {
		case char >= '0' && char <= '9':
			remainder = remainder<<4 | uint16(char-'0')
		case char >= 'A' && char <= 'F':
			remainder = remainder<<4 | uint16(char-'A'+10)
		case char >= 'a' && char <= 'f':
			remainder = remainder<<4 | uint16(char-'a'+10)
		default:
			return 0, false
		}
	}
	return remainder, true
}
