-- Budgets that were set while the service ran, as JSON, and what the
-- configuration said of them at that time.
CREATE TABLE budgets (
  name       TEXT PRIMARY KEY,
  settings   TEXT NOT NULL,
  configured TEXT
) STRICT, WITHOUT ROWID;

-- Money that budgets keep for an attempt until its cost is known for good. The
-- names of the budgets stand on lines of their own.
CREATE TABLE charges (
  run_key      INTEGER NOT NULL,
  attempt      INTEGER NOT NULL,
  budgets      TEXT NOT NULL,
  state        TEXT NOT NULL,
  usd          REAL NOT NULL,
  estimate_usd REAL NOT NULL,
  base_usd     REAL NOT NULL,
  at           INTEGER NOT NULL,
  PRIMARY KEY (run_key, attempt)
) STRICT, WITHOUT ROWID;

-- What was spent for good, in whole nano-dollars: sums of them are exact.
CREATE TABLE spending (
  budget   TEXT NOT NULL,
  day      INTEGER NOT NULL,
  nano_usd INTEGER NOT NULL,
  PRIMARY KEY (budget, day)
) STRICT, WITHOUT ROWID;

-- What the newest platform runs of each target took and cost.
CREATE TABLE samples (
  id      INTEGER PRIMARY KEY,
  target  TEXT NOT NULL,
  is_task INTEGER NOT NULL,
  memory  INTEGER,
  secs    REAL NOT NULL,
  usd     REAL,
  at      INTEGER NOT NULL
) STRICT;

CREATE INDEX samples_by_target ON samples (target, is_task);
