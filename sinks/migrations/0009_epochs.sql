CREATE TABLE IF NOT EXISTS {database:Identifier}.epochs
(
    epoch UInt16 COMMENT 'Number of the epoch, from 1: offsets of different epochs are not compared',
    topic String COMMENT 'The topic whose offsets they are',
    topic_id String COMMENT 'What Kafka calls it: another one when the topic is made anew',
    partitions UInt32 COMMENT 'Partitions over which its conversations are spread',
    rebuilt Bool COMMENT 'Whether it began with a rebuild: no row of an earlier epoch is accepted since',
    began_at DateTime64(6, 'UTC') COMMENT 'When it began'
)
ENGINE = ReplacingMergeTree(began_at)
ORDER BY (epoch, topic, topic_id)
COMMENT 'Epochs of the topics: one begins when a topic is made anew, and with each rebuild'
