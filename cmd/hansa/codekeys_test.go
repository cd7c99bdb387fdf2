package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/qr"
	"github.com/hansa-network/hansa/sim"
)

// TestKeysOfCodesAreReplaced follows two keys through three years.
func TestKeysOfCodesAreReplaced(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	noon := time.Date(2027, time.January, 4, 12, 0, 0, 0, time.UTC)
	keys, err := openCodeKeys(folder)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := keys.retired("hansa-1", noon); err == nil {
		t.Error("the only key was retired")
	}
	if keys, err = keys.rotated(folder, noon, 24*time.Hour); err != nil {
		t.Fatal(err)
	}
	if _, err := keys.retired("hansa-1", noon); err == nil {
		t.Error("a key was retired before the next one signs")
	}
	retirement := noon.AddDate(2, 0, 0)
	if keys, err = keys.retired("hansa-1", retirement); err != nil {
		t.Fatal(err)
	}
	if err := keys.write(folder); err != nil {
		t.Fatal(err)
	}
	if keys, err = readCodeKeys(folder); err != nil {
		t.Fatal(err)
	}
	cases := map[string]struct {
		at       time.Time
		signs    string
		believed string
	}{
		"before":                    {noon.Add(-time.Second), "hansa-1", "hansa-1"},
		"made, not yet in use":      {noon, "hansa-1", "hansa-1 hansa-2"},
		"in use":                    {noon.Add(24 * time.Hour), "hansa-2", "hansa-1 hansa-2"},
		"before the old one's end":  {retirement.Add(-time.Second), "hansa-2", "hansa-1 hansa-2"},
		"when the old one is ended": {retirement, "hansa-2", "hansa-2"},
	}
	for name, c := range cases {
		key, ok := keys.signer(c.at, c.at)
		if !ok || key.ID != c.signs || key.private == nil {
			t.Errorf("%s: signs with %q, want %s", name, key.ID, c.signs)
		}
		var believed []string
		for _, id := range []string{"hansa-1", "hansa-2", "hansa-3"} {
			key, ok := keys.key(id)
			if ok && !c.at.Before(key.NotBefore) && (key.NotAfter.IsZero() || c.at.Before(key.NotAfter)) {
				believed = append(believed, id)
			}
		}
		if got := strings.Join(believed, " "); got != c.believed {
			t.Errorf("%s: believes %q, want %q", name, got, c.believed)
		}
	}
}

// TestAReprintIsSignedWithAKeyThatStays: what was made under a key whose end is
// known is signed anew with the one that follows it.
func TestAReprintIsSignedWithAKeyThatStays(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	noon := time.Date(2027, time.January, 4, 12, 0, 0, 0, time.UTC)
	keys, err := openCodeKeys(folder)
	if err != nil {
		t.Fatal(err)
	}
	if keys, err = keys.rotated(folder, noon, 0); err != nil {
		t.Fatal(err)
	}
	older := noon.Add(-time.Hour)
	if key, _ := keys.signer(older, noon); key.ID != "hansa-1" {
		t.Errorf("what is older than the second key is signed with %q", key.ID)
	}
	if keys, err = keys.retired("hansa-1", noon.AddDate(1, 0, 0)); err != nil {
		t.Fatal(err)
	}
	if key, _ := keys.signer(older, noon); key.ID != "hansa-2" {
		t.Errorf("signed with %q", key.ID)
	}
}

// TestAKeyOfCodesMayBeTakenAway once another one signs: its public half, which the
// list holds, still tells its codes from forged ones.
func TestAKeyOfCodesMayBeTakenAway(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	keys, err := openCodeKeys(folder)
	if err != nil {
		t.Fatal(err)
	}
	noon := time.Date(2027, time.January, 4, 12, 0, 0, 0, time.UTC)
	if keys, err = keys.rotated(folder, noon, 0); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(keys.write(folder), os.Remove(filepath.Join(folder, "codes.key"))); err != nil {
		t.Fatal(err)
	}
	left, err := openCodeKeys(folder)
	if err != nil {
		t.Fatal(err)
	}
	if key, ok := left.key("hansa-1"); !ok || !key.Public.Equal(keys[0].public) {
		t.Error("the key that was taken away is not believed")
	}
	if key, ok := left.signer(noon, noon); !ok || key.ID != "hansa-2" {
		t.Errorf("signs with %q", key.ID)
	}
	if _, ok := left.signer(noon.Add(-time.Second), noon.Add(-time.Second)); ok {
		t.Error("signs although no key may")
	}
}

