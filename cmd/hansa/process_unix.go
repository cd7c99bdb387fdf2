//go:build unix

package main

import (
	"syscall"
	"time"
)

// cpuTime is what this process has used of the cores so far.
func cpuTime() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// filesAside are open files that are not connections.
const filesAside = 1024

// filesForConnections is how many connections this process may have open.
func filesForConnections() int {
	var most syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &most); err != nil {
		return filesAside
	}
	return int(min(most.Cur, 1<<20) - min(most.Cur/2, filesAside))
}
