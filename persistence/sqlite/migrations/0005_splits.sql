-- How lists were cut into runs; `name` is the prefix of their names.
CREATE TABLE splits (
  id          INTEGER PRIMARY KEY,
  namespace   TEXT NOT NULL,
  name        TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  UNIQUE (namespace, name)
) STRICT;

CREATE TABLE split_parts (
  split      INTEGER NOT NULL,
  ordinal    INTEGER NOT NULL,
  name       TEXT NOT NULL,
  first_item INTEGER NOT NULL,
  items      INTEGER NOT NULL,
  bytes      INTEGER NOT NULL,
  digest     INTEGER NOT NULL,
  PRIMARY KEY (split, ordinal)
) STRICT, WITHOUT ROWID;
