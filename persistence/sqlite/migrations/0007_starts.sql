-- Starts without a name whose clients have no answer yet.
CREATE TABLE noted_starts (
  name   TEXT PRIMARY KEY,
  digest BLOB NOT NULL,
  at     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
