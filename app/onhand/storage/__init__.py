"""Files and databases: history, tasks, settings, batch files."""
