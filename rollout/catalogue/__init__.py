"""Which files are known, and which of their lines have positions."""
