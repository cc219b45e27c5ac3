"""The dashboards' queries, each named for what it tells; those that are only a metric are made in `sql`."""
