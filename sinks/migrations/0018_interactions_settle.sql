-- A month that nothing comes to any more becomes one part, which queries read without looking for older rows.
ALTER TABLE {database:Identifier}.interactions
    MODIFY SETTING min_age_to_force_merge_seconds = 3600, min_age_to_force_merge_on_partition_only = 1
