//go:build !unix

package main

import "time"

// cpuTime is zero where it cannot be asked for as on Unix.
func cpuTime() time.Duration { return 0 }
