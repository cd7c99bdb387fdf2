-- What was committed to the journal and the books stays as it is.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$BEGIN RAISE EXCEPTION '% are append only', TG_TABLE_NAME; END$$;

CREATE TRIGGER blocks_stay BEFORE UPDATE OR TRUNCATE ON blocks EXECUTE FUNCTION refuse_change();
CREATE TRIGGER volumes_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON volumes EXECUTE FUNCTION refuse_change();
CREATE TRIGGER entries_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON entries EXECUTE FUNCTION refuse_change();
CREATE TRIGGER requests_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON requests EXECUTE FUNCTION refuse_change();
CREATE TRIGGER key_runs_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON key_runs EXECUTE FUNCTION refuse_change();
CREATE TRIGGER key_pages_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON key_pages EXECUTE FUNCTION refuse_change();
CREATE TRIGGER payment_pages_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON payment_pages EXECUTE FUNCTION refuse_change();
CREATE TRIGGER payment_runs_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON payment_runs EXECUTE FUNCTION refuse_change();

-- A block that is in an archive may be removed.
CREATE FUNCTION refuse_removal() RETURNS trigger LANGUAGE plpgsql AS
$$BEGIN
	IF EXISTS (SELECT 1 FROM volumes WHERE partition = OLD.partition AND OLD.height BETWEEN from_height AND to_height) THEN
		RETURN OLD;
	END IF;
	RAISE EXCEPTION 'blocks are append only';
END$$;

CREATE TRIGGER blocks_last BEFORE DELETE ON blocks FOR EACH ROW EXECUTE FUNCTION refuse_removal();

-- Bodies are compressed already, and fingerprints cannot be.
ALTER TABLE blocks ALTER COLUMN body SET STORAGE EXTERNAL;
ALTER TABLE new_keys ALTER COLUMN body SET STORAGE EXTERNAL;
ALTER TABLE key_runs ALTER COLUMN filter SET STORAGE EXTERNAL;
ALTER TABLE key_pages ALTER COLUMN body SET STORAGE EXTERNAL;
ALTER TABLE new_payments ALTER COLUMN body SET STORAGE EXTERNAL;
ALTER TABLE payment_runs ALTER COLUMN filter SET STORAGE EXTERNAL;
ALTER TABLE payment_pages ALTER COLUMN body SET STORAGE EXTERNAL;
