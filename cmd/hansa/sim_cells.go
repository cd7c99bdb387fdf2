package main

import (
	"fmt"

	"github.com/hansa-network/hansa/sim/cells"
)

const (
	cellsMax     = 1024
	cellsUse     = 95         // percent of the cap that the payments would use
	cellSalesMax = 10_000_000 // payments; each stays in memory
)

// runCells tries a split cap in a storm.
func (c simCommand) runCells(env *environment) error {
	if c.Cells < 1 || c.Cells > cellsMax || c.Payments < 1 || c.Payments > cellSalesMax {
		return fmt.Errorf("--cells is 1 to %d and --payments 1 to %d", cellsMax, cellSalesMax)
	}
	if c.ListBugs {
		for _, bug := range cells.Bugs() {
			fmt.Fprintln(env.out, bug)
		}
		return nil
	}
	bug, err := cells.ParseBug(c.Bug)
	if err != nil {
		return err
	}
	outcome := cells.Run{
		Seed: c.Seed, Cells: c.Cells, Payments: c.Payments, Use: cellsUse, Hot: c.Hot, Weather: cells.Storm, Bug: bug,
	}.Do()
	for _, finding := range outcome.Findings {
		fmt.Fprintln(env.out, "breach", finding)
	}
	for _, count := range []struct {
		number int
		what   string
	}{
		{outcome.Approved, "approved"},
		{outcome.Declined, "declined"},
		{outcome.Refused, "refused: cap_exceeded"},
		{outcome.Unanswered, "not answered: the cell was down"},
		{outcome.Waited, "of these had waited for room"},
		{outcome.Refunded, "refunded"},
		{outcome.Letters, "letters between cells"},
	} {
		fmt.Fprintf(env.out, "%6d %s\n", count.number, count.what)
	}
	fmt.Fprintln(env.out, outcome.Hash)
	if len(outcome.Findings) > 0 {
		return errSilent
	}
	return nil
}
