package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

func TestSecretIsWrittenOnce(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "keys")
	file := filepath.Join(folder, "switch.key")
	key, err := openKey(file)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := openKey(file); err != nil || !key.Equal(again) {
		t.Errorf("want the same key again, got another or %v", err)
	}
	if _, err := makeKey(file); !errors.Is(err, fs.ErrExist) {
		t.Errorf("want no key over another, got %v", err)
	}
	if again, err := openKey(file); err != nil || !key.Equal(again) {
		t.Errorf("want the first key to stay, got another or %v", err)
	}
	entries, err := os.ReadDir(folder)
	if err != nil || len(entries) != 1 {
		t.Fatalf("want the key alone in its folder, got %v, %v", entries, err)
	}
	about, err := entries[0].Info()
	if err != nil || about.Mode().Perm() != 0o600 {
		t.Errorf("want a file for its owner alone, got %v, %v", about.Mode(), err)
	}
}

// TestCutOffDraftIsNoSecret leaves behind what a crash at the first start leaves:
// a draft without a text. The next start makes the key and minds no draft.
func TestCutOffDraftIsNoSecret(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "tokens.secret.123"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	made, err := openSecrets(folder)
	if err != nil {
		t.Fatal(err)
	}
	read, err := openSecrets(folder)
	if err != nil || read.tokens != made.tokens || !read.key.Equal(made.key) || !read.codes[0].private.Equal(made.codes[0].private) {
		t.Errorf("want the same secrets again, got others or %v", err)
	}
}
