-- What was stored before epochs were on record has numbers that no topic may get again.
INSERT INTO {database:Identifier}.epochs (epoch, topic, topic_id, partitions, rebuilt, began_at)
SELECT max(source_epoch) AS newest, '', '', 0, false, toDateTime64(0, 6, 'UTC')
FROM
(
    SELECT source_epoch FROM {database:Identifier}.activities
    UNION ALL
    SELECT source_epoch FROM {database:Identifier}.dialogue_minutes
    UNION ALL
    SELECT source_epoch FROM {database:Identifier}.dead_letters
)
HAVING newest > 0
