-- What a group keeps whose tasks are gone through slice after slice: 0 all of
-- them, 1 seeds, 2 nothing: it is being removed.
ALTER TABLE task_groups RENAME COLUMN keeps_seeds TO keeps;
