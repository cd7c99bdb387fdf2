package member_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/member"
)

func withLinks(links ...member.Link) (*member.Directory, error) {
	return member.NewDirectory(member.Listing{Participants: []member.Participant{
		{ID: "nets", Acquirer: member.AcquirerSide{Links: []member.Link{{Host: "qr.nets.example", Path: "/28100804"}}}},
		{ID: "vipps", Acquirer: member.AcquirerSide{Links: links}},
	}})
}

// TestAPrivateCodeLeadsToItsAcquirer: by host and path, in either case, and by nothing else.
func TestAPrivateCodeLeadsToItsAcquirer(t *testing.T) {
	t.Parallel()
	d, err := withLinks(member.Link{Host: "qr.vipps.example", Path: "/28/2/05/"})
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"https://qr.nets.example/28100804":           "nets",
		"HTTPS://QR.NETS.EXAMPLE/28100804/abc?x=1#y": "nets",
		"https://qr.vipps.example/28/2/05/031/1":     "vipps",
		"https://qr.vipps.example/28/2/06/031/1":     "",
		"https://qr.nets.example":                    "",
		"https://qr.nets.example:443/28100804":       "",
		"https://you@qr.nets.example/28100804":       "",
		"http://qr.nets.example/28100804":            "",
		"https://qr.nets.example.evil/28100804":      "",
		"https://qr.nets.example%2f/28100804":        "",
		"https:///28100804":                          "",
		"280123456789012345":                         "",
		"":                                           "",
	} {
		acquirer, private := d.Decoder(text)
		if acquirer.ID != want || private != (want != "") {
			t.Errorf("%q leads to %q, %t; want %q", text, acquirer.ID, private, want)
		}
	}
	want := []member.PrivateLink{
		{Link: member.Link{Host: "qr.nets.example", Path: "/28100804"}, Acquirer: "nets"},
		{Link: member.Link{Host: "qr.vipps.example", Path: "/28/2/05/"}, Acquirer: "vipps"},
	}
	if diff := cmp.Diff(want, d.PrivateLinks()); diff != "" {
		t.Errorf("links (-want +got):\n%s", diff)
	}
}

// TestACodeIsPrivateToOne refuses forms that are none, and those that share a code.
func TestACodeIsPrivateToOne(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		link member.Link
		want hansa.Reason
	}{
		"the same":       {member.Link{Host: "qr.nets.example", Path: "/28100804"}, hansa.AlreadyExists},
		"a part of it":   {member.Link{Host: "qr.nets.example", Path: "/28100804/a"}, hansa.AlreadyExists},
		"more than it":   {member.Link{Host: "qr.nets.example", Path: "/281"}, hansa.AlreadyExists},
		"beside it":      {member.Link{Host: "qr.nets.example", Path: "/28100805"}, ""},
		"no host":        {member.Link{Path: "/1"}, hansa.Malformed},
		"no path":        {member.Link{Host: "a.example"}, hansa.Malformed},
		"no slash":       {member.Link{Host: "a.example", Path: "1"}, hansa.Malformed},
		"a port":         {member.Link{Host: "a.example:1", Path: "/1"}, hansa.Malformed},
		"capitals":       {member.Link{Host: "A.example", Path: "/1"}, hansa.Malformed},
		"a question":     {member.Link{Host: "a.example", Path: "/1?x"}, hansa.Malformed},
		"a path in host": {member.Link{Host: "a.example/b", Path: "/1"}, hansa.Malformed},
		"a space":        {member.Link{Host: "a.example", Path: "/1 2"}, hansa.Malformed},
	} {
		_, err := withLinks(c.link)
		if reason, _ := hansa.ReasonOf(err); reason != c.want {
			t.Errorf("%s: want %q, got %v", name, c.want, err)
		}
	}
}
