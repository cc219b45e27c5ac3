CREATE TABLE IF NOT EXISTS {database:Identifier}.alert_states
(
    brand LowCardinality(String) COMMENT 'The brand',
    alert LowCardinality(String) COMMENT 'Id of the alert, AL1 to AL5',
    state LowCardinality(String) COMMENT 'ok, firing, quiet (AL3: also writes less than half as much), held (cannot be judged today) or stale (for 14 days)',
    firing Int8 COMMENT '1 while it fires, also on days on which it cannot be judged; else 0',
    since Date COMMENT 'Day (UTC) from which on it is in that state',
    day Date COMMENT 'The last closed day (UTC) that was judged',
    value Nullable(Float64) COMMENT 'The share or rate that is judged, in the current window; AL2: in the last whole week',
    baseline Nullable(Float64) COMMENT 'The same in the baseline; AL2: in the first of the 8 weeks; AL5: NULL',
    change Nullable(Float64) COMMENT 'AL1, AL3: value less baseline; AL2: rise over the 8 weeks by the slope; AL4: broadcasts a day over those of the baseline',
    score Nullable(Float64) COMMENT 'AL1, AL3: standard deviations (z) of the change; AL2: Mann-Kendall S; AL4: conversation rate over that of the baseline; AL5: lower bound of the share',
    phi Nullable(Float64) COMMENT 'How much more the days scatter than chance alone would have it; 1 or more',
    n UInt32 COMMENT 'What value is made of: messages, exchanges (AL3), broadcasts (AL4) of the current window; AL2: messages in the week that has fewest',
    n_before UInt32 COMMENT 'What baseline is made of; AL4: answers under posts; AL2, AL5: 0',
    window_days UInt16 COMMENT 'Days of the current window',
    baseline_from Nullable(Date) COMMENT 'First day of the baseline',
    baseline_to Nullable(Date) COMMENT 'Last day of the baseline',
    frozen Bool COMMENT 'Whether the baseline stays where it was when the alert fired',
    streak UInt16 COMMENT 'Judged days in a row (AL2: weeks) that speak for firing, or while it fires, for clearing',
    held_days UInt16 COMMENT 'Days in a row on which it could not be judged',
    held_why LowCardinality(String) COMMENT 'Why not: few, few_before, coverage or gap; empty where it was judged',
    judged_at DateTime64(6, 'UTC') COMMENT 'When this row was made; the newest counts'
)
ENGINE = ReplacingMergeTree(judged_at)
ORDER BY (brand, alert)
COMMENT 'What is known of each alert of each brand after the last closed day'
