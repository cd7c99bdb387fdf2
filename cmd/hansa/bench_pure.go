//go:build !cgo

package main

// usesCGO reports whether this binary was built with a C compiler at hand.
const usesCGO = false
