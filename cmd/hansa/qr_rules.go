package main

import "github.com/hansa-network/hansa/qr/scheme"

// qrRulesCommand prints what GET /v1/code-rules answers.
type qrRulesCommand struct{}

func (qrRulesCommand) Run(env *environment) error { return writeIndented(env.out, scheme.Rules()) }
