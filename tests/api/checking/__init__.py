"""What the commands that look compute."""
