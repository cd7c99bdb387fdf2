package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"
)

// TestCrashByPowerLoss cuts the power of the disk that everything lies on, over
// and over while clients pay: what was not flushed is gone. A kill alone would not
// show that, because the system keeps what a dead process has written.
func TestCrashByPowerLoss(t *testing.T) {
	whenAsked(t)
	began := time.Now()
	disk := newDisk(t)
	site := newSite(t, disk.folder, build(t, ""))
	for range crashRounds {
		demo := site.start(t)
		site.audit(t)
		site.loseThePower(t, demo, disk)
	}
	waited := site.settle(t)
	site.prove(t)
	t.Logf("%d times without power; %s; settled in %s; %s in all",
		crashRounds, &site.crowd, waited.Round(time.Millisecond), time.Since(began).Round(time.Second))
}

// TestCrashWithoutFlushIsFound plants the mistake that a power loss is for: a
// database that is told not to flush its commits. The proof must fail soon.
func TestCrashWithoutFlushIsFound(t *testing.T) {
	whenAsked(t)
	disk := newDisk(t)
	site := newSite(t, disk.folder, build(t, withoutFlush(t)))
	for round := range crashRounds {
		demo := site.start(t)
		if wrote, err := site.runAudit(t); err != nil && strings.Contains(wrote, "BREACH C1") {
			t.Logf("found after %d times without power; %s", round, &site.crowd)
			return
		}
		site.loseThePower(t, demo, disk)
	}
	t.Errorf("commits that are not flushed survive: the power loss is none, or nobody looks; %s", &site.crowd)
}

// loseThePower lets clients pay, cuts the power under them, kills what still runs
// and mounts the disk again.
func (s *site) loseThePower(t *testing.T, demo *demo, disk *disk) {
	t.Helper()
	s.pay(demo, func() {
		time.Sleep(between(300*time.Millisecond, 2*time.Second))
		disk.cut(t)
		time.Sleep(between(0, 200*time.Millisecond)) // Nothing may be acknowledged now that is not on the disk.
		demo.kill(t)
	})
	disk.remount(t)
}

// withoutFlush returns an overlay in which the database does not flush on commit.
func withoutFlush(t *testing.T) string {
	t.Helper()
	original, err := filepath.Abs(filepath.Join("..", "..", "store", "sqlite.go"))
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(original)
	if err != nil {
		t.Fatal(err)
	}
	changed := string(text)
	for from, to := range map[string]string{
		`"synchronous(FULL)"`:                  `"synchronous(NORMAL)"`,
		`{"PRAGMA synchronous", []string{"2"}`: `{"PRAGMA synchronous", []string{"1"}`,
	} {
		if strings.Count(changed, from) != 1 {
			t.Fatalf("%s has no place for the mistake: %s", original, from)
		}
		changed = strings.Replace(changed, from, to, 1)
	}
	folder := t.TempDir()
	mistake, overlay := filepath.Join(folder, "sqlite.go"), filepath.Join(folder, "overlay.json")
	for file, text := range map[string]string{mistake: changed, overlay: fmt.Sprintf(`{"Replace": {%q: %q}}`, original, mistake)} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return overlay
}

// A disk is a file that the kernel takes for one, with an ext4 on it.
type disk struct {
	device  string
	folder  string // where it is mounted
	mounted bool
	witness []string // files that were written and not flushed before the power was cut
}

const diskSize = 1 << 30 // bytes, of which only those are kept that were written

// newDisk makes a disk and mounts it until the test ends. It skips the test where
// that is not allowed.
func newDisk(t *testing.T) *disk {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("only root may mount the disk whose power is cut")
	}
	image := filepath.Join(t.TempDir(), "image")
	file, err := os.Create(image)
	if err != nil {
		t.Fatal(err)
	}
	if err := file.Truncate(diskSize); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("losetup", "--find", "--show", image).CombinedOutput()
	if err != nil {
		t.Skipf("no loop device for the disk whose power is cut: %v: %s", err, out)
	}
	d := &disk{device: strings.TrimSpace(string(out)), folder: t.TempDir()}
	t.Cleanup(func() {
		d.unmount(t)
		must(t, exec.Command("losetup", "--detach", d.device))
	})
	must(t, exec.Command("mkfs.ext4", "-q", d.device))
	d.mount(t)
	return d
}

func (d *disk) mount(t *testing.T) {
	t.Helper()
	if err := syscall.Mount(d.device, d.folder, "ext4", 0, ""); err != nil {
		t.Fatalf("mount %s: %v", d.device, err)
	}
	d.mounted = true
}

// unmount waits for those who still close their files.
func (d *disk) unmount(t *testing.T) {
	t.Helper()
	if !d.mounted {
		return
	}
	var err error
	for range 100 {
		if err = syscall.Unmount(d.folder, 0); err == nil {
			d.mounted = false
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Errorf("unmount %s: %v", d.device, err)
	if err := syscall.Unmount(d.folder, syscall.MNT_DETACH); err != nil {
		t.Errorf("detach %s: %v", d.device, err)
	}
	d.mounted = false
}

// cut takes the power away: the file system stops at once, and neither its log nor
// any page that was not flushed reaches the disk.
func (d *disk) cut(t *testing.T) {
	t.Helper()
	witness := filepath.Join(d.folder, fmt.Sprintf("witness-%d", len(d.witness)))
	if err := os.WriteFile(witness, []byte("never flushed"), 0o600); err != nil {
		t.Errorf("write a witness: %v", err)
	}
	d.witness = append(d.witness, witness)
	folder, err := os.Open(d.folder)
	if err != nil {
		t.Errorf("cut the power: %v", err)
		return
	}
	defer folder.Close()
	const shutdown, withoutLog = 0x8004587D, 2 // FS_IOC_SHUTDOWN, EXT4_GOING_FLAGS_NOLOGFLUSH
	how := uint32(withoutLog)
	if _, _, failed := syscall.Syscall(syscall.SYS_IOCTL, folder.Fd(), shutdown, uintptr(unsafe.Pointer(&how))); failed != 0 {
		t.Errorf("cut the power: %v", failed)
	}
}

// remount gives the power back. The witness must be lost, or none was.
func (d *disk) remount(t *testing.T) {
	t.Helper()
	d.unmount(t)
	if t.Failed() {
		t.FailNow()
	}
	d.mount(t)
	last := d.witness[len(d.witness)-1]
	if text, err := os.ReadFile(last); err == nil && len(text) > 0 {
		t.Errorf("%s survived without a flush: that was no power loss", filepath.Base(last))
	}
}
