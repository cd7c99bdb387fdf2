package store_test

import (
	"database/sql"
	"net/url"
	"path/filepath"
	"slices"
	"testing"

	"github.com/hansa-network/hansa/store"
	"github.com/hansa-network/hansa/store/pgtest"
)

// TestSQLiteIsRefusedWithAWrongSetting opens a connection with all settings as
// they should be, and then with one that is not.
func TestSQLiteIsRefusedWithAWrongSetting(t *testing.T) {
	t.Parallel()
	right := map[string]string{
		"synchronous": "FULL", "journal_mode": "WAL", "foreign_keys": "1", "recursive_triggers": "1",
		"trusted_schema": "0", "mmap_size": "0", "cell_size_check": "1", "busy_timeout": "5000",
	}
	wrong := map[string]string{
		"": "", "synchronous": "NORMAL", "journal_mode": "DELETE", "foreign_keys": "0", "recursive_triggers": "0",
		"trusted_schema": "1", "mmap_size": "1000000", "cell_size_check": "0", "busy_timeout": "0",
	}
	for name, value := range wrong {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			query := url.Values{}
			for pragma, set := range right {
				if pragma == name {
					set = value
				}
				query.Add("_pragma", pragma+"("+set+")")
			}
			db, err := sql.Open("sqlite", "file:"+filepath.Join(t.TempDir(), "hansa.db")+"?"+query.Encode())
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = db.Close() })
			connection, err := db.Conn(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer connection.Close()
			if err := store.CheckSQLite(t.Context(), connection); (err == nil) != (name == "") {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestPostgreSQLIsRefusedWithAWrongSetting(t *testing.T) {
	t.Parallel()
	dsn := pgtest.Database(t)
	cases := map[string]bool{"on": true, "remote_apply": true, "off": false, "local": false, "remote_write": false}
	for value, isRight := range cases {
		address, err := url.Parse(dsn)
		if err != nil {
			t.Fatal(err)
		}
		query := address.Query()
		query.Set("synchronous_commit", value)
		address.RawQuery = query.Encode()
		s, err := store.Open(t.Context(), address.String())
		if (err == nil) != isRight {
			t.Errorf("%s: %v", value, err)
		}
		if s != nil {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		}
	}
}

func TestOldSQLiteIsRefused(t *testing.T) {
	t.Parallel()
	versions := []string{"3.51.3", "3.53.4", "4.0", "3.51.2", "3.50.9", "3", "2.99.99", ""}
	var refused []string
	for _, version := range versions {
		if store.IsOlder(version) {
			refused = append(refused, version)
		}
	}
	if !slices.Equal(refused, versions[3:]) {
		t.Errorf("refused %q", refused)
	}
}
