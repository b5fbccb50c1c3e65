"""Tests of `domain.notes.notes`."""
