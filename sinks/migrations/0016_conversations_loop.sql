-- Whether a conversation closed the dialogic loop (D6).
ALTER TABLE {database:Identifier}.conversations
    ADD COLUMN IF NOT EXISTS loop Bool COMMENT 'Whether the brand and a customer came back to each other: a message, the reply of the other, the reply of the first' AFTER c2c_participants
