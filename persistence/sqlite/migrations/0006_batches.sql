-- Which batch of its namespace a run belongs to.
ALTER TABLE runs ADD COLUMN batch TEXT;

CREATE INDEX runs_by_batch ON runs (namespace, batch, state)
  WHERE batch IS NOT NULL;

-- Batches that were submitted as such: their rules and how they stand, as JSON.
CREATE TABLE batches (
  id        INTEGER PRIMARY KEY,
  namespace TEXT NOT NULL,
  name      TEXT NOT NULL,
  record    TEXT NOT NULL,
  UNIQUE (namespace, name)
) STRICT;
