CREATE TABLE IF NOT EXISTS {database:Identifier}.alert_history
(
    brand LowCardinality(String) COMMENT 'The brand',
    alert LowCardinality(String) COMMENT 'Id of the alert, AL1 to AL5',
    day Date COMMENT 'The day (UTC) after which the state changed',
    before LowCardinality(String) COMMENT 'The state before; empty for the first one',
    state LowCardinality(String) COMMENT 'The state from then on, as in alert_states',
    firing Int8 COMMENT '1 where it fires from then on, else 0',
    value Nullable(Float64) COMMENT 'The share or rate that was judged, as in alert_states',
    baseline Nullable(Float64) COMMENT 'The same in the baseline',
    change Nullable(Float64) COMMENT 'As in alert_states',
    score Nullable(Float64) COMMENT 'As in alert_states',
    phi Nullable(Float64) COMMENT 'How much more the days scatter than chance alone would have it; 1 or more',
    n UInt32 COMMENT 'What value is made of',
    n_before UInt32 COMMENT 'What baseline is made of',
    held_why LowCardinality(String) COMMENT 'Why it could not be judged; empty where it was',
    withdrawn Bool COMMENT 'Whether late events have shown since that it did not change that day',
    judged_at DateTime64(6, 'UTC') COMMENT 'When this row was made; the newest of a brand, alert and day counts',
    published_at Nullable(DateTime64(6, 'UTC')) COMMENT 'When it was sent to the topic of the alerts; NULL: not, or not yet'
)
ENGINE = ReplacingMergeTree(judged_at)
ORDER BY (brand, alert, day)
COMMENT 'Every change of the state of an alert, once'
