"""Hearing what other programs do to a home."""
