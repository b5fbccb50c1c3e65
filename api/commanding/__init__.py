"""Changing threads: commands that are saved together, and what they stand on."""
