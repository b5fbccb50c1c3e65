"""The table of what is promised about security, row by row."""
