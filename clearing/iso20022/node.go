package iso20022

// A node describes one element: its name, how often it may stand, and what is in it.
type node struct {
	name     string
	optional bool
	many     bool
	leaf     *leaf              // of an element with text
	times    func() int         // of others: how many there are to write
	enter    func(i int) []node // what is in the i-th; to read, one more than there are
}

// A leaf is the text of an element.
type leaf struct {
	write func() (text, currency string, err error) // no text: the element is left out
	read  func(text, currency string) error
}

// group is an element with others in it. It is written if one of them is.
func group(name string, inside ...node) node {
	times := func() int {
		for _, n := range inside {
			if n.stands() {
				return 1
			}
		}
		return 0
	}
	return node{name: name, times: times, enter: func(int) []node { return inside }}
}

// list is an element that stands once for each item.
func list[T any](name string, items *[]T, describe func(*T) []node) node {
	return node{
		name: name, many: true,
		times: func() int { return len(*items) },
		enter: func(i int) []node {
			if i == len(*items) {
				*items = append(*items, *new(T))
			}
			return describe(&(*items)[i])
		},
	}
}

// optional may be missing.
func optional(n node) node {
	n.optional = true
	return n
}

// passed are elements that the schema has and we neither write nor read, each as often
// as it likes.
func passed(names ...string) []node {
	nodes := make([]node, len(names))
	for i, name := range names {
		nodes[i] = node{name: name, optional: true, many: true}
	}
	return nodes
}

// isPassed reports whether the node is one of those.
func (n node) isPassed() bool { return n.leaf == nil && n.enter == nil }

// stands reports whether there is anything to write.
func (n node) stands() bool {
	switch {
	case n.leaf != nil:
		text, _, err := n.leaf.write()
		return text != "" || err != nil
	case n.enter != nil:
		return n.times() > 0
	}
	return false
}

// in joins descriptions that stand one after the other.
func in(parts ...[]node) (all []node) {
	for _, part := range parts {
		all = append(all, part...)
	}
	return all
}

// one is a single element among parts.
func one(n ...node) []node { return n }
