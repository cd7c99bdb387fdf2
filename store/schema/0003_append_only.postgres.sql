-- What was committed to the journal and the books stays as it is.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$BEGIN RAISE EXCEPTION '% are append only', TG_TABLE_NAME; END$$;

CREATE TRIGGER blocks_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON blocks EXECUTE FUNCTION refuse_change();
CREATE TRIGGER entries_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON entries EXECUTE FUNCTION refuse_change();
CREATE TRIGGER postings_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON postings EXECUTE FUNCTION refuse_change();
CREATE TRIGGER requests_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON requests EXECUTE FUNCTION refuse_change();

-- Bodies are compressed already.
ALTER TABLE blocks ALTER COLUMN body SET STORAGE EXTERNAL;
