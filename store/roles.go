package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
)

// Roles are the accounts that use a PostgreSQL whose tables belong to another one,
// by their names. They must exist. An empty name is passed over.
type Roles struct {
	Application string // of the nodes: it does what they do, and cannot change history
	Reporting   string // of those who only read, and nothing about persons
}

// A right is what the nodes do with a table, beside reading it.
type right struct {
	table   string
	changes []string // columns that are written again
	deletes bool
	secret  bool // it is nobody's but the nodes'
	reads   bool // they add nothing: the owner does
}

// rightOf is what is done with the rows of a table: they are added, and unless they
// are written once, some columns are written again.
func rightOf[R any](t *table[R]) right {
	r := right{table: t.name}
	if t.once {
		return r
	}
	for _, bound := range t.bound(new(R)) {
		if !bound.fixed && !slices.Contains(t.key, bound.name) {
			r.changes = append(r.changes, bound.name)
		}
	}
	return r
}

func (r right) deleting() right { r.deletes = true; return r }

func (r right) hidden() right { r.secret = true; return r }

func (r right) reading() right { r.reads = true; return r }

// rights are those of all tables but the version of the schema, which is only read.
func rights() []right {
	return []right{
		rightOf(heads), rightOf(blocks), rightOf(volumes).reading(),
		rightOf(requests), rightOf(memos), rightOf(clientDocuments).deleting(), rightOf(nonces).deleting().hidden(), rightOf(misses).deleting().hidden(),
		rightOf(newKeys).deleting(), rightOf(keyRuns), rightOf(keyPages),
		rightOf(newPayments).deleting(), rightOf(paymentRuns), rightOf(paymentPages),
		rightOf(codes), rightOf(persons).hidden(), rightOf(references),
		rightOf(openPayments).deleting(), rightOf(payments), rightOf(movements), rightOf(orders), rightOf(quotes),
		rightOf(positions), rightOf(windows), rightOf(entries),
		rightOf(merchants), rightOf(stores), rightOf(terminals), rightOf(storeCodes), rightOf(codeRanges),
		rightOf(documents), rightOf(subscriptions), rightOf(deliveries).deleting(),
	}
}

// Grant gives roles what they need of the schema, and takes from them whatever else
// they had on its tables. It must be asked again after Migrate, by the owner of the
// tables. It returns an error, and grants nothing, if a role could change history
// all the same: one that owns the tables, or a superuser.
func (s *Store) Grant(ctx context.Context, roles Roles) error {
	if s.dialect.lockClause == "" {
		return errors.New("only a PostgreSQL has roles")
	}
	tx, err := s.Begin(ctx)
	if err != nil {
		return fmt.Errorf("grant: %w", err)
	}
	defer tx.Rollback()
	for _, of := range []struct {
		role       string
		privileges func(right) string
	}{{roles.Application, right.toApplication}, {roles.Reporting, right.toReporting}} {
		if of.role == "" {
			continue
		}
		if err := tx.grant(ctx, of.role, of.privileges); err != nil {
			return fmt.Errorf("grant to %s: %w", of.role, err)
		}
	}
	return tx.Commit()
}

// grant gives a role these rights and no other.
func (t *Tx) grant(ctx context.Context, role string, privileges func(right) string) (err error) {
	defer t.heed(&err)
	var schema string
	if err := t.session.connection.QueryRowContext(ctx, "SELECT current_schema()").Scan(&schema); err != nil {
		return err
	}
	name := pgx.Identifier{role}.Sanitize()
	statements := []string{
		"GRANT USAGE ON SCHEMA " + pgx.Identifier{schema}.Sanitize() + " TO " + name,
		"REVOKE ALL ON schema_version FROM " + name,
		"GRANT SELECT ON schema_version TO " + name,
	}
	for _, r := range rights() {
		statements = append(statements, "REVOKE ALL ON "+r.table+" FROM "+name)
		if allowed := privileges(r); allowed != "" {
			statements = append(statements, "GRANT "+allowed+" ON "+r.table+" TO "+name)
		}
	}
	if _, err := t.session.connection.ExecContext(ctx, strings.Join(statements, ";\n")); err != nil {
		return err
	}
	return t.keepsHistory(ctx, role)
}

// keepsHistory returns an error if a role may change what is written once.
func (t *Tx) keepsHistory(ctx context.Context, role string) error {
	for _, r := range rights() {
		var may bool
		err := t.session.connection.QueryRowContext(ctx,
			"SELECT has_any_column_privilege($1, $2, 'UPDATE') OR has_table_privilege($1, $2, 'DELETE, TRUNCATE, TRIGGER')",
			role, r.table).Scan(&may)
		if err == nil && may && len(r.changes) == 0 && !r.deletes {
			err = fmt.Errorf("it may change %s all the same: it owns the table, or is a superuser", r.table)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (r right) toApplication() string {
	if r.reads {
		return "SELECT"
	}
	allowed := []string{"SELECT", "INSERT"}
	if len(r.changes) > 0 {
		allowed = append(allowed, "UPDATE ("+strings.Join(r.changes, ", ")+")")
	}
	if r.deletes {
		allowed = append(allowed, "DELETE")
	}
	return strings.Join(allowed, ", ")
}

func (r right) toReporting() string {
	if r.secret {
		return ""
	}
	return "SELECT"
}
