CREATE TABLE IF NOT EXISTS {database:Identifier}.migrations
(
    number UInt32 COMMENT 'Number of the file, from 1 and without gaps',
    name String COMMENT 'Name of the file',
    digest String COMMENT 'SHA-256 of the file, hex',
    applied_at DateTime64(6, 'UTC') COMMENT 'When it was applied'
)
ENGINE = ReplacingMergeTree(applied_at)
ORDER BY number
COMMENT 'Which migrations this database has had'
