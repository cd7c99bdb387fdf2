-- A schema that was only expanded serves programs that know a part of it, so that
-- nodes of two releases work side by side. oldest is the version that a program must
-- know at least.
ALTER TABLE schema_version ADD COLUMN oldest INTEGER NOT NULL DEFAULT 1;
