package main

import (
	"strings"
	"testing"
)

func TestListTellsWhatMatters(t *testing.T) {
	t.Parallel()
	events := strings.Join([]string{
		`{"Action":"start","Package":"till"}`,
		`{"Action":"output","Package":"till","Test":"TestPays","Output":"=== RUN   TestPays\n"}`,
		`{"Action":"output","Package":"till","Test":"TestPays","Output":"chatter\n"}`,
		`{"Action":"pass","Package":"till","Test":"TestPays"}`,
		`{"Action":"output","Package":"till","Test":"TestBooks","Output":"    till_test.go:7: needs pg: not found\n"}`,
		`{"Action":"output","Package":"till","Test":"TestBooks","Output":"--- SKIP: TestBooks (0.00s)\n"}`,
		`{"Action":"skip","Package":"till","Test":"TestBooks"}`,
		`{"Action":"output","Package":"till","Output":"PASS\n"}`,
		`{"Action":"output","Package":"till","Output":"ok  \ttill\t0.1s\n"}`,
		`{"Action":"pass","Package":"till"}`,
		`{"Action":"output","Package":"bank","Test":"TestSettles","Output":"=== RUN   TestSettles\n"}`,
		`{"Action":"output","Package":"bank","Test":"TestSettles","Output":"    bank_test.go:9: want 1, got 2\n"}`,
		`{"Action":"fail","Package":"bank","Test":"TestSettles"}`,
		`{"Action":"output","Package":"bank","Output":"FAIL\tbank\t0.2s\n"}`,
		`{"Action":"fail","Package":"bank"}`,
		`{"Action":"output","Package":"map","Output":"?   \tmap\t[no test files]\n"}`,
		`{"Action":"skip","Package":"map"}`,
		`{"ImportPath":"sea","Action":"build-output","Output":"sea.go:1: undefined\n"}`,
		`{"ImportPath":"sea","Action":"build-fail"}`,
		`the go command itself`,
	}, "\n")
	want := `ok  	till	0.1s
    bank_test.go:9: want 1, got 2
FAIL	bank	0.2s
?   	map	[no test files]
sea.go:1: undefined
the go command itself

skipped 1: needs pg: not found
	till TestBooks

1 passed, 1 failed, 1 skipped
`
	var got strings.Builder
	told := newList(&got)
	if err := told.read(strings.NewReader(events)); err != nil {
		t.Fatal(err)
	}
	told.close()
	if got.String() != want {
		t.Errorf("want\n%s\ngot\n%s", want, got.String())
	}
}

func TestReasonIsTheLastWord(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		wrote []string
		want  string
	}{
		{"nothing said", nil, "no reason given"},
		{"only frames", []string{"=== RUN   TestA\n", "--- SKIP: TestA\n"}, "no reason given"},
		{"with a place", []string{"    a_test.go:12: in short mode: yes\n", "--- SKIP: TestA\n"}, "in short mode: yes"},
		{"the last of two", []string{"    a_test.go:1: first\n", "    a_test.go:2: second\n"}, "second"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := reason(test.wrote); got != test.want {
				t.Errorf("want %q, got %q", test.want, got)
			}
		})
	}
}
