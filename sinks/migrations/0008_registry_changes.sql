CREATE TABLE IF NOT EXISTS {database:Identifier}.registry_changes
(
    version UInt64 COMMENT 'Version of the brand registry',
    source_epoch UInt16 COMMENT 'How often the topic had been made anew',
    source_partition UInt32 COMMENT 'Partition of the topic',
    source_offset UInt64 COMMENT 'Offset from which on the registry is in force in this partition'
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (source_epoch, source_partition, source_offset)
COMMENT 'From which offset of a partition on a version of the brand registry is in force'
