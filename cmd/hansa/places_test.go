package main

import (
	"context"
	"testing"
	"testing/synctest"
)

// TestASilentWalletLeavesPlaces to the others: it takes half of them and waits, and so
// do the next ones with what is left.
func TestASilentWalletLeavesPlaces(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		room := newCallRoom()
		for _, silent := range []string{"vipps", "epassi", "momo"} {
			for range callsMax {
				go room.take(ctx, silent)
			}
			synctest.Wait()
		}
		for wallet, want := range map[string]int{"vipps": callsMax / 2, "epassi": callsMax / 4, "momo": callsMax / 8} {
			if got := room.held[wallet]; got != want {
				t.Errorf("%s holds %d places, want %d", wallet, got, want)
			}
		}
		for range 10 {
			if !room.take(ctx, "alipay") {
				t.Fatal("a wallet that answers has no place")
			}
			room.give("alipay")
		}
		stop()
	})
}

// TestAPlaceIsHandedOn to who has waited the longest, one wallet after the other.
func TestAPlaceIsHandedOn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		room := newCallRoom()
		held := 0
		for ; room.mayHold("vipps"); held++ {
			room.take(t.Context(), "vipps")
		}
		waiting := 0
		for range 3 {
			waiting++
			go func() {
				if room.take(t.Context(), "vipps") {
					waiting--
				}
			}()
			synctest.Wait()
		}
		for left := 2; left >= 0; left-- {
			room.give("vipps")
			synctest.Wait()
			if waiting != left {
				t.Errorf("%d wait, want %d", waiting, left)
			}
		}
		for range held {
			room.give("vipps")
		}
		if room.free != callsMax || len(room.held)+len(room.waiting)+len(room.turns) > 0 {
			t.Errorf("%d places are free, held are %v, %v wait", room.free, room.held, room.turns)
		}
	})
}
