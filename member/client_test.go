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
