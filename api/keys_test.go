package api_test

import (
	"bytes"
	"crypto/ed25519"
	"strings"
	"testing"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
)

func TestKeysComeBack(t *testing.T) {
	t.Parallel()
	private := keyOf("nets#1")
	public := private.Public().(ed25519.PublicKey)
	if got, err := api.ParsePublicKey(api.FormatPublicKey(public)); err != nil || !got.Equal(public) {
		t.Errorf("public key %x, %v", got, err)
	}
	for _, end := range []string{"", "\n"} {
		if got, err := api.ParseSeed(api.FormatSeed(private) + end); err != nil || !got.Equal(private) {
			t.Errorf("seed with end %q: %v", end, err)
		}
	}
}

func TestKeysThatAreNone(t *testing.T) {
	t.Parallel()
	good := api.FormatPublicKey(keyOf("nets#1").Public().(ed25519.PublicKey))
	for name, text := range map[string]string{
		"empty":        "",
		"short":        base64Of(make([]byte, 31)),
		"long":         base64Of(make([]byte, 33)),
		"no padding":   strings.TrimSuffix(good, "="),
		"line break":   good[:10] + "\n" + good[10:],
		"space":        good + " ",
		"URL alphabet": strings.Repeat("-", 43) + "=",
		"stray bits":   strings.Repeat("A", 42) + "B=",
		"a seed":       api.FormatSeed(keyOf("nets#1")),
	} {
		t.Log(name)
		_, err := api.ParsePublicKey(text)
		wantReason(t, hansa.Malformed, err)
		if name != "a seed" {
			_, err = api.ParseSeed("hansa_seed_" + text)
			wantReason(t, hansa.Malformed, err)
		}
		if err != nil && text != "" && strings.Contains(err.Error(), text) {
			t.Error("the refusal repeats the text")
		}
	}
	_, err := api.ParseSeed(good)
	wantReason(t, hansa.Malformed, err)
}

// TestKeysOfSmallOrderAreRefused shows for each of them that a signature, made of
// nothing but the key's own order, holds for some message: so it must not be one.
func TestKeysOfSmallOrderAreRefused(t *testing.T) {
	t.Parallel()
	for _, y := range []string{
		"0000000000000000000000000000000000000000000000000000000000000000",
		"0100000000000000000000000000000000000000000000000000000000000000",
		"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
		"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
		"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	} {
		for _, sign := range []byte{0, 0x80} {
			point := unhex(t, y)
			point[31] |= sign
			_, err := api.ParsePublicKey(base64Of(point))
			wantReason(t, hansa.Malformed, err)
			if !forgeable(point) {
				t.Errorf("%x: nothing was forged, so why refuse it", point)
			}
		}
	}
	if forgeable(keyOf("nets#1").Public().(ed25519.PublicKey)) {
		t.Error("a signature was forged under a good key")
	}
}

// forgeable tries a signature that needs no private key: R neutral and S zero.
func forgeable(key []byte) bool {
	signature := make([]byte, ed25519.SignatureSize)
	signature[0] = 1
	for i := range 256 {
		if (api.Key{Public: key}).Verify(bytes.Repeat([]byte{7}, i), signature) {
			return true
		}
	}
	return false
}

func TestKeyIDs(t *testing.T) {
	t.Parallel()
	for _, participant := range []string{"nets", "2paynow", "a-b"} {
		got, number, err := api.ParseKeyID(api.KeyID(participant, 12))
		if err != nil || got != participant || number != 12 {
			t.Errorf("got %s, %d, %v", got, number, err)
		}
	}
	for _, text := range []string{
		"", "#1", "nets", "nets#", "nets#0", "nets#-1", "nets#01", "nets#+1", "nets#1 ", "nets#1#2", "Nets#1",
		"ne ts#1", "nets#1000001", "nets#x", strings.Repeat("n", 65) + "#1",
	} {
		_, _, err := api.ParseKeyID(text)
		wantReason(t, hansa.Malformed, err)
	}
}
