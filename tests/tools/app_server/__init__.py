"""Tests of `threadstore app-server` and what belongs to it."""
