CREATE TABLE IF NOT EXISTS {database:Identifier}.interactions
(
    brand LowCardinality(String) COMMENT 'The brand that sees it',
    platform LowCardinality(String) COMMENT 'Where it happened, such as bluesky',
    conversation String COMMENT 'The thread that it belongs to' CODEC(ZSTD),
    id String COMMENT 'Id of the activity; for a message, of the message' CODEC(ZSTD),
    activity LowCardinality(String) COMMENT 'What was done: post, reply, quote, like, ...',
    published DateTime64(6, 'UTC') COMMENT 'Event time; never later than when the collector saw it' CODEC(Delta, ZSTD),
    direction LowCardinality(Nullable(String)) COMMENT 'Who talks to whom: BO, BC, CB, CC, CO, BX, CX or undecided; NULL for a reaction',
    effect LowCardinality(Nullable(String)) COMMENT 'What a reaction, or a quote, does; NULL for other messages',
    indirect Bool COMMENT 'Addressed by quoting instead of replying',
    adds_brand Bool COMMENT 'A customer answers a customer and newly names the brand',
    scope_reason LowCardinality(String) COMMENT 'Why it is in the space of the brand',
    actor String COMMENT 'The account that did it' CODEC(ZSTD),
    actor_role LowCardinality(String) COMMENT 'brand, other_brand, customer or bot, as of the event time',
    agent LowCardinality(String) COMMENT 'The human behind the account of the brand, or empty',
    followers Nullable(UInt64) COMMENT 'Followers of the actor at the time of the event' CODEC(ZSTD),
    addressee String COMMENT 'The account talked to, or empty' CODEC(ZSTD),
    addressee_role LowCardinality(Nullable(String)) COMMENT 'What the account talked to is',
    parent String COMMENT 'Id of the direct parent, the quoted message or the object, or empty' CODEC(ZSTD),
    depth UInt32 COMMENT 'Replies between it and the first known message above it; 0 for a root' CODEC(ZSTD),
    latency Nullable(Float64) COMMENT 'Seconds since the parent, where the parent is known' CODEC(ZSTD),
    lang LowCardinality(String) COMMENT 'Language, BCP 47, or empty',
    seen UInt64 COMMENT 'Changes that the thread had been through when this row was written; the row that has seen more wins' CODEC(ZSTD),
    source_epoch UInt16 COMMENT 'How often the topic had been made anew',
    source_partition UInt32 COMMENT 'Partition of the topic',
    source_offset UInt64 COMMENT 'Offset of the newest event behind the row' CODEC(Delta, ZSTD),
    removed Bool COMMENT 'Takes back an earlier row of the same key'
)
ENGINE = ReplacingMergeTree(seen, removed)
PARTITION BY toYYYYMM(published)
ORDER BY (brand, toDate(published), platform, id, activity)
COMMENT 'Messages and reactions, each as seen from one brand'
