"""Tests of `api.indexing`."""
