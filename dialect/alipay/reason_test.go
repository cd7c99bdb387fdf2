package alipay_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/api/apitest"
	"github.com/hansa-network/hansa/dialect/alipay"
)

// TestEveryReasonHasItsCode prints the table by which reasons are told. What can succeed
// if the very same request is made again is unknown, all else is final.
func TestEveryReasonHasItsCode(t *testing.T) {
	t.Parallel()
	var table strings.Builder
	for _, row := range api.Problems() {
		told := alipay.ResultOf(row.Reason)
		fmt.Fprintf(&table, "%-22s %s %-33s %s\n", row.Reason, told.Status, told.Code, told.Message)
		again := row.Retry == api.RetrySameRequest && row.Reason != hansa.SignatureExpired && row.Reason != hansa.Replayed
		if again != (told.Status == alipay.StatusUnknown) {
			t.Errorf("%s: may be made again %t, told as %s", row.Reason, again, told.Status)
		}
	}
	apitest.Golden(t, "reasons.txt", table.String())
	want(t, "an unknown reason", "U", alipay.ResultOf("made_up").Status)
}
