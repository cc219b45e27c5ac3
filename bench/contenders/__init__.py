"""Each contender a small program: a task on the command line, one line of JSON in the end."""
