package outbound

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"
)

// Limits of a connection.
const (
	connectWithin   = 3 * time.Second
	handshakeWithin = 3 * time.Second
	idleFor         = 60 * time.Second
	idleMax         = 1024
	perHostMax      = 256 // idle ones too: to connect anew costs more than many calls
	headerMax       = 16 << 10
	userAgent       = "hansa"
)

// ErrNotPublic is why a connection is not made: the address belongs to this
// machine or to a network behind it.
var ErrNotPublic = errors.New("the address is not public")

// A Transport connects to public addresses over TLS and refuses all others when
// it connects, after names were looked up, so that no name can lead inside. It is
// safe for concurrent use.
type Transport struct {
	inner    *http.Transport
	loopback bool
}

// NewTransport returns a Transport. With loopback, which is for a demo on one
// machine, it also takes addresses of this machine, and plain HTTP.
func NewTransport(loopback bool) *Transport {
	t := &Transport{loopback: loopback}
	dialer := &net.Dialer{Timeout: connectWithin, Control: t.control}
	t.inner = &http.Transport{
		DialContext:            dialer.DialContext,
		TLSHandshakeTimeout:    handshakeWithin,
		DisableCompression:     true, // what is signed is what is sent, and nothing unfolds to more than was read
		MaxIdleConns:           idleMax,
		MaxIdleConnsPerHost:    perHostMax,
		MaxConnsPerHost:        perHostMax,
		IdleConnTimeout:        idleFor,
		MaxResponseHeaderBytes: headerMax,
		ForceAttemptHTTP2:      true,
	}
	return t
}

// Close closes the connections that are not in use.
func (t *Transport) Close() { t.inner.CloseIdleConnections() }

// RoundTrip makes one exchange, as http.RoundTripper asks. An answer that leads
// elsewhere is returned as it came.
func (t *Transport) RoundTrip(request *http.Request) (*http.Response, error) {
	plain := request.URL.Scheme == "http" && t.loopback
	if request.URL.Scheme != "https" && !plain {
		return nil, fmt.Errorf("call over %s: only https is used", request.URL.Scheme)
	}
	return t.inner.RoundTrip(request)
}

// control sees each address before it is connected to.
func (t *Transport) control(_, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("connect to %s: %w", address, err)
	}
	ip := at.Addr().Unmap()
	if t.loopback && ip.IsLoopback() || isPublic(ip) {
		return nil
	}
	return fmt.Errorf("connect to %s: %w", ip, ErrNotPublic)
}

// inside lists what netip does not already call other than public: "this"
// network, carrier and documentation networks, benchmarks, reserved space, and
// the ranges of IPv6 that lead to an address of IPv4.
var inside = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("192.88.99.0/24"), netip.MustParsePrefix("198.18.0.0/15"),
	netip.MustParsePrefix("198.51.100.0/24"), netip.MustParsePrefix("203.0.113.0/24"), netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("::/96"), netip.MustParsePrefix("64:ff9b::/96"), netip.MustParsePrefix("64:ff9b:1::/48"),
	netip.MustParsePrefix("100::/64"), netip.MustParsePrefix("2001::/23"), netip.MustParsePrefix("2001:db8::/32"),
	netip.MustParsePrefix("2002::/16"), netip.MustParsePrefix("fec0::/10"),
}

func isPublic(ip netip.Addr) bool {
	if !ip.IsGlobalUnicast() || ip.IsPrivate() {
		return false
	}
	for _, network := range inside {
		if network.Contains(ip.WithZone("")) {
			return false
		}
	}
	return true
}
