CREATE TABLE IF NOT EXISTS {database:Identifier}.forgotten_accounts
(
    platform LowCardinality(String) COMMENT 'Where the account is',
    account String COMMENT 'Id of the account',
    until DateTime64(6, 'UTC') COMMENT 'What it did up to this event time is forgotten',
    source_epoch UInt16 COMMENT 'How often the topic had been made anew',
    source_partition UInt32 COMMENT 'Partition of the topic',
    source_offset UInt64 COMMENT 'Offset from which on this is known in this partition'
)
ENGINE = ReplacingMergeTree(until)
ORDER BY (source_epoch, source_partition, source_offset, platform, account)
COMMENT 'Accounts whose activities are kept without content, and count no more'
