// Package sim is a make-believe world: its wallets, acquirers, stores and rates,
// and the parties in it as machines without clock, chance, input or output. The
// simulator drives them from one seed; sim/party lets the same parties answer
// over HTTP. What is here is for demonstration and test alone: no money moves.
package sim
