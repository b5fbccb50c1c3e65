"""Repairing a home: originals kept, every step in a journal, every result checked before it takes a name."""
