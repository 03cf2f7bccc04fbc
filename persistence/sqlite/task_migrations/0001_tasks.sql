CREATE TABLE meta (
  name  TEXT PRIMARY KEY,
  value
) WITHOUT ROWID;

-- Keys are never given twice, not even after a removal: ids are made of them.
CREATE TABLE task_groups (
  key        INTEGER PRIMARY KEY AUTOINCREMENT,
  name       TEXT,
  paused     INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE INDEX task_groups_by_age ON task_groups (created_at);

CREATE TABLE tasks (
  key              INTEGER PRIMARY KEY AUTOINCREMENT,
  group_key        INTEGER NOT NULL,
  created_at       INTEGER NOT NULL,
  complete         INTEGER NOT NULL DEFAULT 0,
  parents_complete INTEGER NOT NULL,
  attempts         INTEGER NOT NULL,
  run_after        INTEGER,
  priority         REAL NOT NULL,
  error_delay      REAL NOT NULL,
  progress_weight  REAL NOT NULL,
  seed             INTEGER NOT NULL,
  channel          TEXT,
  workgroup        TEXT,
  dedup_key        TEXT,
  name             TEXT,
  -- JSON: an array of ids, or NULL if none was given.
  parent_ids       TEXT,
  -- JSON, as it was written.
  input            TEXT,
  output           TEXT,
  errors           TEXT NOT NULL DEFAULT '[]'
) STRICT;

CREATE INDEX tasks_by_group ON tasks (group_key, key);
CREATE INDEX tasks_by_channel ON tasks (channel, key);
CREATE INDEX tasks_live ON tasks (key) WHERE complete = 0;
CREATE INDEX tasks_dead ON tasks (key) WHERE complete = 0 AND attempts < 1;

CREATE TABLE task_parents (
  parent INTEGER NOT NULL,
  child  INTEGER NOT NULL,
  PRIMARY KEY (parent, child)
) STRICT, WITHOUT ROWID;

CREATE INDEX task_parents_by_child ON task_parents (child, parent);

-- Beside the tasks, since a lease comes and goes, and an input may be large.
CREATE TABLE task_leases (
  task   INTEGER PRIMARY KEY,
  worker TEXT NOT NULL,
  since  INTEGER NOT NULL,
  until  INTEGER NOT NULL
) STRICT;

CREATE TABLE task_operators (
  key    INTEGER PRIMARY KEY AUTOINCREMENT,
  -- JSON.
  record TEXT NOT NULL
) STRICT;
