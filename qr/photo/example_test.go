package photo_test

import (
	"fmt"

	"github.com/hansa-network/hansa/qr/photo"
	"github.com/hansa-network/hansa/qr/symbol"
)

func ExampleRead() {
	s, err := symbol.New("https://qr.vipps.no/28/2/05/031/k1sk1s", symbol.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	found, err := photo.Read(s.PNG(8))
	for _, f := range found {
		fmt.Println(f.Text, f.Version, f.Corners[0], err)
	}
	_, err = photo.Read([]byte("GIF89a"))
	fmt.Println(err)
	// Output:
	// https://qr.vipps.no/28/2/05/031/k1sk1s 3 (32,32) <nil>
	// unsupported_media: a GIF: only PNG and JPEG are read
}
