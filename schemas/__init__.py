"""What everything is called: events, brands, rows, settings and errors."""
