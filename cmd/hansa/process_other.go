//go:build !unix

package main

import "time"

// cpuTime is zero where it cannot be asked for as on Unix.
func cpuTime() time.Duration { return 0 }

// filesForConnections is how many connections a system that is not asked surely allows.
func filesForConnections() int { return 2048 }
