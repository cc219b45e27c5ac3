CREATE TABLE IF NOT EXISTS {database:Identifier}.reconcile_runs
(
    ended_at DateTime64(6, 'UTC') COMMENT 'When the comparison ended',
    period_from Nullable(DateTime64(6, 'UTC')) COMMENT 'Start of the period that was compared; NULL: from the beginning',
    period_to Nullable(DateTime64(6, 'UTC')) COMMENT 'End of the period that was compared; NULL: to the end',
    rows_compared UInt64 COMMENT 'Windows, conversations and messages that were compared',
    values_compared UInt64 COMMENT 'Values that were compared',
    differences UInt64 COMMENT 'Values that were not what the interactions say; a missing row counts as one',
    seconds Float64 COMMENT 'Seconds that it took',
    first_differences Array(String) COMMENT 'The first of the differences: where, and the numbers and times that are stored and should be'
)
ENGINE = ReplacingMergeTree
ORDER BY ended_at
COMMENT 'What hubbub reconcile has found, each time that it was run'
