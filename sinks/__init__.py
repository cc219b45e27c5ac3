"""Where rows go and come from: ClickHouse, embedded or served, and its list-backed twin."""
