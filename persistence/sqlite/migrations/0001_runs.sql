-- Facts about the store as a whole: its instance, the salt and canary of seals.
CREATE TABLE meta (
  name  TEXT PRIMARY KEY,
  value ANY NOT NULL
) STRICT, WITHOUT ROWID;

-- `record` is the truth about a run, as JSON; the other columns repeat what is
-- asked for. AUTOINCREMENT: a key is never given twice, not even after pruning.
CREATE TABLE runs (
  id              INTEGER PRIMARY KEY AUTOINCREMENT,
  namespace       TEXT NOT NULL,
  name            TEXT NOT NULL,
  revision        INTEGER NOT NULL,
  state           TEXT NOT NULL,
  status          TEXT,
  account         TEXT NOT NULL,
  target          TEXT NOT NULL,
  is_task         INTEGER NOT NULL,
  memory          INTEGER,
  priority        INTEGER NOT NULL,
  not_before      INTEGER,
  item_count      INTEGER,
  usage_total_usd REAL,
  finished_at     INTEGER,
  record          TEXT NOT NULL,
  UNIQUE (namespace, name)
) STRICT;

-- Every index ends with the id, so pages of runs come out of them in order.
CREATE INDEX runs_by_state ON runs (state);
CREATE INDEX runs_by_namespace ON runs (namespace, state);
CREATE INDEX runs_by_end ON runs (finished_at) WHERE finished_at IS NOT NULL;

-- Written once, while the record changes with every step of a run.
CREATE TABLE inputs (
  run_key INTEGER PRIMARY KEY,
  input   TEXT NOT NULL
) STRICT;

-- Binds platform runs to runs, so that none is ever adopted twice.
CREATE TABLE attempts (
  run_id  TEXT PRIMARY KEY,
  run_key INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX attempts_by_run ON attempts (run_key);

-- Maintained with every commit, since counting a million runs takes a second.
CREATE TABLE totals (
  namespace TEXT NOT NULL,
  state     TEXT NOT NULL,
  status    TEXT NOT NULL,
  runs      INTEGER NOT NULL,
  items     INTEGER NOT NULL,
  nano_usd  INTEGER NOT NULL,
  PRIMARY KEY (namespace, state, status)
) STRICT, WITHOUT ROWID;

CREATE TABLE accounts (
  name         TEXT PRIMARY KEY,
  sealed_token BLOB NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO meta VALUES ('instance', lower(hex(randomblob(6))));
