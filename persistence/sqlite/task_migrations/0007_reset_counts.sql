-- How often a task was made as if new: runs that do it have other names then.
ALTER TABLE tasks ADD COLUMN resets INTEGER NOT NULL DEFAULT 0;
