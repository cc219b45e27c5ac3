CREATE TABLE IF NOT EXISTS {database:Identifier}.dialogue_minutes
(
    minute DateTime('UTC') COMMENT 'Start of the minute' CODEC(DoubleDelta, ZSTD),
    brand LowCardinality(String) COMMENT 'The brand',
    platform LowCardinality(String) COMMENT 'Where it happened, such as bluesky',
    bo Int32 COMMENT 'Broadcasts' CODEC(ZSTD),
    bc Int32 COMMENT 'Messages from the brand to a customer' CODEC(ZSTD),
    cb Int32 COMMENT 'Messages from a customer to the brand' CODEC(ZSTD),
    cc Int32 COMMENT 'Messages from a customer to a customer' CODEC(ZSTD),
    co Int32 COMMENT 'Messages of customers that name the brand and address nobody' CODEC(ZSTD),
    bx Int32 COMMENT 'Messages between brands' CODEC(ZSTD),
    cx Int32 COMMENT 'Messages between a customer and another brand' CODEC(ZSTD),
    undecided Int32 COMMENT 'Replies whose parent is not known yet' CODEC(ZSTD),
    brand_roots Int32 COMMENT 'Posts of the brand that start a conversation' CODEC(ZSTD),
    root_replies Int32 COMMENT 'Customer messages at any depth under posts of the brand; booked to the minute of the post' CODEC(ZSTD),
    customer_conversations Int32 COMMENT 'Conversations with at least one customer; booked to the start of the conversation' CODEC(ZSTD),
    c2c_conversations Int32 COMMENT 'Those of them with at least two customers and one message between customers' CODEC(ZSTD),
    source_epoch UInt16 COMMENT 'How often the topic had been made anew',
    source_partition UInt32 COMMENT 'Partition of the topic',
    applied UInt64 COMMENT 'Source offset that the row has seen, plus one; the row that has seen more wins' CODEC(Delta, ZSTD)
)
ENGINE = ReplacingMergeTree(applied)
PRIMARY KEY (minute, brand, platform)
ORDER BY (minute, brand, platform, source_epoch, source_partition)
SETTINGS index_granularity = 256
COMMENT 'Sums of one minute, brand and platform, as one source partition saw them'
