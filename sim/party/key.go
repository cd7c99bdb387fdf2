package party

import (
	"crypto/ed25519"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
)

// Rights of what a party keeps: nobody else may read a key.
const (
	folderRights = 0o700
	fileRights   = 0o600
)

// openKey reads the key in folder, or makes it at the first start.
func openKey(folder string, chance func() hansa.Chance) (ed25519.PrivateKey, error) {
	name := filepath.Join(folder, "key")
	text, err := os.ReadFile(name) //nolint:gosec // The folder is the operator's own choice.
	if err == nil {
		return api.ParseSeed(string(text))
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read key: %w", err)
	}
	seed := chance().Draw("key")
	key := ed25519.NewKeyFromSeed(seed[:])
	if err := os.MkdirAll(folder, folderRights); err != nil {
		return nil, fmt.Errorf("make folder: %w", err)
	}
	if err := writeWhole(name, []byte(api.FormatSeed(key)+"\n")); err != nil {
		return nil, fmt.Errorf("write key: %w", err)
	}
	return key, nil
}

// writeWhole makes a file that after a crash is there as a whole or not at all.
func writeWhole(name string, text []byte) error {
	draft := name + ".new"
	file, err := os.OpenFile(draft, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, fileRights) //nolint:gosec // As in openKey.
	if err != nil {
		return err
	}
	_, err = file.Write(text)
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	if err := os.Rename(draft, name); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(name))
}

// syncFolder makes the names in a folder durable.
func syncFolder(folder string) error {
	directory, err := os.Open(folder) //nolint:gosec // As in openKey.
	if err != nil {
		return err
	}
	return errors.Join(directory.Sync(), directory.Close())
}
