package store

import (
	"context"
	"fmt"
	"time"
)

var subscriptions = &table[Subscription]{
	name: "subscriptions", key: []string{"participant"}, columns: subscriptionColumns,
	guard: "subscriptions.fence <= excluded.fence",
}

var subscriptionsByParticipant = byText(subscriptions, "participant", "participant", func(s *Subscription) string { return s.Participant })

func subscriptionColumns(b *binding, s *Subscription) {
	text(b, "participant", &s.Participant)
	cursorColumns(b, &s.Next)
	number(b, "failures", &s.Failures)
	moment(b, "due", &s.Due)
	moment(b, "failing_from", &s.FailingFrom)
	number(b, "fence", &s.Fence)
	moment(b, "leased_until", &s.LeasedUntil)
}

func cursorColumns(b *binding, c *Cursor) {
	number(b, "partition", &c.Partition)
	number(b, "height", &c.Height)
	number(b, "place", &c.Index)
}

var deliveries = &table[Delivery]{
	name: "deliveries", key: []string{"participant", "partition", "height", "place"}, columns: deliveryColumns,
}

func deliveryColumns(b *binding, d *Delivery) {
	text(b, "participant", &d.Participant)
	cursorColumns(b, &d.Place)
	text(b, "subject", &d.Subject)
	number(b, "tries", &d.Tries)
	moment(b, "due", &d.Due)
	moment(b, "since", &d.Since)
	flag(b, "parked", &d.Parked)
}

// removes returns the step that removes deliveries that have arrived.
func removes(delivered []Delivery) step {
	return func(ctx context.Context, s *session) error {
		for _, d := range delivered {
			_, err := s.run(ctx, "DELETE FROM deliveries WHERE participant = $1 AND partition = $2 AND height = $3 AND place = $4",
				d.Participant, int64(d.Place.Partition), d.Place.Height, int64(d.Place.Index))
			if err != nil {
				return fmt.Errorf("remove delivery to %s: %w", d.Participant, err)
			}
		}
		return nil
	}
}

const (
	// unheard holds for a subscription that the journal has gone past.
	unheard = "height <= (SELECT heads.height FROM heads WHERE heads.partition = subscriptions.partition)"

	// foremost holds for a delivery that no earlier one of its subject stands
	// before. A parked one stands before nothing.
	foremost = "parked = 0 AND NOT EXISTS (SELECT 1 FROM deliveries AS earlier" +
		" WHERE earlier.participant = deliveries.participant AND earlier.subject = deliveries.subject AND earlier.parked = 0" +
		" AND (earlier.height, earlier.place) < (deliveries.height, deliveries.place))"
)

// DueSubscriptions returns at most limit subscriptions that have something to
// hear, may be tried at now and are leased to nobody, those due longest first.
// One whose Due is zero may be tried at any time.
func (t *Tx) DueSubscriptions(ctx context.Context, now time.Time, limit int) (due []Subscription, err error) {
	defer t.heed(&err)
	return subscriptions.all(ctx, t.session,
		"WHERE (due IS NULL OR due <= $1) AND (leased_until IS NULL OR leased_until <= $1) AND "+unheard+
			" ORDER BY COALESCE(due, 0), participant"+atMostSecond,
		now.UnixMicro(), int64(limit))
}

// DueDeliveries returns at most limit deliveries that are due at now, those due
// longest first, and of one subject only the first that is not parked.
func (t *Tx) DueDeliveries(ctx context.Context, now time.Time, limit int) (due []Delivery, err error) {
	defer t.heed(&err)
	return deliveries.all(ctx, t.session,
		"WHERE due <= $1 AND "+foremost+" ORDER BY due, participant, height, place"+atMostSecond,
		now.UnixMicro(), int64(limit))
}

// Subscriptions returns all subscriptions, by participant.
func (r *Reader) Subscriptions(ctx context.Context) ([]Subscription, error) {
	return subscriptions.all(ctx, r, "ORDER BY participant")
}

// Waiting returns all deliveries that are not parked, by participant and in the
// order of the journal.
func (r *Reader) Waiting(ctx context.Context) ([]Delivery, error) {
	return deliveries.all(ctx, r, "WHERE parked = 0 ORDER BY participant, partition, height, place")
}

// Deliveries returns the deliveries that a participant waits for, in the order
// of the journal: all, or those that were parked.
func (r *Reader) Deliveries(ctx context.Context, participant string, parkedOnly bool) ([]Delivery, error) {
	clauses := "WHERE participant = $1 ORDER BY partition, height, place"
	if parkedOnly {
		clauses = "WHERE participant = $1 AND parked = 1 ORDER BY partition, height, place"
	}
	return deliveries.all(ctx, r, clauses, participant)
}