func TestAFolderOfKeysThatContradictsItself(t *testing.T) {
	t.Parallel()
	noon := time.Date(2027, time.January, 4, 12, 0, 0, 0, time.UTC)
	cases := map[string]func(text string) string{
		"no JSON":              func(string) string { return "keys" },
		"another id":           func(text string) string { return strings.Replace(text, "hansa-2", "hansa-3", 1) },
		"no public key":        func(text string) string { return strings.Replace(text, `"public_key": "`, `"public_key": "A`, 1) },
		"another key's public": func(text string) string { return swapped(text) },
	}
	for name, change := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			keys, err := openCodeKeys(folder)
			if err != nil {
				t.Fatal(err)
			}
			if keys, err = keys.rotated(folder, noon, 0); err != nil {
				t.Fatal(err)
			}
			if err := keys.write(folder); err != nil {
				t.Fatal(err)
			}
			file := filepath.Join(folder, codeKeysFile)
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, []byte(change(string(text))), 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := openCodeKeys(folder); err == nil || errors.Is(err, fs.ErrNotExist) {
				t.Errorf("opened: %v", err)
			}
		})
	}
}

// swapped gives each of two keys the other's public half.
func swapped(text string) string {
	const length = len(`"public_key": "`) + 44
	first := strings.Index(text, `"public_key": "`)
	second := strings.LastIndex(text, `"public_key": "`)
	return text[:first] + text[second:second+length] + text[first+length:second] + text[first:first+length] + text[second+length:]
}

// TestCommandsReplaceAKeyOfCodes from the command line.
func TestCommandsReplaceAKeyOfCodes(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	if status, _, _ := hansaSays(t, "keys", "rotate", "--keys", folder); status != 1 {
		t.Error("rotated the keys of an empty folder")
	}
	if _, err := openCodeKeys(folder); err != nil {
		t.Fatal(err)
	}
	steps := []struct {
		args   []string
		status int
		want   string
	}{
		{[]string{"keys", "codes", "--keys", folder}, 0, `"hansa-1"`},
		{[]string{"keys", "retire", "hansa-1", "--keys", folder}, 1, ""},
		{[]string{"keys", "rotate", "--keys", folder, "--lead", "0s"}, 0, `"hansa-2"`},
		{[]string{"keys", "retire", "hansa-1", "--keys", folder, "--at", "2099-01-02T03:04:05Z"}, 0, `"2099-01-02T03:04:05Z"`},
		{[]string{"keys", "retire", "hansa-9", "--keys", folder}, 1, ""},
		{[]string{"keys", "retire", "hansa-1", "--keys", folder, "--at", "tomorrow"}, 1, ""},
		{[]string{"keys", "codes", "--keys", folder}, 0, `"believed_until"`},
	}
	for _, step := range steps {
		status, out, problems := hansaSays(t, step.args...)
		if status != step.status || !strings.Contains(out, step.want) {
			t.Errorf("%v: status %d, %s%s", step.args, status, out, problems)
		}
		if strings.Contains(out, "seed") {
			t.Errorf("%v shows a secret: %s", step.args, out)
		}
	}
}

// TestANodeHearsOfANewKeyOfCodes: stickers of the old key pay until it is retired,
// and from the rotation on everything new is signed with the new one.
func TestANodeHearsOfANewKeyOfCodes(t *testing.T) {
	t.Parallel()
	n := openNetwork(t)
	folder := filepath.Join(n.folder, "keys")
	payer := n.payer("vipps", sim.AcceptsAlways)
	change := func(made func(codeKeys) (codeKeys, error)) {
		t.Helper()
		keys, err := readCodeKeys(folder)
		if err == nil {
			keys, err = made(keys)
		}
		if err == nil {
			err = errors.Join(keys.write(folder), n.node.refreshCodeKeys())
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	pays := func(sticker string) string {
		t.Helper()
		paid, err := payer.pay(sticker, "100.00 NOK")
		if err != nil {
			return reasonOf(err)
		}
		return paid.Status
	}
	old := n.printed("bergen-cafe", "nets")
	change(func(keys codeKeys) (codeKeys, error) { return keys.rotated(folder, n.clock.now(), 0) })
	order, err := n.as("nets").order("bergen-cafe", fresh("bill"), "100.00 NOK")
	if err != nil || keyOfCode(order.Code) != "hansa-2" {
		t.Errorf("a new order is signed with %q, %v", keyOfCode(order.Code), err)
	}
	if got := pays(old); keyOfCode(old) != "hansa-1" || got != "approved" {
		t.Errorf("the old sticker, of %q, pays: %s", keyOfCode(old), got)
	}
	change(func(keys codeKeys) (codeKeys, error) { return keys.retired("hansa-1", n.clock.now()) })
	if got := pays(old); got != string(hansa.CodeInvalid) {
		t.Errorf("a sticker of a retired key pays: %s", got)
	}
	if reprinted := n.printed("bergen-cafe", "nets"); keyOfCode(reprinted) != "hansa-2" || pays(reprinted) != "approved" {
		t.Errorf("the sticker is printed again with %q, and does not pay", keyOfCode(reprinted))
	}
}

// keyOfCode is the id of the key that signed a code.
func keyOfCode(text string) string {
	for _, field := range qr.Read(text).Fields {
		if field.Name == "key" {
			return field.Value
		}
	}
	return ""
}
