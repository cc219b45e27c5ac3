CREATE TABLE IF NOT EXISTS {database:Identifier}.worker_minutes
(
    minute DateTime('UTC') COMMENT 'Start of the minute in which the worker looked at itself, UTC' CODEC(Delta, ZSTD),
    worker LowCardinality(String) COMMENT 'Name of the worker',
    started_at DateTime64(6, 'UTC') COMMENT 'When the process of the worker started',
    looked_at DateTime64(6, 'UTC') COMMENT 'When it last looked at itself in that minute',
    seconds Float64 COMMENT 'Seconds that the sums of the row cover: divide by them for rates',
    state LowCardinality(String) COMMENT 'What the worker did at the last look: ok, stopping, or what it waited for',
    fault String COMMENT 'What it waited for, in words; empty while it does not wait',
    partitions UInt32 COMMENT 'Partitions that the worker had at the last look',
    lag UInt64 COMMENT 'Messages of these partitions that were not stored at the last look',
    oldest_unstored Nullable(Float64) COMMENT 'Seconds since the oldest event came into Kafka that the worker had read and not stored; NULL: none',
    events_read UInt64 COMMENT 'Events read from Kafka, repeated deliveries too',
    events_stored UInt64 COMMENT 'Events whose rows were stored',
    dead_letters UInt64 COMMENT 'Events that were refused',
    rows_written UInt64 COMMENT 'Rows written for these events, to all tables',
    flushes UInt64 COMMENT 'Flushes that were stored',
    flush_seconds Float64 COMMENT 'Seconds that these flushes took, with all that they waited for',
    retries UInt64 COMMENT 'Tries that ClickHouse or Kafka failed and that are repeated',
    waiting_seconds Float64 COMMENT 'Seconds spent waiting for ClickHouse',
    rebalances UInt64 COMMENT 'Assignments of partitions received',
    cache_hits UInt64 COMMENT 'Conversations needed that were in memory',
    cache_misses UInt64 COMMENT 'Conversations needed that had to be read back',
    conversations_cached UInt64 COMMENT 'Conversations in memory after the last flush',
    activities_cached UInt64 COMMENT 'Activities in memory after the last flush',
    rss_bytes Nullable(UInt64) COMMENT 'Resident memory of the process in bytes; NULL where the system does not tell',
    newest_message_at Nullable(DateTime64(6, 'UTC')) COMMENT 'Event time of the newest message that the worker has stored since it started; NULL: none',
    newest_message_delay Nullable(Float64) COMMENT 'Seconds from that time until the message was stored',
    kept_until DateTime('UTC') COMMENT 'When the row is dropped'
)
ENGINE = ReplacingMergeTree(looked_at)
ORDER BY (minute, worker, started_at)
TTL kept_until
COMMENT 'How each worker did, minute by minute, as it told itself'
