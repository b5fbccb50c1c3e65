"""Tests of `domain.thread.thread`."""
