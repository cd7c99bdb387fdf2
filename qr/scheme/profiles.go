package scheme

import (
	"slices"

	"github.com/hansa-network/hansa/qr/mpm"
)

// EMVCo is the kind that every merchant-presented EMVCo code has, of a scheme
// that we know or not.
const EMVCo = "mpm/emvco"

// profiles are all, in the order in which their rules are published.
var profiles = slices.Concat(
	[]Profile{
		promptPay, thaiBillPayment, trueMoney,
		vietQR, vnpay, vnOther,
		qris,
		sgqr, payNow,
		fps, duitNow, qrPh, khqr, jpqr, laoQR,
		bharatQR, upi,
		pix, colombia, ghana, namQR,
	},
	guests,
	cards,
)

// byKind finds a profile by the kind that it describes.
var byKind = func() map[string]*Profile {
	found := make(map[string]*Profile, len(profiles))
	for i := range profiles {
		found[profiles[i].Kind] = &profiles[i]
	}
	return found
}()

// Profiles returns all profiles, in a fixed order. What they hold is shared: not
// to be changed.
func Profiles() []Profile { return slices.Clone(profiles) }

func ids(list ...mpm.ID) []mpm.ID { return list }
