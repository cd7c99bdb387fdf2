package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/hansa-network/hansa"
)

// manifestName is the file of an archive that lists the others.
const manifestName = "manifest.json"

// ErrArchive says that a file of an archive is missing, or is not the one that was
// put there.
var ErrArchive = errors.New("the archive is not as it was made")

// A Volume is a run of blocks, those of one day (UTC), in a file of an archive.
// docs/archive.md is its form.
type Volume struct {
	Partition uint16    `json:"partition"`
	From      int64     `json:"from"` // height of the first block
	To        int64     `json:"to"`   // and of the last one
	Hash      string    `json:"hash"` // of the last block
	File      string    `json:"file"` // its name within the folder
	Sum       string    `json:"sha256"`
	Size      int64     `json:"bytes"`
	Events    int64     `json:"events"`
	At        time.Time `json:"made_at"` // when it was put there
}

var volumes = &table[Volume]{name: "volumes", key: []string{"partition", "from_height"}, columns: volumeColumns, once: true}

func volumeColumns(b *binding, v *Volume) {
	number(b, "partition", &v.Partition)
	number(b, "from_height", &v.From)
	number(b, "to_height", &v.To)
	hexadecimal(b, "hash", &v.Hash)
	text(b, "file", &v.File)
	hexadecimal(b, "sum", &v.Sum)
	number(b, "size", &v.Size)
	number(b, "events", &v.Events)
	moment(b, "made_at", &v.At)
}

// Volumes returns what was moved from the journal to an archive, in order.
func (r *Reader) Volumes(ctx context.Context) ([]Volume, error) {
	return volumes.all(ctx, r, "WHERE partition = $1 ORDER BY from_height", int64(onlyPartition))
}

// An Archive is a folder with the volumes of one journal. It is safe for concurrent
// use.
type Archive struct {
	folder string

	mutex sync.Mutex
	open  map[string]*volumeFile // those that have been read, by name
}

// UseArchive says where the volumes of the journal are, so that they are read as if
// they were still in the database. It is called before anything is read.
func (s *Store) UseArchive(folder string) error {
	found, err := os.Stat(folder)
	if err != nil {
		return fmt.Errorf("open archive: %w", err)
	}
	if !found.IsDir() {
		return fmt.Errorf("open archive: %s is no folder", folder)
	}
	s.archive = &Archive{folder: folder, open: make(map[string]*volumeFile)}
	return nil
}

// HasArchive reports whether it is known where the volumes are.
func (r *Reader) HasArchive() bool { return r.store.archive != nil }

// CheckVolume returns an error that is ErrArchive unless the file of a volume, and
// what the manifest says of it, are as they were made.
func (r *Reader) CheckVolume(v Volume) error {
	listed, err := r.store.archive.manifest()
	if err != nil {
		return fmt.Errorf("%w: %w", ErrArchive, err)
	}
	if !slices.ContainsFunc(listed, v.equal) {
		return fmt.Errorf("%w: its manifest says something else of %s than the database", ErrArchive, v.File)
	}
	_, err = r.store.archive.volume(v)
	return err
}

// equal reports whether two volumes are the same, whenever they were made.
func (v Volume) equal(other Volume) bool {
	v.At = other.At
	return v == other
}

// archived reads the archived blocks from a height on, up to another one. What no
// volume holds is left out.
func (r *Reader) archived(ctx context.Context, from, before int64, yield func(RecordedBlock, error) bool) bool {
	known, err := r.Volumes(ctx)
	if err != nil {
		return yield(RecordedBlock{}, err) && false
	}
	for _, v := range known {
		if v.To < from || v.From >= before {
			continue
		}
		if r.store.archive == nil {
			return yield(RecordedBlock{}, hansa.Refuse(hansa.Unavailable,
				"blocks %d to %d of the journal are in an archive: name its folder with --archive", v.From, v.To)) && false
		}
		for block, err := range r.EachOfVolume(v, from) {
			if err == nil && block.Height >= before {
				return true
			}
			if !yield(block, err) || err != nil {
				return false
			}
		}
	}
	return true
}

// volume returns the file of a volume. It is checked when it is opened, and stays
// open: whoever puts another one in its place later is not read.
func (a *Archive) volume(v Volume) (*volumeFile, error) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	if opened, ok := a.open[v.File]; ok && opened.Sum == v.Sum {
		return opened, nil
	}
	opened, err := openVolume(a.folder, v)
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrArchive, v.File, err)
	}
	a.open[v.File] = opened
	return opened, nil
}

func (a *Archive) close() error {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	var failed []error
	for _, opened := range a.open {
		failed = append(failed, opened.file.Close())
	}
	clear(a.open)
	return errors.Join(failed...)
}

// manifest returns what the folder says that it holds.
func (a *Archive) manifest() ([]Volume, error) {
	text, err := os.ReadFile(filepath.Join(a.folder, manifestName))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var listed []Volume
	if err := json.Unmarshal(text, &listed); err != nil {
		return nil, fmt.Errorf("read %s: %w", manifestName, err)
	}
	return listed, nil
}

// list adds a volume to the manifest, or replaces what that says of its file.
func (a *Archive) list(v Volume) error {
	listed, err := a.manifest()
	if err != nil {
		return err
	}
	listed = slices.DeleteFunc(listed, func(known Volume) bool { return known.File == v.File })
	listed = append(listed, v)
	slices.SortFunc(listed, func(x, y Volume) int { return int(x.From - y.From) })
	text, err := json.MarshalIndent(listed, "", "\t")
	if err != nil {
		return err
	}
	return a.place(manifestName, func(file *os.File) error {
		_, err := file.Write(append(text, '\n'))
		return err
	})
}

// place writes a file so that it is there as a whole or not at all, whenever the
// power fails, and whoever else writes it at the same time.
func (a *Archive) place(name string, write func(*os.File) error) error {
	file, err := os.CreateTemp(a.folder, name+".*.part") // It is readable by its owner alone.
	if err != nil {
		return err
	}
	if err := errors.Join(write(file), file.Sync(), file.Close()); err != nil {
		return errors.Join(err, os.Remove(file.Name()))
	}
	if err := os.Rename(file.Name(), filepath.Join(a.folder, name)); err != nil {
		return err
	}
	folder, err := os.Open(a.folder)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
