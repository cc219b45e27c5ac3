CREATE TABLE IF NOT EXISTS {database:Identifier}.registries
(
    version UInt64 COMMENT 'Version of the brand registry',
    digest String COMMENT 'SHA-256 of the body, hex',
    body String COMMENT 'The registry as JSON' CODEC(ZSTD),
    stored_at DateTime64(6, 'UTC') COMMENT 'When it was stored'
)
ENGINE = ReplacingMergeTree(stored_at)
ORDER BY version
COMMENT 'Brand registries that were in force, so that any fold can be repeated'
