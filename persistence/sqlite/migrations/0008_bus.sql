-- Durable commands that came over a message bus, by the id of their message: a
-- command that is delivered again is done once. `answer` is JSON, or NULL if
-- there is none yet or it is too long to be kept.
CREATE TABLE bus_commands (
  id     TEXT PRIMARY KEY,
  verb   TEXT NOT NULL,
  state  TEXT NOT NULL,
  at     INTEGER NOT NULL,
  status INTEGER NOT NULL,
  answer TEXT
) STRICT, WITHOUT ROWID;

CREATE INDEX bus_commands_by_time ON bus_commands (at);
