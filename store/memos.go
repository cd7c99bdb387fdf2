package store

var memos = &table[Memo]{name: "memos", key: []string{"subject"}, columns: memoColumns, once: true}

func memoColumns(b *binding, m *Memo) {
	text(b, "subject", &m.Subject)
	text(b, "client", &m.Client)
	text(b, "request", &m.Request)
	blob(b, "memo", &m.Text)
}
