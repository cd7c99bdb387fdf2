package main

import "testing"

// TestTwoHundredRaceAcrossNodes: half of them ask at the one node and half at the
// other, and there are no more winners than at one.
func TestTwoHundredRaceAcrossNodes(t *testing.T) {
	t.Parallel()
	for name, run := range races {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run(t, openPair(t).network)
		})
	}
}

// TestPurchasesAcrossNodes makes every wallet pay in every market in every mode,
// each step at whichever node comes next, and then holds the books of all sides to
// each other.
func TestPurchasesAcrossNodes(t *testing.T) {
	t.Parallel()
	purchasesAgree(t, openPair(t).network)
}
