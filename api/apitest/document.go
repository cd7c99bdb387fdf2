package apitest

import (
	"slices"
	"strings"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
)

// AddHook keeps a hook of the client.
func (c *Counter) AddHook(hook api.Hook) error {
	c.Client.Hooks = append(c.Client.Hooks, hook)
	return nil
}

// Hooks are those of the client.
func (c *Counter) Hooks() ([]api.Hook, error) { return c.Client.Hooks, nil }

// RemoveHook forgets a hook of the client.
func (c *Counter) RemoveHook(id string) error {
	at := slices.IndexFunc(c.Client.Hooks, func(h api.Hook) bool { return h.ID == id })
	if at < 0 {
		return hansa.Refuse(hansa.NotFound, "no such hook")
	}
	c.Client.Hooks = slices.Delete(c.Client.Hooks, at, at+1)
	return nil
}

// PutDocument keeps a document.
func (c *Counter) PutDocument(kind string, document api.Document) error {
	if err := c.refused("document"); err != nil {
		return err
	}
	if c.documents[kind] == nil {
		c.documents[kind] = make(map[string]api.Document)
	}
	c.documents[kind][document.ID] = document
	return nil
}

// Document returns a document.
func (c *Counter) Document(kind, id string) (api.Document, error) {
	document, ok := c.documents[kind][id]
	if !ok {
		return api.Document{}, hansa.Refuse(hansa.NotFound, "no such document")
	}
	return document, nil
}

// Documents returns those of a kind by their ids.
func (c *Counter) Documents(kind string) ([]api.Document, error) {
	list := []api.Document{}
	for _, document := range c.documents[kind] {
		list = append(list, document)
	}
	slices.SortFunc(list, func(a, b api.Document) int { return strings.Compare(a.ID, b.ID) })
	return list, nil
}

// RemoveDocument forgets a document.
func (c *Counter) RemoveDocument(kind, id string) error {
	delete(c.documents[kind], id)
	return nil
}

// Store is a store that sells in the currency of this network.
func (c *Counter) Store(id string) (api.Store, error) {
	if len(c.Stores) > 0 && !slices.Contains(c.Stores, id) {
		return api.Store{}, hansa.Refuse(hansa.NotFound, "no such store")
	}
	return api.Store{Store: id, Currency: c.Currency}, nil
}
