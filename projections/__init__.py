"""Read models of the log in one disposable SQLite index."""
