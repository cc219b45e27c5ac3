CREATE TABLE IF NOT EXISTS {database:Identifier}.storage_minutes
(
    minute DateTime('UTC') COMMENT 'Start of the minute in which a worker looked, UTC' CODEC(Delta, ZSTD),
    name LowCardinality(String) COMMENT 'Name of the table',
    looked_at DateTime64(6, 'UTC') COMMENT 'When a worker last looked in that minute',
    parts UInt64 COMMENT 'Active parts of the table, in all of its partitions',
    stored_rows UInt64 COMMENT 'Rows in these parts, superseded ones too',
    stored_bytes UInt64 COMMENT 'Bytes of these parts on disk',
    kept_until DateTime('UTC') COMMENT 'When the row is dropped'
)
ENGINE = ReplacingMergeTree(looked_at)
ORDER BY (minute, name)
TTL kept_until
COMMENT 'Parts, rows and bytes of each table, minute by minute'
