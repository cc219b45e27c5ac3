-- Of which pair a message is a contact, and of which account of the brand it tells the followers, each as one
-- number: by these two years are read in a second. Computed by the database from the row itself; rows from
-- before have them too.
ALTER TABLE {database:Identifier}.interactions
    ADD COLUMN IF NOT EXISTS pair UInt64
        MATERIALIZED multiIf(
            direction = 'CB' AND actor_role = 'customer', cityHash64(brand, platform, actor),
            direction = 'BC' AND addressee_role = 'customer', cityHash64(brand, platform, addressee),
            0)
        COMMENT 'Hash of the brand, the platform and the customer, where one of the two talks to the other; else 0'
        CODEC(ZSTD),
    ADD COLUMN IF NOT EXISTS account UInt64
        MATERIALIZED if(actor_role = 'brand' AND followers IS NOT NULL, cityHash64(brand, platform, actor), 0)
        COMMENT 'Hash of the brand, the platform and the account of the brand, where its followers are told; else 0'
        CODEC(ZSTD)
