CREATE TABLE IF NOT EXISTS {database:Identifier}.dead_letters
(
    reason LowCardinality(String) COMMENT 'Why it was refused: a short, stable name',
    field String COMMENT 'Path of the field at fault, dotted; empty when the whole event is',
    detail String COMMENT 'What is wrong with it, in words' CODEC(ZSTD),
    body String COMMENT 'The original bytes' CODEC(ZSTD),
    source_topic LowCardinality(String) COMMENT 'Topic that it came from',
    source_epoch UInt16 COMMENT 'How often the topic had been made anew',
    source_partition UInt32 COMMENT 'Partition of the topic',
    source_offset UInt64 COMMENT 'Offset in the partition' CODEC(Delta, ZSTD),
    refused_at DateTime64(6, 'UTC') COMMENT 'When it was refused' CODEC(Delta, ZSTD)
)
ENGINE = ReplacingMergeTree(refused_at)
ORDER BY (source_topic, source_epoch, source_partition, source_offset)
TTL toDateTime(refused_at) + INTERVAL 90 DAY
COMMENT 'What was refused, why, and its bytes; kept for 90 days'
