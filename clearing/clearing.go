// Package clearing computes who owes what, and when money can move: the settlement
// days of each currency. It is pure: the moment, the zone and the days that were
// published for a calendar are arguments.
package clearing
