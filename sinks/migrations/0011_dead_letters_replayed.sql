ALTER TABLE {database:Identifier}.dead_letters
    ADD COLUMN IF NOT EXISTS control Bool COMMENT 'Whether it carried the header of a control: it is no event, and never becomes one',
    ADD COLUMN IF NOT EXISTS replayed_at Nullable(DateTime64(6, 'UTC')) COMMENT 'When it was sent on again; NULL while it is open',
    MODIFY COLUMN body String COMMENT 'The original bytes; of what only the fold has refused, the event as it was read' CODEC(ZSTD)
