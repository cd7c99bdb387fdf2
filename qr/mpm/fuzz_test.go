package mpm_test

import (
	"testing"

	"github.com/hansa-network/hansa/qr/mpm"
)

// FuzzRead looks for texts that stop a reader, or are read and written in two ways.
func FuzzRead(f *testing.F) {
	f.Add(changed())
	f.Add(pixText)
	f.Add(emvcoText)
	f.Add(sgqrText)
	f.Add(changed("5912Löwen Café"))
	f.Add("\ufeff" + changed("8003046", "6200", "650299") + "\r\n")
	f.Add("0002%3001")
	f.Fuzz(func(t *testing.T, text string) {
		wantReadIsWritten(t, text)
		wantReadIsWritten(t, sealed(text))
		code, _ := mpm.Read(text)
		code.Fields()
		code.Merchant()
		code.Amount()
		code.Tip()
	})
}

// FuzzEncode looks for objects that are read differently from how they were written.
func FuzzEncode(f *testing.F) {
	f.Add(uint64(1), uint8(26), "com.test", uint8(59), "TEST SHOP")
	f.Add(uint64(2), uint8(80), "Löwen Café", uint8(63), "0000")
	f.Fuzz(func(t *testing.T, seed uint64, id uint8, value string, otherID uint8, other string) {
		objects := newSource(seed).objects()
		objects = append(objects, mpm.Object{ID: mpm.ID(id), Value: value}, mpm.Object{ID: mpm.ID(otherID), Template: []mpm.Object{
			{ID: mpm.IDScheme, Value: other}, {ID: mpm.ID(id), Value: value},
		}})
		wantWrittenIsRead(t, objects)
		wantWrittenIsRead(t, objects[:len(objects)-1])
	})
}
