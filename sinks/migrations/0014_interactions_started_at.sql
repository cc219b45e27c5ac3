-- What K-anchored metrics are booked to, on the rows themselves: the root may be in nobody's space, or deleted.
ALTER TABLE {database:Identifier}.interactions
    ADD COLUMN IF NOT EXISTS started_at DateTime64(6, 'UTC')
        COMMENT 'Start of its conversation: event time of the root, or of the first known message while the root is not known'
        CODEC(Delta, ZSTD) AFTER published
