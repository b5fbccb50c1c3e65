"""Servers that are killed at work, and what is left of it."""
