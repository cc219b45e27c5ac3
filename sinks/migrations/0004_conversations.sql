CREATE TABLE IF NOT EXISTS {database:Identifier}.conversations
(
    brand LowCardinality(String) COMMENT 'The brand that sees it',
    platform LowCardinality(String) COMMENT 'Where it happened, such as bluesky',
    conversation String COMMENT 'Id of the root, or of what stands for it' CODEC(ZSTD),
    started_at DateTime64(6, 'UTC') COMMENT 'Event time of the root, or of the first known message while the root is not known' CODEC(Delta, ZSTD),
    last_at DateTime64(6, 'UTC') COMMENT 'Event time of the last message' CODEC(Delta, ZSTD),
    brand_root Bool COMMENT 'Whether the root is known and by the brand',
    messages UInt32 COMMENT 'Messages in the space of the brand' CODEC(ZSTD),
    brand_messages UInt32 COMMENT 'Messages by the brand' CODEC(ZSTD),
    customer_messages UInt32 COMMENT 'Messages by customers' CODEC(ZSTD),
    customers UInt32 COMMENT 'Distinct customers with a message' CODEC(ZSTD),
    participants UInt32 COMMENT 'Distinct authors with a message' CODEC(ZSTD),
    depth UInt32 COMMENT 'Replies on the longest path from the top' CODEC(ZSTD),
    turns UInt32 COMMENT 'Runs of messages by one author, in order of time' CODEC(ZSTD),
    duration Float64 COMMENT 'Seconds from the first to the last message' CODEC(ZSTD),
    bo UInt32 COMMENT 'Broadcasts' CODEC(ZSTD),
    bc UInt32 COMMENT 'Messages from the brand to a customer' CODEC(ZSTD),
    cb UInt32 COMMENT 'Messages from a customer to the brand' CODEC(ZSTD),
    cc UInt32 COMMENT 'Messages from a customer to a customer' CODEC(ZSTD),
    co UInt32 COMMENT 'Messages of customers that name the brand and address nobody' CODEC(ZSTD),
    bx UInt32 COMMENT 'Messages between brands' CODEC(ZSTD),
    cx UInt32 COMMENT 'Messages between a customer and another brand' CODEC(ZSTD),
    undecided UInt32 COMMENT 'Replies whose parent is not known yet' CODEC(ZSTD),
    c2c_depth UInt32 COMMENT 'Customer-to-customer messages on the longest unbroken path of them' CODEC(ZSTD),
    c2c_turns UInt32 COMMENT 'Runs of customer-to-customer messages by one author, in order of time' CODEC(ZSTD),
    c2c_duration Float64 COMMENT 'Seconds from the first to the last customer-to-customer message' CODEC(ZSTD),
    c2c_participants UInt32 COMMENT 'Distinct customers who write or are addressed in customer-to-customer messages' CODEC(ZSTD),
    seen UInt64 COMMENT 'Changes that the thread had been through when this row was written; the row that has seen more wins' CODEC(ZSTD),
    source_epoch UInt16 COMMENT 'How often the topic had been made anew',
    source_partition UInt32 COMMENT 'Partition of the topic',
    source_offset UInt64 COMMENT 'Offset of the newest event behind the row' CODEC(Delta, ZSTD),
    removed Bool COMMENT 'Takes back an earlier row of the same key'
)
ENGINE = ReplacingMergeTree(seen, removed)
PRIMARY KEY cityHash64(conversation)
ORDER BY (cityHash64(conversation), conversation, platform, brand)
SETTINGS index_granularity = 256
COMMENT 'The latest state of each thread, as seen from one brand'
