package store

import (
	"bytes"
	"encoding/binary"
	"iter"
	"slices"
	"strings"
)

// pagesOfLists is into how many pages the lists of a run are divided.
const pagesOfLists = 128

// A paymentRun are payments that began one after the other, in the lists of their
// parties. The lists stand in its pages.
type paymentRun struct {
	number      int64  // of the last that began
	first, last string // ids, which are nearly in that order
	filter      filter // of the parties
}

var paymentRuns = &table[paymentRun]{name: "payment_runs", key: []string{"number"}, columns: paymentRunColumns, once: true}

func paymentRunColumns(b *binding, r *paymentRun) {
	number(b, "number", &r.number)
	text(b, "first_id", &r.first)
	text(b, "last_id", &r.last)
	blob(b, "filter", (*[]byte)(&r.filter))
}

// placeOf is where the page is that holds the list of a party, if the run does.
func (r paymentRun) placeOf(of fingerprint) int64 {
	return r.number*pagesOfLists + int64(of.pageOfLists())
}

func (f fingerprint) pageOfLists() int { return int(f[0]) * pagesOfLists >> 8 }

// A paymentPage is a page of a run: some parties, and behind each the payments in its
// list, in order.
type paymentPage struct {
	place int64
	body  []byte
}

var paymentPages = &table[paymentPage]{name: "payment_pages", key: []string{"place"}, columns: paymentPageColumns, once: true}

func paymentPageColumns(b *binding, p *paymentPage) {
	number(b, "place", &p.place)
	blob(b, "body", &p.body)
}

// A partyList are the payments of a party in a run.
type partyList struct {
	of    party
	print fingerprint
	ids   []string
}

// runOfPayments makes a run and its pages of payments.
func runOfPayments(last int64, all []begun) (paymentRun, []paymentPage) {
	slices.SortFunc(all, func(a, b begun) int { return strings.Compare(a.id, b.id) })
	lists := listsOf(all)
	run := paymentRun{last, all[0].id, all[len(all)-1].id, newFilter(len(lists))}
	var pages []paymentPage
	for _, list := range lists {
		run.filter.add(list.print)
		place := run.placeOf(list.print)
		if len(pages) == 0 || pages[len(pages)-1].place != place {
			pages = append(pages, paymentPage{place: place})
		}
		page := &pages[len(pages)-1]
		page.body = addText(addText(page.body, list.of.name), list.of.side)
		page.body = addText(page.body, idsAfter(run.first, list.ids))
	}
	return run, pages
}

// listsOf returns the lists of payments that are in order, page by page.
func listsOf(all []begun) []*partyList {
	var lists []*partyList
	byParty := make(map[party]*partyList)
	for _, b := range all {
		for _, of := range b.parties {
			list := byParty[of]
			if list == nil {
				list = &partyList{of: of, print: of.fingerprint()}
				byParty[of], lists = list, append(lists, list)
			}
			list.ids = append(list.ids, b.id)
		}
	}
	slices.SortFunc(lists, func(a, b *partyList) int { return bytes.Compare(a.print[:], b.print[:]) })
	return lists
}

// idsAfter writes ids that are in order, each as how many bytes of the one before it
// begins with, and the rest of it.
func idsAfter(previous string, ids []string) []byte {
	var body []byte
	for _, id := range ids {
		same := 0
		for same < min(len(id), len(previous)) && id[same] == previous[same] {
			same++
		}
		body = addText(binary.AppendUvarint(body, uint64(same)), id[same:])
		previous = id
	}
	return body
}

// lists reads the lists of the page, as idsAfter has written them.
func (p paymentPage) lists() iter.Seq2[party, []byte] {
	return func(yield func(party, []byte) bool) {
		for rest := p.body; len(rest) > 0; {
			var name, as, ids []byte
			name, rest = cutText(rest)
			as, rest = cutText(rest)
			ids, rest = cutText(rest)
			if !yield(party{side(as), string(name)}, ids) {
				return
			}
		}
	}
}

// find returns the payments of a party, none where it is not in the page. first is that
// of the run.
func (p paymentPage) find(of party, first string) []string {
	for other, ids := range p.lists() {
		if other == of {
			return idsIn(ids, first)
		}
	}
	return nil
}

// idsIn reads what idsAfter has written.
func idsIn(body []byte, previous string) []string {
	var ids []string
	for len(body) > 0 {
		same, size := binary.Uvarint(body)
		var rest []byte
		rest, body = cutText(body[max(size, 0):])
		previous = previous[:min(same, uint64(len(previous)))] + string(rest)
		ids = append(ids, previous)
	}
	return ids
}
