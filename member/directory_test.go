package member_test

import (
	"crypto/ed25519"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/member"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func refused(t *testing.T, err error, want hansa.Reason) {
	t.Helper()
	if reason, _ := hansa.ReasonOf(err); reason != want {
		t.Errorf("got %v, want %q", err, want)
	}
}

func key(id string, from, until time.Time) member.Key {
	return member.Key{ID: id, Public: ed25519.PublicKey(id), NotBefore: from, NotAfter: until}
}

// listing is a small network: a wallet in its agreement and corridor with Norway
// that are in force for a month around noon, and an acquirer with two branches.
func listing() member.Listing {
	return member.Listing{
		Version: 7,
		Participants: []member.Participant{
			{
				ID: "epassi", Roles: []member.Holding{{Role: member.Wallet}, {Role: member.Acquirer, Suspended: true}},
				Keys:   []member.Key{key("epassi#1", noon.AddDate(0, -1, 0), noon.Add(1)), key("epassi#2", noon, time.Time{})},
				Wallet: member.WalletSide{Issuers: []string{"471111", "471112"}},
			},
			{
				ID: "nets", Roles: []member.Holding{{Role: member.Acquirer}}, Keys: []member.Key{key("nets#1", noon, time.Time{})},
				Branches: []member.Branch{{ID: "nets.no", Country: "NO", Currency: "NOK"}, {ID: "nets.dk", Country: "DK", Currency: "DKK"}},
			},
		},
		Corridors: []member.Corridor{{
			ID: "epassi-no", Wallet: "epassi", Market: "NO", Modes: []member.Mode{member.ConsumerPresented, member.Dynamic},
			Categories: []string{"5812", "5814"}, Agreement: "agreement", From: noon.AddDate(0, 0, -15), Until: noon.AddDate(0, 0, 15),
		}},
		Agreements: []member.Agreement{{ID: "agreement", Version: 3, From: noon.AddDate(0, 0, -10), Until: noon.AddDate(0, 0, 10)}},
	}
}

func directory(t *testing.T, bend func(l *member.Listing)) *member.Directory {
	t.Helper()
	l := listing()
	if bend != nil {
		bend(&l)
	}
	d, err := member.NewDirectory(l)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestNothingIsClaimedTwice gives listings in which two entries claim one thing.
func TestNothingIsClaimedTwice(t *testing.T) {
	t.Parallel()
	for name, bend := range map[string]func(l *member.Listing){
		"one participant twice":            func(l *member.Listing) { l.Participants[1].ID = "epassi" },
		"one key of two participants":      func(l *member.Listing) { l.Participants[1].Keys[0].ID = "epassi#2" },
		"one key of one participant twice": func(l *member.Listing) { l.Participants[0].Keys[1].ID = "epassi#1" },
		"one issuer prefix of two":         func(l *member.Listing) { l.Participants[1].Wallet.Issuers = []string{"471112"} },
		"one issuer prefix of one twice":   func(l *member.Listing) { l.Participants[0].Wallet.Issuers[1] = "471111" },
		"two corridors from wallet to market": func(l *member.Listing) {
			l.Corridors = append(l.Corridors, member.Corridor{ID: "other", Wallet: "epassi", Market: "NO"})
		},
		"one agreement twice": func(l *member.Listing) { l.Agreements = append(l.Agreements, l.Agreements[0]) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := listing()
			bend(&l)
			_, err := member.NewDirectory(l)
			refused(t, err, hansa.AlreadyExists)
		})
	}
}

func TestParticipantsAreFound(t *testing.T) {
	t.Parallel()
	d := directory(t, nil)
	if p, err := d.Participant("nets"); err != nil || p.ID != "nets" || d.Version() != 7 {
		t.Errorf("got %v, %v in version %d", p, err, d.Version())
	}
	_, err := d.Participant("netz")
	refused(t, err, hansa.NotFound)
	var ids []string
	for _, p := range d.Participants() {
		ids = append(ids, p.ID)
	}
	if diff := cmp.Diff([]string{"epassi", "nets"}, ids); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestKeysInForce walks through the life of two keys that overlap.
func TestKeysInForce(t *testing.T) {
	t.Parallel()
	withdrawn := func(l *member.Listing) { l.Participants[0].Keys[1].Withdrawn = true }
	for _, c := range []struct {
		name, id string
		at       time.Time
		bend     func(l *member.Listing)
		owner    string // empty: not in force
	}{
		{"the first before its time", "epassi#1", noon.AddDate(0, -1, 0).Add(-1), nil, ""},
		{"the first from the beginning of its time", "epassi#1", noon.AddDate(0, -1, 0), nil, "epassi"},
		{"the first while both are in force", "epassi#1", noon, nil, "epassi"},
		{"the first at the end of its time", "epassi#1", noon.Add(1), nil, ""},
		{"the second before its time", "epassi#2", noon.Add(-1), nil, ""},
		{"the second while both are in force", "epassi#2", noon, nil, "epassi"},
		{"the second a year later", "epassi#2", noon.AddDate(1, 0, 0), nil, "epassi"},
		{"the second, withdrawn", "epassi#2", noon, withdrawn, ""},
		{"another's", "nets#1", noon, nil, "nets"},
		{"no such key", "nets#2", noon, nil, ""},
		{"one of a suspended participant: what it began goes on", "nets#1", noon, func(l *member.Listing) { l.Participants[1].Suspended = true }, "nets"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			found, owner, ok := directory(t, c.bend).Key(c.id, c.at)
			if owner != c.owner || ok != (c.owner != "") || ok && found.ID != c.id {
				t.Errorf("got %s of %q, %v; want %q", found.ID, owner, ok, c.owner)
			}
		})
	}
}

