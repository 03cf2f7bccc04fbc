-- Whether a lease that ends is an attempt that failed.
ALTER TABLE tasks ADD COLUMN fails_on_lease_end INTEGER NOT NULL DEFAULT 0;
