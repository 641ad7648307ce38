-- The schema of the SQLite store. The script also upgrades a database of an earlier version.
CREATE TABLE IF NOT EXISTS verifications (
    id           TEXT    NOT NULL PRIMARY KEY,
    region_id    TEXT    NOT NULL,
    cen_id       TEXT    NOT NULL,
    cen_owner_id INTEGER NOT NULL,
    state        TEXT    NOT NULL,
    open         INTEGER NOT NULL,
    version      INTEGER NOT NULL,
    document     TEXT    NOT NULL
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS one_open_per_target ON verifications (region_id, cen_id, cen_owner_id) WHERE open = 1;
CREATE UNIQUE INDEX IF NOT EXISTS one_open_per_ref ON verifications (substr(id, 29)) WHERE open = 1;
CREATE INDEX IF NOT EXISTS open_by_id ON verifications (id) WHERE open = 1;
CREATE INDEX IF NOT EXISTS by_state ON verifications (state, id);
CREATE INDEX IF NOT EXISTS by_target ON verifications (region_id, cen_id, cen_owner_id, open);
CREATE INDEX IF NOT EXISTS by_closing ON verifications (json_extract(document, '$.closedAt')) WHERE open = 0;
CREATE INDEX IF NOT EXISTS by_region ON verifications (region_id, id);
-- answer is the response; files that exist have the column under this name.
CREATE TABLE IF NOT EXISTS idempotency_keys (
    hash            TEXT    NOT NULL PRIMARY KEY,
    fingerprint     TEXT    NOT NULL,
    verification_id TEXT    NOT NULL,
    send            INTEGER NOT NULL,
    created_at      INTEGER NOT NULL,
    answer          TEXT
) STRICT;
CREATE INDEX IF NOT EXISTS keys_by_age ON idempotency_keys (created_at);
-- The markers; files that exist have the table under this name.
CREATE TABLE IF NOT EXISTS notes (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS owner_sends (
    owner      INTEGER NOT NULL PRIMARY KEY,
    sends      TEXT    NOT NULL,
    version    INTEGER NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT;
PRAGMA user_version = 6;
