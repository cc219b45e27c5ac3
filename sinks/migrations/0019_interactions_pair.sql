-- Whose contact with the brand a message is, as one number: what pairs did in two years is read in a second by it.
-- Computed by the database from the row itself; rows from before have it too.
ALTER TABLE {database:Identifier}.interactions
    ADD COLUMN IF NOT EXISTS pair UInt64
        MATERIALIZED multiIf(
            direction = 'CB' AND actor_role = 'customer', cityHash64(brand, platform, actor),
            direction = 'BC' AND addressee_role = 'customer', cityHash64(brand, platform, addressee),
            0)
        COMMENT 'Hash of the brand, the platform and the customer, where one of the two talks to the other; else 0'
        CODEC(ZSTD)
