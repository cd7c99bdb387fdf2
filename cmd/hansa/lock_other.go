//go:build !unix

package main

// lockFolder does nothing where files cannot be locked as Unix does.
func lockFolder(string) (release func(), err error) { return func() {}, nil }
