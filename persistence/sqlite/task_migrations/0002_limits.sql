-- How many tasks of a workgroup or a channel are handed out.
CREATE TABLE task_limits (
  -- 0: a workgroup, 1: a channel.
  scope       INTEGER NOT NULL,
  name        TEXT NOT NULL,
  concurrency INTEGER,
  rate        REAL,
  burst       REAL,
  -- When the bucket will be full again: milliseconds since 1970.
  full_at     REAL NOT NULL,
  PRIMARY KEY (scope, name)
) STRICT, WITHOUT ROWID;

-- What was made under a token, so that it is made once.
CREATE TABLE task_tokens (
  token      TEXT PRIMARY KEY,
  group_key  INTEGER NOT NULL,
  -- Keys of the tasks: so many from the first on.
  first      INTEGER NOT NULL,
  count      INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX task_tokens_by_age ON task_tokens (created_at);
