package main

import (
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/hansa-network/hansa/api"
)

// keysCommand makes and shows key pairs, and replaces those that sign codes.
type keysCommand struct {
	New    keysNewCommand    `cmd:"" help:"Make a key and write it to a file."`
	Show   keysShowCommand   `cmd:"" help:"Show the public key of a key file."`
	Codes  keysCodesCommand  `cmd:"" help:"Show the keys that sign codes."`
	Rotate keysRotateCommand `cmd:"" help:"Make the next key that signs codes."`
	Retire keysRetireCommand `cmd:"" help:"Say from when the codes of a key are refused."`
}

type keysNewCommand struct {
	File string `arg:"" help:"File to write; it must not exist."`
}

func (c keysNewCommand) Run(env *environment) error {
	key, err := makeKey(c.File)
	if err != nil {
		return err
	}
	return showKey(env, key)
}

type keysShowCommand struct {
	File string `arg:"" help:"File to read."`
}

func (c keysShowCommand) Run(env *environment) error {
	key, err := readKey(c.File)
	if err != nil {
		return err
	}
	return showKey(env, key)
}

// keysCodesCommand shows what readers of codes are given.
type keysCodesCommand struct {
	Keys string `help:"Folder of the switch's own keys." default:"keys"`
}

func (c keysCodesCommand) Run(env *environment) error {
	keys, err := readCodeKeys(c.Keys)
	if err != nil {
		return err
	}
	return writeIndented(env.out, keys)
}

// keysRotateCommand leaves the old keys in force: what they signed stays good.
type keysRotateCommand struct {
	Keys string        `help:"Folder of the switch's own keys." default:"keys"`
	Lead time.Duration `help:"How long readers have to learn of the key before it signs." default:"24h"`
}

func (c keysRotateCommand) Run(env *environment) error {
	keys, err := readCodeKeys(c.Keys)
	if err != nil {
		return err
	}
	if c.Lead < 0 {
		return fmt.Errorf("--lead: a key cannot have signed already")
	}
	if keys, err = keys.rotated(c.Keys, env.now(), c.Lead); err != nil {
		return err
	}
	if err := keys.write(c.Keys); err != nil {
		return err
	}
	return writeIndented(env.out, keys)
}

// keysRetireCommand makes every code that the key has signed worthless.
type keysRetireCommand struct {
	ID   string `arg:"" help:"Id of the key, such as hansa-1."`
	Keys string `help:"Folder of the switch's own keys." default:"keys"`
	At   string `help:"From when its codes are refused, RFC 3339; the default is now." placeholder:"TIME"`
}

func (c keysRetireCommand) Run(env *environment) error {
	at := env.now()
	if c.At != "" {
		var err error
		if at, err = time.Parse(time.RFC3339, c.At); err != nil {
			return fmt.Errorf("--at: %w", err)
		}
	}
	keys, err := readCodeKeys(c.Keys)
	if err != nil {
		return err
	}
	if keys, err = keys.retired(c.ID, at); err != nil {
		return err
	}
	if err := keys.write(c.Keys); err != nil {
		return err
	}
	return writeIndented(env.out, keys)
}

func showKey(env *environment, key ed25519.PrivateKey) error {
	_, err := fmt.Fprintln(env.out, api.FormatPublicKey(publicOf(key)))
	return err
}

// publicOf is the half of a key that everybody may know.
func publicOf(key ed25519.PrivateKey) ed25519.PublicKey {
	public, _ := key.Public().(ed25519.PublicKey)
	return public
}

// openKey reads the key in file, or makes one where there is none.
func openKey(file string) (ed25519.PrivateKey, error) {
	key, err := readKey(file)
	if errors.Is(err, fs.ErrNotExist) {
		return makeKey(file)
	}
	return key, err
}

func readKey(file string) (ed25519.PrivateKey, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read a key: %w", err)
	}
	return api.ParseSeed(string(text))
}

// makeKey makes a key and writes it durably before it is used.
func makeKey(file string) (ed25519.PrivateKey, error) {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make a key: %w", err)
	}
	return key, writeSecret(file, api.FormatSeed(key)+"\n")
}

// writeSecret writes a file for its owner alone. After a crash it is there as a
// whole or not at all, and one that is there already stays as it is.
func writeSecret(file, text string) error {
	folder := filepath.Dir(file)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("write %s: %w", file, err)
	}
	draft, err := os.CreateTemp(folder, filepath.Base(file)+".*")
	if err != nil {
		return fmt.Errorf("write %s: %w", file, err)
	}
	_, err = draft.WriteString(text)
	err = errors.Join(err, draft.Sync(), draft.Close())
	if err == nil {
		err = os.Link(draft.Name(), file) // Unlike a rename it replaces nothing.
	}
	if err := errors.Join(err, os.Remove(draft.Name()), syncFolder(folder)); err != nil {
		return fmt.Errorf("write %s: %w", file, err)
	}
	return nil
}

// syncFolder makes the names in a folder durable. Windows does so by itself and
// has no such call.
func syncFolder(folder string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	opened, err := os.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(opened.Sync(), opened.Close())
}
