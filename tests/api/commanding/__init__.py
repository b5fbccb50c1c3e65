"""Tests of `api.commanding`."""
