-- Looked up by thread, thousands at random: hence the hash, and small granules. The primary key is the hash
-- alone, because it stays in memory. Looked up by id too: the projection is the same rows in that order (a
-- bloom filter passes nearly every granule once it is asked for hundreds of ids at a time).
CREATE TABLE IF NOT EXISTS {database:Identifier}.activities
(
    thread String COMMENT 'The thread that holds it: the id of the root, or of a message that is still waited for' CODEC(ZSTD),
    platform LowCardinality(String) COMMENT 'Where it happened, such as bluesky',
    id String COMMENT 'Id of the activity; for a message, and for an update of it, of the message' CODEC(ZSTD),
    activity LowCardinality(String) COMMENT 'What was done: post, reply, like, delete, ...',
    version UInt32 COMMENT 'Edit number',
    published DateTime64(6, 'UTC') COMMENT 'Event time' CODEC(Delta, ZSTD),
    body String COMMENT 'The event as JSON, in the shape of docs/social-event.schema.json' CODEC(ZSTD),
    waiting Bool COMMENT 'Whether thread is the id of an activity that has not come yet',
    registry UInt64 COMMENT 'Version of the brand registry with which its thread was folded' CODEC(ZSTD),
    seen UInt64 COMMENT 'Changes that the thread had been through when this row was written; the row that has seen more wins' CODEC(ZSTD),
    source_epoch UInt16 COMMENT 'How often the topic had been made anew',
    source_partition UInt32 COMMENT 'Partition of the topic',
    source_offset UInt64 COMMENT 'Offset of the newest event behind the row' CODEC(Delta, ZSTD),
    removed Bool COMMENT 'Takes back an earlier row of the same key',
    PROJECTION by_id
    (
        SELECT platform, id, activity, version, thread, seen, removed ORDER BY cityHash64(id)
    )
)
ENGINE = ReplacingMergeTree(seen, removed)
PRIMARY KEY cityHash64(thread)
ORDER BY (cityHash64(thread), thread, platform, id, activity, version)
SETTINGS index_granularity = 256, deduplicate_merge_projection_mode = 'rebuild'
COMMENT 'Every distinct activity as it was received: the memory of the fold'
