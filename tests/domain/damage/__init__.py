"""The rules of damage, on bytes and texts alone."""
