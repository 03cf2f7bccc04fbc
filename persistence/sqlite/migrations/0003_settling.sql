-- When a run ended whose items and cost are still preliminary.
ALTER TABLE runs ADD COLUMN unsettled_since INTEGER;

CREATE INDEX runs_unsettled ON runs (account, unsettled_since)
  WHERE unsettled_since IS NOT NULL;
