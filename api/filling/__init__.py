"""Filling the index of a whole home, in this process or in workers."""
