package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"time"
)

// Forget removes nonces and misses from before, which matter only for as long as a
// signature is accepted and for the minute in which a code was missed: the oldest, and
// at most so many of each, so that no commit has much to remove. It reports whether
// more are left. Nobody asks for them again, so that nothing that is remembered becomes
// wrong by that.
func (t *Tx) Forget(ctx context.Context, before time.Time, most int) (more bool, err error) {
	defer t.heed(&err)
	minute := before.Unix() / int64(time.Minute/time.Second)
	moreNonces, err := t.forgetNonces(ctx, before, most)
	if err != nil {
		return false, fmt.Errorf("forget nonces: %w", err)
	}
	moreMisses, err := t.forgetMisses(ctx, minute, most)
	if err != nil {
		return false, fmt.Errorf("forget misses: %w", err)
	}
	return moreNonces || moreMisses, nil
}

// after ends a statement that reads the last of so many rows. What stands behind OFFSET
// is part of the text, so that plans are made for it once.
func after(most int) string { return " LIMIT 1 OFFSET " + strconv.Itoa(most-1) }

func (t *Tx) forgetNonces(ctx context.Context, before time.Time, most int) (more bool, err error) {
	last, err := one(nonces.each(ctx, t.session, "WHERE signed_at < $1 ORDER BY signed_at, key_id, value"+after(most), before.UnixMicro()))
	if errors.Is(err, sql.ErrNoRows) {
		_, err = t.session.run(ctx, "DELETE FROM nonces WHERE signed_at < $1", before.UnixMicro())
		return false, err
	}
	if err == nil {
		_, err = t.session.run(ctx, "DELETE FROM nonces WHERE (signed_at, key_id, value) <= ($1, $2, $3)", last.At.UnixMicro(), last.KeyID, last.Value)
	}
	return true, err
}

func (t *Tx) forgetMisses(ctx context.Context, minute int64, most int) (more bool, err error) {
	last, err := one(misses.each(ctx, t.session, "WHERE minute < $1 ORDER BY minute, scope"+after(most), minute))
	if errors.Is(err, sql.ErrNoRows) {
		_, err = t.session.run(ctx, "DELETE FROM misses WHERE minute < $1", minute)
		return false, err
	}
	if err == nil {
		_, err = t.session.run(ctx, "DELETE FROM misses WHERE (minute, scope) <= ($1, $2)", last.Key.Minute, last.Key.Scope)
	}
	return true, err
}
