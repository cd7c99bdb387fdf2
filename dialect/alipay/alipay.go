// Package alipay translates between our contract and Alipay's: AMS for merchants,
// Alipay+ ACQP for acquirers and Alipay+ MPP for wallets, in both directions. All
// three share one envelope, which is signed with RSA over the bytes as they are sent.
// It decides nothing about a payment and keeps nothing: what it must remember of a
// request is the memo that the network keeps with the sale.
package alipay

// Name is that of the dialect, as clients have it.
const Name = "alipay"
