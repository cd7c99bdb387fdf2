package mpm_test

import (
	"testing"

	"github.com/hansa-network/hansa/qr/mpm"
)

// The codes that are measured, in the shapes of the field: a recurring payment of
// PIX with 181 characters, the example of the standard with a name in Chinese, and
// a Singaporean sticker for five schemes.
const (
	pixText   = "00020126180014br.gov.bcb.pix5204000053039865802BR5913Pgpgnt mc Mrf6008RBBFWRBP62070503***80800014br.gov.bcb.pix2558wcb.lpdhphd.wrd/nh/d2/vwp/6960m978cfpw11sskvs04933hb11120263047E08"
	emvcoText = "00020101021229300012D156000000000510C12DR5867T31280012D15600000001030897858872520441115802CN5914TSDT NGKGNKKFF6007SDMRCDF64200002ZH0104最佳运输0202北京540523.7253031565502016233030430230603***0708L42715480902ME91320016A0112233449988770708860411466304E03D"
	sgqrText  = "0002010102111531263403688425683958773999414539726590011COM.REMOPAY0110851545608602044124030449120404192499020127330015SG.COM.DASH.WWW0110139038926428650017COM.QQ.WEIXIN.PAY0110803470159302040175030446800404426199020129720013sg.com.ezlink0114HWC-14005361200204PBFM0317LSB-5546-9458920304041NM151800007SG.SGQR01125081952KMW93020712.09970306915139040200050200060421150708342933825204000053037025802SG5909bmwppcdbh6009Svnrlkhnw63040D49"
)

func BenchmarkReadPIX(b *testing.B)   { benchmarkRead(b, pixText) }
func BenchmarkReadEMVCo(b *testing.B) { benchmarkRead(b, emvcoText) }
func BenchmarkReadSGQR(b *testing.B)  { benchmarkRead(b, sgqrText) }

func benchmarkRead(b *testing.B, text string) {
	b.Helper()
	b.ReportAllocs()
	for b.Loop() {
		mpm.Read(text)
	}
}

func BenchmarkEncodePIX(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		writePIX(b)
	}
}

// writePIX builds the objects anew each time, as a till would.
func writePIX(t testing.TB) {
	text, err := mpm.Encode(
		mpm.Object{ID: mpm.IDPayloadFormat, Value: "01"},
		mpm.Object{ID: 26, Template: []mpm.Object{{ID: mpm.IDScheme, Value: "br.gov.bcb.pix"}}},
		mpm.Object{ID: mpm.IDCategory, Value: "0000"},
		mpm.Object{ID: mpm.IDCurrency, Value: "986"},
		mpm.Object{ID: mpm.IDCountry, Value: "BR"},
		mpm.Object{ID: mpm.IDName, Value: "Pgpgnt mc Mrf"},
		mpm.Object{ID: mpm.IDCity, Value: "RBBFWRBP"},
		mpm.Object{ID: mpm.IDAdditionalData, Template: []mpm.Object{{ID: mpm.IDReferenceLabel, Value: "***"}}},
		mpm.Object{ID: 80, Template: []mpm.Object{
			{ID: mpm.IDScheme, Value: "br.gov.bcb.pix"},
			{ID: 25, Value: "wcb.lpdhphd.wrd/nh/d2/vwp/6960m978cfpw11sskvs04933hb111202"},
		}},
	)
	if err != nil || text != pixText {
		t.Fatalf("got %q, %v", text, err)
	}
}
