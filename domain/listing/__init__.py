"""What lists show of a thread, and by what they are filtered."""
