-- A group is being reset: its tasks up to this key, slice after slice; 0: none.
ALTER TABLE task_groups ADD COLUMN resetting INTEGER NOT NULL DEFAULT 0;

-- The reset keeps seeds and removes all others.
ALTER TABLE task_groups ADD COLUMN keeps_seeds INTEGER NOT NULL DEFAULT 0;
