package alipay

import (
	"maps"
	"slices"

	"github.com/hansa-network/hansa/api"
)

// What fuzz tests reach without a signature, which costs a thousand times what they test.

// Operations returns the names of all operations, in order.
func Operations() []string { return slices.Sorted(maps.Keys(routes())) }

// Serve answers a request whose sender is known.
func Serve(name string, q api.Question, client api.Client) (any, Result) {
	message, err := routes()[name](exchange{Question: q, client: client, counter: q.Serve(client)})
	if err != nil {
		return nil, resultOf(err)
	}
	return message, Result{}
}

// Open finds out whose a request is.
func Open(q api.Question) (api.Client, error) { return open(q) }

// Meant is what an answer of a wallet means.
func Meant(call api.WalletCall, body []byte) (api.WalletAnswer, error) {
	said, err := understood(call, body)
	if err != nil {
		return api.WalletAnswer{}, err
	}
	return meant(call, said, false)
}
