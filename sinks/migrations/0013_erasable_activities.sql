-- What patch parts need: with them, text is taken out of a few rows of a large table in some milliseconds,
-- and neither the rows around them nor the projection is written anew.
ALTER TABLE {database:Identifier}.activities
MODIFY SETTING enable_block_number_column = 1, enable_block_offset_column = 1
