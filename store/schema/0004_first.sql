-- The first schema, in the words of SQLite. For PostgreSQL four of them are
-- translated: a whole number is eight bytes there as well, text sorts by its
-- bytes, and no table is told to be strict.
--
-- Times are microseconds since 1970, UTC, and NULL for "none". Amounts are minor
-- units with their currency beside them. An empty text stands for "none". Flags
-- are 0 or 1. Lists of states repeat the constants of the Go code. They are
-- written with OR where rows are written often: for a longer list after IN,
-- SQLite builds an index each time. Tables of small rows keep them in the index
-- of their key, WITHOUT ROWID.

-- A schema that was only expanded serves programs that know a part of it, so that
-- nodes of two releases work side by side. oldest is the version that a program must
-- know at least.
CREATE TABLE schema_version (version INTEGER NOT NULL, oldest INTEGER NOT NULL) STRICT;

INSERT INTO schema_version (version, oldest) VALUES (0, 0);

CREATE TABLE heads (
	partition INTEGER NOT NULL PRIMARY KEY CHECK (partition BETWEEN 0 AND 65535),
	height INTEGER NOT NULL CHECK (height >= 0),
	hash TEXT NOT NULL CHECK (length(hash) = 64),
	directory INTEGER NOT NULL CHECK (directory >= 0),
	made_at INTEGER,
	commits INTEGER NOT NULL CHECK (commits >= 0),
	numbered INTEGER NOT NULL CHECK (numbered >= 0),
	begun INTEGER NOT NULL CHECK (begun >= 0),
	listed INTEGER NOT NULL CHECK (listed BETWEEN 0 AND begun)
) STRICT;

INSERT INTO heads (partition, height, hash, directory, commits, numbered, begun, listed)
VALUES (0, 0, '0000000000000000000000000000000000000000000000000000000000000000', 0, 0, 0, 0, 0);

-- The body holds all events of the block.
CREATE TABLE blocks (
	partition INTEGER NOT NULL,
	height INTEGER NOT NULL CHECK (height >= 1),
	previous BLOB NOT NULL CHECK (length(previous) = 32),
	hash BLOB NOT NULL CHECK (length(hash) = 32),
	made_at INTEGER,
	body BLOB NOT NULL CHECK (length(body) > 0),
	PRIMARY KEY (partition, height)
) STRICT;

-- What was moved from the journal to files of an archive. Blocks that are in none of
-- them are never removed.
CREATE TABLE volumes (
	partition INTEGER NOT NULL,
	from_height INTEGER NOT NULL CHECK (from_height >= 1),
	to_height INTEGER NOT NULL,
	hash BLOB NOT NULL CHECK (length(hash) = 32),
	file TEXT NOT NULL UNIQUE,
	sum BLOB NOT NULL CHECK (length(sum) = 32),
	size INTEGER NOT NULL,
	events INTEGER NOT NULL,
	made_at INTEGER,
	PRIMARY KEY (partition, from_height),
	CHECK (to_height >= from_height)
) STRICT;

-- Rows with a key that comes from outside, and has no order in time, stand under
-- numbers in the order in which they came: requests, codes, persons and order
-- references. Where the row of a key is, these three tables say. The newest keys are in
-- new_keys: those of one commit as a list of fingerprints, whose last has the number of
-- the row. The others are in runs: sorted, in pages, behind a filter for each. No key is
-- ever removed.
CREATE TABLE new_keys (
	number INTEGER NOT NULL PRIMARY KEY,
	body BLOB NOT NULL CHECK (length(body) > 0)
) STRICT;

CREATE TABLE key_runs (
	number INTEGER NOT NULL,
	shard INTEGER NOT NULL CHECK (shard BETWEEN 0 AND 63),
	filter BLOB NOT NULL CHECK (length(filter) > 0),
	PRIMARY KEY (number, shard)
) STRICT;

CREATE TABLE key_pages (
	place INTEGER NOT NULL PRIMARY KEY,
	body BLOB NOT NULL CHECK (length(body) > 0)
) STRICT;

