package main

import (
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/qr"
)

// codeKeysFile lists the keys of codes in the folder of keys. While there has
// been one key only, codes.key, there is no such file.
const codeKeysFile = "codes.json"

// A codeKey is one of the keys that sign store codes and order codes, with the
// times between which it is of use. All its members may be shown to anybody.
type codeKey struct {
	ID            string    `json:"id"` // hansa-1, hansa-2 and so on
	Public        string    `json:"public_key"`
	BelievedFrom  time.Time `json:"believed_from,omitzero"`  // zero: always
	SignsFrom     time.Time `json:"signs_from,omitzero"`     // later, so that every reader knows the key before a code needs it
	BelievedUntil time.Time `json:"believed_until,omitzero"` // its codes are refused from then on; zero: no end is known

	public  ed25519.PublicKey
	private ed25519.PrivateKey // nil where its file was taken away because another key signs
}

// codeKeys are all keys of codes, the oldest first. They do not change: a folder
// that has changed is read anew.
type codeKeys []codeKey

func codeKeyID(number int) string { return "hansa-" + strconv.Itoa(number) }

// codeKeyFile is where the private half of a key lies.
func codeKeyFile(folder string, number int) string {
	if number == 1 {
		return filepath.Join(folder, "codes.key")
	}
	return filepath.Join(folder, fmt.Sprintf("codes-%d.key", number))
}

// openCodeKeys reads the keys in folder, and makes the first where there is none.
func openCodeKeys(folder string) (codeKeys, error) {
	keys, err := readCodeKeys(folder)
	if !errors.Is(err, fs.ErrNotExist) {
		return keys, err
	}
	private, err := makeKey(codeKeyFile(folder, 1))
	if err != nil {
		return nil, err
	}
	return codeKeys{newCodeKey(1, private)}, nil
}

// readCodeKeys reads the keys in folder, all of them or none.
func readCodeKeys(folder string) (codeKeys, error) {
	text, err := os.ReadFile(filepath.Join(folder, codeKeysFile))
	if errors.Is(err, fs.ErrNotExist) {
		private, err := readKey(codeKeyFile(folder, 1))
		if err != nil {
			return nil, err
		}
		return codeKeys{newCodeKey(1, private)}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the keys of codes: %w", err)
	}
	var keys codeKeys
	if err := json.Unmarshal(text, &keys); err != nil {
		return nil, fmt.Errorf("read %s: %w", codeKeysFile, err)
	}
	for i := range keys {
		if err := keys[i].open(folder, i+1); err != nil {
			return nil, err
		}
	}
	return keys, nil
}

func newCodeKey(number int, private ed25519.PrivateKey) codeKey {
	public := publicOf(private)
	return codeKey{ID: codeKeyID(number), Public: api.FormatPublicKey(public), public: public, private: private}
}

// open reads the halves of a listed key, and sees that they belong together.
func (k *codeKey) open(folder string, number int) (err error) {
	if k.ID != codeKeyID(number) {
		return fmt.Errorf("%s: key %d is called %q, not %s", codeKeysFile, number, k.ID, codeKeyID(number))
	}
	if k.public, err = api.ParsePublicKey(k.Public); err != nil {
		return fmt.Errorf("%s: key %s: %w", codeKeysFile, k.ID, err)
	}
	k.private, err = readKey(codeKeyFile(folder, number))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil && !k.public.Equal(k.private.Public()) {
		return fmt.Errorf("%s: the public key of %s is not that of its file", codeKeysFile, k.ID)
	}
	return err
}

// signer returns the key that signs what was made at that time, when it is asked
// for now: the newest that signed by then, so that the same code has the same text
// each time. Where the end of that one is known, the newest of all signs, and the
// code will outlive it; and only where none is left, one whose end is known. It
// returns false where no key may sign.
func (keys codeKeys) signer(madeAt, now time.Time) (codeKey, bool) {
	for _, choice := range []struct {
		by      time.Time
		endless bool
	}{{madeAt, true}, {now, true}, {now, false}} {
		for _, k := range slices.Backward(keys) {
			goesOn := k.BelievedUntil.IsZero() || !choice.endless && now.Before(k.BelievedUntil)
			if k.private != nil && goesOn && !choice.by.Before(k.SignsFrom) {
				return k, true
			}
		}
	}
	return codeKey{}, false
}

// key finds a key as readers of codes know it.
func (keys codeKeys) key(id string) (qr.Key, bool) {
	for _, k := range keys {
		if k.ID == id {
			return qr.Key{Public: k.public, NotBefore: k.BelievedFrom, NotAfter: k.BelievedUntil}, true
		}
	}
	return qr.Key{}, false
}

// published lists the keys as the API shows them.
func (keys codeKeys) published() []api.CodeKey {
	list := make([]api.CodeKey, 0, len(keys))
	for _, k := range keys {
		shown := api.CodeKey{ID: k.ID, Public: k.Public}
		if !k.BelievedFrom.IsZero() {
			shown.BelievedFrom = &k.BelievedFrom
		}
		if !k.BelievedUntil.IsZero() {
			shown.BelievedUntil = &k.BelievedUntil
		}
		list = append(list, shown)
	}
	return list
}

// rotated returns the keys and one more, which is made in folder: it is believed
// from now on and signs after lead.
func (keys codeKeys) rotated(folder string, now time.Time, lead time.Duration) (codeKeys, error) {
	number := len(keys) + 1
	// A key that a rotation made before it broke off has signed nothing, and is used.
	private, err := openKey(codeKeyFile(folder, number))
	if err != nil {
		return nil, err
	}
	next := newCodeKey(number, private)
	next.BelievedFrom = now.UTC().Truncate(time.Second)
	next.SignsFrom = next.BelievedFrom.Add(lead)
	return append(slices.Clip(keys), next), nil
}

// retired returns the keys, of which one is no longer believed from at on. Some
// other key must sign by then.
func (keys codeKeys) retired(id string, at time.Time) (codeKeys, error) {
	left := make(codeKeys, len(keys))
	copy(left, keys)
	for i := range left {
		if left[i].ID != id {
			continue
		}
		left[i].BelievedUntil = at.UTC().Truncate(time.Second)
		if next, ok := left.signer(at, at); !ok || !next.BelievedUntil.IsZero() {
			return nil, fmt.Errorf("no other key signs codes by then: hansa keys rotate makes one")
		}
		return left, nil
	}
	return nil, fmt.Errorf("there is no key %s", id)
}

// write puts the list into folder, as a whole or not at all.
func (keys codeKeys) write(folder string) error {
	text, err := json.MarshalIndent(keys, "", "  ")
	if err != nil {
		return fmt.Errorf("write %s: %w", codeKeysFile, err)
	}
	draft, err := os.CreateTemp(folder, codeKeysFile+".*")
	if err != nil {
		return fmt.Errorf("write %s: %w", codeKeysFile, err)
	}
	_, err = draft.Write(append(text, '\n'))
	if err = errors.Join(err, draft.Sync(), draft.Close()); err == nil {
		err = os.Rename(draft.Name(), filepath.Join(folder, codeKeysFile))
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", codeKeysFile, errors.Join(err, os.Remove(draft.Name())))
	}
	return syncFolder(folder)
}
