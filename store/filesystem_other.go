//go:build !linux

package store

// onThisMachine can tell on Linux only.
func onThisMachine(string) error { return nil }