CREATE TABLE requests (
	number INTEGER NOT NULL PRIMARY KEY,
	participant TEXT NOT NULL,
	operation TEXT NOT NULL,
	id TEXT NOT NULL,
	body BLOB NOT NULL CHECK (length(body) = 32),
	key_id TEXT NOT NULL,
	subject TEXT NOT NULL,
	reason TEXT NOT NULL,
	detail TEXT NOT NULL,
	made_at INTEGER
) STRICT;

-- What the translator of a client's protocol keeps with what the client began.
CREATE TABLE memos (
	subject TEXT NOT NULL PRIMARY KEY,
	client TEXT NOT NULL,
	request TEXT NOT NULL,
	memo BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE client_documents (
	client TEXT NOT NULL,
	kind TEXT NOT NULL,
	id TEXT NOT NULL,
	body BLOB NOT NULL,
	PRIMARY KEY (client, kind, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE nonces (
	signed_at INTEGER NOT NULL,
	key_id TEXT NOT NULL,
	value TEXT NOT NULL,
	PRIMARY KEY (signed_at, key_id, value)
) STRICT, WITHOUT ROWID;

CREATE TABLE misses (
	scope TEXT NOT NULL,
	minute INTEGER NOT NULL,
	count INTEGER NOT NULL CHECK (count >= 0),
	PRIMARY KEY (scope, minute)
) STRICT, WITHOUT ROWID;

CREATE INDEX misses_by_time ON misses (minute);

CREATE TABLE codes (
	number INTEGER NOT NULL PRIMARY KEY,
	code TEXT NOT NULL,
	wallet TEXT NOT NULL,
	payer TEXT NOT NULL,
	expires_at INTEGER,
	payment TEXT NOT NULL
) STRICT;

-- Without its key a person's sealed token means nothing. Both go together.
CREATE TABLE persons (
	number INTEGER NOT NULL PRIMARY KEY,
	reference TEXT NOT NULL,
	wallet TEXT NOT NULL,
	key BLOB,
	sealed BLOB,
	CHECK ((key IS NULL) = (sealed IS NULL))
) STRICT;

CREATE TABLE order_references (
	number INTEGER NOT NULL PRIMARY KEY,
	scope TEXT NOT NULL,
	reference TEXT NOT NULL,
	part INTEGER NOT NULL CHECK (part >= 0),
	holder TEXT NOT NULL
) STRICT;

-- What was agreed when a payment began, and is not selected by, is a JSON list. The
-- amounts in it are checked before they are written, and by the audit.
-- Until its outcome a payment stands here, with an index for its clock alone. Then its
-- row moves to payments, so that the one that stays is written once.
CREATE TABLE open_payments (
	id TEXT NOT NULL PRIMARY KEY,
	flow TEXT NOT NULL CHECK (flow = 'a' OR flow = 'b' OR flow = 'c'),
	wallet TEXT NOT NULL,
	acquirer TEXT NOT NULL,
	payee_store TEXT NOT NULL,
	order_reference TEXT NOT NULL,
	part INTEGER NOT NULL CHECK (part >= 0),
	code TEXT NOT NULL,
	quote TEXT NOT NULL,
	order_value INTEGER NOT NULL CHECK (order_value BETWEEN 1 AND 1000000000000000),
	order_currency TEXT NOT NULL CHECK (length(order_currency) = 3),
	debit_value INTEGER NOT NULL CHECK (debit_value BETWEEN 1 AND 1000000000000000),
	debit_currency TEXT NOT NULL CHECK (length(debit_currency) = 3),
	agreed TEXT NOT NULL,
	-- What follows changes.
	version INTEGER NOT NULL CHECK (version >= 1),
	notes INTEGER NOT NULL CHECK (notes >= 0),
	state TEXT NOT NULL CHECK (state = 'asking' OR state = 'awaiting_payer' OR state = 'resolving'
		OR state = 'debiting' OR state = 'announced'),
	outcome TEXT NOT NULL CHECK (outcome = ''),
	reason TEXT NOT NULL,
	late INTEGER NOT NULL CHECK (late IN (0, 1)),
	quarantined INTEGER NOT NULL CHECK (quarantined IN (0, 1)),
	payer_until INTEGER,
	deadline INTEGER,
	changed_at INTEGER,
	outcome_at INTEGER CHECK (outcome_at IS NULL),
	held INTEGER NOT NULL CHECK (held >= 0),
	captured INTEGER NOT NULL CHECK (captured = 0),
	released INTEGER NOT NULL CHECK (released BETWEEN 0 AND order_value),
	refunding INTEGER NOT NULL CHECK (refunding = 0),
	refunded INTEGER NOT NULL CHECK (refunded = 0),
	task_call TEXT NOT NULL CHECK (task_call = '' OR task_call = 'ask' OR task_call = 'inquire'
		OR task_call = 'cancel' OR task_call = 'capture' OR task_call = 'release' OR task_call = 'refund'),
	task_due INTEGER,
	task_tries INTEGER NOT NULL CHECK (task_tries >= 0),
	task_fence INTEGER NOT NULL CHECK (task_fence >= 0),
	task_leased_until INTEGER,
	wake_at INTEGER
) STRICT;

CREATE INDEX open_payments_to_wake ON open_payments (wake_at, id) WHERE wake_at IS NOT NULL;
CREATE UNIQUE INDEX open_payments_by_quote ON open_payments (quote) WHERE quote <> '';

CREATE TABLE payments (
	id TEXT NOT NULL PRIMARY KEY,
	flow TEXT NOT NULL CHECK (flow = 'a' OR flow = 'b' OR flow = 'c'),
	wallet TEXT NOT NULL,
	acquirer TEXT NOT NULL,
	payee_store TEXT NOT NULL,
	order_reference TEXT NOT NULL,
	part INTEGER NOT NULL CHECK (part >= 0),
	code TEXT NOT NULL,
	quote TEXT NOT NULL,
	order_value INTEGER NOT NULL CHECK (order_value BETWEEN 1 AND 1000000000000000),
	order_currency TEXT NOT NULL CHECK (length(order_currency) = 3),
	debit_value INTEGER NOT NULL CHECK (debit_value BETWEEN 1 AND 1000000000000000),
	debit_currency TEXT NOT NULL CHECK (length(debit_currency) = 3),
	agreed TEXT NOT NULL,
	-- What follows changes.
	version INTEGER NOT NULL CHECK (version >= 1),
	notes INTEGER NOT NULL CHECK (notes >= 0),
	state TEXT NOT NULL CHECK (state = 'authorised' OR state = 'approved' OR state = 'declined'
		OR state = 'reversing' OR state = 'reversed'),
	outcome TEXT NOT NULL CHECK (outcome = 'approved' OR outcome = 'declined' OR outcome = 'expired'
		OR outcome = 'cancelled'),
	reason TEXT NOT NULL,
	late INTEGER NOT NULL CHECK (late IN (0, 1)),
	quarantined INTEGER NOT NULL CHECK (quarantined IN (0, 1)),
	payer_until INTEGER,
	deadline INTEGER,
	changed_at INTEGER,
	outcome_at INTEGER NOT NULL,
	held INTEGER NOT NULL CHECK (held >= 0),
	captured INTEGER NOT NULL CHECK (captured >= 0),
	released INTEGER NOT NULL CHECK (released >= 0),
	refunding INTEGER NOT NULL CHECK (refunding >= 0),
	refunded INTEGER NOT NULL CHECK (refunded >= 0),
	task_call TEXT NOT NULL CHECK (task_call = '' OR task_call = 'ask' OR task_call = 'inquire'
		OR task_call = 'cancel' OR task_call = 'capture' OR task_call = 'release' OR task_call = 'refund'),
	task_due INTEGER,
	task_tries INTEGER NOT NULL CHECK (task_tries >= 0),
	task_fence INTEGER NOT NULL CHECK (task_fence >= 0),
	task_leased_until INTEGER,
	wake_at INTEGER,
	CHECK (captured + released <= order_value),
	CHECK (refunding + refunded <= captured),
	CHECK (captured = 0 OR outcome = 'approved'),
	CHECK ((outcome = 'approved') = (state IN ('authorised', 'approved'))),
	CHECK (held = 0 OR state = 'authorised' OR state = 'reversing')
) STRICT, WITHOUT ROWID;

CREATE INDEX payments_to_wake ON payments (wake_at, id) WHERE wake_at IS NOT NULL;
CREATE UNIQUE INDEX payments_by_quote ON payments (quote) WHERE quote <> '';

-- Which payments a wallet, an acquirer or a store has. The newest stand together as they
-- began, those of one commit in a row. The others are in runs: a list for each party, in
-- pages, behind a filter. So no index has a place of insertion for each of them.
CREATE TABLE new_payments (
	number INTEGER NOT NULL PRIMARY KEY,
	body BLOB NOT NULL CHECK (length(body) > 0)
) STRICT;

CREATE TABLE payment_runs (
	number INTEGER NOT NULL PRIMARY KEY,
	first_id TEXT NOT NULL,
	last_id TEXT NOT NULL CHECK (last_id >= first_id),
	filter BLOB NOT NULL CHECK (length(filter) > 0)
) STRICT;

CREATE TABLE payment_pages (
	place INTEGER NOT NULL PRIMARY KEY,
	body BLOB NOT NULL CHECK (length(body) > 0)
) STRICT;

CREATE TABLE movements (
	id TEXT NOT NULL PRIMARY KEY,
	payment TEXT NOT NULL REFERENCES payments (id),
	kind TEXT NOT NULL CHECK (kind = 'capture' OR kind = 'release' OR kind = 'refund' OR kind = 'cancel'),
	order_value INTEGER NOT NULL CHECK (order_value BETWEEN 1 AND 1000000000000000),
	order_currency TEXT NOT NULL CHECK (length(order_currency) = 3),
	debit_value INTEGER NOT NULL CHECK (debit_value BETWEEN 0 AND 1000000000000000),
	debit_currency TEXT NOT NULL CHECK (length(debit_currency) = 3),
	wallet_value INTEGER NOT NULL CHECK (wallet_value BETWEEN 0 AND 1000000000000000),
	wallet_currency TEXT NOT NULL CHECK (length(wallet_currency) = 3),
	acquirer_value INTEGER NOT NULL CHECK (acquirer_value BETWEEN 0 AND 1000000000000000),
	acquirer_currency TEXT NOT NULL CHECK (length(acquirer_currency) = 3),
	receives_value INTEGER NOT NULL CHECK (receives_value BETWEEN 0 AND 1000000000000000),
	receives_currency TEXT NOT NULL,
	gives_value INTEGER NOT NULL CHECK (gives_value BETWEEN 0 AND 1000000000000000),
	gives_currency TEXT NOT NULL,
	created_at INTEGER,
	-- What follows changes.
	version INTEGER NOT NULL CHECK (version >= 1),
	state TEXT NOT NULL CHECK (state = 'pending' OR state = 'succeeded' OR state = 'failed'),
	reason TEXT NOT NULL,
	changed_at INTEGER,
	task_call TEXT NOT NULL CHECK (task_call = '' OR task_call = 'ask' OR task_call = 'inquire'
		OR task_call = 'cancel' OR task_call = 'capture' OR task_call = 'release' OR task_call = 'refund'),
	task_due INTEGER,
	task_tries INTEGER NOT NULL CHECK (task_tries >= 0),
	task_fence INTEGER NOT NULL CHECK (task_fence >= 0),
	task_leased_until INTEGER,
	wake_at INTEGER
) STRICT;

CREATE INDEX movements_by_payment ON movements (payment, created_at, id);
CREATE INDEX movements_to_wake ON movements (wake_at, id) WHERE wake_at IS NOT NULL;

CREATE TABLE orders (
	id TEXT NOT NULL PRIMARY KEY,
	static INTEGER NOT NULL CHECK (static IN (0, 1)),
	merchant TEXT NOT NULL,
	payee_store TEXT NOT NULL,
	payee_name TEXT NOT NULL,
	payee_city TEXT NOT NULL,
	payee_country TEXT NOT NULL,
	payee_category TEXT NOT NULL,
	terminal TEXT NOT NULL,
	acquirer TEXT NOT NULL,
	branch TEXT NOT NULL,
	partner TEXT NOT NULL,
	reference TEXT NOT NULL,
	part INTEGER NOT NULL CHECK (part >= 0),
	store_code TEXT NOT NULL,
	capture_later INTEGER NOT NULL CHECK (capture_later IN (0, 1)),
	order_value INTEGER NOT NULL CHECK (order_value BETWEEN 1 AND 1000000000000000),
	order_currency TEXT NOT NULL CHECK (length(order_currency) = 3),
	created_at INTEGER,
	expires_at INTEGER,
	-- What follows changes.
	version INTEGER NOT NULL CHECK (version >= 1),
	state TEXT NOT NULL CHECK (state = 'open' OR state = 'held' OR state = 'paid' OR state = 'closed'
		OR state = 'expired'),
	payment TEXT NOT NULL,
	wake_at INTEGER,
	CHECK ((payment <> '') = (state IN ('held', 'paid')))
) STRICT;

CREATE INDEX orders_to_wake ON orders (wake_at, id) WHERE wake_at IS NOT NULL;

CREATE TABLE quotes (
	id TEXT NOT NULL PRIMARY KEY,
	wallet TEXT NOT NULL,
	acquirer TEXT NOT NULL,
	store TEXT NOT NULL,
	order_id TEXT NOT NULL,
	order_value INTEGER NOT NULL CHECK (order_value BETWEEN 1 AND 1000000000000000),
	order_currency TEXT NOT NULL CHECK (length(order_currency) = 3),
	debit_value INTEGER NOT NULL CHECK (debit_value BETWEEN 1 AND 1000000000000000),
	debit_currency TEXT NOT NULL CHECK (length(debit_currency) = 3),
	wallet_value INTEGER NOT NULL CHECK (wallet_value BETWEEN 1 AND 1000000000000000),
	wallet_currency TEXT NOT NULL CHECK (length(wallet_currency) = 3),
	acquirer_value INTEGER NOT NULL CHECK (acquirer_value BETWEEN 1 AND 1000000000000000),
	acquirer_currency TEXT NOT NULL CHECK (length(acquirer_currency) = 3),
	receives_value INTEGER NOT NULL CHECK (receives_value BETWEEN 0 AND 1000000000000000),
	receives_currency TEXT NOT NULL,
	gives_value INTEGER NOT NULL CHECK (gives_value BETWEEN 0 AND 1000000000000000),
	gives_currency TEXT NOT NULL,
	rate TEXT NOT NULL,
	wallet_rate TEXT NOT NULL,
	acquirer_rate TEXT NOT NULL,
	provider TEXT NOT NULL,
	rounding TEXT NOT NULL CHECK (rounding = 'half_up' OR rounding = 'half_even' OR rounding = 'down'
		OR rounding = 'up'),
	markup_basis_points INTEGER NOT NULL,
	has_reference INTEGER NOT NULL CHECK (has_reference IN (0, 1)),
	created_at INTEGER,
	expires_at INTEGER,
	-- What follows changes, once.
	payment TEXT NOT NULL
) STRICT;

CREATE UNIQUE INDEX quotes_by_payment ON quotes (payment) WHERE payment <> '';

-- A cap may be lowered below what is in use, so it is no constraint here.
CREATE TABLE positions (
	account TEXT NOT NULL,
	currency TEXT NOT NULL CHECK (length(currency) = 3),
	balance INTEGER NOT NULL,
	reserved INTEGER NOT NULL CHECK (reserved >= 0),
	cap INTEGER NOT NULL CHECK (cap >= -1),
	PRIMARY KEY (account, currency)
) STRICT, WITHOUT ROWID;

CREATE TABLE windows (
	id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
	currency TEXT NOT NULL CHECK (length(currency) = 3),
	opened_at INTEGER,
	closed_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX windows_open ON windows (currency) WHERE closed_at IS NULL;

-- Postings are a JSON list of [account, amount, currency, window] in the row of
-- their entry. They are checked before they are written, and by the audit.
CREATE TABLE entries (
	subject TEXT NOT NULL,
	cause TEXT NOT NULL CHECK (cause <> ''),
	id TEXT NOT NULL,
	payment TEXT NOT NULL REFERENCES payments (id),
	postings TEXT NOT NULL,
	PRIMARY KEY (subject, cause)
) STRICT, WITHOUT ROWID;

CREATE TABLE merchants (
	id TEXT NOT NULL PRIMARY KEY,
	name TEXT NOT NULL,
	country TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE stores (
	id TEXT NOT NULL PRIMARY KEY,
	merchant TEXT NOT NULL REFERENCES merchants (id),
	name TEXT NOT NULL,
	city TEXT NOT NULL,
	country TEXT NOT NULL,
	category TEXT NOT NULL,
	currency TEXT NOT NULL CHECK (length(currency) = 3),
	suspended INTEGER NOT NULL CHECK (suspended IN (0, 1)),
	contracts TEXT NOT NULL -- a JSON list
) STRICT;

CREATE INDEX stores_by_country ON stores (country, id);

CREATE TABLE terminals (
	id TEXT NOT NULL PRIMARY KEY,
	store TEXT NOT NULL REFERENCES stores (id),
	acquirer TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE store_codes (
	code TEXT NOT NULL PRIMARY KEY,
	store TEXT NOT NULL REFERENCES stores (id),
	acquirer TEXT NOT NULL,
	issued_at INTEGER,
	revoked_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX store_codes_by_store ON store_codes (store, code);

CREATE TABLE code_ranges (
	prefix TEXT NOT NULL PRIMARY KEY,
	acquirer TEXT NOT NULL,
	next_number INTEGER NOT NULL CHECK (next_number >= 0),
	last_number INTEGER NOT NULL,
	CHECK (next_number <= last_number + 1)
) STRICT, WITHOUT ROWID;

CREATE INDEX code_ranges_by_acquirer ON code_ranges (acquirer, prefix);

-- The directory: JSON, since all of it is held in memory. An entry has the version of the
-- directory that it came with, so that whoever holds an older one reads what is new.
CREATE TABLE documents (
	kind TEXT NOT NULL CHECK (kind IN ('participant', 'corridor', 'agreement', 'rate', 'reference', 'client', 'authority')),
	id TEXT NOT NULL,
	version INTEGER NOT NULL,
	body TEXT NOT NULL,
	PRIMARY KEY (kind, id)
) STRICT;
CREATE INDEX documents_by_version ON documents (version);

CREATE TABLE subscriptions (
	participant TEXT NOT NULL PRIMARY KEY,
	partition INTEGER NOT NULL,
	height INTEGER NOT NULL,
	place INTEGER NOT NULL,
	failures INTEGER NOT NULL CHECK (failures >= 0),
	due INTEGER,
	failing_from INTEGER,
	fence INTEGER NOT NULL CHECK (fence >= 0),
	leased_until INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE deliveries (
	participant TEXT NOT NULL,
	partition INTEGER NOT NULL,
	height INTEGER NOT NULL,
	place INTEGER NOT NULL,
	subject TEXT NOT NULL,
	tries INTEGER NOT NULL CHECK (tries >= 0),
	due INTEGER,
	since INTEGER,
	parked INTEGER NOT NULL CHECK (parked IN (0, 1)),
	PRIMARY KEY (participant, partition, height, place)
) STRICT, WITHOUT ROWID;

CREATE INDEX deliveries_by_subject ON deliveries (participant, subject, height, place);
CREATE INDEX deliveries_due ON deliveries (due) WHERE parked = 0;
