CREATE TABLE meta (
  name  TEXT PRIMARY KEY,
  value
) WITHOUT ROWID;

CREATE TABLE walks (
  key           INTEGER PRIMARY KEY AUTOINCREMENT,
  name          TEXT NOT NULL UNIQUE,
  -- Sealed: a URL or a header may be secret.
  spec          BLOB NOT NULL,
  state         INTEGER NOT NULL,
  -- JSON.
  counts        TEXT NOT NULL,
  limits        TEXT NOT NULL,
  started_at    INTEGER NOT NULL,
  finished_at   INTEGER,
  timed_from    INTEGER NOT NULL,
  next_page     INTEGER NOT NULL,
  scanned       INTEGER NOT NULL,
  resume_cursor TEXT,
  error         TEXT
) STRICT;

-- Pages that are live, stuck, failed, or done but for some items: those that are
-- done leave nothing behind.
CREATE TABLE walk_pages (
  walk     INTEGER NOT NULL,
  number   INTEGER NOT NULL,
  state    INTEGER NOT NULL,
  cursor   TEXT NOT NULL,
  size     INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  has_next INTEGER NOT NULL,
  started  INTEGER NOT NULL,
  due      INTEGER NOT NULL,
  error    TEXT NOT NULL,
  PRIMARY KEY (walk, number)
) STRICT, WITHOUT ROWID;

CREATE INDEX walk_pages_by_state ON walk_pages (walk, state, due, number);

CREATE TABLE walk_items (
  walk  INTEGER NOT NULL,
  page  INTEGER NOT NULL,
  item  INTEGER NOT NULL,
  -- JSON, as the source had it; empty if the processor fetched it itself.
  text  TEXT NOT NULL,
  error TEXT NOT NULL,
  PRIMARY KEY (walk, page, item)
) STRICT, WITHOUT ROWID;
