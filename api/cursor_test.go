package api_test

import (
	"math"
	"testing"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
)

func TestCursorsComeBack(t *testing.T) {
	t.Parallel()
	for _, want := range []api.Cursor{
		{},
		{Partition: 1, Height: 2, Index: 3},
		{Partition: math.MaxUint16, Height: math.MaxInt64, Index: math.MaxInt32},
	} {
		got, err := api.ParseCursor(want.String())
		if err != nil || got != want {
			t.Errorf("%+v: got %+v, %v", want, got, err)
		}
	}
}

func TestCursorsThatAreNone(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"empty":               "",
		"prefix alone":        "cur_",
		"another prefix":      "evt_AAAAAAAAAAAAAAAAAAA",
		"too short":           "cur_AAAAAAAAAAAAAAAAAA",
		"too long":            "cur_AAAAAAAAAAAAAAAAAAAA",
		"padding":             "cur_AAAAAAAAAAAAAAAAAA=",
		"stray bits":          "cur_AAAAAAAAAAAAAAAAAAB",
		"line break":          "cur_AAAAAAAAAAAAAAAAA\nA",
		"other alphabet":      "cur_AAAAAAAAAAAAAAAAA+A",
		"height out of range": "cur_AACAAAAAAAAAAAAAAAA",
		"index out of range":  "cur_AAAAAAAAAAAAAIAAAAA",
	} {
		_, err := api.ParseCursor(text)
		t.Log(name)
		wantReason(t, hansa.Malformed, err)
	}
}

func TestCursorsOutOfRangeAreBugs(t *testing.T) {
	t.Parallel()
	for _, cursor := range []api.Cursor{{Height: -1}, {Index: -1}, {Index: math.MaxInt32 + 1}} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%+v: no panic", cursor)
				}
			}()
			_ = cursor.String() // Must panic.
		}()
	}
}
