package member_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/member"
)

// TestClientsFollowADirectory through a thousand changes, which leave every earlier
// version as it was and make the same as a directory of all of them.
func TestClientsFollowADirectory(t *testing.T) {
	t.Parallel()
	shop := func(i int, url string) member.Client {
		return member.Client{Dialect: "plain", ID: fmt.Sprint(i % 700), Participant: "nets", Hooks: []member.Hook{{URL: url}}}
	}
	first := directory(t, func(l *member.Listing) { l.Clients = []member.Client{shop(1, "first"), shop(699, "first")} })
	followed, want := first, map[string]member.Client{shop(699, "").Name(): shop(699, "first")}
	for i := range 1000 {
		next, err := followed.WithClients(int64(8+i), shop(i, fmt.Sprint(i)))
		if err != nil {
			t.Fatal(err)
		}
		want[shop(i, "").Name()] = shop(i, fmt.Sprint(i))
		followed = next
	}
	all := member.Listing{Participants: followed.Participants(), Clients: followed.Clients()}
	whole, err := member.NewDirectory(all)
	if err != nil || len(all.Clients) != len(want) || followed.Version() != 1007 {
		t.Fatalf("%d of %d clients, version %d, %v", len(all.Clients), len(want), followed.Version(), err)
	}
	for name, client := range want {
		one, _ := followed.Client(name)
		other, _ := whole.Client(name)
		if diff := cmp.Diff(client, one) + cmp.Diff(client, other); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
	if old, _ := first.Client("plain/1"); old.Hooks[0].URL != "first" || len(first.Clients()) != 2 || first.Version() != 7 {
		t.Errorf("the first version has changed: %+v", old)
	}
	if !followed.HasClientsOf("nets") || followed.HasClientsOf("epassi") || !followed.HasClients() {
		t.Error("whose clients they are is not known")
	}
	withdrawn := shop(3, "")
	withdrawn.Withdrawn = true
	gone, err := followed.WithClients(1008, withdrawn)
	if _, known := gone.Client("plain/3"); err != nil || known {
		t.Errorf("a withdrawn client is known: %v", err)
	}
	_, err = followed.WithClients(1008, member.Client{Dialect: "plain", ID: "x", Participant: "nobody"})
	refused(t, err, hansa.NotFound)
}

// TestAWalletPaysAsLongAsItsProviderMayActForIt, and others whatever becomes of that one.
func TestAWalletPaysAsLongAsItsProviderMayActForIt(t *testing.T) {
	t.Parallel()
	provider := member.Participant{ID: "carrier", Roles: []member.Holding{{Role: member.TechnicalServiceProvider}}}
	carried := member.Client{Dialect: "plain", ID: "1", Participant: "purse", Provider: provider.ID}
	wallet := func(id, client string) member.Participant {
		return member.Participant{ID: id, Roles: []member.Holding{{Role: member.Wallet}}, Wallet: member.WalletSide{Client: client}}
	}
	given := member.Authority{Provider: provider.ID, Principal: "purse", From: noon}
	suspended, over := given, given
	suspended.Suspended, over.Until = true, noon
	for name, tt := range map[string]struct {
		wallet    member.Participant
		provider  member.Participant
		authority member.Authority
		want      hansa.Reason
	}{
		"asked in ours":            {wallet("purse", ""), provider, suspended, ""},
		"carried":                  {wallet("purse", carried.Name()), provider, given, ""},
		"taken back":               {wallet("purse", carried.Name()), provider, suspended, hansa.Suspended},
		"over":                     {wallet("purse", carried.Name()), provider, over, hansa.RoleMissing},
		"carried by no provider":   {wallet("purse", carried.Name()), member.Participant{ID: provider.ID}, given, hansa.RoleMissing},
		"a client that is unknown": {wallet("purse", "plain/2"), provider, suspended, ""},
		"no wallet":                {member.Participant{ID: "purse"}, provider, given, hansa.RoleMissing},
	} {
		d, err := member.NewDirectory(member.Listing{
			Participants: []member.Participant{tt.wallet, tt.provider}, Clients: []member.Client{carried}, Authorities: []member.Authority{tt.authority},
		})
		if err != nil {
			t.Fatal(name, err)
		}
		if got, _ := hansa.ReasonOf(d.MayPay(tt.wallet, noon)); got != tt.want {
			t.Errorf("%s: want %q, got %q", name, tt.want, got)
		}
	}
}

// TestANumberLeadsToTheClosestIssuer of its kind.
func TestANumberLeadsToTheClosestIssuer(t *testing.T) {
	t.Parallel()
	wallet := func(id, issuer string) member.Participant {
		return member.Participant{ID: id, Roles: []member.Holding{{Role: member.Wallet}}, Wallet: member.WalletSide{Issuers: []string{issuer}}}
	}
	d, err := member.NewDirectory(member.Listing{Participants: []member.Participant{
		wallet("scheme", "barcode/blue"), wallet("one", "barcode/blue/98806"), wallet("two", "barcode/blue/988067"), wallet("other", "barcode/red/1"),
	}})
	if err != nil {
		t.Fatal(err)
	}
	for number, want := range map[string]string{
		"98801": "barcode/blue", "98806": "barcode/blue/98806", "988061": "barcode/blue/98806", "988067": "barcode/blue/988067", "1": "barcode/blue",
	} {
		if issuer, known := d.IssuerOf("barcode/blue", number); issuer != want || !known {
			t.Errorf("%s leads to %s", number, issuer)
		}
	}
	if issuer, known := d.IssuerOf("barcode/red", "2"); known {
		t.Errorf("a stranger's number leads to %s", issuer)
	}
}
