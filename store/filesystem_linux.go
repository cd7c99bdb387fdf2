package store

import (
	"fmt"
	"syscall"
)

// onThisMachine returns an error if the folder is on another machine's disk:
// locks and shared memory do not work across a network.
func onThisMachine(folder string) error {
	var found syscall.Statfs_t
	if err := syscall.Statfs(folder, &found); err != nil {
		return fmt.Errorf("look at %s: %w", folder, err)
	}
	const nfs, smb, smb2, cifs, afs, ceph, ninep = 0x6969, 0x517b, 0xfe534d42, 0xff534d42, 0x5346414f, 0x00c36400, 0x01021997
	switch uint32(found.Type) { //nolint:gosec // The kernel's numbers have 32 bits.
	case nfs, smb, smb2, cifs, afs, ceph, ninep:
		return fmt.Errorf("%s is on a network file system: use a disk of this machine, or PostgreSQL", folder)
	}
	return nil
}
