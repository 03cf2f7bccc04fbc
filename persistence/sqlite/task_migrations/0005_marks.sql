-- What may not have been told: see messages/task/marks.hpp.
CREATE TABLE task_marks (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  -- Of a task, or of a group.
  task_key  INTEGER,
  group_key INTEGER,
  -- Or of what was removed: the fact itself.
  room TEXT,
  name TEXT,
  data TEXT
) STRICT;