func TestIssuersLeadToTheirWallets(t *testing.T) {
	t.Parallel()
	d := directory(t, nil)
	for _, prefix := range []string{"471111", "471112"} {
		if p, err := d.Issuer(prefix); err != nil || p.ID != "epassi" {
			t.Errorf("%s leads to %s, %v", prefix, p.ID, err)
		}
	}
	for _, prefix := range []string{"471113", "", "47111", "4711111"} {
		_, err := d.Issuer(prefix)
		refused(t, err, hansa.CodeUnknown)
	}
}

// TestCorridors asks for new payments around the dates, modes and categories of
// a corridor and its agreement.
func TestCorridors(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name                     string
		wallet, market, category string
		mode                     member.Mode
		days                     int // after noon
		bend                     func(l *member.Listing)
		want                     hansa.Reason
	}{
		{name: "in force"},
		{name: "another mode of it", mode: member.Dynamic},
		{name: "a mode that it does not have", mode: member.Static, want: hansa.MarketNotActive},
		{name: "another category of it", category: "5812"},
		{name: "a category that it does not have", category: "7995", want: hansa.MarketNotActive},
		{name: "any category, where none is named", category: "7995", bend: func(l *member.Listing) { l.Corridors[0].Categories = nil }},
		{name: "another market", market: "SE", want: hansa.MarketNotActive},
		{name: "another wallet", wallet: "nets", want: hansa.MarketNotActive},
		{name: "before its time", days: -16, want: hansa.MarketNotActive},
		{name: "at the end of its time", days: 15, want: hansa.MarketNotActive},
		{name: "closed", bend: func(l *member.Listing) { l.Corridors[0].Closed = true }, want: hansa.MarketNotActive},
		{name: "before its agreement", days: -11, want: hansa.AgreementMissing},
		{name: "from the beginning of its agreement", days: -10},
		{name: "at the end of its agreement", days: 10, want: hansa.AgreementMissing},
		{name: "under an agreement that is not there", bend: func(l *member.Listing) { l.Corridors[0].Agreement = "other" }, want: hansa.AgreementMissing},
		{name: "without an end", days: 365, bend: func(l *member.Listing) {
			l.Corridors[0].Until, l.Agreements[0].Until = time.Time{}, time.Time{}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			or := func(given, usual string) string {
				if given == "" {
					return usual
				}
				return given
			}
			mode := member.Mode(or(string(c.mode), string(member.ConsumerPresented)))
			corridor, err := directory(t, c.bend).Corridor(or(c.wallet, "epassi"), or(c.market, "NO"), mode, or(c.category, "5814"), noon.AddDate(0, 0, c.days))
			refused(t, err, c.want)
			if (corridor.ID == "epassi-no") != (c.want == "") {
				t.Errorf("got %q", corridor.ID)
			}
		})
	}
}

// TestWithLeavesTheOldDirectoryAlone replaces one participant and adds another.
func TestWithLeavesTheOldDirectoryAlone(t *testing.T) {
	t.Parallel()
	old := directory(t, nil)
	suspended, _ := old.Participant("epassi")
	suspended.Suspended = true
	fresh, err := old.With(suspended)
	if err != nil {
		t.Fatal(err)
	}
	before, _ := old.Participant("epassi")
	after, _ := fresh.Participant("epassi")
	if before.Suspended || !after.Suspended || len(fresh.Participants()) != 2 {
		t.Errorf("before %v, after %v, of %d", before.Suspended, after.Suspended, len(fresh.Participants()))
	}
	if _, err := fresh.Corridor("epassi", "NO", member.Dynamic, "5814", noon); err != nil {
		t.Errorf("the corridor is gone: %v", err)
	}
	grown, err := fresh.With(member.Participant{ID: "pivo", Keys: []member.Key{key("pivo#1", noon, time.Time{})}})
	if err != nil || len(grown.Participants()) != 3 {
		t.Errorf("got %d participants, %v", len(grown.Participants()), err)
	}
	_, err = grown.With(member.Participant{ID: "momo", Keys: []member.Key{key("pivo#1", noon, time.Time{})}})
	refused(t, err, hansa.AlreadyExists)
}
