package barcode

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
)

// A Rule says which numbers are of its kinds: those that begin with the prefix and
// have one of the lengths.
type Rule struct {
	Kinds    []string // the likeliest first; the form does not tell them apart
	Prefix   string   // digits
	Lengths  []int    // in use, ascending
	Reserved []int    // kept by the owner for later, ascending: its own, and refused
}

// The layout of an Alipay+ payment code of 24 digits: who issued it, what it is
// for, and the user's number.
const (
	identifierLength = 6
	typeLength       = 2
	paymentType      = "02"
)

// legacyLengths are those of Alipay+ codes that begin with 28 and have no layout.
// The five published patterns for them leave no number of these lengths out.
var legacyLengths = []int{17, 18, 19}

// A block is some rules that differ in their prefix alone.
type block struct {
	kinds    []string
	prefixes []string
	lengths  []int
	reserved []int
}

// blocks are the published and the observed forms. Alipay+ lies over Alipay: codes
// of 24 digits, and legacy codes, may be either's. The Japanese prefixes were
// observed at tills; LINE Pay has left Japan. No rule begins with 70, which is ours.
var blocks = []block{
	{[]string{AlipayPlus}, []string{"251001"}, []int{24}, []int{20, 21, 22, 23, 25, 26, 27, 28, 29, 30, 31, 32}},
	{[]string{AlipayPlus, Alipay}, []string{"25", "26", "27", "28", "29", "30"}, []int{24}, nil},
	{[]string{Alipay}, []string{"25", "26", "27", "29", "30"}, []int{16, 17, 18, 19, 20, 21, 22, 23}, nil},
	{[]string{Alipay}, []string{"28"}, []int{16, 20, 21, 22, 23}, nil},
	{[]string{Alipay, AlipayPlus}, []string{"28"}, legacyLengths, nil},
	{[]string{WeChat}, []string{"10", "11", "12", "13", "14", "15"}, []int{18}, nil},
	{[]string{UnionPay}, []string{"62"}, []int{19}, nil},
	{[]string{Bluecode}, []string{"988"}, []int{20}, nil},
	{[]string{PayPay}, []string{"9000818188"}, []int{24}, nil},
	{[]string{LINEPay}, []string{"9000000000"}, []int{19}, nil},
	{[]string{RakutenPay}, []string{"900001"}, []int{16}, nil},
	{[]string{DBarai}, []string{"90000002"}, []int{22}, nil},
	{[]string{Merpay}, []string{"31589900"}, []int{19}, nil},
	{[]string{AuPay}, []string{"31589921"}, []int{19}, nil},
	{
		[]string{YuchoPay},
		[]string{
			"31589931", "31589932", "31589933", "31589934", "31589935",
			"31589936", "31589937", "31589938", "31589939", "31589940",
		},
		[]int{19},
		nil,
	},
	{[]string{Pring}, []string{"31589995"}, []int{19}, nil},
}

// rules are the blocks with one rule for each prefix, the longest prefix first.
var rules = rulesOf(blocks)

// Rules returns all rules, the longest prefix first. No two of equal prefix share
// a length. What they hold is shared: not to be changed.
func Rules() []Rule { return slices.Clone(rules) }

func rulesOf(blocks []block) []Rule {
	var rules []Rule
	for _, block := range blocks {
		for _, prefix := range block.prefixes {
			rules = append(rules, Rule{Kinds: block.kinds, Prefix: prefix, Lengths: block.lengths, Reserved: block.reserved})
		}
	}
	slices.SortStableFunc(rules, func(a, b Rule) int { return cmp.Compare(len(b.Prefix), len(a.Prefix)) })
	return rules
}

// longest returns those of the rules, which are ordered, that have the longest prefix.
func longest(ordered []Rule) []Rule {
	return slices.DeleteFunc(ordered, func(rule Rule) bool { return len(rule.Prefix) < len(ordered[0].Prefix) })
}

// kindsOf returns the kinds of the rules in their order, each once.
func kindsOf(rules []Rule) []string {
	var kinds []string
	for _, rule := range rules {
		for _, kind := range rule.Kinds {
			if !slices.Contains(kinds, kind) {
				kinds = append(kinds, kind)
			}
		}
	}
	return kinds
}

// kindsOfLength returns the kinds that a number without a known prefix was most
// likely meant to have.
func kindsOfLength(length int) []string {
	return kindsOf(slices.DeleteFunc(Rules(), func(rule Rule) bool { return !slices.Contains(rule.Lengths, length) }))
}

// lengthsOf returns all lengths of the rules, ascending.
func lengthsOf(rules []Rule) []int {
	var lengths []int
	for _, rule := range rules {
		lengths = append(lengths, rule.Lengths...)
	}
	slices.Sort(lengths)
	return slices.Compact(lengths)
}

// inWords returns lengths without a gap as people write them.
func inWords(lengths []int) string {
	first, last := lengths[0], lengths[len(lengths)-1]
	if first == last {
		return strconv.Itoa(first)
	}
	return fmt.Sprintf("%d to %d", first, last)
}
