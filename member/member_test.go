package member_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/money"
)

// TestSuspensionStopsNewThings suspends a participant as a whole or in one role.
func TestSuspensionStopsNewThings(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		whole bool
		roles []member.Holding
		role  member.Role
		want  hansa.Reason
	}{
		{"holds the role", false, []member.Holding{{Role: member.Wallet}}, member.Wallet, ""},
		{"holds another", false, []member.Holding{{Role: member.Wallet}}, member.Acquirer, hansa.RoleMissing},
		{"holds none", false, nil, member.Wallet, hansa.RoleMissing},
		{"suspended in this role", false, []member.Holding{{Role: member.Wallet, Suspended: true}, {Role: member.Acquirer}}, member.Wallet, hansa.Suspended},
		{"suspended in the other role", false, []member.Holding{{Role: member.Wallet, Suspended: true}, {Role: member.Acquirer}}, member.Acquirer, ""},
		{"suspended as a whole", true, []member.Holding{{Role: member.Wallet}, {Role: member.Acquirer}}, member.Acquirer, hansa.Suspended},
		{"suspended as a whole, without the role", true, []member.Holding{{Role: member.Wallet}}, member.Acquirer, hansa.RoleMissing},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := member.Participant{ID: "vipps", Roles: c.roles, Suspended: c.whole}
			refused(t, p.MayStart(c.role), c.want)
			if p.Holds(c.role) != (c.want != hansa.RoleMissing) {
				t.Errorf("holds %s: %v", c.role, p.Holds(c.role))
			}
		})
	}
}

func TestBranchServesItsCountry(t *testing.T) {
	t.Parallel()
	p := listing().Participants[1]
	if branch, ok := p.BranchIn("DK"); !ok || branch.ID != "nets.dk" {
		t.Errorf("got %v, %v", branch, ok)
	}
	if branch, ok := p.BranchIn("SE"); ok {
		t.Errorf("got %v", branch)
	}
}

// TestLimits pays amounts around the limits of a corridor: static codes carry at
// most 500 CNY, the till's code 2000 CNY and at least 1 NOK.
func TestLimits(t *testing.T) {
	t.Parallel()
	corridor := member.Corridor{Limits: []member.Limit{
		{Mode: member.Static, Currency: "CNY", Largest: 500_00},
		{Mode: member.Dynamic, Currency: "CNY", Largest: 2000_00},
		{Mode: member.Dynamic, Currency: "NOK", Smallest: 1_00},
		{Mode: member.Static, Currency: "NOK", Smallest: 1_00},
	}}
	for _, c := range []struct {
		name         string
		mode         member.Mode
		order, debit int64 // NOK, CNY
		want         hansa.Reason
	}{
		{"a printed code at its limit", member.Static, 600_00, 500_00, ""},
		{"a printed code over it: the till's code would do", member.Static, 600_00, 500_01, hansa.UseTillCode},
		{"a printed code over both", member.Static, 2500_00, 2000_01, hansa.AmountTooLarge},
		{"the till's code at its limit", member.Dynamic, 2500_00, 2000_00, ""},
		{"the till's code over it", member.Dynamic, 2500_00, 2000_01, hansa.AmountTooLarge},
		{"at the smallest", member.Dynamic, 1_00, 80, ""},
		{"below the smallest", member.Dynamic, 99, 79, hansa.AmountTooSmall},
		{"below the smallest of both: no better code", member.Static, 99, 79, hansa.AmountTooSmall},
		{"a mode without limits", member.ConsumerPresented, 1, 9999_00, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			refused(t, corridor.Within(c.mode, money.New(c.order, "NOK"), money.New(c.debit, "CNY")), c.want)
			refused(t, corridor.Within(c.mode, money.New(c.debit, "CNY"), money.New(c.order, "NOK")), c.want)
		})
	}
}

// TestParticipantSurvivesJSON writes a participant and reads it again, as the
// store and the files of an operator do.
func TestParticipantSurvivesJSON(t *testing.T) {
	t.Parallel()
	for _, want := range listing().Participants {
		text, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		var got member.Participant
		if err := json.Unmarshal(text, &got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	}
}
