-- What was committed to the journal and the books stays as it is. Replacing a
-- row deletes it first, which a trigger sees because recursive_triggers is on.
CREATE TRIGGER blocks_stay BEFORE UPDATE ON blocks BEGIN SELECT RAISE(ABORT, 'blocks are append only'); END;
CREATE TRIGGER blocks_last BEFORE DELETE ON blocks WHEN NOT EXISTS (
	SELECT 1 FROM volumes WHERE partition = OLD.partition AND OLD.height BETWEEN from_height AND to_height
) BEGIN SELECT RAISE(ABORT, 'blocks are append only'); END;
CREATE TRIGGER volumes_stay BEFORE UPDATE ON volumes BEGIN SELECT RAISE(ABORT, 'volumes are append only'); END;
CREATE TRIGGER volumes_last BEFORE DELETE ON volumes BEGIN SELECT RAISE(ABORT, 'volumes are append only'); END;
CREATE TRIGGER entries_stay BEFORE UPDATE ON entries BEGIN SELECT RAISE(ABORT, 'entries are append only'); END;
CREATE TRIGGER entries_last BEFORE DELETE ON entries BEGIN SELECT RAISE(ABORT, 'entries are append only'); END;
CREATE TRIGGER requests_stay BEFORE UPDATE ON requests BEGIN SELECT RAISE(ABORT, 'requests are append only'); END;
CREATE TRIGGER requests_last BEFORE DELETE ON requests BEGIN SELECT RAISE(ABORT, 'requests are append only'); END;
CREATE TRIGGER key_runs_stay BEFORE UPDATE ON key_runs BEGIN SELECT RAISE(ABORT, 'key_runs are append only'); END;
CREATE TRIGGER key_runs_last BEFORE DELETE ON key_runs BEGIN SELECT RAISE(ABORT, 'key_runs are append only'); END;
CREATE TRIGGER key_pages_stay BEFORE UPDATE ON key_pages BEGIN SELECT RAISE(ABORT, 'key_pages are append only'); END;
CREATE TRIGGER key_pages_last BEFORE DELETE ON key_pages BEGIN SELECT RAISE(ABORT, 'key_pages are append only'); END;
CREATE TRIGGER payment_runs_stay BEFORE UPDATE ON payment_runs BEGIN SELECT RAISE(ABORT, 'payment_runs are append only'); END;
CREATE TRIGGER payment_runs_last BEFORE DELETE ON payment_runs BEGIN SELECT RAISE(ABORT, 'payment_runs are append only'); END;
CREATE TRIGGER payment_pages_stay BEFORE UPDATE ON payment_pages BEGIN SELECT RAISE(ABORT, 'payment_pages are append only'); END;
CREATE TRIGGER payment_pages_last BEFORE DELETE ON payment_pages BEGIN SELECT RAISE(ABORT, 'payment_pages are append only'); END;
