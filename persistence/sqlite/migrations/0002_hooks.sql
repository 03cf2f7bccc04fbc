-- What is owed to webhooks: written in the transaction of the step of the run
-- that it is about, removed when the webhook has it. AUTOINCREMENT: ids are the
-- order of facts and are never given twice.
CREATE TABLE hook_deliveries (
  id       INTEGER PRIMARY KEY AUTOINCREMENT,
  hook     TEXT NOT NULL,
  state    TEXT NOT NULL,
  run_key  INTEGER NOT NULL,
  event_id TEXT NOT NULL,
  since    INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  next_at  INTEGER,
  problem  TEXT NOT NULL,
  event    TEXT NOT NULL
) STRICT;

-- Ends with the id. `dead` comes before `pending`: what is dropped first.
CREATE INDEX hook_deliveries_by_state ON hook_deliveries (hook, state);

-- Webhooks that answered 410, until they are redriven or their URL changes. Of
-- the URL only a digest: it may hold what is secret.
CREATE TABLE disabled_hooks (
  name       TEXT PRIMARY KEY,
  url_digest BLOB NOT NULL,
  because    TEXT NOT NULL
) STRICT, WITHOUT ROWID;
