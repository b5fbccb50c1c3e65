"""Tests of `api.filling.filling`."""
