package qr

// checksumTable holds the remainders of one byte for the polynomial
// x^16 + x^12 + x^5 + 1 of ISO/IEC 13239.
var checksumTable = func() (table [256]uint16) {
	for i := range table {
		remainder := uint16(i) << 8
		for range 8 {
			carry := remainder & 0x8000
			remainder <<= 1
			if carry != 0 {
				remainder ^= 0x1021
			}
		}
		table[i] = remainder
	}
	return table
}()

// checksum returns the four digits of object 63 for the bytes of text. It finds
// misread symbols; it has no key and so protects against nobody.
func checksum(text string) string {
	remainder := uint16(0xffff)
	for i := range len(text) {
		remainder = remainder<<8 ^ checksumTable[byte(remainder>>8)^text[i]]
	}
	const digits = "0123456789ABCDEF"
	return string([]byte{
		digits[remainder>>12], digits[remainder>>8&15], digits[remainder>>4&15], digits[remainder&15],
	})
}
